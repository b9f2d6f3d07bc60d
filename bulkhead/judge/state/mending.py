"""The account's network with single differences put right, everything else as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from bulkhead.judge.state.content import ids_in, ids_of_field, renamed
from bulkhead.judge.state.differing import Difference
from bulkhead.judge.state.matching import Matching
from bulkhead.network import Network, Route, RouteTable, VpnConnection


class Mending:
    """Puts differences right by the planned part, in the account's own ids."""

    def __init__(self, found: Matching, every: Iterable[Difference]) -> None:
        self._observed = found.account.network
        self._id = found.observed_id
        self._lacking: dict[str, Difference] = {}
        self._naming: dict[str, list[Difference]] = defaultdict(list)
        for each in every:
            if each.observed is None and hasattr(each.planned, "id"):
                self._lacking[each.planned.id] = each
            for name in _observed_ids(each):
                self._naming[name].append(each)

    def mended(self, several: Iterable[Difference]) -> Network:
        """The network without these differences, and without those that cannot stay alone.

        What is put back comes with what it refers to; what is taken away, with what
        refers to it, but for routes.
        """
        every = self._closed(several)
        things = {
            kind: {id(each): each for each in getattr(self._observed, kind)}
            for kind in {each.kind for each in every}
        }
        for each in every:
            _apply(things[each.kind], each, self._renamed(each))
        gone = {getattr(each.observed, "id", "") for each in every if each.planned is None}
        if "route_tables" not in things:
            things["route_tables"] = {id(each): each for each in self._observed.route_tables}
        things["route_tables"] = {
            place: _without_targets(each, gone) for place, each in things["route_tables"].items()
        }
        without_ground = set(_no_longer_in_doubt(every, self._new))
        return replace(
            self._observed,
            **{kind: tuple(held.values()) for kind, held in things.items()},
            unmodelled=tuple(
                each for each in self._observed.unmodelled if each.scope not in without_ground
            ),
        )

    def _renamed(self, difference: Difference) -> Any:
        part = difference.planned_part
        return renamed(difference.planned if part is None else part, self._new)

    def _new(self, name: str) -> str:
        return self._id.get(name, name)

    def _closed(self, several: Iterable[Difference]) -> list[Difference]:
        found: dict[int, Difference] = {}
        waiting = list(several)
        while waiting:
            each = waiting.pop()
            if id(each) in found:
                continue
            found[id(each)] = each
            if each.planned is None:
                waiting += (
                    other
                    for other in self._naming.get(getattr(each.observed, "id", ""), ())
                    if not isinstance(other.observed_part, Route)
                )
            else:
                waiting += [
                    self._lacking[name] for name in _planned_ids(each) if name in self._lacking
                ]
        return list(found.values())


def _without_targets(table: RouteTable, gone: Collection[str]) -> RouteTable:
    """A route to what was deleted stays, as a blackhole: also a neighbour's
    (docs.aws.amazon.com/vpc/latest/peering/delete-vpc-peering-connection.html)."""
    if not any(each.target_id in gone for each in table.routes):
        return table
    routes = (
        replace(each, blackhole=True) if each.target_id in gone else each for each in table.routes
    )
    return replace(table, routes=tuple(routes))


def _no_longer_in_doubt(every: Iterable[Difference], new: Callable[[str], str]) -> Iterator[str]:
    """What is taken away; and a gateway, once the connection that explains its routes is back."""
    for each in every:
        if each.planned is None:
            yield getattr(each.observed, "id", "")
        elif each.observed is None and isinstance(each.planned, VpnConnection):
            yield new(each.planned.vpn_gateway)


def _apply(held: dict[int, Any], difference: Difference, planned: Any) -> None:
    if difference.planned is None:
        held.pop(id(difference.observed), None)
    elif difference.observed is None:
        held[id(difference)] = planned
    else:
        place = id(difference.observed)
        if place not in held:
            return
        name = difference.name
        value = getattr(planned, name) if not difference.of_part else None
        if difference.of_part:
            parts = list(getattr(held[place], name))
            at = len(parts)
            if difference.observed_part is not None:
                at = parts.index(difference.observed_part)
                parts.pop(at)
            if difference.planned_part is not None:
                parts.insert(at, planned)
            value = tuple(parts)
        held[place] = replace(held[place], **{name: value})


def _planned_ids(difference: Difference) -> Iterable[str]:
    if difference.planned_part is not None:
        return ids_in(difference.planned_part)
    if difference.observed is not None:
        return ids_of_field(difference.planned, difference.name)
    parts = (part for held in _parts_of(difference.planned) for part in held)
    return (*ids_in(difference.planned), *(name for part in parts for name in ids_in(part)))


def _observed_ids(difference: Difference) -> Iterable[str]:
    """What the account's side of a difference refers to, where that may be taken away."""
    if difference.observed_part is not None:
        return ids_in(difference.observed_part)
    if difference.observed is None:
        return ()
    if difference.planned is not None:
        return ids_of_field(difference.observed, difference.name)
    return ids_in(difference.observed)


def _parts_of(thing: Any) -> Iterable[tuple[Any, ...]]:
    for name in ("rules", "entries", "routes"):
        held = getattr(thing, name, ())
        if held and not isinstance(held[0], str):
            yield held
