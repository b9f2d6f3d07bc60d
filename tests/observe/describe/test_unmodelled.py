"""Everything that the model cannot judge is said, at its narrowest scope."""

from __future__ import annotations

import pytest

from bulkhead.network import Action, Direction, TargetKind


def in_doubt(rules, said=lambda each: each.says()):
    return [said(each) for each in rules if not each.certain]


def only(things):
    (thing,) = things
    return thing


@pytest.mark.parametrize(
    ("target", "known_as"),
    [
        ("LocalGatewayId", "lgw-1"),
        ("CarrierGatewayId", "cagw-1"),
        ("CoreNetworkArn", "arn:aws:networkmanager::1:core-network/core-network-1"),
        ("GatewayId", "vpce-1"),
        ("GatewayId", "something-new-1"),
    ],
)
def test_a_route_to_what_is_not_modelled_is_there_and_leaves_nothing_else_open(
    account, gaps, target, known_as
):
    account.route(DestinationCidrBlock="10.9.0.0/16", **{target: known_as})
    network = account.observe()
    gap = only(each for each in gaps(network, known_as) if each.kind == "route")
    assert gap.id == known_as
    assert "10.9.0.0/16" in gap.why
    assert gaps(network, "rtb-public") == []
    route = network.route_table["rtb-public"].routes[1]
    assert (route.target, route.target_id) == (TargetKind.UNMODELLED, known_as)


def test_a_route_whose_target_the_answer_does_not_name_is_not_followed(account, gaps):
    account.route(DestinationCidrBlock="10.9.0.0/16")
    network = account.observe()
    assert network.route_table["rtb-public"].routes[1].target is TargetKind.UNMODELLED
    assert len(gaps(network, "rtb-public/unknown-target")) == 1


@pytest.mark.parametrize(
    ("garbled", "kinds", "blocks"),
    [
        ({"DestinationCidrBlock": "10.9.0.0/77"}, "peering", {"0.0.0.0/0", "::/0"}),
        ({"VpcPeeringConnectionId": 7}, "unmodelled", {"10.9.0.0/16"}),
        ({"State": 7}, "peering", {"10.9.0.0/16"}),
        ({"Origin": []}, "peering", {"10.9.0.0/16"}),
        ({"DestinationPrefixListId": 7}, "peering", {"0.0.0.0/0", "::/0"}),
    ],
)
def test_a_route_that_cannot_be_read_is_in_doubt_alone(account, gaps, garbled, kinds, blocks):
    written = {"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-9"}
    account.route(**{**written, **garbled})
    network = account.observe()
    doubted = [each for each in network.route_table["rtb-public"].routes if not each.certain]
    assert {str(each.destination) for each in doubted} == blocks
    assert {each.target for each in doubted} == {kinds}
    assert gaps(network, "rtb-public") == []
    assert any("cannot be read" in each.why for each in network.unmodelled)


def test_a_local_route_that_cannot_be_read_leaves_its_table_open(account, gaps):
    account.route(DestinationCidrBlock="10.20.0.0/77", GatewayId="local")
    network = account.observe()
    assert all(each.certain for each in network.route_table["rtb-public"].routes)
    assert "cannot be read" in only(gaps(network, "rtb-public")).why


def test_a_local_route_that_was_turned_to_an_appliance_is_not_local(account):
    account.route(DestinationCidrBlock="10.20.0.0/16", NetworkInterfaceId="eni-9")
    route = account.observe().route_table["rtb-public"].routes[1]
    assert (route.target, route.target_id) == (TargetKind.INTERFACE, "eni-9")


def test_all_of_icmp_is_modelled(account):
    account.rule(IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIpv4="10.0.0.0/8")
    account.thing("NetworkAcls", "acl-feed")["Entries"].append(
        {
            "CidrBlock": "0.0.0.0/0",
            "Egress": True,
            "IcmpTypeCode": {"Type": -1, "Code": -1},
            "Protocol": "1",
            "RuleAction": "allow",
            "RuleNumber": 120,
        }
    )
    network = account.observe()
    assert network.unmodelled == ()
    assert len(network.nacl["acl-feed"].ordered(Direction.EGRESS)) == 1


