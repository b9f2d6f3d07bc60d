"""YAML text, read into plain values that still know their lines.

The tree is built from ruamel.yaml's parse events and not by its constructors:
only the kinds of value that a topology has exist here, resolved as the core
schema of YAML 1.2 does (yaml.org/spec/1.2.2, 10.3), so `yes` is a word and no
tag can name a Python object. What would make a small file cost a lot (depth,
aliases of aliases, long numbers) is bounded before it is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from bulkhead.files import read_file
from bulkhead.intent.wrong import quoted
from bulkhead.problems import Problem

KeyPath = tuple[str | int, ...]
"""The keys and indices that lead to a value: ("services", "ticker", "replicas")."""

Scalar = str | int | float | bool | None

EMPTY: Final = "is empty"
"""What is wrong with a file in which nothing is written."""
LARGEST_FILE: Final = 512 * 1024
DEEPEST: Final = 20
MOST_VALUES: Final = 50_000
LONGEST_NUMBER: Final = 20

_NULL_WORDS: Final = ("null", "Null", "NULL")
_CONSTANTS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", *_NULL_WORDS)),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_FLOAT: Final = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
    re.ASCII,
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PLAIN_TAGS: Final = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_STRING_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str"})


@dataclass(frozen=True, slots=True)
class YamlNode:
    """A value and the line it starts on; a mapping also knows the line of each key."""

    line: int
    value: Scalar | dict[str, YamlNode] | list[YamlNode]
    key_lines: dict[str, int] = field(default_factory=dict)
    size: int = 1
    """How many values it holds, with aliases counted wherever they stand."""
    height: int = 0
    """How many levels are below it, aliases included."""

    def plain(self) -> Any:
        """The value alone, in fresh dicts and lists that a reader may change."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def lines(self) -> Iterator[tuple[KeyPath, int]]:
        """The line of every key and item, by the path to it."""
        inner: list[tuple[str | int, int, YamlNode]]
        if isinstance(self.value, dict):
            inner = [(key, self.key_lines[key], node) for key, node in self.value.items()]
        elif isinstance(self.value, list):
            inner = [(index, node.line, node) for index, node in enumerate(self.value)]
        else:
            return
        for part, line, node in inner:
            yield (part,), line
            for path, deeper in node.lines():
                yield (part, *path), deeper


