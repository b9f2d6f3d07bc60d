"""A network -> the rules that do nothing, hide something, or stand wide open.

    smells = lint(network)
    smells.clean, smells.idle
    for smell in smells:
        print(smell.severity, smell, smell.remedy)

Of what `IDLE` names any part can be removed, or all of it, without changing the
fate of one packet: proved (`removal`), or not said. Only notes are no fault.
"""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.lint.acls import idle_entries
from bulkhead.lint.exposure import open_to_the_world, private_ranges, wide_egress
from bulkhead.lint.groups import idle_rules, stale
from bulkhead.lint.removal import Suspect, findings
from bulkhead.lint.replies import blocked_replies, residue
from bulkhead.lint.routes import blackholes, idle_routes
from bulkhead.lint.smell import (
    IDLE,
    NOTES,
    REMOVABLE,
    Removal,
    Severity,
    Smell,
    SmellKind,
    Smells,
)
from bulkhead.lint.too_large import large_packets_lost
from bulkhead.lint.uses import unused_entries, unused_rules
from bulkhead.lint.wide import wide_open
from bulkhead.network import Network
from bulkhead.prove.reach import Reach, prove

__all__ = [
    "IDLE",
    "NOTES",
    "REMOVABLE",
    "Removal",
    "Severity",
    "Smell",
    "SmellKind",
    "Smells",
    "lint",
]

_KINDS = tuple(SmellKind)
_SEVERITIES = tuple(Severity)


def lint(network: Network) -> Smells:
    """Look at every rule of every layer, each thing said once, the worst first."""
    reach = prove(network)
    beside = _beside(network)
    suspects = _once(each for each in _suspects(reach) if each.component not in beside)
    smells = [each for each in _smells(reach) if each.component not in beside]
    found = [*smells, *findings(reach, suspects)]
    return Smells(tuple(sorted(found, key=_worst_first)))


def _smells(reach: Reach) -> Iterable[Smell]:
    """What is said of rules and things that do something."""
    network, doubted = reach.network, _doubted(reach.network)
    return (
        *open_to_the_world(reach),
        *stale(network),
        *blackholes(network, doubted),
        *blocked_replies(reach),
        *large_packets_lost(reach, doubted),
        *wide_open(network, doubted),
        *wide_egress(reach),
        *private_ranges(network),
        *residue(reach),
    )


def _suspects(reach: Reach) -> Iterable[Suspect]:
    """What seems to do nothing; the first word about a rule counts."""
    network, doubted = reach.network, _doubted(reach.network)
    return (
        *idle_entries(network, doubted),
        *idle_rules(network),
        *idle_routes(network, doubted),
        *unused_rules(reach),
        *unused_entries(network, doubted),
    )


def _doubted(network: Network) -> frozenset[str]:
    return frozenset(each.scope for each in network.unmodelled)


def _worst_first(smell: Smell) -> tuple[int, int]:
    return _SEVERITIES.index(smell.severity), _KINDS.index(smell.kind)


def _beside(network: Network) -> frozenset[str]:
    """What holds rules and is others': in a neighbour, or in a VPC that is shared with them."""
    held = {each.id: each.vpc for each in network.security_groups}
    held |= {each.id: each.vpc for each in network.nacls}
    held |= {each.id: each.vpc for each in network.route_tables}
    return frozenset(id_ for id_, vpc in held.items() if network.is_others(id_, vpc))


def _once(found: Iterable[Suspect]) -> list[Suspect]:
    """One word per rule: what is shadowed or redundant need not be called unused too."""
    said: dict[object, Suspect] = {}
    for each in found:
        said.setdefault((each.component, each.rules), each)
    return list(said.values())
