"""Who is meant by an id that AWS has yet to give: references between planned resources.

A preview writes every such id with the same words, "unknown", and beside it the
resources that the property was made from. Where only one of these can be meant,
it is; otherwise the value stays open, with all that it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bulkhead.observe.pulumi.planned.steps import Planned
from bulkhead.observe.pulumi.stack import UNKNOWN
from bulkhead.observe.record import Hidden

_PREFIXES: Final = {
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/defaultVpc:DefaultVpc": "vpc",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/defaultSubnet:DefaultSubnet": "subnet",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "sg",
    "aws:ec2/networkAcl:NetworkAcl": "acl",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": "acl",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/defaultRouteTable:DefaultRouteTable": "rtb",
    "aws:ec2/networkInterface:NetworkInterface": "eni",
    "aws:ec2/instance:Instance": "i",
    "aws:ec2/eip:Eip": "eipalloc",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": "eigw",
    "aws:ec2/vpnGateway:VpnGateway": "vgw",
    "aws:ec2/customerGateway:CustomerGateway": "cgw",
    "aws:ec2/vpnConnection:VpnConnection": "vpn",
    "aws:ec2/managedPrefixList:ManagedPrefixList": "pl",
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": "pcx",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
    "aws:ec2transitgateway/transitGateway:TransitGateway": "tgw",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "tgw-attach",
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": "tgw-attach",
    "aws:ec2transitgateway/routeTable:RouteTable": "tgw-rtb",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "sgr",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "sgr",
    "aws:route53/zone:Zone": "zone",
    "aws:lb/loadBalancer:LoadBalancer": "nlb",
    "aws:lb/targetGroup:TargetGroup": "tg",
}
"""How ids of a type begin: AWS's own way, by which readers tell a route's targets apart.

(docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html)
"""

_TAKES: Final = {
    "vpc": "vpcId peerVpcId",
    "subnet": "subnetId subnetIds subnets clientSubnets vpcZoneIdentifiers",
    "sg": "securityGroupId securityGroupIds securityGroups vpcSecurityGroupIds"
    " referencedSecurityGroupId sourceSecurityGroupId",
    "acl": "networkAclId defaultNetworkAclId",
    "rtb": "routeTableId routeTableIds defaultRouteTableId",
    "igw vgw vpce": "gatewayId",
    "igw": "internetGatewayId",
    "eigw": "egressOnlyGatewayId",
    "vgw": "vpnGatewayId propagatingVgws",
    "nat": "natGatewayId",
    "cgw": "customerGatewayId",
    "vpn": "vpnConnectionId",
    "pcx": "vpcPeeringConnectionId",
    "vpce": "vpcEndpointId",
    "pl": "prefixListId prefixListIds destinationPrefixListId managedPrefixListId",
    "eni": "networkInterfaceId networkInterface primaryNetworkInterfaceId networkInterfaceIds",
    "i": "instance instanceId",
    "eipalloc": "allocationId",
    "tgw": "transitGatewayId",
    "tgw-attach": "transitGatewayAttachmentId",
    "tgw-rtb": "transitGatewayRouteTableId",
    "zone": "zoneId",
    "nlb": "loadBalancerArn",
    "tg": "targetGroupArn",
}
"""Kinds of things -> the properties that take an id of one of them."""
_MEANS: Final = {key: tuple(k.split()) for k, keys in _TAKES.items() for key in keys.split()}
_LISTS: Final = frozenset(key for key in _MEANS if key.endswith("s"))

_READ: Final = ("aws:ec2", "aws:vpc/", "aws:route53/", "aws:lb/")
"""Types whose properties are called as above; what others give on is anybody's guess."""

_ADOPTS: Final = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "vpcId",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": "defaultNetworkAclId",
    "aws:ec2/defaultRouteTable:DefaultRouteTable": "defaultRouteTableId",
}
"""Types that take over what AWS made with the VPC -> the property that says of which."""
_MADE_WITH_VPC: Final = {
    "acl": ("defaultNetworkAclId", "default"),
    "sg": ("defaultSecurityGroupId", "default"),
    "rtb": ("defaultRouteTableId", "main"),
}
"""Kind -> the VPC's output that names it, and what it is."""
_WITH_INTERFACE: Final = {
    "i": "primaryNetworkInterfaceId",
    "nat": "networkInterfaceId",
}


