"""What AWS chooses for a resource that it is yet to make: addresses, and a group by default.

Any free address of its subnet may be an interface's; one of them stands for it.
Where a rule tells addresses of that subnet apart, the interface is in doubt;
where none does, every choice has the same answer. The value of a public address
decides nothing, as no rule can name it yet: what counts is that there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final

from bulkhead.network import IPNetwork, Network, Unmodelled, assignable, within
from bulkhead.network.ipv6_blocks import unknown_ipv6
from bulkhead.observe.pulumi.resources.shape import short
from bulkhead.observe.record import Gaps, Hidden

_INSTANCE: Final = "aws:ec2/instance:Instance"
_INTERFACE: Final = "aws:ec2/networkInterface:NetworkInterface"
_NAT: Final = "aws:ec2/natGateway:NatGateway"
_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
_DEFAULT_VPC: Final = "aws:ec2/defaultVpc:DefaultVpc"
_SUBNET: Final = "aws:ec2/subnet:Subnet"
_EIP: Final = "aws:ec2/eip:Eip"
_EIP_ASSOCIATION: Final = "aws:ec2/eipAssociation:EipAssociation"
_GROUPS: Final = {_INTERFACE: "securityGroups", _INSTANCE: "vpcSecurityGroupIds"}

_NOT_KNOWN: Final = Hidden("not known yet")
_ANSWERED: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:ec2/vpc:Vpc": ("cidrBlock",),
    _DEFAULT_VPC: ("cidrBlock",),
    _SUBNET: ("cidrBlock",),
    "aws:ec2/defaultSubnet:DefaultSubnet": ("vpcId", "cidrBlock"),
    "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation": ("ipv6CidrBlock",),
    _INSTANCE: ("subnetId",),
}
"""What AWS answers where a program does not say it, and readers cannot do without."""
_IPV6: Final = {
    "aws:ec2/vpc:Vpc": ("ipv6CidrBlock", ("assignGeneratedIpv6CidrBlock", "ipv6IpamPoolId")),
    _SUBNET: ("ipv6CidrBlock", ("ipv6IpamPoolId", "ipv6NetmaskLength")),
    _INTERFACE: ("ipv6Addresses", ("ipv6AddressCount",)),
    _INSTANCE: ("ipv6Addresses", ("ipv6AddressCount",)),
}
"""Where IPv6 addresses stand, and what asks AWS for some of its choice."""
_PRIVATE: Final = ("privateIp", "privateIps", "privateIpLists", "secondaryPrivateIps")
_NATIVE: Final = "ipv6Addresses"
"""Where the addresses stand that an interface cannot do without; in a subnet of IPv6 alone."""

_STAND_INS: Final = IPv4Network("192.0.2.0/24")
"""Of TEST-NET-1, which nobody has (RFC 5737): public addresses that are to come."""


@dataclass(slots=True)
class Completed:
    """A resource as readers will see it, while it is completed."""

    id: str
    type: str
    outputs: dict[str, Any]
    new: bool


@dataclass(slots=True)
class Choices:
    """Interfaces whose private address, and things whose public one, AWS is yet to choose."""

    private: dict[str, tuple[str, ...]] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)

    @property
    def addresses(self) -> frozenset[str]:
        """All that stand for one which is yet to be chosen."""
        return frozenset(
            {*self.public.values(), *(one for some in self.private.values() for one in some)}
        )


def complete(every: list[Completed], default_group: Mapping[str, str], gaps: Gaps) -> Choices:
    """Add to what is new what AWS will answer. `default_group`: VPC -> its default group."""
    choices = Choices()
    subnets = {each.id: each.outputs for each in every if each.type == _SUBNET}
    named = {each.id: each for each in every}
    for each in every:
        _groups(each, subnets, default_group)
        _ipv6(each, subnets, gaps)
    _private(every, subnets, choices)
    free = iter(str(address) for address in _STAND_INS.hosts())
    for each in every:
        if each.type == _EIP and each.new:
            _public(each, free, choices)
    for each in every:
        _attach(each, named, subnets, free, choices)
    for each in every:
        if each.new and each.type == _SUBNET:
            # (pulumi.com/registry/packages/aws/api-docs/ec2/subnet: "Default is false")
            each.outputs.setdefault("mapPublicIpOnLaunch", False)
        if each.new and each.type == _GROUP:
            each.outputs.setdefault("vpcId", _default_vpc(each, every))
        for key in _ANSWERED.get(each.type, ()) if each.new else ():
            if key != "cidrBlock" or not each.outputs.get("ipv6Native"):
                each.outputs.setdefault(key, _NOT_KNOWN)
    return choices


def _default_vpc(group: Completed, every: list[Completed]) -> str:
    """Where a group is for which nobody names a VPC: whether the stack adopts that or not.

    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html)
    """
    region = group.outputs.get("region")
    adopted = (
        each.id
        for each in every
        if each.type == _DEFAULT_VPC and each.outputs.get("region") == region
    )
    return next(adopted, f"default-vpc-of-{region}" if region else "default-vpc")


def _groups(
    each: Completed,
    subnets: Mapping[str, Mapping[str, Any]],
    default_group: Mapping[str, str],
) -> None:
    """The groups that an interface holds.

    Without any it holds the default group of its VPC
    (docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html).
    """
    key = _GROUPS.get(each.type)
    if key is None:
        return
    held = each.outputs.get(key)
    if each.new and not held:
        vpc = subnets.get(str(each.outputs.get("subnetId")), {}).get("vpcId")
        group = default_group.get(str(vpc))
        held = [group] if group else [_NOT_KNOWN]
    if held is not None:
        each.outputs[key] = held


def _ipv6(each: Completed, subnets: Mapping[str, Mapping[str, Any]], gaps: Gaps) -> None:
    """Addresses that nobody can name yet make no cell; that there will be some is said."""
    if each.type not in _IPV6:
        return
    key, asking = _IPV6[each.type]
    found = each.outputs.get(key)
    hidden = any(_is_hidden(one) for one in (found if isinstance(found, list) else [found]))
    subnet = subnets.get(str(each.outputs.get("subnetId")), {})
    asked = any(each.outputs.get(one) for one in asking)
    given = each.type in _GROUPS and subnet.get("assignIpv6AddressOnCreation")
    if each.type in _GROUPS and subnet.get("ipv6Native"):
        # It has no other, so one stands for it: see `_private`.
        if hidden:
            each.outputs.pop(key, None)
    elif hidden or (each.new and not found and (asked or given)):
        each.outputs.pop(key, None)
        known_as = unknown_ipv6(each.id)
        gaps.add(short(each.type), known_as, known_as, "its IPv6 addresses are not known yet")


def _private(
    every: list[Completed], subnets: Mapping[str, Mapping[str, Any]], choices: Choices
) -> None:
    taken = {address for each in every for address in _addresses(each, *_PRIVATE, _NATIVE)}
    for each in sorted(every, key=lambda one: one.id):
        if each.type not in (_INTERFACE, _INSTANCE, _NAT):
            continue
        home = subnets.get(str(each.outputs.get("subnetId")), {})
        six = bool(home.get("ipv6Native"))
        named = _addresses(each, _NATIVE) if six else _addresses(each, *_PRIVATE)
        named = [one for one in named if isinstance(one, str)]
        if not each.new or named or (each.type == _INSTANCE and _brought(each)):
            continue
        block = _block(home.get("ipv6CidrBlock" if six else "cidrBlock"))
        count = each.outputs.get("ipv6AddressCount" if six else "privateIpsCount")
        more = int(count) if isinstance(count, int | float) and count > 0 else 0
        wanted = max(1, more) if six else 1 + more
        found = _free(block, taken, wanted) if block is not None else ()
        if not found:
            each.outputs["privateIp"] = _NOT_KNOWN
            continue
        taken.update(found)
        if six:
            each.outputs["ipv6Addresses"] = [*found]
        else:
            each.outputs["privateIp"] = found[0]
            if each.type == _INTERFACE:
                each.outputs["privateIps"] = [*found]
        choices.private[each.id if each.type == _INTERFACE else _primary(each)] = found


def _free(block: IPNetwork, taken: set[object], wanted: int) -> tuple[str, ...]:
    """From the end of the block."""
    found: list[str] = []
    address_of = type(block.network_address)
    for address in map(str, map(address_of, reversed(assignable(block)))):
        if address not in taken:
            found.append(address)
            if len(found) == wanted:
                return tuple(found)
    return ()


def _addresses(each: Completed, *keys: str) -> list[object]:
    """Those that it names, known or not; what is no address is for its reader to refuse."""
    found: list[object] = []
    for key in keys:
        value = each.outputs.get(key)
        found += value if isinstance(value, list) else [value] if value else []
    return [each for each in found if isinstance(each, str | Hidden)]


def _attach(
    each: Completed,
    named: Mapping[str, Completed],
    subnets: Mapping[str, Mapping[str, Any]],
    free: Iterator[str],
    choices: Choices,
) -> None:
    """Public addresses to where they belong."""
    out = each.outputs
    if each.type in (_EIP, _EIP_ASSOCIATION):
        own, instance = (
            ("networkInterface", out.get("instance"))
            if each.type == _EIP
            else ("networkInterfaceId", out.get("instanceId"))
        )
        if not out.get(own) and isinstance(instance, str) and instance in named:
            out[own] = _primary(named[instance])
        elif not out.get(own) and _is_hidden(instance):
            out[own] = instance
    address = named.get(str(out.get("allocationId")))
    if each.type in (_EIP_ASSOCIATION, _NAT) and each.new and address is not None:
        out.setdefault("publicIp", address.outputs.get("publicIp"))
    if each.new and each.type == _EIP_ASSOCIATION:
        out.setdefault("publicIp", _NOT_KNOWN)
    if each.new and each.type == _NAT and out.get("connectivityType") != "private":
        _public(each, free, choices)
    if each.new and each.type == _INSTANCE and not _brought(each):
        subnet = subnets.get(str(out.get("subnetId")), {})
        asked = out.get("associatePublicIpAddress")
        asked = subnet.get("mapPublicIpOnLaunch") if asked is None else asked
        if _is_hidden(asked):
            out.setdefault("publicIp", _NOT_KNOWN)
        elif asked:
            _public(each, free, choices)


def _public(each: Completed, free: Iterator[str], choices: Choices) -> None:
    if not each.outputs.get("publicIp"):
        found = next(free, None)
        each.outputs["publicIp"] = found or _NOT_KNOWN
        if found:
            choices.public[each.id] = found


def _primary(each: Completed) -> str:
    """The interface of an instance (the name that `resources` gives it until AWS names it)."""
    told = each.outputs.get("primaryNetworkInterfaceId")
    return told if isinstance(told, str) and told else _brought(each) or f"{each.id}/primary"


def _brought(instance: Completed) -> str | None:
    """An interface of its own resource, with which an instance is launched."""
    blocks = instance.outputs.get("networkInterfaces") or []
    primary = instance.outputs.get("primaryNetworkInterface")
    for block in [*(blocks if isinstance(blocks, list) else []), primary]:
        if isinstance(block, Mapping) and not block.get("deviceIndex"):
            found = block.get("networkInterfaceId")
            if isinstance(found, str):
                instance.outputs["primaryNetworkInterfaceId"] = found
                return found
    return None


def _is_hidden(value: object) -> bool:
    return isinstance(value, Hidden)


def _block(text: object) -> IPNetwork | None:
    try:
        return ip_network(text, strict=False) if isinstance(text, str) else None
    except ValueError:
        return None


def judged(network: Network, choices: Choices) -> Network:
    """The network, with a word on every address that stands for one to be chosen."""
    blocks = set(_blocks([getattr(network, each.name) for each in fields(network) if _rules(each)]))
    said = []

    @cache
    def told_apart(cidr: IPNetwork) -> IPNetwork | None:
        """A part of a subnet of which some rule speaks by itself."""
        inside = (each for each in blocks if each != cidr and within(each, cidr))
        return min(inside, key=str, default=None)

    for interface in network.interfaces:
        chosen = choices.private.get(interface.id)
        if chosen is None:
            continue
        cidr = network.subnet[interface.subnet].cidr
        apart = told_apart(cidr)
        why = f"AWS is yet to choose its address; {chosen[0]} stands for it"
        if apart:
            why += f", and a rule tells {apart} from the rest of {cidr}"
        scope = interface.id if apart else f"{interface.id}/address"
        said.append(Unmodelled(kind="address", id=f"{interface.id}/address", scope=scope, why=why))
    for known_as, address in choices.public.items():
        scope = f"{known_as}/public-address"
        why = f"AWS is yet to choose its public address; {address} stands for it"
        said.append(Unmodelled(kind="address", id=scope, scope=scope, why=why))
    return replace(network, unmodelled=(*network.unmodelled, *said))


def _rules(each: Any) -> bool:
    """Of what may tell addresses apart; the places themselves do not."""
    return each.name not in ("vpcs", "subnets", "interfaces", "unmodelled")


def _blocks(value: object) -> Iterator[IPNetwork]:
    if isinstance(value, IPv4Network | IPv6Network):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _blocks(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _blocks(getattr(value, each.name))
