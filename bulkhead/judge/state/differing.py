"""What the plan has and the account lacks, what no plan has, and what differs on both sides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from bulkhead.judge.state.content import content, said
from bulkhead.judge.state.matching import Matched, Matching
from bulkhead.judge.state.roles import Compared, Parts, Reference
from bulkhead.judge.state.table import FIELDS
from bulkhead.network import AclEntry, NetworkAcl, RouteTable, Subnet, is_of_a_cluster
from bulkhead.network.ipv6_blocks import unknown_ipv6
from bulkhead.network.zones import is_zone_id

T = TypeVar("T")

_PARTS: Final = {
    "nacls": "network-acl-entry",
    "security_groups": "security-group-rule",
    "route_tables": "route",
    "load_balancers": "load-balancer",
}
"""The field of a Network, and what its doubts call a part of such a thing."""

_OF_IPV6: Final = {"vpcs": "cidrs", "subnets": "ipv6_cidrs", "interfaces": "ipv6_addresses"}
"""Where blocks and addresses of IPv6 stand that are known only once a VPC is given its block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing, one field of a thing, or one part of one.

    `kind` is the field of a Network that has the thing. Without `planned` no plan has
    it, without `observed` the account lacks it; with both, the field `name` of it
    differs, and where that holds parts, `planned_part` and `observed_part` say which,
    of which again one may not be there.
    """

    kind: str
    planned: Any = None
    observed: Any = None
    name: str = ""
    planned_part: Any = None
    observed_part: Any = None

    @property
    def lacking(self) -> bool:
        """Whether the account has less than was planned."""
        return self.observed is None or (self.of_part and self.observed_part is None)

    @property
    def unplanned(self) -> bool:
        """Whether the account has what no plan has."""
        return self.planned is None or (self.of_part and self.planned_part is None)

    @property
    def of_part(self) -> bool:
        return self.planned_part is not None or self.observed_part is not None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A field of a thing that nobody observed, or without a name the planned thing itself."""

    kind: str
    thing: Any
    name: str


def differences(found: Matching) -> Iterator[Difference]:
    """Every difference; what was not observed is none."""
    unread = _unread(found)
    for pair in found.pairs:
        for each in _between(pair, found):
            if not (_may_be_there(each, unread) or _in_doubt(each.observed_part)):
                yield each
    unobserved = found.account.network.unobserved
    for kind, thing in found.lacking:
        if kind not in unobserved and not _made_unseen(kind, thing, found):
            yield Difference(kind=kind, planned=thing)
    for kind, thing in found.unplanned:
        of_another = kind in unobserved and _stands_for_another(thing)
        if not (of_another or _is_only_named(thing, found)):
            yield Difference(kind=kind, observed=thing)


def unknown(found: Matching) -> Iterator[Unknown]:
    """Whatever was planned and not observed: things, and fields of those that were."""
    for kind, thing in found.lacking:
        if kind in found.account.network.unobserved or _made_unseen(kind, thing, found):
            yield Unknown(kind, thing, "")
    for pair in found.pairs:
        for name, role in FIELDS[type(pair.planned)].items():
            unsure = isinstance(role, Parts) and (
                _has_doubts(pair, name) or _has_gaps(pair, name, role)
            )
            if unsure or _is_unknown(pair, name, role, found):
                yield Unknown(pair.kind, pair.observed, name)
    unread = _unread(found)
    for pair in found.pairs:
        if pair.kind in unread and pair.observed.id in unread[pair.kind]:
            between = _between(pair, found)
            for name in dict.fromkeys(each.name for each in between if _may_be_there(each, unread)):
                yield Unknown(pair.kind, pair.observed, name)


def _made_unseen(kind: str, thing: Any, found: Matching) -> bool:
    """Whether EKS may have made it for a cluster that the source does not look into, or is yet to
    start: a state tells nothing of that group."""
    if kind != "security_groups" or not is_of_a_cluster(thing.id):
        return False
    return bool(found.account.network.why_more("security_groups"))


def _unread(found: Matching) -> dict[str, set[str]]:
    """By kind, the things of the account that have a part that could not be read."""
    ids: dict[str, set[str]] = {kind: set() for kind in _PARTS}
    for each in found.account.network.unmodelled:
        for kind, part in _PARTS.items():
            if each.kind == part:
                ids[kind].add(each.scope)
    return ids


