"""From bytes to a tree of values, or to what is wrong with them as YAML.

libyaml says where a mapping begins and what stands between two quotes; which value that
is, is decided here: only the kinds that a topology has exist, as the core schema of YAML 1.2
has them, so `yes` is a word and no tag can name a Python object. What would make a small file
cost a lot (depth, aliases of aliases, long numbers) is bounded before it is built.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from bulkhead.files import read_file
from bulkhead.intent.document.commas import GLUED, Commas, unglued
from bulkhead.intent.document.nodes import FileLine, Scalar, YamlNode
from bulkhead.intent.document.scalars import NULL_WORDS, resolved
from bulkhead.intent.document.syntax import explained
from bulkhead.intent.wrong import quoted
from bulkhead.problems import Problem

EMPTY: Final = "is empty"
"""What is wrong with a file in which nothing is written."""
LARGEST_FILE: Final = 4 * 1024 * 1024
DEEPEST: Final = 20
MOST_VALUES: Final = 150_000
"""Thirty for each of 5,000 services, twice as many as AWS gives groups to an account; as many as
are read in less than a second."""
MOST_MISTAKES: Final = 1_000

_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml, some thirty times as fast; where PyYAML was built without it, the same in Python."""
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML allows nowhere (yaml.org/spec/1.2.2, 5.1), and what only YAML 1.1 takes for the end
of a line: with that, a line would have another number here than in an editor."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NUMBER: Final = re.compile(r"[ \t]+(?P<number>#[0-9]{1,20}\b)")
_PLAIN_TAGS: Final = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_STRING_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})

_Explained = tuple[int, str, str]
"""A line, what is wrong there, and the remedy."""


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """What a file says, as far as it could be read, and what was wrong with it as YAML."""

    root: YamlNode | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    """What YAML leaves out of a value, though it may be meant."""


