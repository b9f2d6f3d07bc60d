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
        ("NatGatewayId", "nat-1"),
        ("TransitGatewayId", "tgw-1"),
        ("VpcPeeringConnectionId", "pcx-1"),
        ("NetworkInterfaceId", "eni-9"),
        ("GatewayId", "vpce-1"),
        ("LocalGatewayId", "lgw-1"),
        ("CarrierGatewayId", "cagw-1"),
        ("CoreNetworkArn", "arn:aws:networkmanager::1:core-network/core-network-1"),
    ],
)
def test_a_route_to_what_is_not_modelled_leaves_its_table_open(account, gaps, target, known_as):
    account.route(DestinationCidrBlock="10.9.0.0/16", **{target: known_as})
    network = account.observe()
    gap = only(gaps(network, "rtb-public"))
    assert (gap.kind, gap.id) == ("route", known_as)
    assert "10.9.0.0/16" in gap.why
    route = network.route_table["rtb-public"].routes[1]
    assert (route.target, route.target_id) == (TargetKind.UNMODELLED, known_as)


def test_a_local_route_that_was_turned_to_an_appliance_is_not_local(account, gaps):
    account.route(DestinationCidrBlock="10.20.0.0/16", NetworkInterfaceId="eni-9")
    assert only(gaps(account.observe(), "rtb-public")).id == "eni-9"


def test_a_route_by_prefix_list_leaves_its_table_open(account, gaps):
    account.document["PrefixLists"] = [
        {"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.9.0.0/16"}]}
    ]
    account.route(DestinationPrefixListId="pl-1", GatewayId="igw-1")
    network = account.observe()
    assert "pl-1" in only(gaps(network, "rtb-public")).why
    routes = network.route_table["rtb-public"].routes
    assert [str(each) for each in routes] == ["0.0.0.0/0 -> igw-1", "10.9.0.0/16 -> igw-1"]
    assert routes[1].target is TargetKind.UNMODELLED


def test_a_gateway_endpoint_is_said_without_opening_the_whole_table(account, gaps):
    account.route(DestinationPrefixListId="pl-s3", GatewayId="vpce-1")
    network = account.observe()
    assert gaps(network, "rtb-public") == []
    assert "gateway endpoint" in only(gaps(network, "vpce-1")).why


def test_a_gateway_route_table_leaves_the_tables_behind_that_gateway_open(account, gaps):
    account.document["RouteTables"].append(
        {
            "RouteTableId": "rtb-edge",
            "VpcId": "vpc-1",
            "Associations": [{"Main": False, "GatewayId": "igw-1"}],
            "Routes": [],
        }
    )
    network = account.observe()
    assert only(gaps(network, "rtb-public")).kind == "gateway-route-table"
    assert gaps(network, "rtb-main") == []


def test_block_public_access_leaves_the_way_to_the_internet_open(account, gaps):
    account.document["VpcBlockPublicAccessOptions"] = {
        "InternetGatewayBlockMode": "block-bidirectional"
    }
    network = account.observe()
    assert "block-bidirectional" in only(gaps(network, "rtb-public")).why
    assert gaps(network, "rtb-main") == []


@pytest.mark.parametrize(
    ("key", "scope"),
    [
        ("InternetGateways", "rtb-public"),
        ("VpnGateways", "rtb-main"),
        ("VpnConnections", "rtb-main"),
        ("CustomerGateways", "ec2:DescribeCustomerGateways"),
        ("VpcPeeringConnections", "ec2:DescribeVpcPeeringConnections"),
        ("TransitGatewayVpcAttachments", "ec2:DescribeTransitGatewayVpcAttachments"),
    ],
)
def test_a_question_without_an_answer_says_what_is_lost(account, gaps, key, scope):
    del account.document[key]
    network = account.observe(missing={key: "the call was denied"})
    gap = only(each for each in gaps(network, scope) if each.kind == "unanswered")
    assert gap.id.startswith("ec2:Describe")
    assert gap.why.startswith("the call was denied, so it is not known w") or "the name" in gap.why


