"""From plain values to the written shape: one mistake never hides another.

pydantic checks the shape. A value that does not pass is set to None and the
rest is checked again; None means "there was something here that could not be
read", and the rules behind stay silent on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.document.commas import GLUED, unglued
from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.shapes import example_at, in_words, keys_at, without_default
from bulkhead.intent.written.topology import UNREADABLE, WrittenTopology
from bulkhead.intent.wrong import nearest, quoted

S = TypeVar("S", bound=Written)

MOST_COMPARED: Final = 100
"""Unknown keys of one mapping that may stand for one which is missing."""


def read_shape(data: Any, complain: Complain) -> WrittenTopology:
    """The topology that `data` spells, with None for what it gets wrong.

    Changes `data`, which has lost its empty values already.
    """
    if isinstance(data, dict):
        _expect_addresses(data, complain)
        return read(WrittenTopology, data, complain) or UNREADABLE
    complain((), "is not a mapping", "start with 'name:', 'region:' and 'cidr:'")
    return UNREADABLE


def _expect_addresses(data: Mapping[str, Any], complain: Complain) -> None:
    """Those of one VPC, or of several."""
    known = keys_at(())
    unknown = (str(each) for each in data if each not in known)
    if not {"cidr", "vpcs"} & data.keys() and not _misspelt(("cidr",), {(): unknown}):
        complain((), f"{in_words(())} has no 'cidr'", f"add {known['cidr']}")


def read(shape: type[S], data: Any, complain: Complain, at: KeyPath = ()) -> S | None:
    """What `data` spells that is written at a path; None where it is no mapping."""
    while True:
        try:
            return shape.model_validate(data)
        except ValidationError as errors:
            found = errors.errors(include_url=False)
            unknown: dict[KeyPath, list[str]] = defaultdict(list)
            for error in found:
                if error["type"] == "extra_forbidden":
                    unknown[error["loc"][:-1]].append(str(error["loc"][-1]))
            for error in found:
                path: KeyPath = error["loc"]
                if not (error["type"] == "missing" and _misspelt(path, unknown)):
                    _explain(error, (*at, *path), complain)
                if not path:
                    return None
                _set_aside(data, path, remove=error["type"] == "extra_forbidden")


def _misspelt(missing: KeyPath, unknown: Mapping[KeyPath, Iterable[str]]) -> bool:
    """Whether a missing key is there under a name that is nearly right."""
    *around, key = missing
    beside = islice(unknown.get(tuple(around), ()), MOST_COMPARED)
    return any(get_close_matches(each, [str(key)]) for each in beside)


def refuse_empty_values(data: Any, complain: Complain) -> None:
    """'segment:' with nothing behind it; the language has no use for null."""
    for path in [] if data is None else list(_empty(data, ())):
        # What YAML takes for nothing may be ZeroMQ's NULL, behind an anchor say.
        one = 'one, "NULL" in quotes,' if path[-1:] == ("mechanism",) else "one,"
        complain(path, f"{in_words(path)}: has no value", f"write {one} or remove the key")
        _set_aside(data, path)


def _empty(data: Any, path: KeyPath) -> Iterator[KeyPath]:
    if data is None:
        yield path
    elif isinstance(data, dict | list):
        for part, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _empty(value, (*path, part))


def set_all_aside(data: Any, paths: Iterable[KeyPath]) -> None:
    """Take out what others complained about, of all that is in `data`."""
    for path in paths:
        if path[0] in data:
            _set_aside(data, path)


def _explain(error: ErrorDetails, path: KeyPath, complain: Complain) -> None:
    *outer, last = path
    around = tuple(outer)
    match error["type"]:
        case "missing":
            remedy = keys_at(around)[str(last)]
            complain(around, f"{in_words(around)} has no '{last}'", f"add {remedy}")
        case "extra_forbidden":
            what = f"{in_words(around)} has no key {quoted(last)}"
            if last in without_default(around):
                what = f"{in_words(around)}: there is no default for {quoted(last)}"
            complain(path, what, nearest(str(last), keys_at(around)))
        case "wrong":
            context = error["ctx"]
            complain(path, f"{in_words(path)}: {context['what']}", context["remedy"])
        case _:
            what = f"{in_words(path)}: is not a mapping"
            value = error["input"]
            glued = GLUED.fullmatch(value) if isinstance(value, str) else None
            remedy = f"write {example_at(path)}"
            complain(path, *(unglued(glued) if glued else (what, remedy)))


_OF_VALUES: Final = ("cidr",)
"""Keys of the topology that may have a list of plain values."""


def _set_aside(data: Any, path: KeyPath, *, remove: bool = False) -> None:
    """Take out what was complained about, so that the rest can be read.

    A list with one wrong item is set aside whole, because no rule could tell
    what is missing from it; only the entries of `tests` and the like stand for themselves.
    """
    holder = data
    for depth, part in enumerate(path):
        behind = path[depth + 1 :]
        if not behind and remove:
            del holder[part]
            return
        whole = not behind or (isinstance(behind[0], int) and (depth > 0 or part in _OF_VALUES))
        if whole or holder[part] is None:
            holder[part] = None
            return
        holder = holder[part]
