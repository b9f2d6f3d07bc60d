"""Whatever was denied, cut off or never asked for leaves what depends on it undetermined."""

from __future__ import annotations

import pytest

from bulkhead.network import TargetKind
from bulkhead.observe.calls import CALLS, DETAILS
from tests.support.verdicts import verdicts


def only(things):
    (thing,) = things
    return thing


def lost(account, key, *, keep=False):
    if not keep:
        account.document.pop(key, None)
    return account.observe(missing={key: "it was cut off"}, strict=False)


def test_an_internet_gateway_that_was_not_shown_is_there_in_doubt(account, gaps):
    network = lost(account, "InternetGateways")
    gateway = only(network.internet_gateways)
    assert (gateway.id, gateway.vpc) == ("igw-1", "vpc-1")
    assert "it was cut off" in only(gaps(network, "igw-1")).why


def test_without_routes_a_public_address_alone_tells_that_there_may_be_a_gateway(account, gaps):
    account.thing("RouteTables", "rtb-public")["Routes"] = []
    network = lost(account, "InternetGateways")
    assert only(network.internet_gateways).vpc == "vpc-1"
    interface = account.thing("NetworkInterfaces", "eni-1")
    del interface["PrivateIpAddresses"][0]["Association"]
    assert lost(account, "InternetGateways").internet_gateways == ()


def test_without_route_tables_either_every_vpc_may_have_an_internet_gateway(account, gaps):
    interface = account.thing("NetworkInterfaces", "eni-1")
    del interface["PrivateIpAddresses"][0]["Association"]
    del account.document["RouteTables"]
    network = lost(account, "InternetGateways")
    gateway = only(network.internet_gateways)
    assert gateway.vpc == "vpc-1"
    assert gaps(network, gateway.id)


def test_a_gateway_that_was_shown_before_the_cut_is_known(account, gaps):
    network = lost(account, "InternetGateways", keep=True)
    assert gaps(network, "igw-1") == []
    assert only(gaps(network, "ec2:DescribeInternetGateways")).kind == "unanswered"


def test_a_vpn_gateway_that_was_not_shown_is_there_in_doubt_with_its_sites(account, gaps):
    network = lost(account, "VpnGateways")
    gateway = only(network.vpn_gateways)
    assert (gateway.id, gateway.vpc) == ("vgw-1", "vpc-1")
    assert "it was cut off" in only(gaps(network, "vgw-1")).why
    assert only(network.vpn_connections).site == "exchange"


def test_a_connection_whose_gateway_nothing_names_is_kept_in_doubt(account, gaps):
    table = account.thing("RouteTables", "rtb-main")
    table["Routes"], table["PropagatingVgws"] = [], []
    network = lost(account, "VpnGateways")
    assert "vgw-1" in only(gaps(network, "vpn-1")).why
    assert only(network.sites).name == "exchange"


@pytest.mark.parametrize("shown", [[], [{"VpnGatewayId": "vgw-1", "State": "available"}]])
def test_a_gateway_that_does_not_say_what_it_serves_may_serve_any_vpc(account, gaps, shown):
    account.document["VpnGateways"] = shown
    for network in (account.observe(), account.observe(only="vpc-1")):
        assert "the VPC of vgw-1 is not known" in only(gaps(network, "vpn-1")).why
        said = {
            verdict
            for (source, _, to, _, _), ranges in verdicts(network).items()
            for _, _, verdict in ranges
            if (source, to) == ("exchange", "any host in subnet-b")
        }
        assert said == {"undetermined"}


def test_connections_that_were_not_shown_leave_the_gateway_in_doubt(account, gaps):
    assert "sites" in only(gaps(lost(account, "VpnConnections"), "vgw-1")).why


def test_a_subnet_without_an_association_may_have_one_on_the_lost_page(account, gaps):
    account.thing("NetworkAcls", "acl-default")["Associations"] = []
    network = lost(account, "NetworkAcls", keep=True)
    nacl = network.subnet["subnet-b"].nacl
    assert nacl not in ("acl-default", "acl-feed")
    assert "it was cut off" in only(gaps(network, nacl)).why
    assert network.subnet["subnet-a"].nacl == "acl-feed"


