"""What stands in one layer of a network and in no plan for it.

The proof judges NACLs and routes from end to end, where the other end may hide
an entry that is wide open. Here each entry and route is held against the plan
on its own, and the defaults, which a plan leaves closed, against nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.explain.rules import RuleRef, Written
from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.network import AclEntry, Action, Network, Route, within

_WHY = "Security groups, NACLs and routes must each hold alone, so that one mistake opens nothing."


def unplanned(planned: Network, observed: Network) -> tuple[Finding, ...]:
    """Allow entries, routes and rules of default groups that the plan does not have.

    NACLs and route tables are matched by name, those of other origin are left to
    the proof. An entry that allows no more than a planned one is planned, however
    it is spelt.
    """
    return (*_entries(planned, observed), *_routes(planned, observed), *_defaults(observed))


def _entries(planned: Network, observed: Network) -> Iterator[Finding]:
    wanted = {each.name: each.entries for each in planned.nacls if not each.default}
    for acl in observed.nacls:
        if acl.name not in wanted and not acl.default:
            continue
        known = () if acl.default else wanted[acl.name]
        for entry in acl.entries:
            allows = entry.action is Action.ALLOW
            if allows and not any(_within(entry, each) for each in known):
                yield _finding(acl.id, f"NACL {acl.name}", entry)


def _within(entry: AclEntry, other: AclEntry) -> bool:
    return (
        (entry.direction, entry.action, entry.protocol)
        == (other.direction, other.action, other.protocol)
        and within(entry.cidr, other.cidr)
        and other.ports.covers(entry.ports)
    )


def _routes(planned: Network, observed: Network) -> Iterator[Finding]:
    wanted = {each.name: each.routes for each in planned.route_tables}
    for table in observed.route_tables:
        if table.name not in wanted:
            continue
        for route in table.routes:
            known = any(_same_way(route, each) for each in wanted[table.name])
            if not known and not route.blackhole:
                yield _finding(table.id, f"route table {table.name}", route)


def _same_way(route: Route, other: Route) -> bool:
    return route.target is other.target and within(route.destination, other.destination)


def _defaults(observed: Network) -> Iterator[Finding]:
    for group in observed.security_groups:
        for rule in group.rules if group.name == "default" and group.service is None else ():
            yield _finding(group.id, "the default security group", rule)


def _finding(component: str, where: str, rule: Written) -> Finding:
    return Finding(
        kind=FindingKind.LAYER,
        message=f"{where} holds what no plan has: {rule}",
        why=_WHY,
        rules=(RuleRef(component, rule),),
    )
