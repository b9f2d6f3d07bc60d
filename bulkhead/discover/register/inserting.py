"""Lines added to YAML that somebody wrote: what was there stays, byte for byte and in its order.

Where a mapping ends is asked of the parser that the loader uses. One in braces has no place for a
line of its own, and is not touched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import yaml


class NoPlaceError(Exception):
    """There is no place for lines: the mapping is in braces, or is not there."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Lines to be put behind the line of this number (from 0)."""

    behind: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockAt:
    """A mapping that is written a key a line: the column of its keys, the last line of it."""

    column: int
    last: int


def block_at(text: str, path: Sequence[str]) -> BlockAt:
    """Where the mapping at a path of keys ends. Raises NoPlaceError."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise NoPlaceError("it does not parse") from error
    shared = _shared(node)
    for key in path:
        node = _value(node, key)
        if id(node) in shared:
            raise NoPlaceError(f"{'.'.join(path)} is shared with others by an alias")
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise NoPlaceError(f"{'.'.join(path)} is empty")
    if node.flow_style:
        raise NoPlaceError(f"{'.'.join(path)} is in braces")
    return BlockAt(column=node.value[0][0].start_mark.column, last=_last_line(node))


def _shared(node: yaml.Node | None) -> set[int]:
    """By `id` what stands at several places, by an anchor and its aliases."""
    met: set[int] = set()
    found: set[int] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if id(each) in met:
            found.add(id(each))
            continue
        met.add(id(each))
        if isinstance(each, yaml.MappingNode):
            waiting += [one for both in each.value for one in both]
        elif isinstance(each, yaml.SequenceNode):
            waiting += each.value
    return found


def has_key(text: str, path: Sequence[str]) -> bool:
    """Whether something is written at a path of keys."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        for key in path:
            node = _value(node, key)
    except (NoPlaceError, yaml.YAMLError):
        return False
    return True


def inserted(text: str, insertions: Iterable[Insertion]) -> str:
    """The text with these lines added, and nothing else. Of what comes behind one line the inner
    mapping goes on first: it ends where the outer one does."""
    lines = _LINE.findall(text)
    usual = _end(lines[0]) if lines else ""
    behind: dict[int, list[Insertion]] = defaultdict(list)
    for each in insertions:
        behind[each.behind].append(each)
    for number, several in behind.items():
        end = _end(lines[number]) or usual or "\n"
        # The last line of a file may have no end.
        lines[number] = lines[number].rstrip(_ENDS) + end
        for each in sorted(several, key=_indent, reverse=True):
            lines[number] += "".join(f"{line}{end}" for line in each.lines)
    return "".join(lines)


def _end(line: str) -> str:
    return line[len(line.rstrip(_ENDS)) :]


_ENDS: Final = "\r\n\x85\u2028\u2029"
_LINE: Final = re.compile(f"[^{_ENDS}]*(?:\r\n|[{_ENDS}])|[^{_ENDS}]+")
"""As PyYAML counts lines (yaml.reader.Reader.forward), each with its end."""


def _indent(insertion: Insertion) -> int:
    first = insertion.lines[0]
    return len(first) - len(first.lstrip(" "))


def _value(node: yaml.Node | None, key: str) -> yaml.Node:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value == key:
                found: yaml.Node = value
                return found
    raise NoPlaceError(f"{key} is not there")


def _last_line(node: yaml.Node) -> int:
    """Of a node the last line; an alias ends where it is written, not where its anchor is."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        if isinstance(node, yaml.MappingNode):
            key, value = node.value[-1]
            return max(int(key.end_mark.line), _last_line(value))
        return max(int(node.start_mark.line), _last_line(node.value[-1]))
    end = node.end_mark
    behind = end.column == 0 and end.line > node.start_mark.line
    return int(end.line) - behind
