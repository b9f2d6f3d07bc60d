"""Subnets of others that segments stand in, as lines of a lock.

"vpc acl acl-0a1b2c3d4e5f60718 ingress 100": "allow tcp 5556 10.0.64.0/20",
"vpc held 10.0.1.4": "eni-0a1b2c3d4e5f60718",
"vpc segment feed subnet-0a1b2c3d4e5f60718":
  "10.0.1.0/24 eu-west-1a euw1-az1 acl-0a1b2c3d4e5f60718 rtb-0a1b2c3d4e5f60718",
"vpc tagged feed tier": "app",
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, ip_network
from typing import Final

from bulkhead.network import (
    AclEntry,
    Action,
    Direction,
    PortRange,
    protocol_name,
    protocol_number,
)
from bulkhead.plan.standing_facts import StandingFacts, StandingSubnet

_UNKNOWN: Final = "-"
"""The id of a zone that nobody told."""


_MAIN: Final = " main"
"""Behind the table that no association names."""


def is_of_standing(name: str) -> bool:
    """Whether a line is about such subnets."""
    return name.startswith(("vpc acl ", "vpc held ", "vpc segment ", "vpc tagged "))


def standing_lines(facts: StandingFacts) -> Iterator[tuple[str, object]]:
    """The lines that say it."""
    for segment, subnets in facts.subnets.items():
        for each in subnets:
            zone_id = each.zone_id or _UNKNOWN
            said = f"{each.cidr} {each.zone} {zone_id} {each.nacl} {each.route_table}"
            said += _MAIN * each.main
            yield f"vpc segment {segment} {each.id}", said
    for segment, tags in facts.tags.items():
        yield from ((f"vpc tagged {segment} {name}", value) for name, value in tags.items())
    for nacl, entries in facts.nacls.items():
        for entry in entries:
            said = f"{entry.action} {protocol_name(entry.protocol)} {entry.ports} {entry.cidr}"
            yield f"vpc acl {nacl} {entry.direction} {entry.number}", said
    yield from ((f"vpc held {at}", id_) for at, id_ in facts.held.items())


def standing_in(document: Mapping[str, object]) -> tuple[StandingFacts, Mapping[str, str]]:
    """What the lines say, and what is wrong with those that say nothing."""
    read = _Read()
    wrong: dict[str, str] = {}
    for name, value in document.items():
        if not is_of_standing(name):
            continue
        _, what, rest = name.split(" ", 2)
        try:
            if not isinstance(value, str):
                raise ValueError(name)
            read.line(what, rest, value)
        except ValueError:
            wrong[name] = f"{name!r} says nothing of a VPC: {json.dumps(value)[:80]}"
    return read.facts(), wrong


class _Read:
    """Takes lines, and raises ValueError for what is none."""

    def __init__(self) -> None:
        self.subnets: dict[str, list[StandingSubnet]] = defaultdict(list)
        self.tags: dict[str, dict[str, str]] = defaultdict(dict)
        self.nacls: dict[str, list[AclEntry]] = defaultdict(list)
        self.held: dict[IPv4Address, str] = {}

    def line(self, what: str, rest: str, value: str) -> None:
        known: Mapping[str, Callable[[str, str], None]] = {
            "acl": self._entry,
            "held": self._held,
            "segment": self._subnet,
            "tagged": self._tag,
        }
        known[what](rest, value)

    def facts(self) -> StandingFacts:
        nacls = {each.nacl for several in self.subnets.values() for each in several}
        return StandingFacts(
            subnets={
                name: tuple(sorted(several, key=lambda each: each.id))
                for name, several in sorted(self.subnets.items())
            },
            tags={name: dict(sorted(tags.items())) for name, tags in sorted(self.tags.items())},
            nacls={
                id_: tuple(sorted(self.nacls[id_], key=lambda one: (one.direction, one.number)))
                for id_ in sorted({*nacls, *self.nacls})
            },
            held=dict(sorted(self.held.items())),
        )

    def _subnet(self, rest: str, value: str) -> None:
        segment, id_ = rest.split(" ")
        said, main = value.removesuffix(_MAIN), value.endswith(_MAIN)
        cidr, zone, zone_id, nacl, table = said.split(" ")
        self.subnets[segment].append(
            StandingSubnet(
                id=id_,
                cidr=IPv4Network(cidr),
                zone=zone,
                zone_id="" if zone_id == _UNKNOWN else zone_id,
                nacl=nacl,
                route_table=table,
                main=main,
            )
        )

    def _tag(self, rest: str, value: str) -> None:
        segment, name = rest.split(" ", 1)
        self.tags[segment][name] = value

    def _entry(self, rest: str, value: str) -> None:
        nacl, direction, number = rest.split(" ")
        action, protocol, ports, cidr = value.split(" ")
        first, _, last = ports.partition("-")
        self.nacls[nacl].append(
            AclEntry(
                number=int(number),
                direction=Direction(direction),
                action=Action(action),
                protocol=protocol_number(protocol),
                ports=PortRange(int(first), int(last or first)),
                cidr=ip_network(cidr),
            )
        )

    def _held(self, rest: str, value: str) -> None:
        self.held[IPv4Address(rest)] = value