def test_a_group_that_no_interface_here_holds_is_named_and_matches_nobody(account, gaps):
    account.rule(ReferencedGroupInfo={"GroupId": "sg-peer", "PeeringStatus": "active"})
    network = account.observe()
    assert gaps(network, "sg-strategy") == []
    assert "sg-peer" in only(gaps(network, "sgr-9")).why
    assert str(only(network.security_group["sg-strategy"].rules).peer) == "sg-peer"


def test_a_prefix_list_without_entries_leaves_its_rule_in_doubt(account, gaps):
    account.rule(PrefixListId="pl-9")
    network = account.observe(missing={"PrefixLists": "it is denied"})
    assert "prefix list pl-9 are not known (it is denied)" in only(gaps(network, "sgr-9")).why
    assert in_doubt(network.security_group["sg-strategy"].rules) == [
        "tcp 1-2 from 0.0.0.0/0 (in doubt)",
        "tcp 1-2 from ::/0 (in doubt)",
    ]


WIDE = ["tcp 1-2 from 0.0.0.0/0 (in doubt)", "tcp 1-2 from ::/0 (in doubt)"]


@pytest.mark.parametrize(
    ("rule", "widest"),
    [
        ({"FromPort": 70000, "CidrIpv4": "10.0.0.0/8"}, ["tcp from 10.0.0.0/8 (in doubt)"]),
        (
            {"FromPort": 20, "ToPort": 10, "CidrIpv4": "10.0.0.0/8"},
            ["tcp from 10.0.0.0/8 (in doubt)"],
        ),
        ({"ToPort": None, "CidrIpv4": "10.0.0.0/8"}, ["tcp from 10.0.0.0/8 (in doubt)"]),
        (
            {"IpProtocol": "icmp", "FromPort": 300, "CidrIpv4": "10.0.0.0/8"},
            ["icmp from 10.0.0.0/8 (in doubt)"],
        ),
        ({"CidrIpv6": "10.0.0.0/8"}, WIDE),
        ({"CidrIpv4": "banana"}, WIDE),
        ({}, WIDE),
        (
            {"IpProtocol": "zmq", "CidrIpv4": "10.0.0.0/8"},
            ["all from 10.0.0.0/8 (in doubt)"],
        ),
        (
            {"IsEgress": None, "CidrIpv4": "10.0.0.0/8"},
            ["tcp 1-2 from 10.0.0.0/8 (in doubt)", "tcp 1-2 to 10.0.0.0/8 (in doubt)"],
        ),
    ],
)
def test_a_rule_that_cannot_be_read_is_in_doubt_as_wide_as_it_can_be(account, gaps, rule, widest):
    account.rule(**rule)
    account.rule(SecurityGroupRuleId="sgr-8", CidrIpv4="10.9.0.0/16")
    network = account.observe()
    assert only(gaps(network, "sgr-9")).id == "sgr-9"
    rules = network.security_group["sg-strategy"].rules
    assert sorted(in_doubt(rules)) == sorted(widest)
    assert [each.id for each in rules if each.certain] == ["sgr-8"]


