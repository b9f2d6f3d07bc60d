"""Whether a second layer stands behind security groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.explain import RuleRef
from bulkhead.lint import Severity
from bulkhead.network import ANY_PROTOCOL, AclEntry, Action, Direction, NetworkAcl


def _second_layer(evidence: Evidence) -> Iterator[Checked]:
    """Each NACL of subnets in which something runs: does it hold anything back?"""
    network = evidence.network
    inside: dict[str, set[str]] = defaultdict(set)
    for each in network.present:
        inside[network.subnet[each.subnet].nacl].add(network.subnet[each.subnet].name)
    for nacl in network.nacls:
        if nacl.id not in inside or network.is_others(nacl.id, nacl.vpc):
            continue
        name = f"NACL {nacl.name}"
        subnets = f"of {', '.join(sorted(inside[nacl.id]))}"
        if why := evidence.doubts.get(nacl.id):
            yield undecided(nacl.id, name, why)
        elif entry := _lets_all_in(nacl):
            yield fails(
                nacl.id,
                name,
                f"it lets in whatever comes, so that security groups alone guard what is {subnets}",
                "let in what the subnet serves, and the replies to what it asks, by their blocks",
                rules=(RuleRef(nacl.id, entry),),
            )
        else:
            yield passes(nacl.id, name, f"it holds something back {subnets}")


def _lets_all_in(nacl: NetworkAcl) -> AclEntry | None:
    """The entry that lets in everything of a family, where none before it holds anything back."""
    for version in (4, 6):
        for entry in nacl.ordered(Direction.INGRESS):
            if entry.cidr.version != version or not entry.certain:
                continue
            if entry.action is Action.DENY:
                break
            if entry.protocol == ANY_PROTOCOL and entry.cidr.prefixlen == 0:
                return entry
    return None


SECOND_LAYER: Final = Check(
    id="nacl-second-layer",
    title="A network ACL stands behind the security groups of every subnet",
    severity=Severity.LOW,
    risk="One rule too many in one security group, and nothing else holds.",
    remedy="Give each subnet a network ACL that names whom it serves.",
    run=_second_layer,
    about=("nacls", "subnets"),
)

LAYERS: Final = (SECOND_LAYER,)