def test_a_rule_for_one_icmp_type_leaves_icmp_open_and_nothing_else(account, gaps):
    account.rule(IpProtocol="icmp", FromPort=3, ToPort=4, CidrIpv4="10.0.0.0/8")
    network = account.observe()
    gap = only(gaps(network, "sg-strategy"))
    assert (gap.id, gap.protocol) == ("sgr-9", 1)
    assert "type 3 code 4" in gap.why
    assert only(network.security_group["sg-strategy"].rules).protocol == 1


def test_an_acl_entry_for_one_icmp_type_leaves_icmp_open_and_nothing_else(account, gaps):
    account.thing("NetworkAcls", "acl-feed")["Entries"].append(
        {
            "CidrBlock": "0.0.0.0/0",
            "Egress": True,
            "IcmpTypeCode": {"Type": 3, "Code": 4},
            "Protocol": "1",
            "RuleAction": "allow",
            "RuleNumber": 120,
        }
    )
    gap = only(gaps(account.observe(), "acl-feed"))
    assert (gap.id, gap.protocol) == ("acl-feed/egress/120", 1)


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


def test_a_group_that_was_not_observed_leaves_the_group_that_refers_to_it_open(account, gaps):
    account.rule(ReferencedGroupInfo={"GroupId": "sg-peer", "PeeringStatus": "active"})
    network = account.observe()
    assert "sg-peer" in only(gaps(network, "sg-strategy")).why
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
        {"FromPort": None, "ToPort": None, "CidrIpv4": "10.0.0.0/8"},
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


def test_ipv6_in_a_subnet_leaves_that_subnet_open(account, gaps):
    blocks = [{"Ipv6CidrBlock": "2001:db8::/64", "Ipv6CidrBlockState": {"State": "associated"}}]
    account.thing("Subnets", "subnet-a")["Ipv6CidrBlockAssociationSet"] = blocks
    account.thing("Vpcs", "vpc-1")["Ipv6CidrBlockAssociationSet"] = [
        {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}}
    ]
    network = account.observe()
    assert only(network.unmodelled) == only(gaps(network, "subnet-a"))
    assert "IPv6" in only(network.unmodelled).why


def test_ipv6_that_only_a_vpc_has_leaves_that_vpc_open(account, gaps):
    account.thing("Vpcs", "vpc-1")["Ipv6CidrBlockAssociationSet"] = [
        {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}}
    ]
    assert "IPv6" in only(gaps(account.observe(), "vpc-1")).why


def test_an_interface_with_an_ipv6_address_is_left_open(account, gaps):
    account.thing("NetworkInterfaces", "eni-1")["Ipv6Addresses"] = [{"Ipv6Address": "2001:db8::1"}]
    assert "IPv6" in only(gaps(account.observe(), "eni-1")).why


def test_a_subnet_with_ipv6_only_is_named_and_so_is_what_is_in_it(account, gaps):
    del account.thing("Subnets", "subnet-b")["CidrBlock"]
    network = account.observe()
    assert "IPv6 only" in only(gaps(network, "subnet-b")).why
    assert "subnet-b" in only(gaps(network, "eni-2")).why
    assert "eni-2" not in network.interface


def test_an_interface_without_an_ipv4_address_is_named(account, gaps):
    del account.thing("NetworkInterfaces", "eni-2")["PrivateIpAddress"]
    assert "no IPv4 address" in only(gaps(account.observe(), "eni-2")).why


@pytest.mark.parametrize("kind", ["nat_gateway", "network_load_balancer", "transit_gateway"])
def test_an_interface_that_passes_packets_on_is_left_open(account, gaps, kind):
    account.thing("NetworkInterfaces", "eni-2")["InterfaceType"] = kind
    assert kind in only(gaps(account.observe(), "eni-2")).why


