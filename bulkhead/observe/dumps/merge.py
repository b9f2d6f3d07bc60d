"""The records of one region put together: each thing once, and nothing contradicted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from bulkhead.observe.calls import DETAILS
from bulkhead.observe.dumps.answers import DumpRecord, identity
from bulkhead.problems import Problem

_VOLATILE: Final = frozenset(
    {"AvailableIpAddressCount", "VgwTelemetry", "UpdateToken", "ResponseMetadata"}
)
"""What may differ between two answers about a thing that did not change."""
_OF_ONE_ACCOUNT: Final = frozenset({"Tags", "TagSet"})
"""What each account that shares a thing sees differently."""
_OF_ONE_SIDE: Final = "PeeringOptions"
"""DNS and ClassicLink across a peering, which the account of each side decides."""
_IN_PARTS: Final = frozenset({call.key for call in DETAILS} | {"Reservations"})
"""Things of which several answers each may tell a part: a summary and the whole, pages."""
_MEMBER: Final = {
    "Routes": ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "PrefixListId"),
    "Entries": ("Cidr",),
    "TransitGatewayRouteTablePropagations": ("TransitGatewayAttachmentId",),
    "Associations": ("TransitGatewayAttachmentId",),
    "Instances": ("InstanceId",),
    "Attributes": ("Key",),
}
"""What the members of such a list are known by."""


def merged(items: Iterable[DumpRecord], problems: list[Problem]) -> dict[str, DumpRecord]:
    """'KEY id' -> its record. Two that differ are a problem that names both places."""
    found: dict[str, DumpRecord] = {}
    for item in items:
        name = f"{item.key} {identity(item.key, item.value)}"
        before = found.get(name)
        found[name] = item if before is None else _both(name, before, item, problems)
    return found


def listed(items: Mapping[str, DumpRecord]) -> dict[str, list[Mapping[str, object]]]:
    """Key -> records, as one answer would list them."""
    lists: dict[str, list[Mapping[str, object]]] = defaultdict(list)
    for item in items.values():
        lists[item.key].append(item.value)
    return dict(lists)


def _both(name: str, one: DumpRecord, other: DumpRecord, problems: list[Problem]) -> DumpRecord:
    volatile = _VOLATILE
    if one.file.account != other.file.account:
        volatile = _VOLATILE | _OF_ONE_ACCOUNT
        if other.value.get("OwnerId") == other.file.account is not None:
            one, other = other, one
    values = dict(one.value)
    differing = []
    for key, value in other.value.items():
        if key not in values:
            values[key] = value
        elif key == "AdditionalRoutesAvailable":
            values[key] = values[key] or value
        elif key in volatile or alike(_shared(values[key]), _shared(value)):
            continue
        elif one.key in _IN_PARTS and key in _MEMBER:
            values[key], torn = _united(values[key], value, _MEMBER[key])
            differing += [f"{key} {each}" for each in torn]
        else:
            differing.append(key)
    if one.key not in _IN_PARTS:
        # AWS leaves out what is not set: a field that only one of them has, differs.
        lone = (one.value.keys() ^ other.value.keys()) - volatile
        differing += [key for key in lone if one.value.get(key) or other.value.get(key)]
    if differing:
        there = f"{one.file.name}:{one.line}"
        what = f"{name} is not what {there} says it is ({', '.join(sorted(differing)[:5])})"
        problems.append(Problem(other.file.name, other.line, what, "keep the newer of the two"))
    return replace(one, value=values)


def _shared(value: object) -> object:
    """What both sides of a peering say of one of them."""
    if isinstance(value, Mapping):
        return {key: each for key, each in value.items() if key != _OF_ONE_SIDE}
    return value


def _united(one: object, other: object, ids: tuple[str, ...]) -> tuple[object, list[str]]:
    """The members of both lists, and those that both have and differ in."""
    if not isinstance(one, list) or not isinstance(other, list):
        return one, ["(no list)"]
    known: dict[str, object] = {}
    torn = []
    for member in (*one, *other):
        named = member if isinstance(member, Mapping) else {}
        name = next((str(named[each]) for each in ids if named.get(each)), _in_order(member))
        if not alike(known.setdefault(name, member), member):
            torn.append(name)
    return list(known.values()), torn


def alike(one: object, other: object) -> bool:
    """Whether two values say the same: AWS promises no order of its lists."""
    return one == other or (isinstance(one, list | dict) and _in_order(one) == _in_order(other))


def _in_order(value: object) -> str:
    if isinstance(value, list):
        return "[" + ",".join(sorted(map(_in_order, value))) + "]"
    if isinstance(value, Mapping):
        inside = ((str(key), _in_order(each)) for key, each in value.items())
        return "{" + ",".join(f"{key}:{each}" for key, each in sorted(inside)) + "}"
    return json.dumps(value)
