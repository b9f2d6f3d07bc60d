"""A text taken apart: its mappings, lists and values with their places, and its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT: Final = re.compile(r"#[^\n]*")
_DASH: Final = re.compile(r"^( *)-", re.MULTILINE)
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*[&!]\S*")


@dataclass(slots=True)
class YamlPart:
    """A value as it stands in the text: from `start` up to `end`."""

    start: int
    end: int
    column: int
    properties: str = ""
    """Of a mapping or list, its anchor and tag."""
    entries: list[tuple[YamlPart, YamlPart]] | None = None
    """Of a mapping."""
    items: list[YamlPart] | None = None
    """Of a list."""
    flow: bool = False
    """Whether it is in braces or brackets."""
    value: str = ""
    """Of a scalar, what it says."""
    style: str = ""
    """Of a scalar: '' plain, or one of ' " | >."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment; `alone` where nothing stands before it on its line."""

    start: int
    text: str
    column: int
    alone: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class Taken:
    """A whole file."""

    text: str
    begin: int = 0
    """Behind a `---`, and what comes before it; 0 where there is none."""
    ended: bool = False
    """Whether it ends in `...`."""
    aliased: bool = False
    """Whether something stands for something above it."""
    root: YamlPart = field(default_factory=lambda: YamlPart(0, 0, 0))
    remarks: list[Remark] = field(default_factory=list)


def take_apart(text: str) -> Taken:
    """The pieces of a text that is YAML and one document. Its lines end in \\n."""
    return _Taking(text).whole()


class _Taking:
    """Events to pieces. Recursion is as deep as the document, which its reader bounded."""

    def __init__(self, text: str) -> None:
        self.taken = Taken(text)
        self.events: Iterator[Any] = yaml.parse(text, Loader=_PARSER)
        self.scalars: list[tuple[int, int]] = []

    def whole(self) -> Taken:
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if event.explicit:
                    self.taken.begin = _end(event)
                self.taken.root = self._piece(next(self.events))
            elif isinstance(event, DocumentEndEvent):
                self.taken.ended = bool(event.explicit)
        self.taken.remarks = list(self._remarks())
        return self.taken

    def _piece(self, event: Event) -> YamlPart:
        if isinstance(event, MappingStartEvent):
            return self._collection(event, MappingEndEvent)
        if isinstance(event, SequenceStartEvent):
            return self._collection(event, SequenceEndEvent)
        self.taken.aliased |= isinstance(event, AliasEvent)
        piece = YamlPart(_start(event), _end(event), _column(event))
        if isinstance(event, ScalarEvent):
            piece.value, piece.style = event.value, event.style or ""
            if piece.style in ("|", ">"):
                piece.end = self._last(piece)
        self.scalars.append((piece.start, piece.end))
        return piece

    def _last(self, piece: YamlPart) -> int:
        """Where a text behind | or > ends, without the empty lines that are not a part of it."""
        header, *lines = self.taken.text[piece.start : piece.end].removesuffix("\n").split("\n")
        keeps = "+" in header.partition(" #")[0]
        moved = depth("\n".join(lines)) - depth(piece.value)
        while lines and not keeps and not lines[-1][moved:] and not lines[-1].strip(" "):
            lines.pop()
        return piece.start + len("\n".join([header, *lines]))

    def _collection(self, event: Any, closing: type[Event]) -> YamlPart:
        piece = YamlPart(_start(event), 0, _column(event), flow=bool(event.flow_style))
        if event.anchor or event.tag:
            found = _PROPERTIES.match(self.taken.text, piece.start)
            piece.properties = " ".join(found.group().split()) if found else ""
        held = []
        while not isinstance(inner := next(self.events), closing):
            held.append(self._piece(inner))
        piece.end = _end(inner)
        if closing is MappingEndEvent:
            piece.entries = list(zip(held[::2], held[1::2], strict=True))
        else:
            piece.items = held
        if held and not piece.flow:
            piece.column = held[0].column if piece.entries else self._dash(piece)
        return piece

    def _dash(self, piece: YamlPart) -> int:
        """The column in which the dashes of a list stand."""
        found = _DASH.search(self.taken.text, piece.start) if piece.properties else None
        return len(found[1]) if found else piece.column

    def _remarks(self) -> Iterator[Remark]:
        """Whatever begins with # between the values: nothing else there can."""
        text = self.taken.text
        at = 0
        for start, end in [*self.scalars, (len(text), len(text))]:
            for found in _COMMENT.finditer(text, at, start):
                before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
                comment = found.group().rstrip()
                yield Remark(found.start(), comment, len(before), not before.strip())
            at = max(at, end)


def depth(text: str) -> int:
    """How far the first line is indented that holds something."""
    line = next((each for each in text.split("\n") if each.strip(" ")), "")
    return len(line) - len(line.lstrip(" "))


def _start(event: Any) -> int:
    return int(event.start_mark.index)


def _end(event: Any) -> int:
    return int(event.end_mark.index)


def _column(event: Any) -> int:
    return int(event.start_mark.column)