def test_a_lost_page_of_route_tables_may_hold_a_subnets_table_or_an_edge_table(account, gaps):
    network = lost(account, "RouteTables", keep=True)
    assert network.subnet["subnet-a"].route_table == "rtb-public"
    table = network.subnet["subnet-b"].route_table
    assert table not in ("rtb-main", "rtb-public")
    assert "it was cut off" in only(gaps(network, table)).why
    for gateway in ("igw-1", "vgw-1"):
        assert only(gaps(network, gateway)).kind == "unanswered"


def test_groups_that_were_cut_off_are_in_doubt_where_they_are_held(account, gaps):
    account.document["SecurityGroups"] = account.document["SecurityGroups"][:1]
    network = lost(account, "SecurityGroups", keep=True)
    assert "it was cut off" in only(gaps(network, "sg-strategy")).why
    assert gaps(network, "sg-ticker") == []


@pytest.mark.parametrize("key", ["Vpcs", "Subnets", "NetworkInterfaces"])
def test_things_that_were_cut_off_are_said_to_be_missing(account, gaps, key):
    network = lost(account, key, keep=True)
    assert only(gaps(network, f"ec2:Describe{key}")).why.startswith("it was cut off")


def test_a_vpc_that_others_name_is_in_doubt(account, gaps):
    network = lost(account, "Vpcs")
    assert "it was cut off" in only(gaps(network, "vpc-1")).why
    assert network.vpc["vpc-1"].cidrs == ()


@pytest.mark.parametrize("key", [call.key for call in CALLS if call.core])
def test_without_strictness_an_essential_part_may_be_missing_and_that_is_said(account, key):
    del account.document[key]
    network = account.observe(strict=False)
    call = next(each for each in CALLS if each.key == key)
    assert call.permission in {each.id for each in network.unmodelled}


@pytest.mark.parametrize("key", sorted({call.key for call in (*CALLS, *DETAILS)}))
def test_every_kind_of_answer_may_be_missing(account, key):
    network = lost(account, key)
    assert all(each.subnet in network.subnet for each in network.interfaces)
    assert all(each.nacl in network.nacl for each in network.subnets)
    assert all(each.route_table in network.route_table for each in network.subnets)
    assert all(
        group in network.security_group
        for each in network.interfaces
        for group in each.security_groups
    )


def test_what_was_never_asked_for_and_nothing_names_is_not_mentioned(account):
    for key in ("TransitGateways", "TransitGatewayAttachments", "TransitGatewayVpcAttachments"):
        del account.document[key]
    assert account.observe().unmodelled == ()


@pytest.mark.parametrize(
    ("key", "permission"),
    [
        ("VpcPeeringConnections", "ec2:DescribeVpcPeeringConnections"),
        ("CustomerGateways", "ec2:DescribeCustomerGateways"),
        ("Firewalls", "network-firewall:DescribeFirewall"),
        ("LoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
    ],
)
def test_what_was_denied_is_always_mentioned(account, gaps, key, permission):
    assert only(gaps(lost(account, key), permission)).kind == "unanswered"


def test_a_denied_look_at_public_access_leaves_the_gateways_in_doubt(account, gaps):
    network = account.observe(missing={"VpcBlockPublicAccessOptions": "it is denied"})
    assert "Block Public Access" in only(gaps(network, "igw-1")).why


def test_a_route_to_what_is_not_there_says_why_it_is_not(account, gaps):
    account.route(DestinationCidrBlock="10.9.0.0/16", NatGatewayId="nat-1")
    network = lost(account, "NatGateways")
    assert "it was cut off" in only(gaps(network, "nat-1")).why
    assert network.route_table["rtb-public"].routes[1].target is TargetKind.NAT_GATEWAY
