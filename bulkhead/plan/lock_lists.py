"""What prefix lists hold, as lines of a lock.

    "list pl-0123abcd": true,
    "list pl-0123abcd 198.51.100.0/24": true,
    "list pl-0123abcd 203.0.113.64/26": true,

The first says that somebody looked: a list may hold nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from types import MappingProxyType
from typing import Final

from bulkhead.intent.values import parse_prefix_list
from bulkhead.intent.wrong import Wrong
from bulkhead.network import IPNetwork
from bulkhead.plan.lists import HeldByLists

_LIST: Final = "list "
NO_LISTS: Final[HeldByLists] = MappingProxyType({})


def is_of_list(name: str) -> bool:
    """Whether a line is about a list."""
    return name.startswith(_LIST)


def list_lines(lists: HeldByLists) -> Iterator[tuple[str, object]]:
    """The lines that say it."""
    for id_, cidrs in lists.items():
        yield f"{_LIST}{id_}", True
        yield from ((f"{_LIST}{id_} {each}", True) for each in cidrs)


def lists_in(document: Mapping[str, object]) -> tuple[HeldByLists, Mapping[str, str]]:
    """What the lines say, and what is wrong with those that say nothing."""
    found: dict[str, list[IPNetwork]] = {}
    wrong: dict[str, str] = {}
    for name, value in document.items():
        if not is_of_list(name):
            continue
        try:
            _, id_, *rest = name.split(" ")
            cidrs = [ip_network(each) for each in rest]
            parse_prefix_list(id_)
        except (ValueError, Wrong):
            said = False
        else:
            said = value is True and len(cidrs) <= 1
        if not said:
            wrong[name] = f"{name!r} says nothing of a prefix list: {json.dumps(value)[:80]}"
            continue
        found.setdefault(id_, []).extend(cidrs)
    return {id_: tuple(sorted(cidrs, key=_in_order)) for id_, cidrs in sorted(found.items())}, wrong


def _in_order(cidr: IPNetwork) -> tuple[int, int, int]:
    return cidr.version, int(cidr.network_address), cidr.prefixlen
