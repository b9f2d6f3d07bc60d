"""What an account's own answers become."""

from __future__ import annotations

import dataclasses
from ipaddress import IPv4Address, IPv4Network

import pytest

from bulkhead import observe
from bulkhead.network import (
    ALL_PORTS,
    CidrPeer,
    Direction,
    GroupPeer,
    Listener,
    PortRange,
    Service,
    Site,
    TargetKind,
)


def only(things):
    (thing,) = things
    return thing


def rules(network, group):
    return {rule.id: rule for rule in network.security_group[group].rules}


def test_an_ordinary_account_is_taken_in_whole(account):
    network = account.observe()
    assert network.unmodelled == ()
    assert [each.id for each in network.subnets] == ["subnet-a", "subnet-b"]
    assert network.vpc["vpc-1"].topology == "trading"
    assert network.vpc["vpc-1"].region == "eu-west-1"


def test_a_vpc_has_its_primary_block_first_and_no_block_that_left_it(account):
    blocks = account.observe().vpc["vpc-1"].cidrs
    assert blocks == (IPv4Network("10.20.0.0/16"), IPv4Network("10.30.0.0/16"))


def test_each_port_range_with_each_peer_is_one_rule_under_its_own_id(account):
    found = rules(account.observe(), "sg-ticker")
    assert set(found) == {"sgr-1", "sgr-2", "sgr-3"}
    assert found["sgr-1"].peer == GroupPeer("sg-strategy")
    assert found["sgr-2"].ports == PortRange(5556, 5557)
    assert found["sgr-2"].description == "exchange"
    assert found["sgr-3"].direction is Direction.EGRESS
    assert found["sgr-3"].ports == ALL_PORTS


def test_without_rule_ids_the_groups_own_permissions_say_the_same(account):
    with_ids = account.observe()
    del account.document["SecurityGroupRules"]
    without = account.observe()

    def said(network):
        return {dataclasses.replace(each, id="") for each in rules(network, "sg-ticker").values()}

    assert said(without) == said(with_ids)
    assert without.unmodelled == ()
    assert "sg-ticker/ingress/tcp/5556/5557/sg-strategy" in rules(without, "sg-ticker")


def test_a_subnet_without_a_route_table_of_its_own_uses_the_main_one(account):
    network = account.observe()
    assert network.subnet["subnet-a"].route_table == "rtb-public"
    assert network.subnet["subnet-b"].route_table == "rtb-main"


def test_implicit_denials_are_not_listed(account):
    network = account.observe()
    assert [each.number for each in network.nacl["acl-default"].entries] == [100, 100]
    assert [each.number for each in network.nacl["acl-feed"].entries] == [100, 101]


def test_an_interface_says_its_addresses_and_its_public_one(account):
    interface = account.observe().interface["eni-1"]
    assert interface.addresses == (IPv4Address("10.20.0.10"), IPv4Address("10.20.0.11"))
    assert interface.public_address == IPv4Address("198.51.100.7")


def test_each_address_of_a_delegated_prefix_belongs_to_the_interface(account):
    account.thing("NetworkInterfaces", "eni-2")["Ipv4Prefixes"] = [{"Ipv4Prefix": "10.20.1.16/28"}]
    assert len(account.observe().interface["eni-2"].addresses) == 17


def test_an_appliance_without_source_dest_check_is_shown_as_one(account):
    account.thing("NetworkInterfaces", "eni-1")["SourceDestCheck"] = False
    assert account.observe().interface["eni-1"].source_dest_check is False


def test_a_task_without_tags_is_known_by_its_security_group(account):
    assert account.observe().interface["eni-2"].service == "strategy"


def test_the_tag_of_an_interface_decides_before_its_groups(account):
    interface = account.thing("NetworkInterfaces", "eni-2")
    interface["TagSet"] = [
        {"Key": "bulkhead:service", "Value": "risk"},
        {"Key": "Name", "Value": "risk-1"},
    ]
    seen = account.observe().interface["eni-2"]
    assert (seen.service, seen.name) == ("risk", "risk-1")


def test_an_interface_with_groups_of_two_services_is_of_neither(account, gaps):
    account.thing("NetworkInterfaces", "eni-2")["Groups"].append({"GroupId": "sg-ticker"})
    network = account.observe()
    assert network.interface["eni-2"].service is None
    why = only(gaps(network, "eni-2 service")).why
    assert "strategy and ticker" in why