class _UnreadableError(Exception):
    """Reading cannot go on behind this."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        self.line, self.what, self.remedy = line, what, remedy
        super().__init__(what)


def read_bytes(path: Path) -> bytes:
    """What a topology file holds. Raises InputError where it cannot be read."""
    return read_file(path, largest=LARGEST_FILE, remedy="name a topology file that can be read")


def read_document(name: str, data: bytes) -> YamlDocument:
    """Read YAML. Never raises: what is wrong comes back as problems of a file of that name."""
    found: list[_Explained] = []
    cut: list[_Explained] = []
    root = None
    try:
        root = _Builder(name, _text(data), found, cut).document()
    except _UnreadableError as wrong:
        # What was found before it is told with it: a trap is often the reason.
        found.append((wrong.line, wrong.what, wrong.remedy))
    problems, warnings = (
        tuple(Problem(name, line, what, remedy) for line, what, remedy in each)
        for each in (found, cut)
    )
    return YamlDocument(root, problems, warnings)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(line, "is not UTF-8 text", "save the file as UTF-8") from None
    if unprintable := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        what = f"holds the control character {unprintable.group()!a}"
        raise _UnreadableError(line, what, "remove it")
    return text


class _Builder:
    """Events to nodes. Recursion is as deep as the document, which is bounded."""

    def __init__(
        self, name: str, text: str, found: list[_Explained], cut: list[_Explained]
    ) -> None:
        self.name = name
        self.text = text
        self.found = found
        self.cut = cut
        self.anchors: dict[str, YamlNode] = {}
        self.lines: dict[int, FileLine] = {}
        self.events = _events(text)
        self.commented = "#" in text

    def document(self) -> YamlNode:
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            raise _UnreadableError(*explained(error, self.text)) from None
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            # ValueError: escapes such as "\Uffffffff", which Python's parser gives to chr().
            raise _UnreadableError(0, f"is not YAML: {error}", "correct it") from None

    def _document(self) -> YamlNode:
        next(self.events)  # the start of the stream
        start = next(self.events)
        if isinstance(start, StreamEndEvent):
            raise _UnreadableError(0, EMPTY, "start with 'name:', 'region:' and 'cidr:'")
        if isinstance(start, DocumentStartEvent) and start.version not in (None, (1, 2)):
            what = "asks for a YAML version that is not 1.2"
            raise _UnreadableError(_line(start), what, "remove the %YAML line")
        root = self._node(next(self.events), depth=0)
        next(self.events)  # the end of the document
        behind = next(self.events)
        if not isinstance(behind, StreamEndEvent):
            what = "a second document starts here"
            raise _UnreadableError(_line(behind), what, "keep one topology in a file")
        return root

    def _node(self, event: Any, depth: int) -> YamlNode:
        if depth > DEEPEST:
            raise _too_deep(event)
        if isinstance(event, ScalarEvent):
            node = YamlNode(self._place(event), self._scalar(event))
        elif isinstance(event, AliasEvent):
            return self._aliased(event)
        elif isinstance(event, MappingStartEvent):
            self._expect_plain_tag(event)
            node = self._mapping(event, depth)
        else:
            self._expect_plain_tag(event)
            node = self._sequence(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _aliased(self, event: AliasEvent) -> YamlNode:
        name = event.anchor
        if name not in self.anchors:
            what = f"*{name} stands for nothing that is complete before it"
            remedy = f"mark a value above it with &{name}, or put quotes around a text"
            raise _UnreadableError(_line(event), what, remedy)
        return self.anchors[name]

    def _mapping(self, start: MappingStartEvent, depth: int) -> YamlNode:
        value: dict[str, YamlNode] = {}
        places: dict[str, FileLine] = {}
        commas = Commas() if start.flow_style else None
        size, height = 1, 0
        while not isinstance(event := next(self.events), MappingEndEvent):
            place = self._place(event)
            key = self._key(event, place.line, depth)
            behind = next(self.events)
            node = self._meant(key, behind) or self._node(behind, depth + 1)
            size += node.size
            if node.height >= height:
                height = node.height + 1
            if size > MOST_VALUES or height > DEEPEST:
                raise _too_costly(height, event)
            if key is None:
                continue
            if commas is not None:
                if self._has_no_colon(event, behind):
                    if glued := GLUED.fullmatch(key):
                        self._wrong(place.line, *unglued(glued))
                        key, node = glued["key"], YamlNode(place, resolved(glued["value"]))
                    elif commas.piece(key, place.line):
                        continue
                commas.entry(key, _plain_text(behind))
            if key in value:
                what = f"the key {quoted(key)} is already on line {places[key].line}"
                self._wrong(place.line, what, "keep one of the two")
                continue
            value[key], places[key] = node, place
        if commas is not None:
            for problem in commas.problems():
                self._wrong(*problem)
        return YamlNode(self._place(start), value, places, size, height)

    def _key(self, event: Any, line: int, depth: int) -> str | None:
        alone = isinstance(event, ScalarEvent) and not event.anchor
        value = self._scalar(event) if alone else self._node(event, depth + 1).value
        if value == "<<" and isinstance(event, ScalarEvent) and event.implicit[0]:
            remedy = "repeat the keys, or use an alias for the whole value"
            self._wrong(line, "merge keys (<<) are not part of YAML 1.2", remedy)
            return None
        if not isinstance(value, str):
            what = f"{quoted(value)} cannot be a key"
            self._wrong(line, what, "write a name; put quotes around it if it is one")
            return None
        return value

    def _meant(self, key: str | None, event: Any) -> YamlNode | None:
        """`mechanism: NULL` is the name that ZeroMQ has for it, and YAML's word for nothing."""
        if key != "mechanism" or not isinstance(event, ScalarEvent) or event.anchor or event.tag:
            return None
        return YamlNode(self._place(event), "NULL") if event.value in NULL_WORDS else None

    def _has_no_colon(self, key: Any, behind: Any) -> bool:
        """Whether a key in braces is a word alone, and its value nothing at all."""
        if not (isinstance(behind, ScalarEvent) and isinstance(key, ScalarEvent)):
            return False
        start: Any = behind.start_mark
        end: Any = behind.end_mark
        before: Any = key.end_mark
        nothing = not behind.value and behind.implicit[0] and start.index == end.index
        return nothing and key.implicit[0] and ":" not in self.text[before.index : start.index]

    def _sequence(self, start: SequenceStartEvent, depth: int) -> YamlNode:
        value: list[YamlNode] = []
        size, height = 1, 0
        while not isinstance(event := next(self.events), SequenceEndEvent):
            node = self._node(event, depth + 1)
            size += node.size
            if node.height >= height:
                height = node.height + 1
            if size > MOST_VALUES or height > DEEPEST:
                raise _too_costly(height, event)
            value.append(node)
        return YamlNode(self._place(start), value, size=size, height=height)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        text: str = event.value
        if not text.isascii() and _SURROGATE.search(text):
            self._wrong(_line(event), "holds half of a surrogate pair", "write the character")
            return "?"
        tag = event.tag
        if tag is None:
            if not event.implicit[0]:
                return text
            if self.commented:
                self._look_behind(event)
            return resolved(text)
        if tag not in _STRING_TAGS:
            self._wrong(_line(event), f"the tag {quoted(tag)} means nothing here", "remove it")
        return text

    def _look_behind(self, event: Any) -> None:
        """`why: as asked in #123` is all but the number: what follows is a comment."""
        if number := _NUMBER.match(self.text, event.end_mark.index):
            what = f"{number['number']} is a comment to YAML, and no part of the text before it"
            remedy = f"put quotes around the text, or write # {number['number'][1:]}"
            if len(self.cut) < MOST_MISTAKES:
                self.cut.append((_line(event), what, remedy))

    def _expect_plain_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _PLAIN_TAGS:
            what = f"the tag {quoted(event.tag)} means nothing here"
            self._wrong(_line(event), what, "remove it")

    def _place(self, event: Any) -> FileLine:
        line: int = event.start_mark.line + 1
        if (found := self.lines.get(line)) is None:
            found = self.lines[line] = FileLine(self.name, line)
        return found

    def _wrong(self, line: int, what: str, remedy: str) -> None:
        self.found.append((line, what, remedy))
        if len(self.found) == MOST_MISTAKES:
            what = f"holds {MOST_MISTAKES} mistakes up to here"
            raise _UnreadableError(line, what, "correct those first")


def _events(text: str) -> Iterator[Any]:
    """What the parser meets, one by one. At the end of it is nothing: a reader stops before."""
    parser = _PARSER(text)
    take: Callable[[], Any] = parser.get_event
    try:
        while True:
            yield take()
    finally:
        parser.dispose()


def _too_deep(event: Event) -> _UnreadableError:
    remedy = "a topology is at most 6 levels deep"
    return _UnreadableError(_line(event), "is nested too deeply", remedy)


def _too_costly(height: int, event: Event) -> _UnreadableError:
    """Aliases cost nothing to write; this is what they would cost to read."""
    if height > DEEPEST:
        return _too_deep(event)
    remedy = f"a topology has at most {MOST_VALUES} values, aliases counted in full"
    return _UnreadableError(_line(event), "holds too many values", remedy)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _plain_text(event: Any) -> str | None:
    """The text of an unquoted scalar."""
    plain = isinstance(event, ScalarEvent) and event.implicit[0]
    return event.value if plain else None
