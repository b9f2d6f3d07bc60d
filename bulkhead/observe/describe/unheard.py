"""What answers hold and no reader takes in: named, and the narrowest thing left in doubt.

AWS adds fields and values every week. One that the table (`known`) does not have is not
taken for harmless: what it stands in is undetermined until somebody has read what it means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.network import Network
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, KEYS
from bulkhead.observe.describe.concerned import Concerned
from bulkhead.observe.describe.described import Described, identity
from bulkhead.observe.known import ANSWERS, Leaving, Surprise, in_item, inside
from bulkhead.observe.record import Gaps, Record
from bulkhead.problems import printable

SHOWN: Final = 60
"""So many signs of a value are repeated."""
_LONGEST: Final = 200
"""So many of a path, which is longest in a rule group of a Network Firewall."""
_OF_OTHERS: Final = frozenset(
    {"SecurityGroupRules", "Rules", "TargetGroups", "TargetHealth", "TargetGroupAttributes"}
    | {"ListenerAttributes", "BalancerAttributes"}
    | {"FirewallPolicies", "RuleGroups", "TransitGatewayRoutes", "TransitGatewayStaticRoutes"}
    | {"TransitGatewayPropagations", "TransitGatewayAssociations"}
)
"""What only says more of a thing that another answer lists: of one that is not here, nothing."""


def unheard(described: Described, network: Network, gaps: Gaps) -> None:
    """Name each, with where it stands, and leave in doubt what depends on it."""
    concerned = Concerned(described, network)
    for key in ANSWERS:
        word, records = _answer(key, described)
        for record in records:
            for surprise, member in _in_record(key, record):
                leaves = surprise.leaves
                if leaves and leaves.unless and described.public_access is not None:
                    continue
                scopes = _scopes(key, record, surprise, concerned)
                if scopes is None:
                    continue
                if member is not None and _is_said_of(key, surprise, member):
                    scopes = ()
                name = f"{_name(key, record)} {_path(surprise)}={_brief(surprise.value)}"
                gaps.add_each(word, name, scopes or (name,), _why(key, surprise))


def _in_record(key: str, record: Record) -> Iterator[tuple[Surprise, Mapping[str, object] | None]]:
    """Each surprise, with the rule, entry or route that it is in."""
    parts = ANSWERS[key].parts
    rest = {name: each for name, each in record.values.items() if name not in parts}
    yield from ((each, record.values if "" in parts else None) for each in in_item(key, rest))
    for part in parts.keys() & record.values.keys():
        members = record.values[part]
        for member in members if isinstance(members, list | tuple) else ():
            if isinstance(member, Mapping):
                yield from ((each, member) for each in inside(key, part, member))


def _is_said_of(key: str, surprise: Surprise, member: Mapping[str, object]) -> bool:
    """Whether its reader makes that rule, entry or route an uncertain one, and that is enough.

    Every table has the local route, and no Network writes it down.
    """
    if surprise.doubt not in (None, Leaving.RULE, Leaving.ENTRY, Leaving.ROUTE):
        return False
    return key != "RouteTables" or member.get("GatewayId") != "local"


def _answer(key: str, described: Described) -> tuple[str, tuple[Record, ...]]:
    """What one of its items is called, and all of them."""
    if key != BLOCK_PUBLIC_ACCESS.key:
        return KEYS[key].word or _singular(key), described[key]
    options = described.public_access
    return "block-public-access", () if options is None else (options,)


def _name(key: str, record: Record) -> str:
    call = KEYS.get(key)
    return identity(record, call.id) if call else BLOCK_PUBLIC_ACCESS.permission


def _singular(key: str) -> str:
    """'SecurityGroupRules' -> 'security-group-rule', for what no field of a Network holds."""
    words = "".join(f"-{each.lower()}" if each.isupper() else each for each in key)
    return words.strip("-").removesuffix("s")


def _scopes(
    key: str, record: Record, surprise: Surprise, concerned: Concerned
) -> tuple[str, ...] | None:
    """What depends on it; None where it speaks of something that is not here."""
    everything = concerned.by(key, record)
    if not everything and key in _OF_OTHERS:
        return None
    match surprise.doubt:
        case Leaving.INTERNET:
            return concerned.internet_gateways(record)
        case Leaving.OUTSIDE:
            return (
                *concerned.internet_gateways(record),
                *concerned.egress_only_gateways(record),
            )
        case Leaving.INSPECTED:
            return concerned.regional_gateways(record)
        case Leaving.BESIDE:
            return ()
        case _:
            return everything


def _why(key: str, surprise: Surprise) -> str:
    if surprise.leaves:
        return surprise.leaves.why
    what = "that value of" if surprise.known_field else "the field"
    return f"nobody here knows {what} {key}.{_path(surprise)}, nor what it does to packets"


def _path(surprise: Surprise) -> str:
    return _short(surprise.path, _LONGEST)


def _brief(value: object) -> str:
    """As much of a value as says what it is, fit for a terminal."""
    return _short(value if isinstance(value, str) else json.dumps(value, default=str))


def _short(text: str, signs: int = SHOWN) -> str:
    return printable(text if len(text) <= signs else text[: signs - 1] + "…")
