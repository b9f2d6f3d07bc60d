"""In which segments services may stand: proposals, the finest first, for a person to judge.

Where subnets are known, a service is where it was seen. Else those that talk with the same others
stand together: what one of them is let, all are. Coarser: all that talk with one another at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bulkhead.discover.register.grounds import Grounds, is_address
from bulkhead.discover.register.naming import plain
from bulkhead.discover.register.wiring import WiringToWrite, distinct
from bulkhead.intent.starting import name_like


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentsProposed:
    """By service its segment, by segment what it is; `why` says by what they were proposed."""

    of: Mapping[str, str]
    purposes: Mapping[str, str]
    why: str


def proposals(wiring: WiringToWrite, grounds: Grounds) -> Iterator[SegmentsProposed]:
    """The finest first; the last is one segment for all."""
    present = _present(wiring, grounds)
    if present:
        where = f"where {grounds.source} has them now"
        yield _named(wiring, present, where, set(present.values()))
    peers = wiring.peers()
    alike = wiring.roles()
    yield _named(wiring, present | _missing(alike, present), "by talking with the same others")
    yield _named(wiring, _components(peers), "by talking with one another")
    yield _named(
        wiring,
        dict.fromkeys(peers, "all"),
        "one for all: finer ones are more than AWS's quotas let",
    )


def _missing(of: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str]:
    return {name: where for name, where in of.items() if name not in present}


def _present(wiring: WiringToWrite, grounds: Grounds) -> dict[str, str]:
    """By service the subnet that holds an address at which it was seen."""
    found: dict[str, str] = {}
    for each in wiring.services:
        for address in each.party.addresses:
            ground = grounds.of(address) if is_address(address) else None
            if ground and ground.segment:
                found[each.name] = ground.segment
                break
    return found


def _components(peers: Mapping[str, set[str]]) -> dict[str, str]:
    """Who is reached from whom, by whatever way."""
    found: dict[str, str] = {}
    for name in sorted(peers):
        waiting = [name] if name not in found else []
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = name
                waiting += sorted(peers[one])
    return found


def _named(
    wiring: WiringToWrite, groups: Mapping[str, str], why: str, subnets: Collection[str] = ()
) -> SegmentsProposed:
    """Each group with a name: that of its subnet, or of the first service in it."""
    named: dict[str, str] = {}
    of: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for each in wiring.services:
        group = groups.get(each.name, "")
        if group not in named:
            own = name_like(plain(group)) if group in subnets else None
            like = own or name_like(f"{each.name}-net")
            named[group] = distinct(like or "segment", named.values())
        of[each.name] = named[group]
        members.setdefault(named[group], []).append(each.name)
    return SegmentsProposed(
        of=of, purposes={name: ", ".join(inside) for name, inside in members.items()}, why=why
    )
