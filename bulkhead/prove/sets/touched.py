"""How far a change of rules and NACL entries goes."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.ends.prefixes import Prefix
from bulkhead.network import Direction


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change of rules and entries can reach, beyond which all stays as it was."""

    ingress_of: frozenset[str]
    """Groups with other ingress rules."""
    egress_to_groups: frozenset[str]
    egress_to_prefixes: frozenset[Prefix]
    """Peers of egress rules that came or went."""
    acls: frozenset[str]
    entries: frozenset[tuple[Direction, Prefix]]
    """Directions and prefixes of NACL entries that came or went."""
    requests: int
    """Destinations whose requests may fare otherwise."""
    replies: int
    """Destinations whose replies may."""
