"""Everything that the model cannot judge is said, at its narrowest scope."""

from __future__ import annotations

import pytest

from bulkhead.network import Direction, TargetKind


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


def test_a_prefix_list_without_entries_leaves_the_group_open(account, gaps):
    account.rule(PrefixListId="pl-9")
    network = account.observe(missing={"PrefixLists": "it is denied"})
    assert "prefix list pl-9 are not known (it is denied)" in only(gaps(network, "sg-strategy")).why


@pytest.mark.parametrize(
    "rule",
    [
        {"FromPort": 70000, "ToPort": 70001, "CidrIpv4": "10.0.0.0/8"},
        {"FromPort": 20, "ToPort": 10, "CidrIpv4": "10.0.0.0/8"},
        {"FromPort": 20, "ToPort": None, "CidrIpv4": "10.0.0.0/8"},
        {"IpProtocol": "icmp", "FromPort": -1, "ToPort": 4, "CidrIpv4": "10.0.0.0/8"},
        {"IpProtocol": "icmp", "FromPort": 300, "ToPort": 0, "CidrIpv4": "10.0.0.0/8"},
        {"CidrIpv6": "10.0.0.0/8"},
        {"IpProtocol": "zmq", "CidrIpv4": "10.0.0.0/8"},
        {"CidrIpv4": "banana"},
        {},
    ],
)
def test_a_rule_that_cannot_be_read_leaves_its_group_open(account, gaps, rule):
    account.rule(**rule)
    network = account.observe()
    gap = only(gaps(network, "sg-strategy"))
    assert gap.id == "sgr-9"
    assert network.security_group["sg-strategy"].rules == ()


@pytest.mark.parametrize(
    "entry",
    [
        {"Protocol": "6"},
        {"Protocol": "-1", "RuleAction": "perhaps"},
        {"Protocol": "-1", "CidrBlock": "banana"},
    ],
)
def test_an_acl_entry_that_cannot_be_read_leaves_its_acl_open(account, gaps, entry):
    whole = {"CidrBlock": "0.0.0.0/0", "Egress": True, "RuleAction": "deny", "RuleNumber": 9}
    account.thing("NetworkAcls", "acl-feed")["Entries"].append({**whole, **entry})
    assert "cannot be read" in only(gaps(account.observe(), "acl-feed")).why


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
    assert "both said" in only(gaps(account.observe(), "subnet-a")).why


def test_two_entries_of_one_number_contradict_each_other(account, gaps):
    acl = account.thing("NetworkAcls", "acl-feed")
    acl["Entries"].append({**acl["Entries"][0], "RuleAction": "deny"})
    assert "ingress 100" in only(gaps(account.observe(), "acl-feed")).why


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
    account.document["VpnConnections"].append({**first, "VpnConnectionId": "vpn-2"})
    network = account.observe()
    for connection in ("vpn-1", "vpn-2"):
        assert "BGP" in only(gaps(network, connection)).why


def test_a_bgp_connection_that_propagates_nowhere_is_left_open(account, gaps):
    connection = account.thing("VpnConnections", "vpn-1")
    connection["Options"]["StaticRoutesOnly"] = False
    connection["Routes"] = []
    account.thing("RouteTables", "rtb-main")["Routes"] = []
    assert "propagates no learned route" in only(gaps(account.observe(), "vpn-1")).why


def test_a_connection_without_options_or_routes_is_left_open(account, gaps):
    connection = account.thing("VpnConnections", "vpn-1")
    del connection["Options"], connection["Routes"]
    assert "options and routes" in only(gaps(account.observe(), "vpn-1")).why


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
