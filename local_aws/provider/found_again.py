"""Functions that list what stands by filters, or show one thing as its resource is shown.

A data source of Terraform has the outputs of the resource of that name, and a few of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from local_aws.provider.answers import Answer, NotShown, listed
from local_aws.provider.aws import Aws
from local_aws.provider.kinds import KINDS
from local_aws.provider.lookups import Arguments, conditions, the_one
from local_aws.wire import Properties

Lookup = Callable[[Aws, Arguments], Properties]


def ids_of(operation: str, path: str, key: str, **names: str) -> Lookup:
    """All that fit, by their ids."""

    def look(aws: Aws, arguments: Arguments) -> Properties:
        found = aws.listed(operation, path, Filters=conditions(arguments, names))
        return {
            **arguments,
            "id": aws.region,
            "ids": [each[key] for each in found],
            "region": aws.region,
        }

    return look


@dataclass(frozen=True)
class One:
    """How the one that fits is found, and as which resource it is shown."""

    token: str
    operation: str
    path: str
    key: str  # the id, in the answer
    what: str
    names: Mapping[str, str] = field(default_factory=dict)  # argument: the filter it stands for
    by_id: str = "id"  # the argument that is the id
    more: Callable[[Answer, Properties], Properties] = lambda shown, live: {}

    def __call__(self, aws: Aws, arguments: Arguments) -> Properties:
        names = dict(self.names)
        found = aws.listed(self.operation, self.path, Filters=conditions(arguments, names))
        wanted = arguments.get(self.by_id)
        living = [
            each
            for each in found
            if wanted in (None, "", each[self.key])
            and each.get("State") not in ("deleted", "deleting")
        ]
        shown = the_one(living, self.what)
        name = str(shown[self.key])
        state = KINDS[self.token].read(aws, name, {}) or {}
        live = {key: value for key, value in state.items() if not isinstance(value, NotShown)}
        own = self.more(shown, live)
        return {**arguments, **live, **own, "id": name, "region": aws.region}


def get_eips(aws: Aws, arguments: Arguments) -> Properties:
    found = aws.listed("describe_addresses", "Addresses", Filters=conditions(arguments, {}))
    return {
        **arguments,
        "id": aws.region,
        "allocationIds": [each["AllocationId"] for each in found],
        "publicIps": [each["PublicIp"] for each in found],
        "region": aws.region,
    }


def get_instances(aws: Aws, arguments: Arguments) -> Properties:
    states = arguments.get("instanceStateNames") or ["running"]
    said = {**arguments, "tags": arguments.get("instanceTags")}
    wanted = [
        {"Name": "instance-state-name", "Values": list(states)},
        *(conditions(said, {}) or ()),
    ]
    found = [
        each
        for reservation in aws.listed("describe_instances", "Reservations", Filters=wanted)
        for each in listed(reservation, "Instances")
    ]
    return {
        "instanceTags": {},
        **arguments,
        "id": aws.region,
        "ids": [each["InstanceId"] for each in found],
        "privateIps": [each["PrivateIpAddress"] for each in found if each.get("PrivateIpAddress")],
        "publicIps": [each["PublicIpAddress"] for each in found if each.get("PublicIpAddress")],
        "ipv6Addresses": [],
        "region": aws.region,
    }


def get_vpn_attachment(aws: Aws, arguments: Arguments) -> Properties:
    names = {"transitGatewayId": "transit-gateway-id", "vpnConnectionId": "resource-id"}
    wanted = [
        {"Name": "resource-type", "Values": ["vpn"]},
        *(conditions(arguments, names) or ()),
    ]
    found = aws.listed(
        "describe_transit_gateway_attachments", "TransitGatewayAttachments", Filters=wanted
    )
    shown = the_one(
        [each for each in found if each["State"] not in ("deleted", "deleting")],
        "EC2 Transit Gateway VPN Attachment",
    )
    return {
        **arguments,
        "id": shown["TransitGatewayAttachmentId"],
        "transitGatewayId": shown["TransitGatewayId"],
        "vpnConnectionId": shown["ResourceId"],
        "region": aws.region,
    }


def attached(shown: Answer, live: Properties) -> Properties:
    held = [
        {"state": each.get("State") or "", "vpcId": each["VpcId"]}
        for each in listed(shown, "Attachments")
    ]
    return {"attachments": held, "internetGatewayId": shown["InternetGatewayId"]}


def of_vpc(shown: Answer, live: Properties) -> Properties:
    return {"vpcId": shown["VpcId"], "availabilityZone": shown.get("AvailabilityZone")}


TRANSIT = "aws:ec2transitgateway"
FOUND_AGAIN: dict[str, Lookup] = {
    "aws:ec2/getEips:getEips": get_eips,
    "aws:ec2/getInstances:getInstances": get_instances,
    "aws:ec2/getNatGateways:getNatGateways": ids_of(
        "describe_nat_gateways", "NatGateways", "NatGatewayId", vpcId="vpc-id"
    ),
    "aws:ec2/getNetworkAcls:getNetworkAcls": ids_of(
        "describe_network_acls", "NetworkAcls", "NetworkAclId", vpcId="vpc-id"
    ),
    "aws:ec2/getNetworkInterfaces:getNetworkInterfaces": ids_of(
        "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"
    ),
    "aws:ec2/getRouteTables:getRouteTables": ids_of(
        "describe_route_tables", "RouteTables", "RouteTableId", vpcId="vpc-id"
    ),
    "aws:ec2/getCustomerGateway:getCustomerGateway": One(
        "aws:ec2/customerGateway:CustomerGateway",
        "describe_customer_gateways",
        "CustomerGateways",
        "CustomerGatewayId",
        "EC2 Customer Gateway",
    ),
    "aws:ec2/getInternetGateway:getInternetGateway": One(
        "aws:ec2/internetGateway:InternetGateway",
        "describe_internet_gateways",
        "InternetGateways",
        "InternetGatewayId",
        "EC2 Internet Gateway",
        by_id="internetGatewayId",
        more=attached,
    ),
    "aws:ec2/getNatGateway:getNatGateway": One(
        "aws:ec2/natGateway:NatGateway",
        "describe_nat_gateways",
        "NatGateways",
        "NatGatewayId",
        "EC2 NAT Gateway",
        {"vpcId": "vpc-id", "subnetId": "subnet-id", "state": "state"},
        more=lambda shown, live: {"state": shown.get("State"), "vpcId": shown["VpcId"]},
    ),
    "aws:ec2/getNetworkInterface:getNetworkInterface": One(
        "aws:ec2/networkInterface:NetworkInterface",
        "describe_network_interfaces",
        "NetworkInterfaces",
        "NetworkInterfaceId",
        "EC2 Network Interface",
        more=of_vpc,
    ),
    "aws:ec2/getVpcEndpoint:getVpcEndpoint": One(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "describe_vpc_endpoints",
        "VpcEndpoints",
        "VpcEndpointId",
        "EC2 VPC Endpoint",
        {
            "serviceName": "service-name",
            "vpcEndpointType": "vpc-endpoint-type",
            "vpcId": "vpc-id",
        },
    ),
    "aws:ec2/getVpcPeeringConnection:getVpcPeeringConnection": One(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        "describe_vpc_peering_connections",
        "VpcPeeringConnections",
        "VpcPeeringConnectionId",
        "EC2 VPC Peering Connection",
        {
            "peerVpcId": "accepter-vpc-info.vpc-id",
            "status": "status-code",
            "vpcId": "requester-vpc-info.vpc-id",
        },
        more=lambda shown, live: {"status": live.get("acceptStatus")},
    ),
    "aws:ec2/getVpnGateway:getVpnGateway": One(
        "aws:ec2/vpnGateway:VpnGateway",
        "describe_vpn_gateways",
        "VpnGateways",
        "VpnGatewayId",
        "EC2 VPN Gateway",
        {"attachedVpcId": "attachment.vpc-id"},
        more=lambda shown, live: {"attachedVpcId": live.get("vpcId") or ""},
    ),
    f"{TRANSIT}/getPeeringAttachment:getPeeringAttachment": One(
        f"{TRANSIT}/peeringAttachment:PeeringAttachment",
        "describe_transit_gateway_peering_attachments",
        "TransitGatewayPeeringAttachments",
        "TransitGatewayAttachmentId",
        "EC2 Transit Gateway Peering Attachment",
    ),
    f"{TRANSIT}/getRouteTable:getRouteTable": One(
        f"{TRANSIT}/routeTable:RouteTable",
        "describe_transit_gateway_route_tables",
        "TransitGatewayRouteTables",
        "TransitGatewayRouteTableId",
        "EC2 Transit Gateway Route Table",
    ),
    f"{TRANSIT}/getTransitGateway:getTransitGateway": One(
        f"{TRANSIT}/transitGateway:TransitGateway",
        "describe_transit_gateways",
        "TransitGateways",
        "TransitGatewayId",
        "EC2 Transit Gateway",
    ),
    f"{TRANSIT}/getVpcAttachment:getVpcAttachment": One(
        f"{TRANSIT}/vpcAttachment:VpcAttachment",
        "describe_transit_gateway_vpc_attachments",
        "TransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
        "EC2 Transit Gateway VPC Attachment",
    ),
    f"{TRANSIT}/getVpnAttachment:getVpnAttachment": get_vpn_attachment,
}
