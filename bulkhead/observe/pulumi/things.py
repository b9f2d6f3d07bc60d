"""Resources of a Pulumi state, brought into the shape in which EC2 describes them.

First the things (`THINGS`), each a record of its own; then, in stack_rules and
stack_joins, what is said about them elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final

from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, KEYS
from bulkhead.observe.pulumi.file import Resource, Stack
from bulkhead.observe.record import Gaps, Hidden, Record

Item = dict[str, Any]

AS_MADE: Final = "AsMade"
"""Marks a default group that no resource adopted, so that it still has AWS's own two rules."""


class Shape:
    """A describe-shaped document in the making: key -> id -> record."""

    def __init__(self, stack: Stack, gaps: Gaps) -> None:
        self.stack = stack
        self.gaps = gaps
        self.items: dict[str, dict[str, Item]] = defaultdict(dict)
        self.public_access: Item = {}
        self.left_out: set[tuple[str, bool]] = set()
        """(URN, retiring) of what could not be read, and is said so already."""
        self.main_tables: dict[str, str] = {}
        """VPC -> its main route table."""
        self.echoes: list[tuple[str, str, str, Item]] = []
        """What outputs show, to be compared with what is declared: owner, key, kind, item."""
        self.claimed: dict[str, set[str]] = defaultdict(set)
        """Subnet -> the NACLs whose outputs show it."""
        self.foreign: dict[tuple[str, str], str] = {}
        """(key, subnet) -> the NACL or route table of another stack that it is tied to."""
        self.propagations: set[tuple[str, str]] = set()
        """(virtual private gateway, route table it propagates to)."""

    def put(self, key: str, known_as: str, item: Item, resource: Resource) -> None:
        """Add a record; one that a resource was only read for never hides a managed one."""
        if known_as in self.items[key] and resource.external:
            return
        self.items[key][known_as] = {**item, "Tags": tags(resource)}

    def get(self, key: str, known_as: str | None) -> Item | None:
        return self.items[key].get(known_as) if known_as else None

    def document(self) -> dict[str, object]:
        every: dict[str, object] = {key: list(self.items[key].values()) for key in KEYS}
        return every | {BLOCK_PUBLIC_ACCESS.key: self.public_access}

    def orphan(self, resource: Resource, owner: str) -> None:
        """Something is said about a thing that this state does not hold."""
        self.gaps.add(
            short(resource.type), resource.id, owner, f"it belongs to {owner}, not in this state"
        )


def short(token: str) -> str:
    """'aws:ec2/vpc:Vpc' -> 'aws.ec2.Vpc', as programs write it."""
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    return ".".join(part for part in (package, module.partition("/")[0], name) if part)


def tags(resource: Resource) -> list[Item]:
    """The tags with the provider's default ones, where the state shows them."""
    record = resource.outputs
    found = record.inside("tagsAll") or record.inside("tags") or resource.inputs.inside("tags")
    values = found.values if found else {}
    return [
        {"Key": key, "Value": value}
        for key, value in values.items()
        if not isinstance(value, Hidden)
    ]


