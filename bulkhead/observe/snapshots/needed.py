"""What of an answer is read at all: a stack holds more, and nobody may find that in evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from bulkhead.network import tags as words
from bulkhead.network.policies import POLICY_TAG
from bulkhead.observe.calls import Item
from bulkhead.observe.describe.managed import names_a_manager
from bulkhead.observe.describe.unheard import SHOWN
from bulkhead.observe.known import ANSWERS, is_nothing
from bulkhead.observe.known.table import MAP, Place, compiled, surprises
from bulkhead.observe.known.words import NOTES
from bulkhead.observe.record import Hidden

_TAGS: Final = ("Tags", "TagSet")
_WORDS: Final = "bulkhead:"


def needed(key: str, item: Mapping[str, object]) -> Item:
    """An item of the answer `key`, less notes for people, and tags of which nobody reads the value.

    Of a field that nobody knows there is as much as is repeated of it.
    """
    known, read = _tables(key)
    return dict(_inside(known, read, item))


@cache
def _tables(key: str) -> tuple[Place, Place]:
    """Of an answer: every field that is known, and those that are more than a note for people."""
    every = ANSWERS[key]
    harmless = {why: each for why, each in every.harmless.items() if why != NOTES}
    return compiled(every), compiled(replace(every, harmless=harmless))


def _inside(known: Place, read: Place, item: Mapping[str, object]) -> list[tuple[str, object]]:
    kept: list[tuple[str, object]] = []
    for name, each in item.items():
        place = known.inside.get(name) or known.inside.get(MAP)
        wanted = read.inside.get(name) or read.inside.get(MAP)
        if place is None:
            kept.append((name, _repeated(each)))
        elif name in _TAGS and isinstance(each, list):
            kept.append((name, [tag for tag in each if _is_read(tag)]))
        elif wanted is not None:
            kept.append((name, _less(place, wanted, each)))
        elif any(surprises(place, each, name)):
            kept.append((name, each))
    return kept


def _less(known: Place, read: Place, value: object) -> object:
    if isinstance(value, list | tuple):
        return [_less(known, read, each) for each in value]
    if known.leaves is not None:
        return _repeated(value)
    if isinstance(value, Mapping) and not known.whatever:
        return dict(_inside(known, read, value))
    return value


def _repeated(value: object) -> object:
    """As much of a value as is told of it: it says as little, and is told in the same words."""
    if isinstance(value, list | tuple) and not any(isinstance(each, Hidden) for each in value):
        value = list(value)
    if isinstance(value, Hidden) or is_nothing(value):
        return value
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text[: SHOWN + 1]


def _is_read(tag: object) -> bool:
    """Whether a tag is a word of the topology, a name, or of who manages the thing."""
    if not isinstance(tag, Mapping) or not isinstance(tag.get("Value"), str):
        return True  # for its reader to refuse
    key = str(tag.get("Key"))
    named = key in (words.NAME, POLICY_TAG) or key.startswith(_WORDS)
    return named or names_a_manager(key)