def _may_be_there(each: Difference, unread: Mapping[str, Collection[str]]) -> bool:
    """Whether what is lacking of a thing may be what could not be read of it, and what a listener
    says beside what is known of its load balancer."""
    if not each.of_part:
        return False
    if each.observed_part is not None:
        unread_whole = each.kind == "load_balancers" and each.observed.id in unread[each.kind]
        return unread_whole and each.planned_part is not None
    return _are_in_doubt(getattr(each.observed, each.name)) or (
        each.observed.id in unread.get(each.kind, ())
    )


def _in_doubt(part: Any) -> bool:
    """Whether a part may be there, or may not."""
    return not getattr(part, "certain", True)


def _are_in_doubt(parts: Sequence[Any]) -> bool:
    return any(map(_in_doubt, parts))


def _has_doubts(pair: Matched, name: str) -> bool:
    """Whether parts of the observed thing are in doubt that nobody planned to be."""
    mine, yours = getattr(pair.planned, name), getattr(pair.observed, name)
    return _are_in_doubt(yours) and not _are_in_doubt(mine)


def _has_gaps(pair: Matched, name: str, role: Parts) -> bool:
    """Whether a part of the observed thing lacks what nobody asked about."""
    yours = getattr(pair.observed, name)
    return _filled(getattr(pair.planned, name), yours, role, _gaps) != [*yours]


def _as_far_as_known(planned: Sequence[T], observed: Sequence[T], role: Parts) -> list[T]:
    """The observed parts, each with the planned values of its slot where it has none, and without
    those that no plan asks for."""
    return _filled(planned, _filled(planned, observed, role, _gaps), role, _unasked)


def _filled(
    planned: Sequence[T],
    observed: Sequence[T],
    role: Parts,
    taken: Callable[[Any, Any], dict[str, Any]],
) -> list[T]:
    mine = {_slot(each, role): each for each in planned} if role.slot else {}
    return [
        replace(each, **values)  # type: ignore[type-var]  # what has fields is a dataclass
        if (one := mine.get(_slot(each, role))) is not None and (values := taken(one, each))
        else each
        for each in observed
    ]


def _unasked(planned: Any, observed: Any) -> dict[str, Any]:
    return {
        name: None
        for name, role in FIELDS.get(type(observed), {}).items()
        if isinstance(role, Compared) and not role.asked and getattr(planned, name) is None
    }


def _gaps(planned: Any, observed: Any) -> dict[str, Any]:
    return {
        name: getattr(planned, name)
        for name, role in FIELDS.get(type(observed), {}).items()
        if isinstance(role, Compared)
        and role.unknown is None
        and getattr(observed, name) is None
        and getattr(planned, name) is not None
    }


def _is_unknown(pair: Matched, name: str, role: object, found: Matching) -> bool:
    if not isinstance(role, Compared | Reference | Parts):
        return False
    if name == "zone" and _is_not_told(pair.planned, pair.observed):
        return True
    if name == _OF_IPV6.get(pair.kind) and _waits_for_ipv6(pair, name, found):
        return True
    held: object = getattr(pair.observed, name)
    if isinstance(role, Reference) and isinstance(held, str):
        planned = found.plan.things.get(getattr(pair.planned, name))
        to = found.account.things.get(held, planned)
        if held not in found.account.ids:
            if to in found.account.network.unobserved:
                return True
            if _is_only_named(_thing(found, to, held), found):
                return True
    return held == role.unknown and getattr(pair.planned, name) != role.unknown


def waits_for_its_block(each: Unknown) -> bool:
    """Whether it is a VPC of whose block of IPv6 nobody knows more than that it is to have one."""
    return each.name == _OF_IPV6["vpcs"] and each.kind == "vpcs"


def _waits_for_ipv6(pair: Matched, name: str, found: Matching) -> bool:
    """Whether all that is lacking may be what nobody knows yet."""
    if unknown_ipv6(pair.observed.id) not in found.account.network.noted:
        return False
    mine, yours = getattr(pair.planned, name), getattr(pair.observed, name)
    return set(yours) == {each for each in mine if each.version == 4}


def _is_not_told(planned: Subnet, observed: Subnet) -> bool:
    """Whether one zone goes by its id and one by its name, and nothing says which that is."""
    if is_zone_id(planned.zone) == is_zone_id(observed.zone):
        return False
    return not (observed.zone_id if is_zone_id(planned.zone) else planned.zone_id)