class References:
    """Every planned resource with an id, its references filled in."""

    def __init__(self, planned: Iterable[Planned]) -> None:
        self.resources = tuple(planned)
        self._named = {each.urn: each for each in self.resources if not each.retained}
        self._vpcs = [each for each in self._named.values() if _kind(each) == "vpc"]
        self._ids: dict[str, str] = {}
        self._taken = {each.id for each in self.resources if each.id}
        self._asked: set[tuple[str, tuple[str, ...]]] = set()
        for each in self._named.values():
            if each.type not in _ADOPTS:
                self._ids[each.urn] = each.id or self._new_id(each)
        for each in self._named.values():
            if each.type in _ADOPTS:
                self._ids[each.urn] = each.id or self._adopted(each) or self._new_id(each)

    def id_of(self, resource: Planned) -> str:
        """AWS's own, or until it has given one, a name in its style ('sg-ticker-group')."""
        return resource.id if resource.retained else self._ids[resource.urn]

    def filled(self, resource: Planned, values: Mapping[str, object]) -> dict[str, object]:
        """The properties with every unknown reference resolved, or shut with its candidates."""
        return {
            key: self._resolved(value, key, resource.depends.get(key, ()))
            for key, value in values.items()
        }

    def made_with(self, vpc: Planned, kind: str) -> str:
        """The default group, NACL or main table of a VPC."""
        key, word = _MADE_WITH_VPC[kind]
        return _known(vpc.outputs.get(key)) or f"{kind}-{vpc.name}-{word}"

    def beginnings(self, vpc: Planned) -> dict[str, str]:
        """The outputs in which a VPC names what AWS makes with it; none for anything else."""
        if _kind(vpc) != "vpc":
            return {}
        return {key: self.made_with(vpc, kind) for kind, (key, _) in _MADE_WITH_VPC.items()}

    def default_groups(self) -> dict[str, str]:
        """VPC -> its default group."""
        return {self.id_of(each): self.made_with(each, "sg") for each in self._vpcs}

    def _new_id(self, resource: Planned) -> str:
        wanted = named = f"{prefix_of(resource.type)}-{resource.name}"
        number = 1
        while named in self._taken:
            number += 1
            named = f"{wanted}-{number}"
        self._taken.add(named)
        return named

    def _adopted(self, resource: Planned) -> str | None:
        key = _ADOPTS[resource.type]
        value = self._resolved(resource.inputs.get(key), key, resource.depends.get(key, ()))
        if key == "vpcId":
            return self.default_groups().get(str(value))
        return value if isinstance(value, str) else None

    def _resolved(self, value: object, key: str, urns: tuple[str, ...]) -> object:
        if not _unknowns(value):
            return value
        if value == UNKNOWN:
            found = self._choice(_MEANS.get(key, ()), urns, 1, frozenset())
            return [*found] if key in _LISTS and isinstance(found, tuple) else _first(found)
        if isinstance(value, list) and all(isinstance(each, str | Hidden) for each in value):
            known = frozenset(each for each in value if isinstance(each, str)) - {UNKNOWN}
            wanted = value.count(UNKNOWN)
            found = self._choice(_MEANS.get(key, ()), urns, wanted, known)
            if isinstance(found, tuple):
                return [*(each for each in value if each != UNKNOWN), *found]
            return [found if each == UNKNOWN else each for each in value]
        return self._inside(value, key, urns)

    def _inside(self, value: object, key: str, urns: tuple[str, ...]) -> object:
        """Blocks of a property: which came from where is not said, so one alone may be meant."""
        if value == UNKNOWN:
            return _first(self._choice(_MEANS.get(key, ()), urns, 1, frozenset()))
        if isinstance(value, Mapping):
            return {name: self._inside(each, name, urns) for name, each in value.items()}
        if isinstance(value, list):
            return [self._inside(each, key, urns) for each in value]
        return value

    def _choice(
        self, kinds: tuple[str, ...], urns: tuple[str, ...], wanted: int, known: frozenset[str]
    ) -> tuple[str, ...] | Hidden:
        """The ids that are meant: as many as wanted, in no order, or the one for all."""
        offered = [self._offers(urn, kinds) for urn in urns] if kinds else []
        said = [each for each in offered if each is not None]
        ids = tuple(dict.fromkeys(each for found in said for each in found if each not in known))
        certain = bool(offered) and len(said) == len(offered)
        if certain and (len(ids) == 1 or len(ids) == wanted > 0):
            return ids
        return Hidden("not known yet", ids if certain and ids else self._all_of(kinds))

    def _offers(self, urn: str, kinds: tuple[str, ...]) -> tuple[str, ...] | None:
        """The ids of these kinds that a resource may give on; None where anything may come."""
        found = self._named.get(urn)
        if found is None or not found.type.startswith(_READ) or (urn, kinds) in self._asked:
            return None
        own = _kind(found)
        if own in kinds:
            # What adopts another is asked for while ids are still given out.
            return (self._ids[urn],) if urn in self._ids else None
        if own == "vpc":
            return tuple(self.made_with(found, each) for each in kinds if each in _MADE_WITH_VPC)
        if "eni" in kinds and own in _WITH_INTERFACE:
            told = _known(found.outputs.get(_WITH_INTERFACE[own]))
            return (told or f"{self.id_of(found)}/primary",)
        self._asked.add((urn, kinds))
        try:
            return self._passed_on(found, kinds)
        finally:
            self._asked.discard((urn, kinds))

    def _passed_on(self, resource: Planned, kinds: tuple[str, ...]) -> tuple[str, ...] | None:
        """What it refers to itself: the VPC of a subnet, say."""
        found: list[str] = []
        for key, value in resource.outputs.items():
            if not set(_MEANS.get(key, ())) & set(kinds):
                continue
            resolved = self._resolved(value, key, resource.depends.get(key, ()))
            each = resolved if isinstance(resolved, list) else [resolved]
            if any(isinstance(one, Hidden) for one in each):
                return None
            found.extend(one for one in each if isinstance(one, str) and one)
        return tuple(dict.fromkeys(found))

    def _all_of(self, kinds: tuple[str, ...]) -> tuple[str, ...]:
        every = (each for each in self._named.values() if _kind(each) in kinds)
        with_vpc = [each for each in kinds if each in _MADE_WITH_VPC]
        made = (self.made_with(vpc, each) for vpc in self._vpcs for each in with_vpc)
        ids = (self._ids[each.urn] for each in every if each.urn in self._ids)
        return tuple(dict.fromkeys((*ids, *made)))


def prefix_of(token: str) -> str:
    """How the ids of a type begin: AWS's own way, else by the name of the type."""
    return _PREFIXES.get(token) or token.rsplit(":", 1)[-1].lower()


def _kind(resource: Planned) -> str:
    return _PREFIXES.get(resource.type, "")


def _known(value: object) -> str | None:
    return value if isinstance(value, str) and value not in ("", UNKNOWN) else None


def kinds_meant(key: str) -> tuple[str, ...]:
    """How the ids begin that a property takes; nothing where it takes none."""
    return _MEANS.get(key, ())


def has_unknown(value: object) -> bool:
    """Whether something in it is known only after the update."""
    return _unknowns(value) > 0


def _unknowns(value: object) -> int:
    if isinstance(value, Mapping):
        return sum(_unknowns(each) for each in value.values())
    if isinstance(value, list):
        return sum(_unknowns(each) for each in value)
    return 1 if value == UNKNOWN else 0


def _first(found: tuple[str, ...] | Hidden) -> object:
    return found[0] if isinstance(found, tuple) else found
