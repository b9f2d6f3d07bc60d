"""Lines added to YAML that somebody wrote: what was there stays, byte for byte and in its order.

Where a mapping ends is asked of the parser that the loader uses. One in braces has no place for a
line of its own, and is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    for key in path:
        node = _value(node, key)
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise NoPlaceError(f"{'.'.join(path)} is empty")
    if node.flow_style:
        raise NoPlaceError(f"{'.'.join(path)} is in braces")
    return BlockAt(column=node.value[0][0].start_mark.column, last=_last_line(node))


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
    """The text with these lines added, and nothing else."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    kept = [each.removesuffix("\r") for each in lines]
    for each in sorted(insertions, key=lambda one: one.behind, reverse=True):
        kept[each.behind + 1 : each.behind + 1] = each.lines
    return end.join(kept) + end


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