def _vpc(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    blocks = [{"CidrBlock": out.text("cidrBlock")}]
    item: Item = {
        "VpcId": resource.id,
        "CidrBlock": out.text("cidrBlock"),
        "CidrBlockAssociationSet": blocks,
        "Ipv6CidrBlockAssociationSet": _ipv6_blocks(out.maybe("ipv6CidrBlock")),
        "Region": shape.stack.region_of(resource),
    }
    shape.put("Vpcs", resource.id, item, resource)
    main = out.maybe("defaultRouteTableId") or out.maybe("mainRouteTableId")
    shape.main_tables.setdefault(resource.id, main or f"{resource.id}/main-route-table")
    if not resource.adopted and "default" not in resource.type:
        _beginnings(resource, shape, shape.main_tables[resource.id])


def _beginnings(resource: Resource, shape: Shape, main: str) -> None:
    """What AWS makes with every VPC, as AWS makes it; a resource that adopts it overrides this.

    Default NACL: all allowed (…/userguide/default-network-acl.html). Default group:
    all from itself, all out (…/userguide/default-security-group.html). Main table:
    local routes only (…/userguide/create-vpc.html). All of docs.aws.amazon.com/vpc/latest.
    """
    vpc, out = resource.id, resource.outputs
    acl = out.maybe("defaultNetworkAclId") or f"{vpc}/default-network-acl"
    group = out.maybe("defaultSecurityGroupId") or f"{vpc}/default-security-group"
    everything: Item = {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow"}
    shape.items["NetworkAcls"].setdefault(
        acl,
        {
            "NetworkAclId": acl,
            "VpcId": vpc,
            "IsDefault": True,
            "Associations": [],
            "Entries": [
                {**everything, "Egress": egress, "CidrBlock": "0.0.0.0/0"}
                for egress in (False, True)
            ],
        },
    )
    shape.items["RouteTables"].setdefault(main, {"RouteTableId": main, "VpcId": vpc, "Routes": []})
    shape.items["SecurityGroups"].setdefault(
        group,
        {
            "GroupId": group,
            "GroupName": "default",
            "VpcId": vpc,
            AS_MADE: True,
        },
    )


def _ipv6_blocks(block: str | None) -> list[Item]:
    return [{"Ipv6CidrBlock": block}] if block else []


def _subnet(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    item: Item = {
        "SubnetId": resource.id,
        "VpcId": out.text("vpcId"),
        "AvailabilityZone": out.maybe("availabilityZone"),
        "CidrBlock": out.maybe("cidrBlock"),
        "Ipv6CidrBlockAssociationSet": _ipv6_blocks(out.maybe("ipv6CidrBlock")),
    }
    shape.put("Subnets", resource.id, item, resource)


def _security_group(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    item: Item = {
        "GroupId": resource.id,
        "GroupName": out.maybe("name"),
        "VpcId": out.text("vpcId"),
    }
    shape.put("SecurityGroups", resource.id, item, resource)


def _network_acl(resource: Resource, shape: Shape) -> None:
    default = "efault" in resource.type
    item: Item = {
        "NetworkAclId": resource.id,
        "VpcId": _vpc_of(resource, shape, "NetworkAcls"),
        "IsDefault": default,
        "Associations": [],
        "Entries": [],
    }
    shape.put("NetworkAcls", resource.id, item, resource)


def _route_table(resource: Resource, shape: Shape) -> None:
    vpc = _vpc_of(resource, shape, "RouteTables")
    item: Item = {"RouteTableId": resource.id, "VpcId": vpc, "Associations": [], "Routes": []}
    shape.put("RouteTables", resource.id, item, resource)
    if "efault" in resource.type:
        shape.main_tables[vpc] = resource.id


def _vpc_of(resource: Resource, shape: Shape, key: str) -> str:
    """By what it says, else by the VPC that was made with it."""
    told = resource.outputs.maybe("vpcId")
    made = shape.get(key, resource.id)
    return told or (str(made["VpcId"]) if made else resource.outputs.text("vpcId"))


def _network_interface(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    addresses = out.texts("privateIps") or out.texts("privateIpLists")
    primary = out.maybe("privateIp") or next(iter(addresses), None)
    item: Item = {
        "NetworkInterfaceId": resource.id,
        "SubnetId": out.text("subnetId"),
        "Description": out.maybe("description"),
        "InterfaceType": out.maybe("interfaceType"),
        "SourceDestCheck": out.flag("sourceDestCheck", default=True),
        "PrivateIpAddress": primary,
        "PrivateIpAddresses": _addresses(primary, addresses),
        "Ipv4Prefixes": [{"Ipv4Prefix": each} for each in out.texts("ipv4Prefixes")],
        "Ipv6Addresses": [{"Ipv6Address": each} for each in out.texts("ipv6Addresses")],
        "Ipv6Prefixes": [{"Ipv6Prefix": each} for each in out.texts("ipv6Prefixes")],
        "Groups": [{"GroupId": each} for each in out.texts("securityGroups")],
        "Attachment": _attachment(out),
    }
    shape.put("NetworkInterfaces", resource.id, item, resource)


def _attachment(out: Record) -> Item | None:
    """The instance that it is attached to."""
    for each in out.records("attachments"):
        if instance := each.maybe("instance"):
            return {"InstanceId": instance, "DeviceIndex": each.maybe_integer("deviceIndex")}
    return None


def _addresses(primary: str | None, others: tuple[str, ...]) -> list[Item]:
    every = dict.fromkeys((primary, *others) if primary else others)
    return [{"PrivateIpAddress": each} for each in every]


def _instance(resource: Resource, shape: Shape) -> None:
    """The interface that an instance was launched with, unless it is a resource itself."""
    out = resource.outputs
    known_as = out.maybe("primaryNetworkInterfaceId") or f"{resource.id}/primary"
    if shape.get("NetworkInterfaces", known_as) is None:
        primary = out.maybe("privateIp")
        item: Item = {
            "NetworkInterfaceId": known_as,
            "SubnetId": out.text("subnetId"),
            "SourceDestCheck": out.flag("sourceDestCheck", default=True),
            "PrivateIpAddress": primary,
            "PrivateIpAddresses": _addresses(primary, out.texts("secondaryPrivateIps")),
            "Ipv6Addresses": [{"Ipv6Address": each} for each in out.texts("ipv6Addresses")],
            "Groups": [{"GroupId": each} for each in out.texts("vpcSecurityGroupIds")],
            "Attachment": {"InstanceId": resource.id, "DeviceIndex": 0},
        }
        shape.put("NetworkInterfaces", known_as, item, resource)
    if public := out.maybe("publicIp"):
        shape.items["NetworkInterfaces"][known_as].setdefault("Association", {"PublicIp": public})


def _internet_gateway(resource: Resource, shape: Shape) -> None:
    attached = _attached(resource)
    item: Item = {"InternetGatewayId": resource.id, "Attachments": attached}
    shape.put("InternetGateways", resource.id, item, resource)


def _vpn_gateway(resource: Resource, shape: Shape) -> None:
    item: Item = {"VpnGatewayId": resource.id, "VpcAttachments": _attached(resource)}
    shape.put("VpnGateways", resource.id, item, resource)


def _attached(resource: Resource) -> list[Item]:
    vpc = resource.outputs.maybe("vpcId")
    return [{"VpcId": vpc, "State": "attached"}] if vpc else []


def _customer_gateway(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    item: Item = {
        "CustomerGatewayId": resource.id,
        "IpAddress": out.maybe("ipAddress"),
        "BgpAsn": out.maybe_integer("bgpAsn"),
        "BgpAsnExtended": out.maybe_integer("bgpAsnExtended"),
    }
    shape.put("CustomerGateways", resource.id, item, resource)


def _vpn_connection(resource: Resource, shape: Shape) -> None:
    out = resource.outputs
    item: Item = {
        "VpnConnectionId": resource.id,
        "VpnGatewayId": out.maybe("vpnGatewayId"),
        "TransitGatewayId": out.maybe("transitGatewayId"),
        "CoreNetworkArn": out.maybe("coreNetworkArn"),
        "CustomerGatewayId": out.text("customerGatewayId"),
        "Options": {
            "StaticRoutesOnly": out.flag("staticRoutesOnly"),
            "LocalIpv4NetworkCidr": out.maybe("localIpv4NetworkCidr"),
            "RemoteIpv4NetworkCidr": out.maybe("remoteIpv4NetworkCidr"),
            "TunnelOptions": [_tunnel(resource, number) for number in (1, 2)],
        },
        "Routes": [],
    }
    shape.put("VpnConnections", resource.id, item, resource)


def _tunnel(resource: Resource, number: int) -> Item:
    """Every option by name: the pre-shared key beside them is not among these."""
    out, prefix = resource.outputs, f"tunnel{number}"

    def texts(key: str) -> list[Item]:
        return [{"Value": each} for each in out.texts(prefix + key)]

    def numbers(key: str) -> list[Item]:
        return [{"Value": each} for each in out.integers(prefix + key)]

    return {
        "TunnelInsideCidr": out.maybe(prefix + "InsideCidr"),
        "IkeVersions": texts("IkeVersions"),
        "Phase1EncryptionAlgorithms": texts("Phase1EncryptionAlgorithms"),
        "Phase1IntegrityAlgorithms": texts("Phase1IntegrityAlgorithms"),
        "Phase1DHGroupNumbers": numbers("Phase1DhGroupNumbers"),
        "Phase2EncryptionAlgorithms": texts("Phase2EncryptionAlgorithms"),
        "Phase2IntegrityAlgorithms": texts("Phase2IntegrityAlgorithms"),
        "Phase2DHGroupNumbers": numbers("Phase2DhGroupNumbers"),
    }


def _prefix_list(resource: Resource, shape: Shape) -> None:
    entries = [{"Cidr": each.text("cidr")} for each in resource.outputs.records("entries")]
    item: Item = {"PrefixListId": resource.id, "Entries": entries}
    shape.put("PrefixLists", resource.id, item, resource)


def _public_access(resource: Resource, shape: Shape) -> None:
    mode = resource.outputs.text("internetGatewayBlockMode")
    shape.public_access = {"InternetGatewayBlockMode": mode}


Handler = Callable[[Resource, Shape], None]

THINGS: Final[Mapping[str, Handler]] = {
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/defaultVpc:DefaultVpc": _vpc,
    "aws:ec2/subnet:Subnet": _subnet,
    "aws:ec2/defaultSubnet:DefaultSubnet": _subnet,
    "aws:ec2/securityGroup:SecurityGroup": _security_group,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _security_group,
    "aws:ec2/networkAcl:NetworkAcl": _network_acl,
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": _network_acl,
    "aws:ec2/routeTable:RouteTable": _route_table,
    "aws:ec2/defaultRouteTable:DefaultRouteTable": _route_table,
    "aws:ec2/networkInterface:NetworkInterface": _network_interface,
    "aws:ec2/instance:Instance": _instance,
    "aws:ec2/internetGateway:InternetGateway": _internet_gateway,
    "aws:ec2/vpnGateway:VpnGateway": _vpn_gateway,
    "aws:ec2/customerGateway:CustomerGateway": _customer_gateway,
    "aws:ec2/vpnConnection:VpnConnection": _vpn_connection,
    "aws:ec2/managedPrefixList:ManagedPrefixList": _prefix_list,
    "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions": _public_access,
}
"""In this order they are read: later ones look at earlier ones."""
