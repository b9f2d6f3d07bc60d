"""Gateways, peerings and endpoints: what routes lead to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network

import pytest

from bulkhead.network import (
    EgressOnlyGateway,
    GatewayEndpoint,
    NatGateway,
    PeeredVpc,
    PublicAccess,
    TargetKind,
)


def only(things):
    (thing,) = things
    return thing


@pytest.mark.parametrize(
    ("key", "target", "kind"),
    [
        ("NatGatewayId", "nat-1", TargetKind.NAT_GATEWAY),
        ("TransitGatewayId", "tgw-1", TargetKind.TRANSIT_GATEWAY),
        ("VpcPeeringConnectionId", "pcx-1", TargetKind.PEERING),
        ("NetworkInterfaceId", "eni-2", TargetKind.INTERFACE),
        ("EgressOnlyInternetGatewayId", "eigw-1", TargetKind.EGRESS_ONLY_GATEWAY),
        ("GatewayId", "igw-1", TargetKind.INTERNET_GATEWAY),
        ("GatewayId", "vgw-1", TargetKind.VPN_GATEWAY),
    ],
)
def test_a_route_leads_to_its_target(account, key, target, kind):
    account.route(DestinationCidrBlock="10.9.0.0/16", **{key: target})
    network = account.observe()
    route = network.route_table["rtb-public"].routes[1]
    assert (route.target, route.target_id) == (kind, target)
    seen = target in ("eni-2", "igw-1", "vgw-1")
    assert [(each.id, each.scope) for each in network.unmodelled] == (
        [] if seen else [(target, target)]
    )


def test_a_route_to_an_instance_leads_to_its_first_interface(account):
    account.thing("NetworkInterfaces", "eni-2")["Attachment"] = {"InstanceId": "i-1"}
    account.route(DestinationCidrBlock="10.9.0.0/16", InstanceId="i-1")
    assert account.observe().route_table["rtb-public"].routes[1].target_id == "eni-2"


def test_a_local_route_narrower_than_the_vpc_is_kept_and_the_vpcs_own_are_not(account):
    account.route(DestinationCidrBlock="10.30.0.0/16", GatewayId="local")
    account.route(DestinationCidrBlock="10.20.1.0/24", GatewayId="local")
    routes = account.observe().route_table["rtb-public"].routes
    assert [str(each) for each in routes if each.target is TargetKind.LOCAL] == [
        "10.20.1.0/24 -> local"
    ]


NAT = {
    "NatGatewayId": "nat-1",
    "VpcId": "vpc-1",
    "SubnetId": "subnet-a",
    "State": "available",
    "ConnectivityType": "public",
    "NatGatewayAddresses": [
        {"PrivateIp": "10.20.0.99", "IsPrimary": False, "NetworkInterfaceId": "eni-8"},
        {
            "PrivateIp": "10.20.0.20",
            "PublicIp": "198.51.100.20",
            "IsPrimary": True,
            "NetworkInterfaceId": "eni-2",
        },
    ],
    "Tags": [{"Key": "Name", "Value": "out"}],
}


def test_a_nat_gateway_is_known_by_its_primary_address(account):
    account.document["NatGateways"] = [NAT]
    network = account.observe()
    assert only(network.nat_gateways) == NatGateway(
        id="nat-1",
        name="out",
        vpc="vpc-1",
        subnet="subnet-a",
        address=IPv4Address("10.20.0.20"),
        public_address=IPv4Address("198.51.100.20"),
        more_addresses=(IPv4Address("10.20.0.99"),),
    )
    assert network.interface["eni-2"].kind == "gateway"


def test_a_nat_gateway_sends_nothing_with_an_address_that_it_was_not_given(account):
    primary = NAT["NatGatewayAddresses"][1]
    lost = {"PrivateIp": "10.20.0.99", "PublicIp": "198.51.100.21", "Status": "failed"}
    account.document["NatGateways"] = [{**NAT, "NatGatewayAddresses": [lost, primary]}]
    gateway = only(account.observe().nat_gateways)
    assert (gateway.addresses, gateway.public_addresses) == (
        (IPv4Address("10.20.0.20"),),
        (IPv4Address("198.51.100.20"),),
    )


@pytest.mark.parametrize(
    ("change", "available", "public"),
    [({"State": "failed"}, False, True), ({"ConnectivityType": "private"}, True, False)],
)
def test_a_nat_gateway_may_be_out_of_order_or_private(account, change, available, public):
    account.document["NatGateways"] = [{**NAT, **change}]
    gateway = only(account.observe().nat_gateways)
    assert (gateway.available, gateway.public_address is not None) == (available, public)


@pytest.mark.parametrize("subnet", ["subnet-gone", None])
def test_a_nat_gateway_without_a_known_subnet_is_named_and_left_unknown(account, gaps, subnet):
    account.document["NatGateways"] = [{**NAT, "SubnetId": subnet}]
    network = account.observe()
    assert network.nat_gateways == ()
    assert len(gaps(network, "nat-1")) == 1


REGIONAL = {
    "NatGatewayId": "nat-1",
    "VpcId": "vpc-1",
    "State": "available",
    "ConnectivityType": "public",
    "AvailabilityMode": "regional",
    "AutoProvisionZones": "enabled",
    "AutoScalingIps": "enabled",
    "RouteTableId": "rtb-nat",
    "NatGatewayAddresses": [
        {"PublicIp": "198.51.100.20", "AvailabilityZone": "eu-west-1a", "Status": "succeeded"},
        {"PublicIp": "198.51.100.21", "AvailabilityZoneId": "euw1-az2", "Status": "succeeded"},
        {"PublicIp": "198.51.100.22", "AvailabilityZone": "eu-west-1c", "Status": "failed"},
    ],
}
ITS_TABLE = {
    "RouteTableId": "rtb-nat",
    "VpcId": "vpc-1",
    "Associations": [{"GatewayId": "nat-1", "RouteTableAssociationId": "rtbassoc-9"}],
    "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}],
}


def with_regional(account, *tables, **change):
    account.document["NatGateways"] = [{**REGIONAL, **change}]
    account.document["RouteTables"] += tables
    account.document["Subnets"][-1] |= {
        "AvailabilityZone": "eu-west-1b",
        "AvailabilityZoneId": "euw1-az2",
    }
    return account.observe()


def test_a_regional_nat_gateway_has_a_table_of_its_own_and_addresses_zone_by_zone(account):
    network = with_regional(account, ITS_TABLE)
    gateway = only(network.nat_gateways)
    assert (gateway.subnet, gateway.route_table, gateway.expands) == (None, "rtb-nat", True)
    assert gateway.zones == (
        ("eu-west-1a", IPv4Address("198.51.100.20")),
        ("eu-west-1b", IPv4Address("198.51.100.21")),
    )
    assert network.route_table["rtb-nat"].gateway is None
    assert network.unmodelled == ()


def test_the_table_that_is_associated_with_a_regional_nat_gateway_is_its_own(account):
    network = with_regional(account, ITS_TABLE, RouteTableId=None)
    assert only(network.nat_gateways).route_table == "rtb-nat"


def test_the_table_of_a_regional_nat_gateway_that_was_not_observed_is_named_alone(account, gaps):
    network = with_regional(account)
    assert only(gaps(network, "rtb-nat")).unseen
    assert len(network.unmodelled) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"RouteTableId": None},
        {"NatGatewayAddresses": [{"PublicIp": "198.51.100.20"}]},
        {"NatGatewayAddresses": [{"AvailabilityZone": "eu-west-1a"}]},
    ],
)
def test_a_regional_nat_gateway_that_shows_too_little_is_in_doubt(account, gaps, change):
    tables = () if "RouteTableId" in change else (ITS_TABLE,)
    assert only(gaps(with_regional(account, *tables, **change), "nat-1"))


def test_a_deleted_nat_gateway_is_gone(account):
    account.document["NatGateways"] = [{**NAT, "State": "deleted"}]
    network = account.observe()
    assert network.nat_gateways == network.unmodelled == ()


def test_an_egress_only_gateway_serves_its_vpc(account):
    account.document["EgressOnlyInternetGateways"] = [
        {
            "EgressOnlyInternetGatewayId": "eigw-1",
            "Attachments": [{"State": "attached", "VpcId": "vpc-1"}],
        }
    ]
    assert account.observe().egress_only_gateways == (
        EgressOnlyGateway(id="eigw-1", name="eigw-1", vpc="vpc-1"),
    )


def peering(**more):
    return {
        "VpcPeeringConnectionId": "pcx-1",
        "Status": {"Code": "active"},
        "RequesterVpcInfo": {
            "VpcId": "vpc-1",
            "Region": "eu-west-1",
            "CidrBlock": "10.20.0.0/16",
            "CidrBlockSet": [{"CidrBlock": "10.20.0.0/16"}, {"CidrBlock": "10.30.0.0/16"}],
        },
        "AccepterVpcInfo": {
            "VpcId": "vpc-9",
            "Region": "us-east-1",
            "CidrBlock": "10.90.0.0/16",
            "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": "2001:db8:9::/56"}],
        },
        **more,
    }


def test_a_peering_says_what_lies_on_both_sides(account):
    account.document["VpcPeeringConnections"] = [peering()]
    network = account.observe()
    found = only(network.peerings)
    assert found.active
    assert found.requester.cidrs == (IPv4Network("10.20.0.0/16"), IPv4Network("10.30.0.0/16"))
    assert found.other("vpc-1") == PeeredVpc(
        vpc="vpc-9",
        region="us-east-1",
        cidrs=(IPv4Network("10.90.0.0/16"), IPv6Network("2001:db8:9::/56")),
    )


def test_a_peer_that_is_not_here_is_said_once_and_is_its_own_scope(account):
    account.document["VpcPeeringConnections"] = [
        peering(),
        peering(VpcPeeringConnectionId="pcx-2"),
    ]
    gap = only(account.observe().unmodelled)
    assert (gap.kind, gap.id, gap.scope, gap.unseen) == ("vpc", "vpc-9", "vpc-9", True)
    assert "peered by pcx-1, pcx-2" in gap.why
    assert "us-east-1" in gap.why


@pytest.mark.parametrize("code", ["deleted", "expired", "failed", "rejected"])
def test_a_peering_that_is_over_is_not_there(account, code):
    account.document["VpcPeeringConnections"] = [peering(Status={"Code": code})]
    assert account.observe().peerings == ()


@pytest.mark.parametrize("code", ["pending-acceptance", "provisioning"])
def test_a_peering_that_is_not_active_yet_is_there_and_carries_nothing(account, code):
    account.document["VpcPeeringConnections"] = [peering(Status={"Code": code})]
    network = account.observe()
    assert not only(network.peerings).active
    assert network.unmodelled == ()


def test_a_peering_that_does_not_show_the_other_sides_blocks_is_in_doubt(account, gaps):
    account.document["VpcPeeringConnections"] = [peering(AccepterVpcInfo={"VpcId": "vpc-9"})]
    assert "vpc-9" in only(gaps(account.observe(), "pcx-1")).why


def test_a_gateway_endpoint_is_followed_by_its_prefix_list(account):
    account.document["VpcEndpoints"] = [
        {
            "VpcEndpointId": "vpce-1",
            "VpcEndpointType": "Gateway",
            "VpcId": "vpc-1",
            "ServiceName": "com.amazonaws.eu-west-1.s3",
            "State": "available",
        },
        {"VpcEndpointId": "vpce-2", "VpcEndpointType": "Interface", "VpcId": "vpc-1"},
    ]
    account.document["PrefixLists"] = [{"PrefixListId": "pl-s3", "Cidrs": ["52.218.0.0/17"]}]
    account.route(DestinationPrefixListId="pl-s3", GatewayId="vpce-1")
    network = account.observe()
    assert network.gateway_endpoints == (
        GatewayEndpoint(
            id="vpce-1", name="vpce-1", vpc="vpc-1", service="com.amazonaws.eu-west-1.s3"
        ),
    )
    route = network.route_table["rtb-public"].routes[-1]
    assert (route.target, route.prefix_list) == (TargetKind.GATEWAY_ENDPOINT, "pl-s3")
    assert network.unmodelled == ()


ENDPOINT = {"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "State": "available"}


@pytest.mark.parametrize(
    ("endpoint", "target", "families"),
    [
        ({"VpcEndpointType": "Gateway"}, TargetKind.GATEWAY_ENDPOINT, [4, 6]),
        (
            {"VpcEndpointType": "Gateway", "IpAddressType": "ipv4"},
            TargetKind.GATEWAY_ENDPOINT,
            [4],
        ),
        (
            {"VpcEndpointType": "Gateway", "IpAddressType": "dualstack"},
            TargetKind.GATEWAY_ENDPOINT,
            [4, 6],
        ),
        ({"VpcEndpointType": "GatewayLoadBalancer"}, TargetKind.UNMODELLED, [4, 6]),
        (None, TargetKind.UNMODELLED, [4, 6]),
    ],
)
def test_a_list_without_entries_leaves_its_own_route_open(
    account, gaps, endpoint, target, families
):
    if endpoint is not None:
        account.document["VpcEndpoints"] = [{**ENDPOINT, **endpoint}]
    account.route(DestinationPrefixListId="pl-9", GatewayId="vpce-1")
    network = account.observe()
    assert "get-managed-prefix-list-entries" in only(gaps(network, "rtb-public/pl-9")).why
    routes = [each for each in network.route_table["rtb-public"].routes if not each.certain]
    assert {(each.target, each.target_id) for each in routes} == {(target, "vpce-1")}
    assert [each.destination.version for each in routes] == families
    assert gaps(network, "rtb-public") == []


def test_a_list_of_no_entries_is_known_to_lead_nowhere(account):
    account.document["VpcEndpoints"] = [{**ENDPOINT, "VpcEndpointType": "Gateway"}]
    account.document["PrefixLists"] = [{"PrefixListId": "pl-9", "Entries": []}]
    account.route(DestinationPrefixListId="pl-9", GatewayId="vpce-1")
    network = account.observe()
    assert network.unmodelled == ()
    assert all(each.prefix_list is None for each in network.route_table["rtb-public"].routes)


def test_an_edge_table_routes_what_enters_by_its_gateway(account):
    account.document["RouteTables"].append(
        {
            "RouteTableId": "rtb-edge",
            "VpcId": "vpc-1",
            "Associations": [
                {"Main": False, "GatewayId": "igw-1"},
                {"Main": False, "GatewayId": "vgw-1"},
            ],
            "Routes": [{"DestinationCidrBlock": "10.20.0.0/24", "NetworkInterfaceId": "eni-2"}],
        }
    )
    network = account.observe()
    edges = {each.gateway: each for each in network.route_tables if each.gateway}
    assert set(edges) == {"igw-1", "vgw-1"}
    assert edges["igw-1"].id == "rtb-edge"
    assert edges["igw-1"].routes == edges["vgw-1"].routes
    assert network.unmodelled == ()


def blocked(account, mode, *exclusions):
    account.document["VpcBlockPublicAccessOptions"] = {"InternetGatewayBlockMode": mode}
    account.document["VpcBlockPublicAccessExclusions"] = [
        {
            "ExclusionId": f"vpcbpa-exclude-{number}",
            "ResourceArn": f"arn:aws:ec2:eu-west-1:1:{resource}",
            "InternetGatewayExclusionMode": kind,
            "State": state,
        }
        for number, (resource, kind, state) in enumerate(exclusions)
    ]


def access(network):
    return {each.id[-1]: each.public_access for each in network.subnets}


@pytest.mark.parametrize(
    ("mode", "left"),
    [
        ("off", PublicAccess.OPEN),
        ("block-ingress", PublicAccess.EGRESS_ONLY),
        ("block-bidirectional", PublicAccess.BLOCKED),
    ],
)
def test_block_public_access_leaves_less_to_every_subnet_of_the_region(account, mode, left):
    blocked(account, mode)
    network = account.observe()
    assert access(network) == {"a": left, "b": left}
    assert network.unmodelled == ()


def test_a_vpc_or_subnet_may_be_excluded_from_block_public_access(account):
    blocked(
        account,
        "block-bidirectional",
        ("vpc/vpc-1", "allow-egress", "create-complete"),
        ("subnet/subnet-a", "allow-bidirectional", "update-complete"),
        ("subnet/subnet-b", "allow-bidirectional", "delete-complete"),
    )
    network = account.observe()
    assert access(network) == {"a": PublicAccess.OPEN, "b": PublicAccess.OUTBOUND}
    assert network.unmodelled == ()


def test_an_exclusion_that_is_being_made_leaves_the_gateways_of_its_vpc_open(account, gaps):
    blocked(account, "block-ingress", ("subnet/subnet-a", "allow-egress", "create-in-progress"))
    assert "create-in-progress" in only(gaps(account.observe(), "igw-1")).why


def test_exclusions_that_were_not_shown_leave_the_gateways_open(account, gaps):
    blocked(account, "block-ingress")
    del account.document["VpcBlockPublicAccessExclusions"]
    missing = {"VpcBlockPublicAccessExclusions": "it is denied"}
    assert "it is denied" in " ".join(
        each.why for each in gaps(account.observe(missing=missing), "igw-1")
    )


def test_what_of_it_is_excluded_is_known_of_the_vpc_and_of_each_subnet(account):
    blocked(
        account,
        "off",
        ("vpc/vpc-1", "allow-egress", "create-complete"),
        ("subnet/subnet-a", "allow-bidirectional", "update-complete"),
    )
    network = account.observe()
    (vpc,) = network.vpcs
    assert (vpc.access_block.mode, vpc.access_block.excluded) == ("off", "allow-egress")
    told = {each.id[-1]: each.excluded for each in network.subnets}
    assert told == {"a": "allow-bidirectional", "b": "none"}
    assert {*access(network).values()} == {PublicAccess.OPEN}


@pytest.mark.parametrize("state", ["create-in-progress", "delete-in-progress", "update-failed"])
def test_an_exclusion_that_aws_is_not_done_with_is_neither_there_nor_absent(account, state):
    blocked(account, "off", ("subnet/subnet-a", "allow-egress", state))
    told = {each.id[-1]: each.excluded for each in account.observe().subnets}
    assert told == {"a": None, "b": "none"}


def test_exclusions_that_were_not_listed_are_not_known_to_be_absent(account):
    blocked(account, "off")
    del account.document["VpcBlockPublicAccessExclusions"]
    network = account.observe(missing={"VpcBlockPublicAccessExclusions": "it is denied"})
    (vpc,) = network.vpcs
    assert (vpc.access_block.mode, vpc.access_block.excluded) == ("off", None)
    assert {each.excluded for each in network.subnets} == {None}
    # It is off, so no way to the internet depends on them.
    scopes = {each.scope for each in network.unmodelled}
    assert scopes == {"ec2:DescribeVpcBlockPublicAccessExclusions"}


def test_an_option_that_nobody_asked_for_is_not_off(account):
    account.document.pop("VpcBlockPublicAccessOptions", None)
    account.document.pop("VpcBlockPublicAccessExclusions", None)
    network = account.observe()
    assert {each.access_block for each in network.vpcs} == {None}
    assert {each.excluded for each in network.subnets} == {None}


def test_who_sets_it_and_whether_anything_may_be_excluded_is_read(account):
    blocked(account, "block-ingress")
    account.document["VpcBlockPublicAccessOptions"] |= {
        "ManagedBy": "declarative-policy",
        "ExclusionsAllowed": "not-allowed",
        "State": "update-in-progress",
    }
    (vpc,) = account.observe().vpcs
    block = vpc.access_block
    assert (block.managed_by, block.exclusions_allowed) == ("declarative-policy", False)
    assert not block.settled
