"""What AWS does and refuses of transit gateways, what is attached to them, and their tables."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

pytestmark = pytest.mark.slow


@pytest.fixture
def hub(ec2: Any) -> dict[str, Any]:
    """A transit gateway and a VPC with two subnets of two zones."""
    gateway = ec2.create_transit_gateway(Description="hub")["TransitGateway"]
    vpc, *subnets = a_vpc(ec2, "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24")
    options = gateway["Options"]
    return {
        "gateway": gateway["TransitGatewayId"],
        "table": options["AssociationDefaultRouteTableId"],
        "vpc": vpc,
        "subnets": subnets,
    }


def a_vpc(ec2: Any, block: str, *subnets: str) -> tuple[str, ...]:
    vpc = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=each, AvailabilityZone=f"eu-west-1{zone}")
        for zone, each in zip("abc", subnets, strict=False)
    ]
    return (vpc, *(each["Subnet"]["SubnetId"] for each in made))


def attach(ec2: Any, hub: dict[str, Any], **more: Any) -> str:
    asked = {
        "TransitGatewayId": hub["gateway"],
        "VpcId": hub["vpc"],
        "SubnetIds": hub["subnets"],
        **more,
    }
    made = ec2.create_transit_gateway_vpc_attachment(**asked)["TransitGatewayVpcAttachment"]
    assert made["State"] == "pending"
    return str(made["TransitGatewayAttachmentId"])


def routes(ec2: Any, table: str, **said: str) -> dict[str, tuple[str, str]]:
    filters = [{"Name": name.replace("__", "."), "Values": [each]} for name, each in said.items()]
    every = [{"Name": "state", "Values": ["active", "blackhole"]}]
    found = ec2.search_transit_gateway_routes(
        TransitGatewayRouteTableId=table, Filters=filters or every
    )
    return {
        each["DestinationCidrBlock"]: (
            each["State"],
            next((at["ResourceId"] for at in each.get("TransitGatewayAttachments", [])), ""),
        )
        for each in found["Routes"]
    }


def test_a_gateway_has_documented_defaults_and_one_default_table(ec2: Any, hub: Any) -> None:
    (shown,) = ec2.describe_transit_gateways()["TransitGateways"]
    assert (shown["State"], shown["Description"]) == ("available", "hub")
    options = shown["Options"]
    assert options["AmazonSideAsn"] == 64512
    assert options["SecurityGroupReferencingSupport"] == "disable"
    (table,) = ec2.describe_transit_gateway_route_tables(
        Filters=[{"Name": "default-association-route-table", "Values": ["true"]}]
    )["TransitGatewayRouteTables"]
    assert table["TransitGatewayRouteTableId"] == options["PropagationDefaultRouteTableId"]
    none = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
    plain = ec2.create_transit_gateway(Options=none)["TransitGateway"]
    assert "AssociationDefaultRouteTableId" not in plain["Options"]
    of_it = [{"Name": "transit-gateway-id", "Values": [plain["TransitGatewayId"]]}]
    tables = ec2.describe_transit_gateway_route_tables(Filters=of_it)
    assert tables["TransitGatewayRouteTables"] == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"AmazonSideAsn": 65536}, "InvalidParameterValue"),
        ({"DnsSupport": "yes"}, "InvalidParameterValue"),
        ({"TransitGatewayCidrBlocks": ["10.9.0.0/25"]}, "InvalidParameterValue"),
        ({"TransitGatewayCidrBlocks": ["169.254.9.0/24"]}, "InvalidParameterValue"),
        ({"TransitGatewayCidrBlocks": [f"10.9.{n}.0/24" for n in range(6)]},
         "ResourceLimitExceeded"),
    ],
)  # fmt: skip
def test_a_gateway_that_aws_would_not_make_is_refused(ec2, refused, options, code) -> None:
    assert refused(ec2.create_transit_gateway, Options=options) == code


def test_a_region_has_five_gateways_and_a_gateway_twenty_tables(ec2, hub, refused) -> None:
    for _ in range(4):
        ec2.create_transit_gateway()
    assert refused(ec2.create_transit_gateway) == "ResourceLimitExceeded"
    named = {"TransitGatewayId": hub["gateway"]}
    for _ in range(19):
        ec2.create_transit_gateway_route_table(**named)
    create = ec2.create_transit_gateway_route_table
    assert refused(create, **named) == "ResourceLimitExceeded"


def test_an_attachment_is_in_one_subnet_a_zone_and_once_a_vpc(ec2, hub, refused) -> None:
    create = ec2.create_transit_gateway_vpc_attachment
    asked = {"TransitGatewayId": hub["gateway"], "VpcId": hub["vpc"], "SubnetIds": hub["subnets"]}
    twice = ec2.create_subnet(
        VpcId=hub["vpc"], CidrBlock="10.0.2.0/24", AvailabilityZone="eu-west-1a"
    )["Subnet"]["SubnetId"]
    two = [hub["subnets"][0], twice]
    assert refused(create, **{**asked, "SubnetIds": two}) == "DuplicateSubnetsInSameZone"
    foreign = a_vpc(ec2, "10.1.0.0/16", "10.1.0.0/24")[1]
    assert refused(create, **{**asked, "SubnetIds": [foreign]}) == "InvalidParameterValue"
    nowhere = {**asked, "TransitGatewayId": "tgw-0123456789abcdef0"}
    assert refused(create, **nowhere) == "InvalidTransitGatewayID.NotFound"
    malformed = {**asked, "TransitGatewayId": "vgw-0123456789abcdef0"}
    assert refused(create, **malformed) == "InvalidTransitGatewayID.Malformed"
    dual = {**asked, "Options": {"Ipv6Support": "enable"}}
    assert refused(create, **dual) == "InvalidParameterValue"
    attach(ec2, hub)
    assert refused(create, **asked) == "DuplicateTransitGatewayAttachment"
    (shown,) = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    assert shown["State"] == "available"
    assert shown["Options"] == {
        "DnsSupport": "enable",
        "SecurityGroupReferencingSupport": "enable",
        "Ipv6Support": "disable",
        "ApplianceModeSupport": "disable",
    }


def test_an_attachment_stands_in_its_subnets_until_it_goes(ec2, hub, refused) -> None:
    name = attach(ec2, hub, SubnetIds=hub["subnets"][:1])
    (eni,) = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert (eni["InterfaceType"], eni["RequesterManaged"]) == ("transit_gateway", True)
    assert eni["Groups"] == []
    subnet = hub["subnets"][0]
    assert refused(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    gateway = {"TransitGatewayId": hub["gateway"]}
    assert refused(ec2.delete_transit_gateway, **gateway) == "IncorrectState"

    modify = ec2.modify_transit_gateway_vpc_attachment
    named = {"TransitGatewayAttachmentId": name}
    modify(**named, AddSubnetIds=hub["subnets"][1:], Options={"ApplianceModeSupport": "enable"})
    assert len(ec2.describe_network_interfaces()["NetworkInterfaces"]) == 2
    modify(**named, RemoveSubnetIds=hub["subnets"][:1])
    assert refused(modify, **named, RemoveSubnetIds=hub["subnets"][1:]) == "MissingParameter"
    (shown,) = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    assert shown["SubnetIds"] == hub["subnets"][1:]
    assert shown["Options"]["ApplianceModeSupport"] == "enable"

    ec2.delete_transit_gateway_vpc_attachment(**named)
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    assert refused(ec2.delete_transit_gateway_vpc_attachment, **named).endswith("NotFound")
    (gone,) = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert gone["State"] == "deleted"  # AWS goes on showing it
    table = {"TransitGatewayRouteTableId": hub["table"]}
    assert ec2.get_transit_gateway_route_table_associations(**table)["Associations"] == []
    ec2.delete_transit_gateway(**gateway)
    assert ec2.describe_transit_gateways()["TransitGateways"][0]["State"] == "deleted"


def test_what_is_attached_uses_and_fills_the_default_table(ec2: Any, hub: Any) -> None:
    name = attach(ec2, hub)
    (shown,) = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert shown["Association"] == {
        "TransitGatewayRouteTableId": hub["table"],
        "State": "associated",
    }
    assert routes(ec2, hub["table"]) == {"10.0.0.0/16": ("active", hub["vpc"])}
    (tie,) = ec2.get_transit_gateway_attachment_propagations(TransitGatewayAttachmentId=name)[
        "TransitGatewayAttachmentPropagations"
    ]
    assert tie == {"TransitGatewayRouteTableId": hub["table"], "State": "enabled"}


def test_one_table_an_attachment_and_each_propagation_once(ec2, hub, refused) -> None:
    name = attach(ec2, hub)
    other = ec2.create_transit_gateway_route_table(TransitGatewayId=hub["gateway"])
    table = other["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    both = {"TransitGatewayAttachmentId": name, "TransitGatewayRouteTableId": table}
    first = {**both, "TransitGatewayRouteTableId": hub["table"]}
    associate = ec2.associate_transit_gateway_route_table
    disassociate = ec2.disassociate_transit_gateway_route_table
    assert refused(associate, **both) == "Resource.AlreadyAssociated"
    assert refused(disassociate, **both) == "InvalidAssociation.NotFound"
    disassociate(**first)
    assert associate(**both)["Association"]["State"] == "associating"
    delete = ec2.delete_transit_gateway_route_table
    assert refused(delete, TransitGatewayRouteTableId=table) == "IncorrectState"
    assert refused(delete, TransitGatewayRouteTableId=hub["table"]) == "IncorrectState"
    enable = ec2.enable_transit_gateway_route_table_propagation
    assert refused(enable, **first) == "TransitGatewayRouteTablePropagation.Duplicate"
    enable(**both)
    assert routes(ec2, table) == {"10.0.0.0/16": ("active", hub["vpc"])}
    disable = ec2.disable_transit_gateway_route_table_propagation
    disable(**both)
    assert refused(disable, **both) == "TransitGatewayRouteTablePropagation.NotFound"
    assert routes(ec2, table) == {}


def test_a_static_route_hides_what_propagates_and_outlives_its_attachment(
    ec2, hub, refused
) -> None:
    name = attach(ec2, hub)
    vpc, subnet = a_vpc(ec2, "10.1.0.0/16", "10.1.0.0/24")
    other = attach(ec2, hub, VpcId=vpc, SubnetIds=[subnet])
    create, replace = ec2.create_transit_gateway_route, ec2.replace_transit_gateway_route
    table = {"TransitGatewayRouteTableId": hub["table"]}
    to = {**table, "DestinationCidrBlock": "10.0.0.0/16"}
    assert refused(create, **to) == "MissingParameter"
    both = {"TransitGatewayAttachmentId": other, "Blackhole": True}
    assert refused(create, **to, **both) == "InvalidParameterCombination"
    assert refused(replace, **to, Blackhole=True) == "InvalidRoute.NotFound"
    create(**to, TransitGatewayAttachmentId=other)
    again = {**to, "TransitGatewayAttachmentId": name}
    assert refused(create, **again) == "RouteAlreadyExists"
    assert routes(ec2, hub["table"])["10.0.0.0/16"] == ("active", vpc)
    replace(**to, Blackhole=True)
    assert routes(ec2, hub["table"])["10.0.0.0/16"] == ("blackhole", "")
    ec2.delete_transit_gateway_route(**to)
    assert routes(ec2, hub["table"])["10.0.0.0/16"] == ("active", hub["vpc"])
    create(**{**to, "DestinationCidrBlock": "0.0.0.0/0"}, TransitGatewayAttachmentId=other)
    longest = {"route-search__longest-prefix-match": "10.1.0.9/32"}
    assert routes(ec2, hub["table"], **longest) == {"10.1.0.0/16": ("active", vpc)}
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=other)
    assert routes(ec2, hub["table"]) == {
        "0.0.0.0/0": ("blackhole", ""),
        "10.0.0.0/16": ("active", hub["vpc"]),
    }
    assert routes(ec2, hub["table"], type="propagated").keys() == {"10.0.0.0/16"}
    assert refused(ec2.search_transit_gateway_routes, **table, Filters=[]) == "MissingParameter"


def test_a_block_that_overlaps_one_already_attached_is_not_propagated(ec2: Any, hub: Any) -> None:
    attach(ec2, hub)
    vpc, subnet = a_vpc(ec2, "10.0.128.0/17", "10.0.128.0/24")
    attach(ec2, hub, VpcId=vpc, SubnetIds=[subnet])
    assert routes(ec2, hub["table"]) == {"10.0.0.0/16": ("active", hub["vpc"])}


def test_ipv6_of_a_vpc_is_known_where_its_attachment_supports_it(ec2: Any, hub: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.6.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    (shown,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    block = shown["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    subnet = ec2.create_subnet(
        VpcId=vpc, CidrBlock="10.6.0.0/24", Ipv6CidrBlock=block.replace("00::/56", "01::/64")
    )["Subnet"]["SubnetId"]
    name = attach(ec2, hub, VpcId=vpc, SubnetIds=[subnet], Options={"Ipv6Support": "enable"})
    assert routes(ec2, hub["table"]).keys() == {"10.6.0.0/16", block}
    (eni,) = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert len(eni["Ipv6Addresses"]) == 1
    ec2.modify_transit_gateway_vpc_attachment(
        TransitGatewayAttachmentId=name, Options={"Ipv6Support": "disable"}
    )
    assert routes(ec2, hub["table"]).keys() == {"10.6.0.0/16"}


def test_a_route_of_a_vpc_leads_to_a_gateway_that_it_is_attached_to(ec2, hub, refused) -> None:
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [hub["vpc"]]}])
    table = {"RouteTableId": tables["RouteTables"][0]["RouteTableId"]}
    to = {**table, "DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": hub["gateway"]}
    assert refused(ec2.create_route, **to) == "InvalidTransitGatewayID.NotFound"
    name = attach(ec2, hub)
    ec2.create_route(**to)

    def state() -> str:
        (shown,) = ec2.describe_route_tables(RouteTableIds=[table["RouteTableId"]])["RouteTables"]
        held = [each for each in shown["Routes"] if each.get("TransitGatewayId")]
        return str(held[0]["State"])

    assert state() == "active"
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=name)
    assert state() == "blackhole"


def test_a_prefix_list_stands_for_its_entries_in_a_table(ec2, hub, refused) -> None:
    name = attach(ec2, hub)
    held = ec2.create_managed_prefix_list(
        PrefixListName="sites",
        AddressFamily="IPv4",
        MaxEntries=2,
        Entries=[{"Cidr": "192.168.0.0/24"}, {"Cidr": "10.0.0.0/16"}],
    )["PrefixList"]["PrefixListId"]
    both = {"TransitGatewayRouteTableId": hub["table"], "PrefixListId": held}
    create = ec2.create_transit_gateway_prefix_list_reference
    create(**both, Blackhole=True)
    assert refused(create, **both, Blackhole=True) == "RouteAlreadyExists"
    assert routes(ec2, hub["table"])["10.0.0.0/16"] == ("blackhole", "")  # before what propagates
    modify = ec2.modify_transit_gateway_prefix_list_reference
    modify(**both, TransitGatewayAttachmentId=name)
    assert routes(ec2, hub["table"])["192.168.0.0/24"] == ("active", hub["vpc"])
    (shown,) = ec2.get_transit_gateway_prefix_list_references(
        TransitGatewayRouteTableId=hub["table"]
    )["TransitGatewayPrefixListReferences"]
    assert (shown["Blackhole"], shown["State"]) == (False, "available")
    assert refused(ec2.delete_managed_prefix_list, PrefixListId=held) == "DependencyViolation"
    ec2.delete_transit_gateway_prefix_list_reference(**both)
    ec2.delete_managed_prefix_list(PrefixListId=held)


def test_a_vpn_connection_ends_at_a_transit_gateway(ec2, hub, refused) -> None:
    customer = ec2.create_customer_gateway(BgpAsn=65010, IpAddress="203.0.113.10", Type="ipsec.1")
    asked = {
        "CustomerGatewayId": customer["CustomerGateway"]["CustomerGatewayId"],
        "Type": "ipsec.1",
        "TransitGatewayId": hub["gateway"],
        "Options": {"StaticRoutesOnly": True, "EnableAcceleration": True},
    }
    vpn = ec2.create_vpn_connection(**asked)["VpnConnection"]
    assert (vpn["TransitGatewayId"], "VpnGatewayId" in vpn) == (hub["gateway"], False)
    assert "<asn>64512</asn>" in vpn["CustomerGatewayConfiguration"]
    (shown,) = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert (shown["ResourceType"], shown["ResourceId"]) == ("vpn", vpn["VpnConnectionId"])
    named = {"VpnConnectionId": vpn["VpnConnectionId"]}
    static = {**named, "DestinationCidrBlock": "192.168.0.0/24"}
    assert refused(ec2.create_vpn_connection_route, **static) == "InvalidState"
    modify = {"TransitGatewayId": hub["gateway"], "Options": {"AmazonSideAsn": 64600}}
    assert refused(ec2.modify_transit_gateway, **modify) == "IncorrectState"
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    two = {**asked, "VpnGatewayId": gateway}
    assert refused(ec2.create_vpn_connection, **two) == "InvalidParameterValue"
    slow = {**asked, "TransitGatewayId": "", "VpnGatewayId": gateway}
    assert refused(ec2.create_vpn_connection, **slow) == "InvalidParameterValue"
    ec2.modify_vpn_connection(**named, VpnGatewayId=gateway)
    gone = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert [each["State"] for each in gone] == ["deleted"]
    ec2.modify_vpn_connection(**named, TransitGatewayId=hub["gateway"])
    ec2.delete_vpn_connection(**named)
    ec2.delete_transit_gateway(TransitGatewayId=hub["gateway"])


@pytest.fixture
def elsewhere(server: Any, ec2: Any) -> Any:
    return boto3.client(
        "ec2",
        endpoint_url=server.place.address,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - no secret: the local AWS takes any
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_a_peering_is_accepted_where_it_leads_and_has_static_routes_alone(
    ec2, elsewhere, hub, refused
) -> None:
    there = elsewhere.create_transit_gateway(Options={"AmazonSideAsn": 64513})["TransitGateway"]
    asked = {
        "TransitGatewayId": hub["gateway"],
        "PeerTransitGatewayId": there["TransitGatewayId"],
        "PeerAccountId": "123456789012",
        "PeerRegion": "us-east-1",
    }
    create = ec2.create_transit_gateway_peering_attachment
    other = {**asked, "PeerAccountId": "210987654321"}
    assert refused(create, **other) == "UnsupportedOperation"
    made = create(**asked)["TransitGatewayPeeringAttachment"]
    name = {"TransitGatewayAttachmentId": made["TransitGatewayAttachmentId"]}
    accept = "accept_transit_gateway_peering_attachment"
    assert refused(getattr(ec2, accept), **name) == "InvalidParameterValue"
    to = {"TransitGatewayRouteTableId": hub["table"], "DestinationCidrBlock": "10.9.0.0/16"}
    create_route = ec2.create_transit_gateway_route
    assert refused(create_route, **to, **name) == "IncorrectState"
    getattr(elsewhere, accept)(**name)
    assert refused(getattr(elsewhere, accept), **name) == "IncorrectState"
    create_route(**to, **name)
    assert routes(ec2, hub["table"]) == {"10.9.0.0/16": ("active", there["TransitGatewayId"])}
    enable = ec2.enable_transit_gateway_route_table_propagation
    table = {"TransitGatewayRouteTableId": hub["table"]}
    assert refused(enable, **table, **name) == "UnsupportedOperation"
    learning = ec2.get_transit_gateway_route_table_propagations(**table)
    assert learning["TransitGatewayRouteTablePropagations"] == []
    for at in (ec2, elsewhere):
        (shown,) = at.describe_transit_gateway_peering_attachments()[
            "TransitGatewayPeeringAttachments"
        ]
        assert shown["State"] == "available"
        assert shown["AccepterTgwInfo"]["Region"] == "us-east-1"
    elsewhere.delete_transit_gateway_peering_attachment(**name)
    (shown,) = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert shown["State"] == "deleted"


def test_what_the_local_aws_has_not_of_them_is_refused_by_name(ec2, hub, refused) -> None:
    named = {"TransitGatewayId": hub["gateway"]}
    for call in (ec2.create_transit_gateway_policy_table,
                 ec2.create_transit_gateway_multicast_domain):  # fmt: skip
        assert refused(call, **named) == "UnsupportedOperation"
