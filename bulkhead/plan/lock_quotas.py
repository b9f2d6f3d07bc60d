"""What an account may have, as lines of a lock.

    "quota entries-per-acl": 40,
    "quota rules-per-group": 120,

`bulkhead plan --quotas` writes them, so that a later plan is the same without an account.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from bulkhead.network.quotas import NAMES, key_of

_KEYS = frozenset(map(key_of, NAMES))


def is_of_quotas(name: str) -> bool:
    """Whether a line is about a quota."""
    return name.startswith("quota ")


def quota_lines(quotas: Mapping[str, int]) -> Iterator[tuple[str, object]]:
    """The lines that say it, by the keys of a topology."""
    yield from ((f"quota {key}", most) for key, most in quotas.items())


def quotas_in(document: Mapping[str, object]) -> tuple[Mapping[str, int], Mapping[str, str]]:
    """What the lines say, and what is wrong with those that say nothing."""
    quotas: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for name, value in document.items():
        if not is_of_quotas(name):
            continue
        key = name.removeprefix("quota ")
        if key in _KEYS and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            quotas[key] = value
        else:
            wrong[name] = f"{name!r} says nothing of a quota: {json.dumps(value)[:80]}"
    return quotas, wrong
