"""What stands somewhere, in the words of a plan: the same thing by the same id, and where nothing
differs the very thing that is planned.

So that the calls between the two are those of what differs, and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bulkhead.judge.state.content import renamed
from bulkhead.judge.state.differing import Difference, Unknown, differences, unknown
from bulkhead.judge.state.matching import Matching, matched
from bulkhead.judge.state.neighbours import of_neighbours
from bulkhead.judge.state.table import KINDS
from bulkhead.network import Interface, InterfaceKind, Network
from bulkhead.network.balancers import is_planned_balancer
from bulkhead.review.version import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class InWordsOfThePlan:
    """`version` has the ids of the plan. `unseen` is what was planned and not observed, as a whole
    or one side of it: there the plan's word is taken."""

    version: Version
    unseen: tuple[str, ...]


def in_words_of(planned: Network, found: Version) -> InWordsOfThePlan:
    """What stands, with what nobody knows of it; a note names hosts of others, which no update
    takes away."""
    matching = matched(planned, found.network)
    every = [*differences(matching), *_no_longer_fixed(matching)]
    network = _Translated(matching).network(every)
    notes = [
        f"{each.name} ({each.id}) is in no plan, and no stack made it: no call takes it away"
        for each in _strangers(every)
    ]
    return InWordsOfThePlan(
        version=replace(found, network=network, notes=(*found.notes, *notes)),
        unseen=tuple(dict.fromkeys((*map(_said, unknown(matching)), *_unseen_blocks(matching)))),
    )


def _said(each: Unknown) -> str:
    kind = KINDS[each.kind].said if each.kind in KINDS else each.kind
    name = getattr(each.thing, "name", "") or getattr(each.thing, "id", "")
    return f"{each.name.replace('_', ' ')} of {kind} {name}" if each.name else f"{kind} {name}"


def _unseen_blocks(matching: Matching) -> Iterator[str]:
    """What is planned under VPC Block Public Access, and nobody observed."""
    told = "VPC Block Public Access"
    for each in matching.pairs:
        if each.kind == "vpcs" and each.planned.access_block and not each.observed.access_block:
            yield f"{told} in {each.observed.region}"
        elif each.kind == "subnets" and each.planned.excluded and not each.observed.excluded:
            yield f"exclusion from {told} of subnet {each.observed.name}"


def _no_longer_fixed(matching: Matching) -> Iterator[Difference]:
    """Interfaces of a plan that pass for members, now that the service's come and go: those go."""
    planned = {id(each) for each in matching.plan.network.interfaces}
    for each in matching.pairs:
        of_a_member = each.kind == "interfaces" and id(each.planned) not in planned
        if of_a_member and _was_planned(each.observed):
            yield Difference(kind=each.kind, observed=each.observed)


def _strangers(every: list[Difference]) -> Iterator[Any]:
    """Hosts that nobody planned, and that none of our stacks made: others' altogether, or of a
    service whose interfaces whoever runs it makes."""
    return (
        each.observed
        for each in every
        if each.kind == "interfaces" and each.planned is None and not _was_planned(each.observed)
    )


def _was_planned(interface: Interface) -> bool:
    """Whether it is called as those of a plan are ('feed-1'), or AWS made it for an endpoint or for
    a load balancer of a plan."""
    name, _, number = interface.name.rpartition("-")
    of_a_plan = name == interface.service and number.isdecimal()
    made = interface.kind is InterfaceKind.ENDPOINT or (
        interface.kind is InterfaceKind.LOAD_BALANCER and is_planned_balancer(interface.service)
    )
    return of_a_plan or made


class _Translated:
    """What stands, told from the plan by what differs from it."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._planned = matching.plan.network
        self._found = matching.account.network

    def network(self, every: list[Difference]) -> Network:
        things = {kind: self._as_planned(kind) for kind in KINDS}
        for each in every:
            held = things[each.kind]
            if each.planned is None:
                held[id(each.observed)] = self._named(each.observed)
            elif each.observed is None:
                held.pop(id(each.planned), None)
            elif id(each.planned) in held:
                held[id(each.planned)] = self._differing(held[id(each.planned)], each)
        self._as_blocked(things)
        beside = of_neighbours(self._found)
        for kind, held in things.items():
            held |= {
                id(each): self._named(each)
                for each in getattr(self._found, kind)
                if beside(kind, each) and not self._is_there(held, each)
            }
        return replace(
            self._found,
            **{kind: tuple(held.values()) for kind, held in things.items()},
            services=tuple(
                replace(each, security_group=self._id(each.security_group))
                for each in self._found.services
            ),
            unmodelled=tuple(
                replace(each, scope=self._id(each.scope)) for each in self._found.unmodelled
            ),
            peers=self._found.peers or self._planned.peers,
            beside=(
                *map(self._id, self._found.beside),
                *(each.id for each in _strangers(every)),
                *self._neighbourly(),
            ),
            associations=(),
        )

    def _as_blocked(self, things: dict[str, dict[int, Any]]) -> None:
        """What VPC Block Public Access does is no difference of a thing, but of the account."""
        of = {"vpcs": ("access_block",), "subnets": ("excluded", "public_access")}
        for each in self._matching.pairs:
            held = things.get(each.kind, {})
            known = {name: getattr(each.observed, name) for name in of.get(each.kind, ())}
            if known and next(iter(known.values())) is not None and id(each.planned) in held:
                held[id(each.planned)] = replace(held[id(each.planned)], **known)

    def _as_planned(self, kind: str) -> dict[int, Any]:
        """Of the plan all that stands, or may; and what stands in for those that come and go."""
        unseen = kind in self._found.unobserved
        lacking = {id(each) for of, each in self._matching.lacking if of == kind and not unseen}
        return {id(each): each for each in getattr(self._planned, kind) if id(each) not in lacking}

    def _differing(self, thing: Any, each: Difference) -> Any:
        if not each.of_part:
            value = getattr(self._named(each.observed), each.name)
            return replace(thing, **{each.name: value})
        parts = [one for one in getattr(thing, each.name) if one is not each.planned_part]
        if each.observed_part is not None:
            parts.append(self._named(each.observed_part))
        return replace(thing, **{each.name: tuple(parts)})

    def _neighbourly(self) -> Iterator[str]:
        """Ids of what stands in VPCs that nobody asked for: no update reaches there."""
        beside = of_neighbours(self._found)
        for kind in KINDS:
            if kind != "sites":
                yield from (each.id for each in getattr(self._found, kind) if beside(kind, each))

    def _is_there(self, held: dict[int, Any], each: Any) -> bool:
        return any(
            getattr(one, "id", one.name) == getattr(each, "id", each.name) for one in held.values()
        )

    def _named(self, value: Any) -> Any:
        return renamed(value, self._id)

    def _id(self, name: str) -> str:
        return self._matching.account.ids.get(name, name)
