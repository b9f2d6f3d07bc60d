"""One topology of several files, so that a team owns its part: `include: [teams/risk.yaml]`.

They are put together before anything is judged. Everything keeps the place where it is written;
what two files define is an error that names both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final

from bulkhead.intent.document import (
    LARGEST_FILE,
    MOST_VALUES,
    FileLine,
    KeyPath,
    YamlNode,
    read_bytes,
    read_document,
)
from bulkhead.intent.strangers import refuse_stranger
from bulkhead.intent.wrong import quoted
from bulkhead.problems import InputError, Problem

MOST_FILES: Final = 100
DEEPEST: Final = 8
"""Files that include one another, the root among them."""

OF_THE_ROOT: Final = (
    *("name", "region", "cidr", "ipv6", "vpc", "zones", "encryption", "quotas", "flow-logs"),
    *("amazon-asn", "monitoring", "vpc-encryption", "block-public-access", "nat", "dns"),
    *("path-mtu-discovery", "nacl-overflow", "vpcs", "joins"),
)
"""What a topology is as a whole; an included file has a part of what is in it."""
_PATTERN: Final = re.compile(r"[*?\[\]{}]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_WRITE_A_PATH: Final = "write its path from the file that includes it, as in teams/risk.yaml"


Reader = Callable[[str], bytes]
"""Of a file by its path from the folder of the root: what it holds. Raises InputError."""


def beside(root: Path) -> Reader:
    """Of the files below the folder of a root. A link is followed as far as it stays there."""

    def read(inside: str) -> bytes:
        path = root.parent / inside
        try:
            stays = path.resolve().is_relative_to(root.parent.resolve())
        except (OSError, RuntimeError, ValueError):
            stays = True  # it cannot be read, and the reader says why
        if not stays:
            what = "is a link that leads out of the folder of the topology"
            raise InputError([Problem(str(path), 0, what, "include a file of that folder")])
        return read_bytes(path)

    return read


def path_of(inside: str, root: str) -> str:
    """The path of a file whose path from the folder of the root is `inside`."""
    return root.removesuffix(root.rpartition("/")[2]) + inside


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file: what it sets for all that it defines, and which one includes it."""

    file: str
    defaults: YamlNode | None
    within: FilePart | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What all files say together."""

    root: YamlNode
    parts: dict[str, FilePart]
    """By the name of the file."""
    problems: list[Problem]
    warnings: list[Problem]
    complete: bool
    """Whether all that is included could be read; what could not may define what others name."""
    unreadable: tuple[KeyPath, ...] = ()
    """Where something is of which a problem tells already, and on which the rules stay silent."""


def gather(file: str, data: bytes, read: Reader | None) -> Gathered:
    """Read a topology with all that it includes.

    Raises InputError where the root cannot be read, or is no topology at all.
    """
    document = read_document(file, data)
    if document.root is None:
        raise InputError(document.problems)
    refuse_stranger(file, document.root)
    gathering = _Gathering(file, document.root, read, left=LARGEST_FILE - len(data))
    gathering.problems += document.problems
    gathering.warnings += document.warnings
    gathering.start()
    return Gathered(
        document.root,
        gathering.parts,
        gathering.problems,
        gathering.warnings,
        gathering.complete,
    )


@dataclass(frozen=True, slots=True)
class _File:
    inside: str
    root: YamlNode
    part: FilePart
    depth: int


class _Gathering:
    """Merges into the root, whose mappings and lists grow."""

    def __init__(self, file: str, root: YamlNode, read: Reader | None, left: int) -> None:
        self.file = file
        self.root = root
        self.read = read
        self.left = left
        self.values = root.size
        self.parts: dict[str, FilePart] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.included: dict[str, FileLine] = {}
        self.complete = True

    def start(self) -> None:
        inside = self.file.rpartition("/")[2]
        self.included[inside] = FileLine(self.file, 0)
        part = self.parts[self.file] = FilePart(
            self.file, self.root.mapping.pop("defaults", None), None
        )
        included = self.root.mapping.pop("include", None)
        sections = self.root.mapping
        sections.update({key: node.copy() for key, node in sections.items()})
        self._follow(included, _File(inside, self.root, part, depth=1))

    def _follow(self, included: YamlNode | None, file: _File) -> None:
        """Everything that a file includes, in the order in which it is written."""
        if included is None:
            return
        if included.value in (None, []):
            self._wrong(included.place, "include: names no file", _WRITE_A_PATH)
        for each in included.items or ([] if included.value in (None, []) else [included]):
            inside = self._path(each, file)
            if inside is None or not self._include(inside, each, file):
                self.complete = False

    def _path(self, name: YamlNode, file: _File) -> str | None:
        """The path of an included file from the folder of the root."""
        text = name.value
        if not isinstance(text, str) or not text.strip():
            self._wrong(name.place, f"include: {quoted(name.plain())} is no path", _WRITE_A_PATH)
        elif self.read is None:
            what = "include: this topology is read by itself, with no files beside it"
            self._wrong(name.place, what, "write all of it in one file")
        elif text.startswith(("/", "~")) or _SCHEME.match(text) or not text.isprintable():
            self._wrong(name.place, f"include: {quoted(text)} is no relative path", _WRITE_A_PATH)
        elif _PATTERN.search(text):
            what = f"include: {quoted(text)} is a pattern"
            self._wrong(name.place, what, "name each file: a review then shows which are added")
        elif not text.endswith((".yaml", ".yml")):
            self._wrong(name.place, f"include: {quoted(text)} is no .yaml file", _WRITE_A_PATH)
        elif (inside := normpath(join(dirname(file.inside), text))).startswith("../"):
            what = f"include: {quoted(text)} is outside the folder of {self.file}"
            self._wrong(name.place, what, "move it into that folder, or the topology further up")
        else:
            return inside
        return None

    def _include(self, inside: str, name: YamlNode, by: _File) -> bool:
        """Whether what is in that file is there now."""
        place = name.place
        if before := self.included.get(inside):
            if not before.line:
                what, remedy = f"{quoted(name.value)} is the topology itself", "remove it"
            else:
                there = before.seen_from(place)
                what, remedy = f"{quoted(name.value)} is included on {there}", "include it once"
            self._wrong(place, f"include: {what}", remedy)
            return True
        self.included[inside] = place
        if by.depth == DEEPEST:
            what = f"include: more than {DEEPEST} files include one another"
            self._wrong(place, what, "include it from further up")
        elif len(self.included) > MOST_FILES:
            if len(self.included) == MOST_FILES + 1:
                self._wrong(place, f"include: these are over {MOST_FILES} files", "join some")
        elif (root := self._root_of(inside, name)) is not None:
            part = FilePart(root.place.file, root.mapping.pop("defaults", None), by.part)
            self.parts[root.place.file] = part
            self._merge(_File(inside, root, part, by.depth + 1))
            return True
        return False

    def _root_of(self, inside: str, name: YamlNode) -> YamlNode | None:
        assert self.read is not None  # noqa: S101 - without them there is no path
        if self.left < 0 or self.values > MOST_VALUES:
            return None
        try:
            data = self.read(inside)
        except InputError as error:
            for each in error.problems:
                what = f"include: {quoted(name.value)}: {each.what}"
                remedy = _WRITE_A_PATH if each.what.endswith("no such file") else each.remedy
                self._wrong(name.place, what, remedy)
            return None
        self.left -= len(data)
        document = read_document(path_of(inside, self.file), data)
        self.problems += document.problems
        self.warnings += document.warnings
        root = document.root
        self.values += root.size if root is not None else 0
        if self.left < 0 or self.values > MOST_VALUES:
            what = f"include: up to {quoted(name.value)} these are over {LARGEST_FILE >> 20} MiB"
            what += f", or over {MOST_VALUES} values"
            self._wrong(name.place, what, "make several topologies of this one")
            return None
        if root is not None and not isinstance(root.value, dict):
            self._wrong(root.place, "is not a mapping", "start with 'services:'")
            return None
        return root

    def _merge(self, file: _File) -> None:
        held = self.root.mapping
        included = file.root.mapping.pop("include", None)
        for key, node in file.root.mapping.items():
            place = file.root.key_places[key]
            if key in OF_THE_ROOT:
                what = f"{key}: is for the whole topology, and this is a part of it"
                self._wrong(place, what, f"write it in {self.file}")
            elif key not in held:
                held[key] = node.copy()
                self.root.key_places[key] = place
            elif isinstance(node.value, dict) and isinstance(held[key].value, dict):
                self._add(key, held[key], node)
            elif isinstance(node.value, list) and isinstance(held[key].value, list):
                held[key].items.extend(node.items)
            else:
                there = self.root.key_places[key].seen_from(place)
                what = f"{key}: is on {there} already, and the two cannot be joined"
                self._wrong(place, what, "write one of them, or both as mappings or lists")
        self._follow(included, file)

    def _add(self, key: str, held: YamlNode, more: YamlNode) -> None:
        for name, node in more.mapping.items():
            place = more.key_places[name]
            if name in held.mapping:
                there = held.key_places[name].seen_from(place)
                what = f"{key.removesuffix('s')} {quoted(name)} is on {there} already"
                self._wrong(place, what, "keep one of the two")
            else:
                held.mapping[name], held.key_places[name] = node, place

    def _wrong(self, place: FileLine, what: str, remedy: str) -> None:
        self.problems.append(Problem(*place, what, remedy))
