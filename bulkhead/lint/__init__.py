"""A network -> the rules that do nothing, hide something, or stand wide open.

    smells = lint(network)
    smells.clean, smells.idle
    for smell in smells:
        print(smell, smell.remedy)

Of what `IDLE` names any part can be removed, or all of it, without changing the
fate of one packet. Only `NOTES` are no fault.
"""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.lint.acls import acls
from bulkhead.lint.groups import groups
from bulkhead.lint.removal import borne_out
from bulkhead.lint.replies import blocked_replies, residue
from bulkhead.lint.routes import routes
from bulkhead.lint.smell import IDLE, NOTES, Smell, SmellKind, Smells
from bulkhead.lint.uses import unused_entries, unused_rules
from bulkhead.network import CLIENT_PORTS, Network, PortRange
from bulkhead.prove.reach import prove

__all__ = ["IDLE", "NOTES", "Smell", "SmellKind", "Smells", "lint"]

_ORDER = tuple(SmellKind)


def lint(network: Network, client_ports: PortRange = CLIENT_PORTS) -> Smells:
    """Look at every rule of every layer, each thing said once."""
    doubted = frozenset(each.scope for each in network.unmodelled)
    reach = prove(network, client_ports)
    found = (
        *acls(network, doubted),
        *groups(network),
        *routes(network, doubted),
        *unused_rules(reach),
        *unused_entries(network, doubted),
        *blocked_replies(reach),
        *residue(reach),
    )
    beside = _beside(network)
    said = _once(each for each in found if each.component not in beside)
    removable = set(map(id, borne_out(reach, (each for each in said if each.kind in IDLE))))
    kept = (each for each in said if each.kind not in IDLE or id(each) in removable)
    return Smells(tuple(sorted(kept, key=lambda smell: _ORDER.index(smell.kind))))


def _beside(network: Network) -> frozenset[str]:
    """What holds rules in a neighbour of the VPC that was asked for: for its own owner to mend."""
    held = {each.id: each.vpc for each in network.security_groups}
    held |= {each.id: each.vpc for each in network.nacls}
    held |= {each.id: each.vpc for each in network.route_tables}
    return frozenset(id_ for id_, vpc in held.items() if vpc in network.neighbours)


def _once(found: Iterable[Smell]) -> list[Smell]:
    """One word per rule: what is shadowed or redundant need not be called unused too."""
    said: dict[object, Smell] = {}
    for each in found:
        idle = each.kind in IDLE
        said.setdefault((each.component, each.rules) if idle else each, each)
    return list(said.values())
