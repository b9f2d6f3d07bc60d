"""From the bytes of a topology to the same topology, laid out."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bulkhead.intent.document import YamlNode, read_document
from bulkhead.intent.layout.pieces import take_apart
from bulkhead.intent.layout.printing import printed
from bulkhead.intent.schema import topology_schema
from bulkhead.intent.strangers import refuse_stranger
from bulkhead.intent.written.shapes import keys_at
from bulkhead.intent.wrong import nearest, quoted
from bulkhead.problems import InputError, Problem


def formatted(file: str, data: bytes) -> str:
    """The text of a file of that name as `bulkhead fmt` leaves it.

    Raises InputError with every problem of a file that is no YAML, or no topology at all.
    """
    document = read_document(file, data)
    if document.root is None or document.problems:
        raise InputError(document.problems)
    refuse_stranger(file, document.root)
    if not isinstance(document.root.value, dict):
        what = "is not a mapping"
        raise InputError([Problem(file, 1, what, "start with 'name:', 'region:' and 'cidr:'")])
    keys = keys_at(())
    if unknown := [
        Problem(*place, f"the topology has no key {quoted(key)}", nearest(key, keys))
        for key, place in document.root.key_places.items()
        if key not in keys
    ]:
        raise InputError(unknown)
    return laid_out(file, data, document.root)


def laid_out(file: str, data: bytes, root: YamlNode) -> str:
    """The same of any mapping, which `root` is. Raises InputError where that cannot be done."""
    taken = take_apart(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    made = printed(taken, topology_schema())
    again = read_document(file, made.encode())
    kept = (
        again.root is not None
        and not again.problems
        and _same(again.root.plain(), root.plain())
        and Counter(each.text for each in take_apart(made).remarks)
        == Counter(each.text for each in taken.remarks)
    )
    if not kept:
        what = "holds something that cannot be laid out without changing what it says"
        raise InputError([Problem(file, 0, what, "lay it out by hand, and report the file")])
    return made


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal; of numbers, as they are written."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and str(one) == str(other)
