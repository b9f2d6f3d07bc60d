"""Whether a NACL that stands lets through all of what is needed: entry by entry, as AWS asks them.

"Rules are evaluated starting with the lowest numbered rule. As soon as a rule matches traffic, it's
applied regardless of any higher-numbered rule that might contradict it"
(docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from bulkhead.network import (
    ANY_PROTOCOL,
    AclEntry,
    Action,
    IPNetwork,
    PortRange,
    has_ports,
    has_types,
)
from bulkhead.network.traffic import without
from bulkhead.plan.acls import Need


@dataclass(frozen=True, slots=True)
class Refusal:
    """Some of what is needed and does not pass, and the entry that denies it; None: no entry says
    anything of it."""

    need: Need
    entry: AclEntry | None


def refusal(entries: Iterable[AclEntry], need: Need) -> Refusal | None:
    """The first part of a need that does not pass; None where all of it does."""
    left = [need]
    for entry in sorted(entries, key=lambda each: each.number):
        if entry.direction is not need.direction:
            continue
        for each in left:
            met = _met(entry, each)
            if met is not None and entry.action is Action.DENY:
                return Refusal(met, entry)
        left = [part for each in left for part in _less(each, entry)]
    return Refusal(left[0], None) if left else None


def _met(entry: AclEntry, need: Need) -> Need | None:
    """What of a need an entry speaks of."""
    if entry.protocol not in (ANY_PROTOCOL, need.protocol):
        return None
    cidr = _shared(entry.cidr, need.cidr)
    looks = has_ports(entry.protocol) or has_types(entry.protocol)
    ports = entry.ports.overlap(need.ports) if looks else need.ports
    return None if cidr is None or ports is None else replace(need, cidr=cidr, ports=ports)


def _less(need: Need, entry: AclEntry) -> Iterator[Need]:
    """What of a need an entry says nothing of."""
    met = _met(entry, need)
    if met is None:
        yield need
        return
    for cidr in _around(need.cidr, met.cidr):
        yield replace(need, cidr=cidr)
    for ports in _but(need.ports, met.ports):
        yield replace(met, ports=ports)


def _shared(one: IPNetwork, other: IPNetwork) -> IPNetwork | None:
    if one.version != other.version or not one.overlaps(cast(Any, other)):
        return None
    return max(one, other, key=lambda each: each.prefixlen)


def _around(whole: IPNetwork, part: IPNetwork) -> Iterator[IPNetwork]:
    """All of a network but a part of it."""
    return iter(()) if part == whole else whole.address_exclude(cast(Any, part))


def _but(ports: PortRange, some: PortRange) -> Iterable[PortRange]:
    return without(ports, (some,))