def _stands_for_another(thing: Any) -> bool:
    """Whether nothing is known of it but that something names it."""
    return bool(thing.name == getattr(thing, "id", None))


def _is_only_named(thing: Any, found: Matching) -> bool:
    """Whether it stands for the NACL or route table of a subnet that was not observed."""
    match thing:
        case NetworkAcl(entries=()) | RouteTable(routes=()) if _stands_for_another(thing):
            return thing.id in {each.scope for each in found.account.network.unmodelled}
    return False


def _thing(found: Matching, kind: str | None, name: str) -> Any:
    """The thing of the account that has an id; None where there is none."""
    things = getattr(found.account.network, kind or "", ())
    return next((each for each in things if getattr(each, "id", None) == name), None)


def _between(pair: Matched, found: Matching) -> Iterator[Difference]:
    mine, yours = pair.planned, pair.observed
    if pair.kind == "vpcs" and found.account.network.is_others(yours.id):
        return  # whoever has it decides what it is
    plan, account = found.plan.known, found.account.known
    for name, role in FIELDS[type(mine)].items():
        if not isinstance(role, Compared | Reference | Parts):
            continue
        if _is_unknown(pair, name, role, found):
            continue
        if said(mine, name, plan) == said(yours, name, account):
            continue
        if isinstance(role, Parts):
            known = _as_far_as_known(getattr(mine, name), getattr(yours, name), role)
            for one, other in _parts(getattr(mine, name), known, role, found):
                yield Difference(
                    kind=pair.kind,
                    planned=mine,
                    observed=yours,
                    name=name,
                    planned_part=one,
                    observed_part=other,
                )
        else:
            yield Difference(kind=pair.kind, planned=mine, observed=yours, name=name)


def _parts(
    planned: Sequence[Any], observed: Sequence[Any], role: Parts, found: Matching
) -> Iterator[tuple[Any, Any]]:
    """The parts that are on one side only, those of one slot together."""
    if role.ordered:
        for place in range(max(len(planned), len(observed))):
            one = planned[place] if place < len(planned) else None
            other = observed[place] if place < len(observed) else None
            if content(one, found.plan.known) != content(other, found.account.known):
                yield one, other
        return
    left, right = _without_equals(
        planned,
        observed,
        lambda each: content(each, found.plan.known),
        lambda each: content(each, found.account.known),
    )
    if not (_order_decides(planned) or _order_decides(observed)):
        # Of two entries that say the same, the one with the planned number is the planned one.
        left, right = _without_equals(
            left,
            right,
            lambda each: content(_unnumbered(each), found.plan.known),
            lambda each: content(_unnumbered(each), found.account.known),
        )
    slots: dict[Hashable, list[Any]] = defaultdict(list)
    for each in right:
        slots[_slot(each, role)].append(each)
    taken: set[int] = set()
    for one in left:
        several = slots.get(_slot(one, role)) if role.slot else None
        other = several.pop() if several else None
        taken.add(id(other))
        yield one, other
    for other in right:
        if id(other) not in taken:
            yield None, other


def _slot(part: Any, role: Parts) -> Hashable:
    return tuple(getattr(part, name) for name in role.slot)


def _without_equals(
    planned: Sequence[T],
    observed: Sequence[T],
    mine: Callable[[T], Hashable],
    yours: Callable[[T], Hashable],
) -> tuple[list[T], list[T]]:
    left, there = [], Counter(map(yours, observed))
    kept: Counter[Hashable] = Counter()
    for one in planned:
        key = mine(one)
        if there[key] > kept[key]:
            kept[key] += 1
        else:
            left.append(one)
    right = []
    for other in observed:
        key = yours(other)
        if kept[key]:
            kept[key] -= 1
        else:
            right.append(other)
    return left, right


def _order_decides(parts: Sequence[Any]) -> bool:
    """Whether entries of a NACL may hide one another: only where some deny and some allow."""
    return len({(each.direction, each.action) for each in parts if isinstance(each, AclEntry)}) > (
        len({each.direction for each in parts if isinstance(each, AclEntry)})
    )


def _unnumbered(part: Any) -> Any:
    return replace(part, number=0) if isinstance(part, AclEntry) else part
