"""Which region each record of a dump lies in, where no folder says so.

A zone or an ARN in a record tells; the rest follows what it belongs to: a route
table its VPC, the VPC its subnets. What belongs together stays together. What is
told by nothing at all lies where most of the rest does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulkhead.observe.calls import CALLS
from bulkhead.observe.dumps.answers import DumpRecord
from bulkhead.observe.dumps.files import region_in

UNKNOWN: Final = "unknown"
"""The region of a dump that names none."""

_LINKS: Final = frozenset(
    {"VpcId", "SubnetId", "NetworkAclId", "RouteTableId", "GroupId", "NetworkInterfaceId"}
    | {"InternetGatewayId", "EgressOnlyInternetGatewayId", "NatGatewayId", "VpcEndpointId"}
    | {"VpnGatewayId", "VpnConnectionId", "CustomerGatewayId", "TransitGatewayId"}
    | {"TransitGatewayRouteTableId", "InstanceId", "LoadBalancerArn"}
    | {"PrefixListId", "DestinationPrefixListId"}
)
"""What names a thing of the same region."""
_BETWEEN: Final = frozenset(call.key for call in CALLS if call.between)
"""Records of what connects two regions."""


def by_region(items: Iterable[DumpRecord]) -> dict[str, list[DumpRecord]]:
    """Region -> its records. One that connects two regions is in both."""
    found: dict[str, list[DumpRecord]] = defaultdict(list)
    rest: list[DumpRecord] = []
    for each in items:
        if each.file.region:
            found[each.file.region].append(each)
        else:
            rest.append(each)
    known = set(found).union(*map(_told, rest))
    if len(known) <= 1:
        found[next(iter(known), UNKNOWN)].extend(rest)
        return dict(found)
    groups = _Groups()
    for each in (*rest, *(one for some in found.values() for one in some)):
        groups.take(each)
    for each in rest:
        if each.key in _BETWEEN:
            for region in sorted(_told(each)) or sorted(known):
                found[region].append(each)
        else:
            found[groups.region(each)].append(each)
    return dict(found)


def _told(item: DumpRecord) -> set[str]:
    """The regions that a record itself names."""
    if item.key in _BETWEEN:
        sides = (each for each in item.value.values() if isinstance(each, Mapping))
        return set().union(*map(_regions_of, sides))
    return {item.file.region} if item.file.region else _placed(item.value)


def _regions_of(side: Mapping[str, object]) -> set[str]:
    """The region that one side of a connection says it is in."""
    named = side.get("Region")
    region = region_in(named) if isinstance(named, str) else None
    return {region} if region else set()


def _placed(value: Mapping[str, object]) -> set[str]:
    zone = value.get("AvailabilityZone")
    if isinstance(zone, str) and (region := region_in(zone)):
        return {region}
    for key, each in value.items():
        if key.endswith("Arn") and isinstance(each, str):
            parts = each.split(":")
            if len(parts) > 3 and (region := region_in(parts[3])):
                return {region}
    inside = (value.get(key) for key in ("Firewall", "FirewallPolicyResponse", "RuleGroupResponse"))
    return next((_placed(each) for each in inside if isinstance(each, Mapping)), set())


class _Groups:
    """Records that belong together, and how often they name which region."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}
        self._told: dict[str, Counter[str]] = defaultdict(Counter)
        self._size: Counter[str] = Counter()
        self._all: Counter[str] = Counter()

    def take(self, item: DumpRecord) -> None:
        if item.key in _BETWEEN:
            for side in item.value.values():
                if isinstance(side, Mapping):
                    self._note(list(_named(side)), _regions_of(side))
        else:
            self._note(list(_named(item.value)), _told(item))

    def _note(self, names: list[str], regions: set[str]) -> None:
        for name in names:
            self._size.setdefault(name, 1)
            self._tie(names[0], name)
        if names:
            self._told[self._top(names[0])].update(regions)
        self._all.update(regions)

    def region(self, item: DumpRecord) -> str:
        name = next(_named(item.value), None)
        told = (self._told[self._top(name)] if name else Counter(_told(item))) or self._all
        return min(told, key=lambda region: (-told[region], region))

    def _top(self, name: str) -> str:
        """What stands for all that belongs together; the way there is shortened in passing."""
        above = self._above
        while (up := above.get(name)) is not None:
            if (further := above.get(up)) is not None:
                above[name] = further
            name = up
        return name

    def _tie(self, one: str, other: str) -> None:
        one, other = self._top(one), self._top(other)
        if one == other:
            return
        if self._size[one] < self._size[other]:
            one, other = other, one
        self._above[other] = one
        self._size[one] += self._size[other]
        self._told[one].update(self._told.pop(other, ()))


def _named(value: Mapping[str, object]) -> Iterator[str]:
    """Every id in a record that names a thing of its region."""
    waiting: list[object] = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            for key, inner in each.items():
                if isinstance(inner, str):
                    if key in _LINKS and inner:
                        yield inner
                else:
                    waiting.append(inner)
        elif isinstance(each, list):
            waiting.extend(each)