@pytest.mark.parametrize(
    ("entry", "widest"),
    [
        ({"Protocol": "6"}, {"egress 9: deny tcp to 10.0.0.0/8 (in doubt)"}),
        ({"Protocol": "zmq"}, {"egress 9: deny all to 10.0.0.0/8 (in doubt)"}),
        (
            {"RuleAction": "perhaps"},
            {
                "egress 9: allow all to 10.0.0.0/8 (in doubt)",
                "egress 9: deny all to 10.0.0.0/8 (in doubt)",
            },
        ),
        (
            {"CidrBlock": "banana"},
            {
                "egress 9: deny all to 0.0.0.0/0 (in doubt)",
                "egress 9: deny all to ::/0 (in doubt)",
            },
        ),
        ({"RuleNumber": "first"}, {"egress 0: deny all to 10.0.0.0/8 (in doubt)"}),
        (
            {"Egress": None},
            {
                "egress 9: deny all to 10.0.0.0/8 (in doubt)",
                "ingress 9: deny all from 10.0.0.0/8 (in doubt)",
            },
        ),
    ],
)
def test_an_acl_entry_that_cannot_be_read_is_in_doubt_and_no_other(account, entry, widest):
    whole = {"CidrBlock": "10.0.0.0/8", "Egress": True, "RuleAction": "deny", "RuleNumber": 9}
    before = account.observe().nacl["acl-feed"].entries
    account.thing("NetworkAcls", "acl-feed")["Entries"].append({**whole, "Protocol": "-1", **entry})
    network = account.observe()
    assert "cannot be read" in only(network.unmodelled).why
    entries = network.nacl["acl-feed"].entries
    assert set(in_doubt(entries, str)) == widest
    assert {each for each in entries if each.certain} == set(before)


def test_a_subnet_of_which_no_block_is_shown_is_named_and_so_is_what_is_in_it(account, gaps):
    del account.thing("Subnets", "subnet-b")["CidrBlock"]
    network = account.observe()
    assert "none of its blocks" in only(gaps(network, "subnet-b")).why
    assert "subnet-b" in only(gaps(network, "eni-2")).why
    assert "eni-2" not in network.interface


def test_an_interface_without_any_address_is_named(account, gaps):
    del account.thing("NetworkInterfaces", "eni-2")["PrivateIpAddress"]
    assert "no address" in only(gaps(account.observe(), "eni-2")).why


def test_an_interface_without_an_ipv4_address_in_a_subnet_that_has_some_is_in_doubt(account, gaps):
    shown = account.thing("NetworkInterfaces", "eni-2")
    del shown["PrivateIpAddress"]
    shown["PrivateIpAddresses"] = []
    shown["Ipv6Addresses"] = [{"Ipv6Address": "2001:db8::2"}]
    network = account.observe()
    assert "no IPv4 address" in next(each.why for each in gaps(network, "eni-2"))
    assert "eni-2" in network.interface


def test_an_interface_that_no_group_filters_is_left_open(account, gaps):
    account.thing("NetworkInterfaces", "eni-2")["Groups"] = []
    assert "nothing filters it" in only(gaps(account.observe(), "eni-2")).why


def test_a_group_that_an_interface_holds_and_that_was_not_observed_is_in_doubt(account, gaps):
    account.thing("NetworkInterfaces", "eni-2")["Groups"].append({"GroupId": "sg-gone"})
    network = account.observe()
    assert "rules are not known" in only(gaps(network, "sg-gone")).why
    assert network.interface["eni-2"].security_groups == ("sg-strategy", "sg-gone")
    assert network.security_group["sg-gone"].rules == ()
    assert gaps(network, "eni-2") == []


def test_a_subnet_that_no_acl_of_the_answer_names_has_one_that_is_not_shown(account, gaps):
    """AWS names the subnets of the default NACL as well: the answer was filtered, or is older."""
    account.thing("NetworkAcls", "acl-feed")["Associations"] = []
    network = account.observe()
    unknown = network.subnet["subnet-a"].nacl
    assert unknown not in ("acl-feed", "acl-default")
    assert only(gaps(network, unknown)).kind == "network-acl"
    assert network.subnet["subnet-b"].nacl == "acl-default"


def test_a_subnet_whose_acl_or_table_was_not_observed_has_one_in_doubt(account, gaps):
    account.document["NetworkAcls"] = []
    account.document["RouteTables"] = []
    network = account.observe()
    for subnet in network.subnets:
        assert only(gaps(network, subnet.nacl)).kind == "network-acl"
        assert only(gaps(network, subnet.route_table)).kind == "route-table"
        assert network.nacl[subnet.nacl].entries == ()
        assert network.route_table[subnet.route_table].routes == ()


