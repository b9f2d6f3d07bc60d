"""What is called otherwise and stays what it is: `was: old-name`.

The lock's facts go over to the new name, so that nothing moves; and the components take the old
one as an alias, so that the engine keeps what it built under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bulkhead.intent import ServiceInterface, Topology
from bulkhead.network import Former, NamedKind
from bulkhead.plan.allot import Allotment
from bulkhead.plan.lock import Lock
from bulkhead.plan.units import Unit
from bulkhead.plan.zones import zones_now


def former_names(topology: Topology, units: Iterable[Unit]) -> Former:
    """Of those that say so."""
    said: dict[tuple[NamedKind, str], tuple[str, ...]] = {
        ("zone", zone): (was,) for zone, was in topology.zones_were.items()
    }
    for unit in units:
        said["segment", unit.key] = tuple(each.replace("/", ".") for each in _units(topology, unit))
    for end in topology.interfaces.values():
        said["service", end.name] = _ends(topology, end)
    for site in topology.sites.values():
        said["site", site.name] = site.was
    return {of: names for of, names in said.items() if names}


def with_new_names(topology: Topology, units: Iterable[Unit], lock: Lock) -> Lock:
    """A lock that says of what is renamed what it said of the old name."""
    unit_of = {
        old: unit.name
        for unit in units
        if unit.name not in lock.units.taken
        for old in _units(topology, unit)
        if old in lock.units.taken
    }
    hosts_now = {name for each in lock.hosts.values() for name in each.taken}
    host_of = {
        f"{old}-{number}": f"{end.name}-{number}"
        for end in topology.interfaces.values()
        for old in _ends(topology, end)
        for number in range(1, topology.services[end.service].replicas + 1)
        if f"{end.name}-{number}" not in hosts_now
    }
    tunnel_of = {
        f"{old}/{tunnel}": f"{site.name}/{tunnel}"
        for site in topology.sites.values()
        for old in site.was
        for tunnel in ("1", "2", "bgp-1", "bgp-2")
        if f"{site.name}/{tunnel}" not in lock.tunnels.taken
    }
    zone_of = zones_now(topology, lock)
    end_of = {
        old: each.name for each in topology.interfaces.values() for old in _ends(topology, each)
    }
    peer_of = end_of | {old: each.name for each in topology.sites.values() for old in each.was}
    if not (
        unit_of or host_of or tunnel_of or zone_of or (peer_of and (lock.groups or lock.shared))
    ):
        return lock
    return replace(
        lock,
        units=_called(lock.units, unit_of),
        zones=_called(lock.zones, zone_of),
        tunnels=_called(lock.tunnels, tunnel_of),
        options={_tunnel_called(tunnel, tunnel_of): each for tunnel, each in lock.options.items()},
        hosts={
            _in_zone(_within(where, unit_of, parts=1), zone_of): _called(each, host_of)
            for where, each in lock.hosts.items()
        },
        acl_rules={
            _within(where, unit_of, parts=2): each for where, each in lock.acl_rules.items()
        },
        nacls={unit_of.get(unit, unit): turn for unit, turn in lock.nacls.items()},
        groups={
            _within(where, end_of, parts=1): Allotment(
                {_with_peer(key, peer_of): slot for key, slot in each.taken.items()}
            )
            for where, each in lock.groups.items()
        },
        shared={
            (end_of.get(name, name), direction, runs): frozenset(
                end_of.get(each, each) for each in members
            )
            for (name, direction, runs), members in lock.shared.items()
        },
    )


def _units(topology: Topology, unit: Unit) -> tuple[str, ...]:
    """Every other name that a unit had."""
    segments = (unit.segment, *topology.segments[unit.segment].was)
    if "/" not in unit.name:
        return segments[1:]
    (end,) = unit.interfaces
    names = (end.name, *_ends(topology, end))
    every = (f"{segment}/{name}" for segment in segments for name in names)
    return tuple(each for each in every if each != unit.name)


def _ends(topology: Topology, end: ServiceInterface) -> tuple[str, ...]:
    """What flows called an interface while its service was called otherwise."""
    behind = end.name.removeprefix(end.service)
    return tuple(f"{old}{behind}" for old in topology.services[end.service].was)


def _called(allotment: Allotment, new: Mapping[str, str]) -> Allotment:
    return replace(
        allotment, taken={new.get(key, key): slot for key, slot in allotment.taken.items()}
    )


def _tunnel_called(tunnel: tuple[str, int], new: Mapping[str, str]) -> tuple[str, int]:
    site, number = tunnel
    name = f"{site}/{number}"
    return new.get(name, name).rpartition("/")[0], number


def _within(where: str, new: Mapping[str, str], *, parts: int) -> str:
    """'feed/eu-west-1a' or 'feed/egress/reply', in a unit that is called otherwise."""
    unit, *rest = where.rsplit("/", parts)
    return "/".join((new.get(unit, unit), *rest))


def _in_zone(where: str, new: Mapping[str, str]) -> str:
    """'feed/eu-west-1a', in a zone that is called otherwise."""
    unit, _, zone = where.rpartition("/")
    return f"{unit}/{new.get(zone, zone)}"


def _with_peer(rule: str, new: Mapping[str, str]) -> str:
    """'tcp-5561/momentum', 'tcp-5561/exchange 192.168.0.0/24' or, of those who share a group,
    'tcp-5561/broker+clients-tcp-5561', of a peer, or a service, that is called otherwise."""
    said, _, label = rule.partition("/")
    name = re.split("[ +]", label, maxsplit=1)[0]
    return f"{said}/{new.get(name, name)}{label.removeprefix(name)}"