def test_services_sockets_and_sites_are_read_back_from_tags(account):
    network = account.observe()
    assert Service(name="ticker", segment="feed", security_group="sg-ticker") in network.services
    assert set(network.listeners) == {
        Listener(
            owner="ticker", socket="ticks", type="PUB", protocol=6, ports=PortRange(5556, 5556)
        ),
        Listener(
            owner="exchange",
            socket="orders",
            type="ROUTER",
            protocol=6,
            ports=PortRange(6000, 6000),
        ),
    }
    assert only(network.sites) == Site(
        name="exchange",
        cidrs=(IPv4Network("192.168.10.0/24"),),
        vpn_connection="vpn-1",
        trusted=True,
    )


def test_a_site_without_a_tag_is_called_by_its_customer_gateway_and_not_trusted(account):
    account.thing("VpnConnections", "vpn-1")["Tags"] = []
    site = only(account.observe().sites)
    assert (site.name, site.trusted) == ("exchange-router", False)


def test_two_connections_to_one_site_are_one_site_trusted_only_if_both_are(account):
    first = account.thing("VpnConnections", "vpn-1")
    second = {
        **first,
        "VpnConnectionId": "vpn-2",
        "Tags": [{"Key": "bulkhead:site", "Value": "exchange"}],
        "Routes": [{"DestinationCidrBlock": "192.168.11.0/24", "State": "available"}],
    }
    account.document["VpnConnections"].append(second)
    network = account.observe()
    site = only(network.sites)
    assert [str(each) for each in site.cidrs] == ["192.168.10.0/24", "192.168.11.0/24"]
    assert site.trusted is False
    assert {each.site for each in network.vpn_connections} == {"exchange"}


def test_tunnels_say_what_they_may_negotiate(account):
    first, second = account.observe().vpn_connection["vpn-1"].tunnels
    assert first.inside_cidr == IPv4Network("169.254.10.0/30")
    assert first.ike_versions == ("ikev2",)
    assert (first.phase1_dh_groups, first.phase2_dh_groups) == ((20,), (21,))
    assert second.phase1_encryption == ()


def test_what_a_tunnel_does_not_show_is_what_aws_does_by_default(account):
    (options,) = [each["Options"] for each in account.document["VpnConnections"][:1]]
    options["TunnelOptions"][0] |= {
        "Phase1LifetimeSeconds": 900,
        "DpdTimeoutAction": "none",
        "StartupAction": "start",
    }
    first, second = account.observe().vpn_connection["vpn-1"].tunnels
    assert (first.phase1_lifetime, first.phase2_lifetime) == (900, 3600)
    assert (first.dpd_action, first.startup_action) == ("none", "start")
    assert (second.phase1_lifetime, second.dpd_action, second.startup_action) == (
        28800,
        "clear",
        "add",
    )


@pytest.mark.parametrize("key", ["AssignIpv6AddressOnCreation", "MapPublicIpOnLaunch"])
@pytest.mark.parametrize("said", [True, False, None])
def test_what_a_subnet_gives_at_launch_is_known_where_it_is_shown(account, key, said):
    account.document["Subnets"][0] |= {} if said is None else {key: said}
    subnet = account.observe().subnet["subnet-a"]
    field = {"AssignIpv6AddressOnCreation": subnet.ipv6_on_launch}
    assert field.get(key, subnet.public_on_launch) is said


def test_no_pre_shared_key_is_anywhere_in_a_network(account):
    assert "never-read-this" not in repr(account.observe())


def test_routes_keep_how_they_came_to_be(account):
    network = account.observe()
    propagated = only(network.route_table["rtb-main"].routes)
    assert (propagated.target, propagated.propagated) == (TargetKind.VPN_GATEWAY, True)
    static = only(network.route_table["rtb-public"].routes)
    assert (static.target, static.propagated) == (TargetKind.INTERNET_GATEWAY, False)


def test_a_blackhole_drops_and_so_nothing_about_it_is_undetermined(account, gaps):
    account.route(DestinationCidrBlock="10.9.0.0/16", NatGatewayId="nat-1", State="blackhole")
    network = account.observe()
    route = network.route_table["rtb-public"].routes[1]
    assert (route.blackhole, route.target_id) == (True, "nat-1")
    assert gaps(network, "rtb-public") == []


def test_prefixes_learned_by_bgp_are_read_from_the_tables_they_propagate_to(account):
    account.thing("VpnConnections", "vpn-1")["Options"]["StaticRoutesOnly"] = False
    account.thing("VpnConnections", "vpn-1")["Routes"] = []
    network = account.observe()
    assert only(network.sites).cidrs == (IPv4Network("192.168.10.0/24"),)
    assert network.unmodelled == ()


