"""Prefix lists that somebody else keeps: whether they hold what the plan was made of."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.judge.lines import TopologyLines
from bulkhead.network import Network

_AGAIN = (
    "A plan is made of what a list held when `bulkhead adopt` looked, because a NACL names no list:"
    " run it again, and review what that changes."
)


def changed_lists(planned: Network, found: Network, lines: TopologyLines) -> Iterator[Finding]:
    """Each list that holds something else now, or no longer what it did."""
    there = {each.prefix_list: each for each in found.prefix_lists}
    for each in planned.prefix_lists:
        now = there.get(each.prefix_list)
        if now is not None and (what := each.become(now)):
            whose = [peer.name for peer in planned.peers if peer.prefix_list == each.prefix_list]
            yield Finding(
                kind=FindingKind.DIFFERS,
                message=f"prefix list {each.prefix_list} of peer {' and '.join(whose)} {what}",
                why=_AGAIN,
                about=("prefix-list", each.prefix_list),
            ).at(lines.of(each.prefix_list))


def unseen_lists(planned: Network, found: Network) -> Iterator[str]:
    """In words, those of which nobody observed what they hold."""
    there = {each.prefix_list for each in found.prefix_lists}
    for each in planned.prefix_lists:
        if each.prefix_list not in there:
            yield f"whether prefix list {each.prefix_list} still holds what the plan is made of"