@pytest.mark.parametrize("key", ["NetworkAcls", "RouteTables"])
def test_two_associations_of_one_subnet_contradict_each_other(account, gaps, key):
    first, second = account.document[key][:2]
    first["Associations"].append({"SubnetId": "subnet-a"})
    second["Associations"].append({"SubnetId": "subnet-a"})
    network = account.observe()
    subnet = network.subnet["subnet-a"]
    unknown = subnet.nacl if key == "NetworkAcls" else subnet.route_table
    assert "both said" in only(gaps(network, unknown)).why
    assert gaps(network, "subnet-a") == []


def test_two_entries_of_one_number_contradict_each_other(account):
    acl = account.thing("NetworkAcls", "acl-feed")
    acl["Entries"].append({**acl["Entries"][0], "RuleAction": "deny"})
    network = account.observe()
    assert "ingress 100" in only(network.unmodelled).id
    assert {each.action for each in network.nacl["acl-feed"].entries if not each.certain} == {
        Action.ALLOW,
        Action.DENY,
    }


@pytest.mark.parametrize("key", ["IpPermissions", "IpPermissionsEgress"])
def test_a_rule_that_only_one_of_two_answers_shows_is_in_doubt(account, gaps, key):
    """describe-security-groups and describe-security-group-rules tell the same, or one is old."""
    group = account.thing("SecurityGroups", "sg-ticker")
    before = account.observe().security_group["sg-ticker"].rules
    group[key] = [
        *group[key],
        {"IpProtocol": "tcp", "FromPort": 7, "ToPort": 7, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
    ]
    network = account.observe()
    rules = network.security_group["sg-ticker"].rules
    (rule,) = [each for each in rules if not each.certain]
    assert "tcp 7" in rule.says()
    assert "describe-security-group-rules does not" in only(gaps(network, rule.id)).why
    assert {each for each in rules if each.certain} == set(before)


def test_a_rule_that_the_group_itself_does_not_show_is_in_doubt(account, gaps):
    account.thing("SecurityGroups", "sg-ticker")["IpPermissions"] = []
    network = account.observe()
    rules = network.security_group["sg-ticker"].rules
    assert {each.direction for each in rules if not each.certain} == {Direction.INGRESS}
    assert all(each.certain for each in rules if each.direction is Direction.EGRESS)
    for each in rules:
        assert each.certain or "the group itself does not" in only(gaps(network, each.id)).why


def test_of_a_rule_that_is_described_twice_and_differently_each_may_be_there(account):
    account.rule(CidrIpv4="10.1.0.0/16")
    account.rule(CidrIpv4="10.2.0.0/16")
    network = account.observe()
    assert only(network.unmodelled).kind == "contradiction"
    rules = network.security_group["sg-strategy"].rules
    assert {str(each.peer) for each in rules} == {"10.1.0.0/16", "10.2.0.0/16"}
    assert not any(each.certain for each in rules)


def test_a_thing_that_is_described_twice_and_differently_is_in_doubt(account, gaps):
    first = account.thing("Subnets", "subnet-a")
    account.document["Subnets"].append({**first, "CidrBlock": "10.20.7.0/24"})
    assert (
        "CidrBlock"
        in only(
            each for each in gaps(account.observe(), "subnet-a") if each.kind == "contradiction"
        ).why
    )


def test_an_interface_outside_its_subnet_is_in_doubt(account, gaps):
    account.thing("NetworkInterfaces", "eni-2")["PrivateIpAddress"] = "10.20.9.9"
    assert "10.20.9.9" in only(gaps(account.observe(), "eni-2")).why


def test_a_vpc_that_was_not_observed_is_left_open_with_all_that_is_in_it(account, gaps):
    account.document["Vpcs"] = []
    network = account.observe()
    assert network.vpc["vpc-1"].cidrs == ()
    assert "CIDRs are not known" in only(gaps(network, "vpc-1")).why
    assert len(network.subnets) == 2


def test_a_vpn_connection_of_a_loose_gateway_is_named(account, gaps):
    account.thing("VpnGateways", "vgw-1")["VpcAttachments"] = [
        {"State": "detached", "VpcId": "vpc-1"}
    ]
    assert "attached to no VPC" in only(gaps(account.observe(), "vpn-1")).why


def test_a_deleted_vpn_connection_is_no_connection(account):
    account.thing("VpnConnections", "vpn-1")["State"] = "deleted"
    account.thing("RouteTables", "rtb-main")["Routes"].pop()
    network = account.observe()
    assert network.vpn_connections == network.unmodelled == ()


def test_several_bgp_connections_of_one_gateway_do_not_say_who_announced_what(account, gaps):
    first = account.thing("VpnConnections", "vpn-1")
    first["Options"]["StaticRoutesOnly"] = False
    first["Routes"] = []
    second = {**first, "VpnConnectionId": "vpn-2", "CustomerGatewayId": "cgw-2", "Tags": []}
    account.document["VpnConnections"].append(second)
    network = account.observe()
    for connection in ("vpn-1", "vpn-2"):
        assert "BGP" in only(gaps(network, f"{connection}/announced")).why
        assert gaps(network, connection) == []
    assert gaps(network, "vgw-1") == []
    assert all(each.learns for each in network.vpn_connections)


def test_what_several_bgp_connections_of_one_site_announced_is_that_sites(account):
    first = account.thing("VpnConnections", "vpn-1")
    first["Options"]["StaticRoutesOnly"] = False
    first["Routes"] = []
    account.document["VpnConnections"].append({**first, "VpnConnectionId": "vpn-2"})
    network = account.observe()
    assert {(each.routes, each.learns) for each in network.vpn_connections} == {
        (only(network.sites).cidrs, False)
    }
    assert network.unmodelled == ()


def test_a_route_to_a_gateway_that_no_connection_explains_says_that_more_may_be_announced(account):
    connection = account.thing("VpnConnections", "vpn-1")
    connection["Options"]["StaticRoutesOnly"] = False
    connection["Routes"] = []
    assert not only(account.observe().vpn_connections).learns
    account.route(DestinationCidrBlock="203.0.113.0/24", GatewayId="vgw-1")
    assert only(account.observe().vpn_connections).learns


def test_a_bgp_connection_that_propagates_nowhere_is_left_open(account, gaps):
    connection = account.thing("VpnConnections", "vpn-1")
    connection["Options"]["StaticRoutesOnly"] = False
    connection["Routes"] = []
    account.thing("RouteTables", "rtb-main")["Routes"] = []
    assert "propagates no learned route" in only(gaps(account.observe(), "vpn-1/announced")).why


def test_a_connection_without_options_or_routes_is_left_open(account, gaps):
    connection = account.thing("VpnConnections", "vpn-1")
    del connection["Options"], connection["Routes"]
    network = account.observe()
    assert "options and routes" in only(gaps(network, "vpn-1/announced")).why
    assert only(network.vpn_connections).learns


def test_a_tunnel_that_carries_one_block_only_is_left_open(account, gaps):
    account.thing("VpnConnections", "vpn-1")["Options"]["RemoteIpv4NetworkCidr"] = "10.20.0.0/24"
    assert "10.20.0.0/24" in only(gaps(account.observe(), "vpn-1")).why


def test_a_socket_tag_that_names_no_listener_is_said_and_the_others_count(account, gaps):
    account.thing("SecurityGroups", "sg-ticker")["Tags"] += [
        {"Key": "bulkhead:socket:bad", "Value": "PUB tcp"},
        {"Key": "bulkhead:socket:worse", "Value": "PUB tcp 70001"},
    ]
    network = account.observe()
    assert {each.id for each in gaps(network, "sg-ticker")} == {
        "sg-ticker bulkhead:socket:bad",
        "sg-ticker bulkhead:socket:worse",
    }
    assert "ticker.ticks" in {each.name for each in network.listeners}
