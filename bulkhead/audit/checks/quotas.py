"""How near AWS's quotas are: counted as AWS counts, before an update fails half-way.

(docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, Outcome, fails, passes, undecided
from bulkhead.lint import Severity
from bulkhead.network import Direction, Network, NetworkAcl, SecurityGroup
from bulkhead.network.quotas import (
    ENTRIES_PER_ACL,
    GROUPS_PER_INTERFACE,
    ROUTES_PER_TABLE,
    RULES_PER_GROUP,
    Taken,
    routes_taken,
    rules_taken,
)

_NOBODY_SAYS: Final = (
    "a prefix list counts for the most entries that it may have, and of one nobody says how many "
    "those are (aws ec2 describe-managed-prefix-lists tells)"
)
_WITH_THE_LAST: Final = ENTRIES_PER_ACL + 1
"""The implicit deny is counted, and is one of them."""


def _headroom(
    evidence: Evidence, *, percent: int, rules: int, entries: int, routes: int, groups: int
) -> Iterator[Checked]:
    quotas = _Quotas(percent, rules, entries, routes, groups)
    for each in _every(evidence.network, quotas):
        why = evidence.doubts.get(each.resource)
        if each.outcome is Outcome.PASS and why:
            yield undecided(each.resource, each.name, f"{each.message}, and perhaps more: {why}")
        else:
            yield each


@dataclass(frozen=True, slots=True)
class _Quotas:
    percent: int
    rules: int
    entries: int
    routes: int
    groups: int


def _every(network: Network, of: _Quotas) -> Iterator[Checked]:
    for group in network.security_groups:
        name = f"security group {group.name}"
        yield _counted(group.id, name, _rules(group), of.rules, of.percent)
    for nacl in network.nacls:
        yield _counted(nacl.id, f"NACL {nacl.name}", _entries(nacl), of.entries, of.percent)
    for table in network.route_tables:
        name = f"route table {table.name}"
        yield _counted(table.id, name, (routes_taken(table), "routes"), of.routes, of.percent)
    for interface in network.interfaces:
        held = (Taken(len(interface.security_groups)), "security groups")
        percent = 100 if of.groups <= GROUPS_PER_INTERFACE else of.percent
        yield _counted(interface.id, interface.name, held, of.groups, percent)


def _rules(group: SecurityGroup) -> tuple[Taken, str]:
    """The most of any direction and family, in words."""
    most, what = max(
        (rules_taken(group, direction, version), f"{direction} rules of IPv{version}")
        for direction in Direction
        for version in (4, 6)
    )
    unsure = any(each.weight is None for each in group.lists)
    return replace(most, at_least=unsure), what


def _entries(nacl: NetworkAcl) -> tuple[Taken, str]:
    return max(
        (
            Taken(1 + sum(each.cidr.version == version for each in nacl.ordered(direction))),
            f"{direction} entries of IPv{version}, the implicit deny among them",
        )
        for direction in Direction
        for version in (4, 6)
    )


def _counted(id_: str, name: str, counted: tuple[Taken, str], quota: int, percent: int) -> Checked:
    taken, what = counted
    if taken.count * 100 > quota * percent:
        return fails(
            id_,
            name,
            f"{taken} {what}, and AWS takes {quota}"
            if taken.count > quota
            else f"{taken} of {quota} {what} are used",
            "merge what can be said as one, or raise the quota and name it in the setting",
        )
    if taken.at_least:
        return undecided(id_, name, f"{taken} of {quota} {what}: {_NOBODY_SAYS}")
    return passes(id_, name, f"{taken} of {quota} {what}")


HEADROOM: Final = Check(
    id="quota-headroom",
    title="Groups, network ACLs and tables are not near their quotas",
    severity=Severity.LOW,
    risk="The update that goes over it stops half-way.",
    remedy="Merge rules, name groups instead of addresses, or have the quota raised.",
    run=_headroom,
    config={
        "percent": 90,
        "rules": RULES_PER_GROUP,
        "entries": _WITH_THE_LAST,
        "routes": ROUTES_PER_TABLE,
        "groups": GROUPS_PER_INTERFACE,
    },
)

QUOTAS: Final = (HEADROOM,)