def test_a_load_balancer_is_known_by_its_description(account, gaps):
    account.thing("NetworkInterfaces", "eni-2")["Description"] = "ELB app/front/50dc6c495c0c9188"
    assert "load_balancer" in only(gaps(account.observe(), "eni-2")).why


def test_an_interface_that_no_group_filters_is_left_open(account, gaps):
    account.thing("NetworkInterfaces", "eni-2")["Groups"] = []
    assert "nothing filters it" in only(gaps(account.observe(), "eni-2")).why


def test_an_interface_with_a_group_that_was_not_observed_is_left_open(account, gaps):
    account.thing("NetworkInterfaces", "eni-2")["Groups"].append({"GroupId": "sg-gone"})
    network = account.observe()
    assert "sg-gone" in only(gaps(network, "eni-2")).why
    assert network.interface["eni-2"].security_groups == ("sg-strategy",)


def test_a_public_address_of_a_secondary_one_is_left_open(account, gaps):
    interface = account.thing("NetworkInterfaces", "eni-1")
    interface["PrivateIpAddresses"][1]["Association"] = {"PublicIp": "198.51.100.8"}
    assert "secondary" in only(gaps(account.observe(), "eni-1")).why


def test_a_subnet_whose_acl_or_table_was_not_observed_is_left_open_but_complete(account, gaps):
    account.document["NetworkAcls"] = []
    account.document["RouteTables"] = []
    network = account.observe()
    for subnet in network.subnets:
        assert subnet.nacl in network.nacl
        assert subnet.route_table in network.route_table
        kinds = {each.kind for each in gaps(network, subnet.id)}
        assert kinds == {"network-acl", "route-table"}


def test_a_vpc_that_was_not_observed_is_left_open_with_all_that_is_in_it(account, gaps):
    account.document["Vpcs"] = []
    network = account.observe()
    assert network.vpc["vpc-1"].cidrs == ()
    assert "CIDRs are not known" in only(gaps(network, "vpc-1")).why
    assert len(network.subnets) == 2


def test_a_vpn_connection_of_a_transit_gateway_is_named(account, gaps):
    connection = account.thing("VpnConnections", "vpn-1")
    del connection["VpnGatewayId"]
    connection["TransitGatewayId"] = "tgw-1"
    network = account.observe()
    assert "tgw-1" in only(gaps(network, "vpn-1")).why
    assert network.vpn_connections == network.sites == ()


def test_a_vpn_connection_of_a_loose_gateway_is_named(account, gaps):
    account.thing("VpnGateways", "vgw-1")["VpcAttachments"] = [
        {"State": "detached", "VpcId": "vpc-1"}
    ]
    assert "attached to no VPC" in only(gaps(account.observe(), "vpn-1")).why


def test_a_deleted_vpn_connection_is_no_connection(account):
    account.thing("VpnConnections", "vpn-1")["State"] = "deleted"
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


def test_a_peering_and_a_transit_gateway_are_named_as_unknown_sources(account, gaps):
    account.document["VpcPeeringConnections"] = [
        {
            "VpcPeeringConnectionId": "pcx-1",
            "Status": {"Code": "active"},
            "RequesterVpcInfo": {"VpcId": "vpc-1"},
            "AccepterVpcInfo": {"VpcId": "vpc-9"},
        },
        {"VpcPeeringConnectionId": "pcx-2", "Status": {"Code": "deleted"}},
    ]
    account.document["TransitGatewayVpcAttachments"] = [
        {
            "TransitGatewayAttachmentId": "tgw-attach-1",
            "TransitGatewayId": "tgw-1",
            "VpcId": "vpc-1",
            "State": "available",
        }
    ]
    network = account.observe()
    assert "vpc-9" in only(gaps(network, "pcx-1")).why
    assert gaps(network, "pcx-2") == []
    assert "tgw-1" in only(gaps(network, "tgw-attach-1")).why
