"""Addresses, rules and interfaces in all that AWS tells of them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest

from bulkhead.network import ALL_PORTS, CidrPeer, IdleTimeouts, InterfaceKind, PortRange, TargetKind


def only(things):
    (thing,) = things
    return thing


def dual_stack(account):
    account.thing("Vpcs", "vpc-1")["Ipv6CidrBlockAssociationSet"] = [
        {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}},
        {"Ipv6CidrBlock": "2001:db9::/56", "Ipv6CidrBlockState": {"State": "disassociated"}},
    ]
    account.thing("Subnets", "subnet-a")["Ipv6CidrBlockAssociationSet"] = [
        {"Ipv6CidrBlock": "2001:db8::/64", "Ipv6CidrBlockState": {"State": "associated"}}
    ]
    account.thing("NetworkInterfaces", "eni-1")["Ipv6Addresses"] = [
        {"Ipv6Address": "2001:db8::10"},
        {"Ipv6Address": "2001:db8::11"},
    ]


def test_a_dual_stack_vpc_is_taken_in_whole(account):
    dual_stack(account)
    network = account.observe()
    assert network.unmodelled == ()
    assert IPv6Network("2001:db8::/56") in network.vpc["vpc-1"].cidrs
    assert IPv6Network("2001:db9::/56") not in network.vpc["vpc-1"].cidrs
    assert network.subnet["subnet-a"].ipv6_cidrs == (IPv6Network("2001:db8::/64"),)
    assert network.interface["eni-1"].ipv6_addresses == (
        IPv6Address("2001:db8::10"),
        IPv6Address("2001:db8::11"),
    )


def test_a_subnet_with_a_block_that_its_vpc_does_not_hold_is_in_doubt(account, gaps):
    dual_stack(account)
    del account.thing("Vpcs", "vpc-1")["Ipv6CidrBlockAssociationSet"]
    network = account.observe()
    assert "lies in none of those of vpc-1" in only(gaps(network, "subnet-a")).why
    account.thing("Subnets", "subnet-a")["Ipv6CidrBlockAssociationSet"] = []
    account.thing("Subnets", "subnet-a")["CidrBlock"] = "10.77.0.0/24"
    assert gaps(account.observe(), "subnet-a")


@pytest.mark.parametrize(
    "more",
    [
        {"Ipv6Addresses": [{"Ipv6Address": "2001:db8::10"}]},
        {"Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:0:0:1::/80"}]},
        {"PrivateIpAddresses": [{"PrivateIpAddress": "10.99.0.9", "Primary": False}]},
    ],
    ids=lambda more: next(iter(more)),
)
def test_an_interface_with_any_address_that_its_subnet_does_not_hold_is_in_doubt(account, more):
    account.thing("NetworkInterfaces", "eni-1").update(more)
    (gap,) = account.observe().unmodelled
    assert gap.scope == "eni-1"
    assert "is not one of its subnet subnet-a" in gap.why


def test_a_subnet_with_ipv6_alone_and_a_host_in_it_are_taken_in_whole(account):
    dual_stack(account)
    subnet, shown = (
        account.thing("Subnets", "subnet-a"),
        account.thing("NetworkInterfaces", "eni-1"),
    )
    del subnet["CidrBlock"], shown["PrivateIpAddress"]
    subnet["Ipv6Native"] = True
    shown["PrivateIpAddresses"] = []
    network = account.observe()
    assert network.unmodelled == ()
    assert network.subnet["subnet-a"].cidrs == (IPv6Network("2001:db8::/64"),)
    host = network.interface["eni-1"]
    assert host.address == IPv6Address("2001:db8::10")
    assert host.addresses == (IPv6Address("2001:db8::10"), IPv6Address("2001:db8::11"))


def test_a_delegated_ipv6_prefix_is_taken_in_whole(account):
    dual_stack(account)
    account.thing("NetworkInterfaces", "eni-1")["Ipv6Prefixes"] = [
        {"Ipv6Prefix": "2001:db8:0:0:1::/80"}
    ]
    network = account.observe()
    assert network.unmodelled == ()
    assert network.interface["eni-1"].ipv6_prefixes == (IPv6Network("2001:db8:0:0:1::/80"),)
    assert network.interface["eni-1"].holds(IPv6Address("2001:db8::1:0:0:99"))
    assert not network.interface["eni-1"].holds(IPv6Address("2001:db8::2:0:0:99"))


def test_an_interface_with_nothing_but_a_delegated_prefix_is_known_by_its_first_address(account):
    dual_stack(account)
    subnet, shown = (
        account.thing("Subnets", "subnet-a"),
        account.thing("NetworkInterfaces", "eni-1"),
    )
    del subnet["CidrBlock"], shown["PrivateIpAddress"], shown["Ipv6Addresses"]
    shown["PrivateIpAddresses"] = []
    shown["Ipv6Prefixes"] = [{"Ipv6Prefix": "2001:db8:0:0:1::/80"}]
    assert account.observe().interface["eni-1"].address == IPv6Address("2001:db8:0:0:1::")


def test_a_route_of_ipv6_for_hosts_of_ipv4_is_modelled(account):
    account.route(DestinationIpv6CidrBlock="64:ff9b::/96", NatGatewayId="nat-1")
    assert not [each for each in account.observe().unmodelled if each.kind == "route"]


def test_ipv6_rules_entries_and_routes_are_read(account):
    account.rule(CidrIpv6="2001:db8::/32")
    account.route(DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="eigw-1")
    network = account.observe()
    assert only(network.security_group["sg-strategy"].rules).peer == CidrPeer(
        IPv6Network("2001:db8::/32")
    )
    assert network.nacl["acl-feed"].entries[1].cidr == IPv6Network("::/0")
    route = network.route_table["rtb-public"].routes[1]
    assert (route.destination, route.target) == (
        IPv6Network("::/0"),
        TargetKind.EGRESS_ONLY_GATEWAY,
    )


@pytest.mark.parametrize("key", ["IpPermissions", "IpPermissionsEgress"])
def test_ipv6_ranges_of_folded_permissions_are_rules_too(account, key):
    del account.document["SecurityGroupRules"]
    account.thing("SecurityGroups", "sg-strategy")[key] = [
        {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "Ipv6Ranges": [{"CidrIpv6": "fd00::/8"}]}
    ]
    rule = only(account.observe().security_group["sg-strategy"].rules)
    assert (rule.peer, rule.ports) == (CidrPeer(IPv6Network("fd00::/8")), PortRange(1, 2))


@pytest.mark.parametrize(
    ("protocol", "kind", "code", "messages"),
    [
        ("icmp", 8, -1, PortRange(8 * 256, 8 * 256 + 255)),
        ("1", 3, 4, PortRange(3 * 256 + 4, 3 * 256 + 4)),
        ("icmpv6", 128, 0, PortRange(128 * 256, 128 * 256)),
        ("58", -1, -1, ALL_PORTS),
        ("icmp", None, None, ALL_PORTS),
    ],
)
def test_icmp_rules_are_for_their_type_and_code(account, protocol, kind, code, messages):
    account.rule(IpProtocol=protocol, FromPort=kind, ToPort=code, CidrIpv4="10.0.0.0/8")
    network = account.observe()
    assert only(network.security_group["sg-strategy"].rules).ports == messages
    assert network.unmodelled == ()


@pytest.mark.parametrize(("protocol", "family"), [("1", "CidrBlock"), ("58", "Ipv6CidrBlock")])
def test_icmp_entries_are_for_their_type_and_code(account, protocol, family):
    account.thing("NetworkAcls", "acl-feed")["Entries"].append(
        {
            family: "0.0.0.0/0" if family == "CidrBlock" else "::/0",
            "Egress": True,
            "IcmpTypeCode": {"Type": 3, "Code": -1},
            "Protocol": protocol,
            "RuleAction": "allow",
            "RuleNumber": 120,
        }
    )
    network = account.observe()
    entry = next(each for each in network.nacl["acl-feed"].entries if each.number == 120)
    assert entry.ports == PortRange(3 * 256, 3 * 256 + 255)
    assert network.unmodelled == ()


@pytest.mark.parametrize("ports", [(-1, -1), (None, None)])
def test_a_tcp_rule_without_ports_is_for_all_of_them(account, ports):
    account.rule(FromPort=ports[0], ToPort=ports[1], CidrIpv4="10.0.0.0/8")
    assert only(account.observe().security_group["sg-strategy"].rules).ports == ALL_PORTS


def test_a_rule_for_one_port_is_for_that_port(account):
    account.rule(FromPort=22, ToPort=22, CidrIpv4="10.0.0.0/8")
    assert only(account.observe().security_group["sg-strategy"].rules).ports == PortRange(22, 22)


def test_public_addresses_of_secondary_ones_are_kept_with_them(account):
    interface = account.thing("NetworkInterfaces", "eni-1")
    interface["PrivateIpAddresses"][1]["Association"] = {"PublicIp": "198.51.100.8"}
    seen = account.observe().interface["eni-1"]
    assert seen.public_address == IPv4Address("198.51.100.7")
    assert seen.more_public == ((IPv4Address("10.20.0.11"), IPv4Address("198.51.100.8")),)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"InterfaceType": "nat_gateway"}, InterfaceKind.GATEWAY),
        ({"InterfaceType": "transit_gateway"}, InterfaceKind.GATEWAY),
        ({"InterfaceType": "gateway_load_balancer_endpoint"}, InterfaceKind.GATEWAY),
        ({"InterfaceType": "vpc_endpoint"}, InterfaceKind.ENDPOINT),
        ({"InterfaceType": "network_load_balancer"}, InterfaceKind.LOAD_BALANCER),
        ({"Description": "ELB app/front/50dc6c495c0c9188"}, InterfaceKind.LOAD_BALANCER),
        ({"Description": "Interface for NAT Gateway nat-0a1b"}, InterfaceKind.GATEWAY),
        ({"Description": "VPC Endpoint Interface vpce-0a1b"}, InterfaceKind.ENDPOINT),
        (
            {"Description": "VPC Endpoint Interface vpce-my", "RequesterManaged": False},
            InterfaceKind.HOST,
        ),
        ({"InterfaceType": "lambda"}, InterfaceKind.HOST),
        ({}, InterfaceKind.HOST),
    ],
)
def test_an_interface_says_what_stands_behind_it(account, told, kind):
    account.thing("NetworkInterfaces", "eni-2").update(told)
    network = account.observe()
    assert network.interface["eni-2"].kind is kind
    assert network.unmodelled == ()


@pytest.mark.parametrize("kind", ["nat_gateway", "network_load_balancer"])
def test_gateways_and_load_balancers_may_be_without_a_group(account, kind):
    account.thing("NetworkInterfaces", "eni-2").update(InterfaceType=kind, Groups=[])
    assert account.observe().unmodelled == ()


def test_an_interface_says_its_instance_and_how_long_it_remembers(account):
    account.thing("NetworkInterfaces", "eni-2").update(
        Attachment={"InstanceId": "i-1", "DeviceIndex": 0},
        ConnectionTrackingConfiguration={"TcpEstablishedTimeout": 600, "UdpTimeout": 45},
    )
    seen = account.observe().interface["eni-2"]
    assert seen.instance == "i-1"
    assert seen.idle == IdleTimeouts(tcp_established=600, udp=45, udp_stream=None)


RESERVATION = {
    "ReservationId": "r-1",
    "Instances": [
        {
            "InstanceId": "i-1",
            "State": {"Name": "running"},
            "Tags": [{"Key": "Name", "Value": "ticker-1"}],
            "NetworkInterfaces": [
                {
                    "NetworkInterfaceId": "eni-1",
                    "SubnetId": "subnet-a",
                    "VpcId": "vpc-1",
                    "PrivateIpAddress": "10.20.0.10",
                    "PrivateIpAddresses": [{"PrivateIpAddress": "10.20.0.10"}],
                    "Association": {"PublicIp": "198.51.100.7"},
                    "Groups": [{"GroupId": "sg-ticker"}],
                    "SourceDestCheck": True,
                    "Attachment": {"DeviceIndex": 0, "AttachmentId": "eni-attach-1"},
                }
            ],
        },
        {
            "InstanceId": "i-2",
            "State": {"Name": "terminated"},
            "NetworkInterfaces": [{"NetworkInterfaceId": "eni-9"}],
        },
    ],
}


def test_an_interface_without_a_name_is_called_like_its_instance(account):
    account.document["Reservations"] = [RESERVATION]
    interface = account.thing("NetworkInterfaces", "eni-1")
    interface["Attachment"] = {"InstanceId": "i-1"}
    interface["Description"] = "Primary network interface"
    assert account.observe().interface["eni-1"].name == "ticker-1"
    interface["TagSet"] = [{"Key": "Name", "Value": "its own"}]
    assert account.observe().interface["eni-1"].name == "its own"


def test_without_interfaces_those_of_the_instances_are_read_and_others_may_be_missing(
    account, gaps
):
    del account.document["NetworkInterfaces"]
    account.document["Reservations"] = [RESERVATION]
    network = account.observe(strict=False)
    interface = only(network.interfaces)
    assert (interface.id, interface.instance, interface.name) == ("eni-1", "i-1", "ticker-1")
    assert (interface.service, str(interface.public_address)) == ("ticker", "198.51.100.7")
    said = gaps(network, "ec2:DescribeNetworkInterfaces")
    assert {each.kind for each in said} == {"unanswered"}
    assert any("other services" in each.why for each in said)


def test_an_interface_that_an_instance_has_and_the_list_does_not_is_there_all_the_same(
    account, gaps
):
    """Asked with a filter, or at another moment: what the instance says is a fact."""
    whole = account.observe().interface["eni-1"]
    account.document["Reservations"] = [RESERVATION]
    account.document["NetworkInterfaces"] = account.document["NetworkInterfaces"][1:]
    network = account.observe()
    found = network.interface["eni-1"]
    assert (found.address, found.security_groups) == (whole.address, whole.security_groups)
    assert gaps(network, "eni-1") == []
    said = gaps(network, "ec2:DescribeNetworkInterfaces")
    assert any("eni-1 of i-1" in each.why for each in said)
    assert "interfaces" in network.unobserved


def test_an_instance_of_which_no_interface_is_shown_has_the_address_that_it_says(account):
    instance = RESERVATION["Instances"][0]
    account.document["NetworkInterfaces"] = account.document["NetworkInterfaces"][1:]
    account.document["Reservations"] = [
        {
            "ReservationId": "r-1",
            "Instances": [
                {
                    "InstanceId": instance["InstanceId"],
                    "SubnetId": "subnet-a",
                    "PrivateIpAddress": "10.20.0.44",
                    "SecurityGroups": [{"GroupId": "sg-ticker"}],
                }
            ],
        }
    ]
    found = account.observe().interface["i-1/primary"]
    assert (str(found.address), found.security_groups) == ("10.20.0.44", ("sg-ticker",))


def test_an_interface_that_its_instance_tells_otherwise_is_in_doubt(account, gaps):
    account.document["Reservations"] = [RESERVATION]
    assert gaps(account.observe(), "eni-1") == []
    account.thing("NetworkInterfaces", "eni-1")["PrivateIpAddress"] = "10.20.0.99"
    assert "PrivateIpAddress" in only(gaps(account.observe(), "eni-1")).why


def test_interfaces_that_were_cut_off_are_read_from_their_instances(account):
    account.document["NetworkInterfaces"] = account.document["NetworkInterfaces"][1:]
    account.document["Reservations"] = [RESERVATION]
    network = account.observe(missing={"NetworkInterfaces": "it was cut off"})
    assert [each.id for each in network.interfaces] == ["eni-1", "eni-2"]


def test_blocks_of_a_prefix_list_are_routes_of_that_list(account):
    account.document["PrefixLists"] = [
        {"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.9.0.0/16"}, {"Cidr": "fd00:9::/32"}]}
    ]
    account.route(DestinationPrefixListId="pl-1", TransitGatewayId="tgw-1")
    network = account.observe()
    found = [each for each in network.route_table["rtb-public"].routes if each.prefix_list]
    assert [(each.destination, each.target_id, each.prefix_list) for each in found] == [
        (IPv4Network("10.9.0.0/16"), "tgw-1", "pl-1"),
        (IPv6Network("fd00:9::/32"), "tgw-1", "pl-1"),
    ]


def test_two_answers_about_one_prefix_list_are_put_together(account):
    account.document["PrefixLists"] = [
        {"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.9.0.0/16"}]},
        {"PrefixListId": "pl-1", "PrefixListName": "branches", "State": "create-complete"},
    ]
    account.rule(PrefixListId="pl-1")
    network = account.observe()
    assert len(network.security_group["sg-strategy"].rules) == 1
    assert network.unmodelled == ()


def test_a_prefix_list_that_is_cut_off_is_as_unknown_as_one_that_is_not_there(account, gaps):
    account.document["PrefixLists"] = [
        {"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.9.0.0/16"}], "NextToken": "more"}
    ]
    account.route(DestinationPrefixListId="pl-1", TransitGatewayId="tgw-1")
    assert "pl-1" in only(gaps(account.observe(), "rtb-public/pl-1")).why


def test_a_list_whose_entries_are_not_known_is_a_route_that_may_be_there(account, gaps):
    account.document["PrefixLists"] = [{"PrefixListId": "pl-1", "AddressFamily": "IPv4"}]
    account.route(DestinationPrefixListId="pl-1", TransitGatewayId="tgw-1")
    account.route(DestinationPrefixListId="pl-2", TransitGatewayId="tgw-1")
    network = account.observe()
    found = [each for each in network.route_table["rtb-public"].routes if each.prefix_list]
    assert [(str(each.destination), each.prefix_list, each.certain) for each in found] == [
        ("0.0.0.0/0", "pl-1", False),
        ("0.0.0.0/0", "pl-2", False),
        ("::/0", "pl-2", False),
    ]
    assert gaps(network, "rtb-public") == []


def test_a_route_in_a_state_that_nobody_knows_may_be_there(account, gaps):
    account.route(DestinationCidrBlock="10.9.0.0/16", TransitGatewayId="tgw-1", State="filtered")
    network = account.observe()
    route = network.route_table["rtb-public"].routes[-1]
    assert (str(route.destination), route.certain) == ("10.9.0.0/16", False)
    assert "filtered" in only(gaps(network, "rtb-public/10.9.0.0/16")).why
    assert gaps(network, "rtb-public") == []


@pytest.mark.parametrize("state", ["filtered", "of-tomorrow"])
def test_a_local_route_that_may_not_count_leaves_its_table_in_doubt(account, gaps, state):
    shown = account.thing("RouteTables", "rtb-main")
    local = next(each for each in shown["Routes"] if each.get("GatewayId") == "local")
    local["State"] = state
    assert gaps(account.observe(), "rtb-main")
