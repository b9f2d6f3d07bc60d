"""The pieces of a text again, each where it belongs."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bulkhead.intent.layout.pieces import Remark, Taken, YamlPart
from bulkhead.intent.layout.values import INDENT, written

Look = Mapping[str, Any]
"""What a mapping may hold, as JSON Schema."""


def printed(taken: Taken, schema: Look) -> str:
    """The whole file, its keys in the order of the schema."""
    return "\n".join(_Printing(taken, schema).whole()) + "\n"


@dataclass(slots=True)
class _Chunk:
    """An entry of a mapping: what stands above it, and its own lines."""

    key: str
    above: list[str]
    lines: list[str]
    column: int
    """In which column its value stood, from where its key began."""
    gap: int
    """How many blanks were before that."""
    head: int
    """How long the key is, with its colon."""


class _Printing:
    """Goes through the text once, and takes every comment along where it stands."""

    def __init__(self, taken: Taken, schema: Look) -> None:
        self.text = taken.text
        self.taken = taken
        self.schema = schema
        self.remarks = deque(each for each in taken.remarks if each.start >= taken.begin)
        self.at = taken.begin
        """Up to where everything is printed."""

    def whole(self) -> list[str]:
        before = [each.rstrip() for each in self.text[: self.taken.begin].strip().split("\n")]
        lines = before if self.taken.begin else []
        if lines:
            self._beside(lines)
        root = self.taken.root
        if root.entries is not None and not root.flow:
            if root.properties:
                lines.append(root.properties)
            above = self._above(root.entries[0][0].start, 0)
            lines += above if lines else _trimmed(above)
            lines += self._mapping(root, 0, -1, self.schema)
        else:
            lines += _trimmed(self._above(root.start, 0))
            lines += [*self._flow(root, 0, self.schema)]
            self._beside(lines)
        if self.taken.ended:
            lines.append("...")
            self.at = self.text.index("\n...", self.at) + len("\n...")
            self._beside(lines)
        return lines + self._left(len(self.text), 0, -1)

    # What stands between two things.

    def _next(self, before: int) -> Remark | None:
        return self.remarks[0] if self.remarks and self.remarks[0].start < before else None

    def _blank(self, upto: int) -> list[str]:
        return [""] if self.text.count("\n", self.at, upto) > 1 else []

    def _take(self, remark: Remark, indent: int) -> list[str]:
        lines = [*self._blank(remark.start), " " * indent + remark.text]
        self.remarks.popleft()
        self.at = remark.end
        return lines

    def _above(self, start: int, indent: int) -> list[str]:
        """The comments before something, and whether a line is free."""
        lines = []
        while remark := self._next(start):
            lines += self._take(remark, indent)
        lines += self._blank(start)
        self.at = max(self.at, start)
        return lines

    def _left(self, end: int, indent: int, around: int) -> list[str]:
        """The comments behind the last entry that are indented further than what is around."""
        lines = []
        while (remark := self._next(end)) and remark.column > around:
            lines += self._take(remark, indent)
        return lines

    def _beside(self, lines: list[str], before: int | None = None) -> None:
        """Put a comment that is on the line of what was printed last behind it."""
        remark = self._next(len(self.text) if before is None else before)
        if remark and not self.text[self.at : remark.start].strip(" \t,:"):
            between = self.text[self.at : remark.start]
            gap = len(between) - len(between.rstrip(" \t"))
            lines[-1] += " " * max(2, gap) + remark.text
            self.remarks.popleft()
            self.at = remark.end

    # Blocks.

    def _mapping(self, piece: YamlPart, indent: int, around: int, look: Look) -> list[str]:
        entries = piece.entries or []
        chunks = [self._entry(*each, indent, piece.column, look) for each in entries]
        behind = self._left(piece.end, indent, around)
        if not self.taken.aliased:
            chunks = _in_order(chunks, look)
        if chunks:
            chunks[0].above = _trimmed(chunks[0].above)
        _align(chunks)
        return [line for each in chunks for line in (*each.above, *each.lines)] + behind

    def _entry(
        self, key: YamlPart, value: YamlPart, indent: int, column: int, look: Look
    ) -> _Chunk:
        above = self._above(key.start, indent)
        name = written(key, self.text, indent)
        self.at = key.end
        head = " " * indent + "\n".join(name) + ":"
        inside = self._look(look, key.value)
        if not _is_block(value):
            # A comment between the two goes above both.
            above += self._above_value(value.start, indent)
        gap = value.start - key.end - self.text[key.end : value.start].find(":") - 1
        lines = self._behind(head, value, indent, column, inside)
        on_one_line = "\n" not in self.text[key.start : value.start]
        return _Chunk(
            key.value,
            above,
            lines,
            column=value.start - key.start if on_one_line else -1,
            gap=gap,
            head=len(head) - indent,
        )

    def _above_value(self, start: int, indent: int) -> list[str]:
        lines = []
        while remark := self._next(start):
            lines += [" " * indent + remark.text]
            self.remarks.popleft()
        self.at = start
        return lines

    def _behind(
        self, head: str, value: YamlPart, indent: int, column: int, look: Look
    ) -> list[str]:
        """Something with a value behind it: `key:`, or the dash of a list."""
        if not _is_block(value):
            first, *more = self._flow(value, indent, look)
            lines = [f"{head} {first}" if first else head, *more]
            self._beside(lines)
            return lines
        lines = [f"{head} {value.properties}" if value.properties else head]
        held = (value.entries or value.items or [])[0]
        first_of = held[0] if isinstance(held, tuple) else held
        if value.properties:
            self.at = value.start + len(value.properties)
        self._beside(lines, first_of.start)
        inner = indent + INDENT
        if value.entries is not None:
            return [*lines, *self._mapping(value, inner, column, look)]
        return [*lines, *self._list(value, inner, column, look)]

    def _list(self, piece: YamlPart, indent: int, around: int, look: Look) -> list[str]:
        lines: list[str] = []
        each = self._resolved(look.get("items") or {})
        for item in piece.items or []:
            lines += self._item(item, indent, piece.column, each)
        return _trimmed(lines) + self._left(piece.end, indent, around)

    def _item(self, item: YamlPart, indent: int, column: int, look: Look) -> list[str]:
        dash = " " * indent + "-"
        if not _is_block(item) or item.properties:
            above = self._above(item.start, indent)
            return [*above, *self._behind(dash, item, indent, column, look)]
        held = (item.entries or item.items or [])[0]
        above = self._above((held[0] if isinstance(held, tuple) else held).start, indent)
        inner = indent + INDENT
        if item.entries is not None:
            lines = self._mapping(item, inner, column, look)
        else:
            lines = self._list(item, inner, column, look)
        hoisted = [each for each in lines if each.lstrip().startswith("#")]
        while lines[0].lstrip().startswith("#") or not lines[0]:
            first = lines.pop(0)
            above += [" " * indent + first.lstrip()] if first in hoisted else []
        return [*above, dash + lines[0][indent + 1 :], *lines[1:]]

    # Values, and what is in braces.

    def _flow(self, piece: YamlPart, indent: int, look: Look) -> list[str]:
        """A value as lines, of which the first goes on behind its key."""
        if piece.entries is None and piece.items is None:
            lines = written(piece, self.text, indent + INDENT)
            self.at = piece.end
            return lines
        parts = piece.entries if piece.entries is not None else piece.items or []
        opens, closes = ("{", "}") if piece.entries is not None else ("[", "]")
        before = f"{piece.properties} " if piece.properties else ""
        if not parts and not self._next(piece.end):
            self.at = piece.end
            return [before + opens + closes]
        ends = (before + opens, closes)
        alone = "\n" not in self.text[piece.start : piece.end]
        if alone:
            texts = [self._part(each, indent, look) for each in self._ordered(piece, parts, look)]
            self.at = piece.end
            inside = ", ".join(text for lines in texts for text in lines)
            return [before + (f"{{ {inside} }}" if opens == "{" else f"[{inside}]")]
        return self._broken(piece, parts, ends, indent, look)

    def _ordered(self, piece: YamlPart, parts: Any, look: Look) -> Any:
        if piece.entries is None or self.taken.aliased:
            return parts
        rank = _rank(look)
        return sorted(parts, key=lambda each: rank.get(each[0].value, len(rank)))

    def _part(self, part: Any, indent: int, look: Look) -> list[str]:
        if isinstance(part, YamlPart):
            return self._flow(part, indent, self._resolved(look.get("items") or {}))
        key, value = part
        name = "\n".join(written(key, self.text, indent))
        first, *more = self._flow(value, indent, self._look(look, key.value))
        return [f"{name}: {first}" if first else f"{name}:", *more]

    def _broken(
        self, piece: YamlPart, parts: Any, ends: tuple[str, str], indent: int, look: Look
    ) -> list[str]:
        """What is in braces over several lines: broken where it was, and indented."""
        opens, closes = ends
        lines = [opens]
        inner = indent + INDENT
        self.at = piece.start + len(piece.properties) + 1
        for number, part in enumerate(parts):
            start = part.start if isinstance(part, YamlPart) else part[0].start
            broken = "\n" in self.text[self.at : start]
            before = len(self.remarks)
            self._beside(lines, start)
            # Those between a key and its value go above both.
            while remark := self._next(part.start if isinstance(part, YamlPart) else part[1].start):
                lines += self._take(remark, inner)
            commented = len(self.remarks) < before
            texts = self._part(part, inner, look)
            if broken or commented:
                lines.append(" " * inner + texts[0])
            else:
                space = "" if lines[-1].endswith("[") else " "
                lines[-1] += space + texts[0]
            lines += texts[1:]
            if number < len(parts) - 1 or self._comma(piece.end):
                lines[-1] += ","
                self.at = self._behind_comma(piece.end)
        self._beside(lines, piece.end)
        while remark := self._next(piece.end):
            lines += self._take(remark, inner)
        if "\n" in self.text[self.at : piece.end] or lines[-1].lstrip().startswith("#"):
            lines.append(" " * indent + closes)
        else:
            lines[-1] += closes if closes == "]" else f" {closes}"
        self.at = piece.end
        return lines

    def _comma(self, end: int) -> bool:
        return "," in self.text[self.at : self._up_to(end)]

    def _behind_comma(self, end: int) -> int:
        found = self.text.find(",", self.at, self._up_to(end))
        return found + 1 if found >= 0 else self.at

    def _up_to(self, end: int) -> int:
        return self.remarks[0].start if self.remarks and self.remarks[0].start < end else end

    # What the schema says of a place.

    def _look(self, look: Look, key: str) -> Look:
        inside = look.get("properties", {}).get(key) or look.get("additionalProperties") or {}
        return self._resolved(inside)

    def _resolved(self, look: Look) -> Look:
        if "$ref" not in look:
            return look
        found: Look = self.schema["definitions"][look["$ref"].rpartition("/")[2]]
        return found


def _is_block(piece: YamlPart) -> bool:
    return bool(piece.entries or piece.items) and not piece.flow


def _trimmed(lines: list[str]) -> list[str]:
    return lines[1:] if lines and not lines[0] else lines


def _rank(look: Look) -> dict[str, int]:
    return {key: number for number, key in enumerate(look.get("properties", {}))}


def _in_order(chunks: list[_Chunk], look: Look) -> list[_Chunk]:
    rank = _rank(look)
    return sorted(chunks, key=lambda each: rank.get(each.key, len(rank)))


def _align(chunks: list[_Chunk]) -> None:
    """Set the values of neighbours in one column, where most of them stood in one before."""
    for run in _runs(chunks):
        column, count = Counter(each.column for each in run).most_common(1)[0]
        wished = any(each.gap > 1 for each in run if each.column == column)
        if wished and 2 * count > len(run):
            longest = max(each.head for each in run)
            for each in run:
                line = each.lines[0]
                at = len(line) - len(line.lstrip()) + each.head
                each.lines[0] = line[:at] + " " * (longest - each.head) + line[at:]


def _runs(chunks: list[_Chunk]) -> Iterator[list[_Chunk]]:
    """Neighbours on a line each, with no line free between them."""
    run: list[_Chunk] = []
    for each in chunks:
        if run and (len(each.lines) > 1 or "" in each.above):
            yield run
            run = []
        if len(each.lines) == 1 and each.column >= 0:
            run.append(each)
    if run:
        yield run
