"""A network less some of its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from bulkhead.network.model import Network

Held = tuple[str, object]
"""The id of what holds a rule, and the rule: of a group, a NACL, a table or a firewall."""

_T = TypeVar("_T")


def without(network: Network, gone: Collection[Held]) -> Network:
    """The network without some rules. Whoever held none of them stays the same object."""
    held = frozenset(gone)
    losing = {id_ for id_, _ in held}

    def left(id_: str, rules: Iterable[_T]) -> tuple[_T, ...]:
        return tuple(each for each in rules if (id_, each) not in held)

    return replace(
        network,
        security_groups=tuple(
            replace(each, rules=left(each.id, each.rules)) if each.id in losing else each
            for each in network.security_groups
        ),
        nacls=tuple(
            replace(each, entries=left(each.id, each.entries)) if each.id in losing else each
            for each in network.nacls
        ),
        route_tables=tuple(
            replace(each, routes=left(each.id, each.routes)) if each.id in losing else each
            for each in network.route_tables
        ),
        transit_route_tables=tuple(
            replace(each, routes=left(each.id, each.routes)) if each.id in losing else each
            for each in network.transit_route_tables
        ),
        firewalls=tuple(
            replace(
                each,
                stateless=left(each.id, each.stateless),
                stateful=left(each.id, each.stateful),
            )
            if each.id in losing
            else each
            for each in network.firewalls
        ),
    )