def test_a_customer_managed_prefix_list_becomes_a_rule_for_each_entry(account):
    account.document["PrefixLists"] = [
        {
            "PrefixListId": "pl-1",
            "Entries": [{"Cidr": "10.1.0.0/16"}, {"Cidr": "10.2.0.0/16"}, {"Cidr": "fd00::/64"}],
        }
    ]
    account.rule(PrefixListId="pl-1", Description="branch offices")
    network = account.observe()
    found = rules(network, "sg-strategy")
    assert set(found) == {"sgr-9/10.1.0.0/16", "sgr-9/10.2.0.0/16", "sgr-9/fd00::/64"}
    rule = found["sgr-9/10.1.0.0/16"]
    assert rule.peer == CidrPeer(IPv4Network("10.1.0.0/16"))
    assert rule.description == "branch offices (entry of pl-1)"
    assert network.unmodelled == ()


def test_protocols_are_known_by_name_and_by_number(account):
    for number, protocol in enumerate(("udp", "17", "icmp", "icmpv6", "58", "132", "-1")):
        account.rule(
            SecurityGroupRuleId=f"sgr-x{number}",
            IpProtocol=protocol,
            FromPort=-1 if protocol not in ("udp", "17") else 5,
            ToPort=-1 if protocol not in ("udp", "17") else 6,
            CidrIpv4="10.0.0.0/8",
        )
    network = account.observe()
    found = rules(network, "sg-strategy").values()
    assert [rule.protocol for rule in found] == [17, 17, 1, 58, 58, 132, -1]
    assert [rule.ports == ALL_PORTS for rule in found] == [False, False, *[True] * 5]
    assert network.unmodelled == ()


def test_a_block_with_host_bits_is_the_block_that_aws_makes_of_it(account):
    account.rule(CidrIpv4="100.68.0.18/18")
    rule = only(rules(account.observe(), "sg-strategy").values())
    assert str(rule.peer) == "100.68.0.0/18"


def test_pages_that_overlap_do_not_make_anything_twice(account):
    before = account.observe()
    for key in ("Subnets", "SecurityGroupRules", "NetworkInterfaces"):
        account.document[key] *= 2
    assert account.observe() == before


def second_topology(account):
    account.document["Vpcs"].append(
        {
            "VpcId": "vpc-2",
            "CidrBlock": "10.50.0.0/16",
            "OwnerId": "123456789012",
            "Tags": [{"Key": "bulkhead:topology", "Value": "staging"}],
        }
    )
    account.document["SecurityGroups"].append(
        {
            "GroupId": "sg-other",
            "GroupName": "ticker",
            "VpcId": "vpc-2",
            "Tags": [{"Key": "bulkhead:service", "Value": "ticker"}],
        }
    )


def test_only_what_belongs_to_the_topology_is_kept(account):
    second_topology(account)
    network = account.observe(topology="trading")
    assert [each.id for each in network.vpcs] == ["vpc-1"]
    assert {each.id for each in network.security_groups} == {"sg-ticker", "sg-strategy"}
    assert len(network.vpn_connections) == len(network.customer_gateways) == 1
    other = account.observe(topology="staging")
    assert [each.id for each in other.security_groups] == ["sg-other"]
    assert other.vpn_connections == other.customer_gateways == other.internet_gateways == ()


def test_without_a_topology_every_vpc_is_kept_and_equal_names_are_told_apart(account):
    second_topology(account)
    network = account.observe()
    assert {each.name for each in network.services} == {
        "trading/ticker",
        "staging/ticker",
        "strategy",
    }
    assert network.interface["eni-1"].service == "trading/ticker"
    assert "trading/ticker" in {each.owner for each in network.listeners}


def test_an_unknown_topology_is_answered_with_the_ones_that_are_there(account):
    second_topology(account)
    with pytest.raises(observe.TopologyNotFoundError) as refused:
        account.observe(topology="tradign")
    assert isinstance(refused.value, LookupError)
    for word in ("tradign", "staging, trading", "eu-west-1"):
        assert word in str(refused.value)


def test_every_fault_of_a_description_is_named_with_its_place(account):
    account.thing("Subnets", "subnet-a")["CidrBlock"] = "banana"
    account.thing("NetworkInterfaces", "eni-2")["PrivateIpAddress"] = 7
    with pytest.raises(observe.MalformedDescriptionError) as refused:
        account.observe()
    assert tuple(map(str, refused.value.faults)) == (
        "Subnets subnet-a: CidrBlock is 'banana', not an IPv4 CIDR",
        "NetworkInterfaces eni-2: PrivateIpAddress is 7, not text",
    )


@pytest.mark.parametrize("key", ["Vpcs", "Subnets", "NetworkInterfaces", "NetworkAcls"])
def test_a_description_without_an_essential_part_is_refused(account, key):
    del account.document[key]
    with pytest.raises(observe.MalformedDescriptionError, match=key):
        account.observe()