def nearest_line(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of a key or item; of what is around it, where it is not written itself."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """What a file says, as far as it could be read, and what was wrong with it as YAML."""

    root: YamlNode | None
    problems: tuple[Problem, ...]


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
    builder = _Builder(name)
    try:
        root = builder.document(_text(data))
    except _UnreadableError as wrong:
        return YamlDocument(None, (Problem(name, wrong.line, wrong.what, wrong.remedy),))
    return YamlDocument(root, tuple(builder.problems))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(line, "is not UTF-8 text", "save the file as UTF-8") from None


class _Builder:
    """Events to nodes. Recursion is as deep as the document, which is bounded."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.anchors: dict[str, YamlNode] = {}
        self.events: Iterator[Event] = iter(())

    def document(self, text: str) -> YamlNode:
        try:
            self.events = YAML(typ="safe", pure=True).parse(text)
            return self._document()
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            what = f"is not YAML: {error.problem or error.context}"
            raise _UnreadableError(line, what, _syntax_remedy(str(error))) from None
        except ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            what = f"holds the control character {error.character!a}"
            raise _UnreadableError(line, what, "remove it") from None
        except (YAMLError, ValueError, OverflowError) as error:
            # ValueError: escapes such as "\Uffffffff", which ruamel gives to chr().
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

    def _node(self, event: Event, depth: int) -> YamlNode:
        _expect_shallow(depth, event)
        if isinstance(event, AliasEvent):
            return self._aliased(event)
        assert isinstance(event, NodeEvent)  # noqa: S101 - the grammar of YAML events
        if isinstance(event, MappingStartEvent):
            self._expect_plain_tag(event)
            node = self._mapping(event, depth)
        elif isinstance(event, SequenceStartEvent):
            self._expect_plain_tag(event)
            node = self._sequence(event, depth)
        else:
            assert isinstance(event, ScalarEvent)  # noqa: S101 - the grammar of YAML events
            node = YamlNode(_line(event), self._scalar(event))
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _aliased(self, event: AliasEvent) -> YamlNode:
        name = event.anchor
        if name not in self.anchors:
            what = f"*{name} stands for nothing that is complete before it"
            raise _UnreadableError(_line(event), what, f"mark a value above it with &{name}")
        return self.anchors[name]

    def _mapping(self, start: Event, depth: int) -> YamlNode:
        value: dict[str, YamlNode] = {}
        lines: dict[str, int] = {}
        size, height = 1, 0
        while not isinstance(event := next(self.events), MappingEndEvent):
            line = _line(event)
            key = self._key(self._node(event, depth + 1), event, line)
            behind = next(self.events)
            node = _word_meant(key, behind) or self._node(behind, depth + 1)
            size, height = size + node.size, max(height, node.height + 1)
            _expect_affordable(size, height, event)
            if key is None:
                continue
            if key in value:
                what = f"the key {quoted(key)} is already on line {lines[key]}"
                self._problem(line, what, "keep one of the two")
                continue
            value[key], lines[key] = node, line
        return YamlNode(_line(start), value, lines, size, height)

    def _key(self, node: YamlNode, event: Event, line: int) -> str | None:
        plain = isinstance(event, ScalarEvent) and event.implicit[0]
        if plain and node.value == "<<":
            remedy = "repeat the keys, or use an alias for the whole value"
            self._problem(line, "merge keys (<<) are not part of YAML 1.2", remedy)
            return None
        if not isinstance(node.value, str):
            what = f"{quoted(node.value)} cannot be a key"
            self._problem(line, what, "write a name; put quotes around it if it is one")
            return None
        return node.value

    def _sequence(self, start: Event, depth: int) -> YamlNode:
        value: list[YamlNode] = []
        size, height = 1, 0
        while not isinstance(event := next(self.events), SequenceEndEvent):
            node = self._node(event, depth + 1)
            size, height = size + node.size, max(height, node.height + 1)
            _expect_affordable(size, height, event)
            value.append(node)
        return YamlNode(_line(start), value, size=size, height=height)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        text: str = event.value
        tag = _tag(event)
        if _SURROGATE.search(text):
            self._problem(_line(event), "holds half of a surrogate pair", "write the character")
            return "?"
        if tag in _STRING_TAGS:
            return text
        if tag is not None:
            self._problem(_line(event), f"the tag {quoted(tag)} means nothing here", "remove it")
            return text
        return _resolved(text) if event.implicit[0] else text

    def _expect_plain_tag(self, event: Event) -> None:
        tag = _tag(event)
        if tag is not None and tag not in _PLAIN_TAGS:
            self._problem(_line(event), f"the tag {quoted(tag)} means nothing here", "remove it")

    def _problem(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.name, line, what, remedy))


def _word_meant(key: str | None, event: Event) -> YamlNode | None:
    """`mechanism: NULL` is the name that ZeroMQ has for it, and YAML's word for nothing."""
    if key == "mechanism" and isinstance(event, ScalarEvent) and event.value in _NULL_WORDS:
        return None if event.anchor or _tag(event) else YamlNode(_line(event), "NULL")
    return None


def _expect_shallow(depth: int, event: Event) -> None:
    if depth > DEEPEST:
        remedy = "a topology is at most 6 levels deep"
        raise _UnreadableError(_line(event), "is nested too deeply", remedy)


def _expect_affordable(size: int, height: int, event: Event) -> None:
    """Aliases cost nothing to write; this is what they would cost to read."""
    _expect_shallow(height, event)
    if size > MOST_VALUES:
        remedy = f"a topology has at most {MOST_VALUES} values, aliases counted in full"
        raise _UnreadableError(_line(event), "holds too many values", remedy)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _tag(event: Event) -> str | None:
    tag = getattr(event, "tag", None)
    return None if tag is None else str(tag)


def _resolved(text: str) -> Scalar:
    """A plain scalar by the core schema. Octal, hexadecimal and 007 stay words:
    nobody counts replicas that way, so a number in that form is a mistake."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if len(text) <= LONGEST_NUMBER:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _syntax_remedy(error: str) -> str:
    if "'\\t'" in error:
        return "indent with spaces; YAML does not allow tabs"
    if "mapping values are not allowed" in error:
        return "put quotes around a value that contains ': '"
    if "while scanning an alias" in error:
        return 'put quotes around a value that starts with *, as in "*"'
    return "correct the syntax on this line, or on the one above"
