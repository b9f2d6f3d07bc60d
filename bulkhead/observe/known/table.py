"""What the table of known fields is written in, and how an answer is held against it.

A field is a path into an item of an answer, its lists left out: 'Routes.State'. A value
of it that AWS names is one more entry: 'Routes.State=blackhole'. They are written as they
nest, so that a page of them can be read:

    VpcId CidrBlockAssociationSet{CidrBlock CidrBlockState{State=associated|failed}}

`$name` stands for what `words.SHARED` spells out, `+` for each name of a map, `**` for
whatever is inside, `=*` for any value of a list that grows without changing what a packet
meets (types of instances).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

from bulkhead.observe.known.words import SHARED

MAP: Final = "+"
WHATEVER: Final = "**"
ANY: Final = "*"
_WORD: Final = re.compile(r"[{}]|[^\s{}]+")
_SHARED: Final = re.compile(r"\$([a-z_]+)")
_BROKEN: Final = re.compile(r"\|\s+")
"""A list of values may go on in the next line."""


class Leaving(StrEnum):
    """What a field leaves undetermined: the thing that was answered about, or a part of it."""

    THING = "the thing itself"
    RULE = "the rule"
    ENTRY = "the entry"
    ROUTE = "the route"
    INTERNET = "the ways of its VPC through an internet gateway"
    INSPECTED = "those of the subnets that are not left alone"
    OUTSIDE = "these, and those through an egress-only gateway"
    BESIDE = "nothing that is asked here: it is said, and no more"


@dataclass(frozen=True, slots=True)
class Leaves:
    """Fields that are known to matter and that no reader takes in. `why` says what they are."""

    doubt: Leaving
    why: str
    fields: str
    unless: str = ""
    """Another answer that tells the same, and is read: its key."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Every field and value of the items that stand under one key of a document.

    `modelled`: the module of `describe` (or `record`) that reads them. `harmless`: why
    they change no packet's fate. `parts`: lists whose members are what is in doubt
    where one of them holds something unknown. `beside`: what of all this the service
    model of the pinned botocore does not have: newer, older, or said by others.
    """

    modelled: Mapping[str, str]
    harmless: Mapping[str, str] = field(default_factory=dict)
    leaves: tuple[Leaves, ...] = ()
    parts: Mapping[str, Leaving] = field(default_factory=dict)
    beside: str = ""


@dataclass(slots=True)
class Place:
    """A field, and what is known inside of it."""

    inside: dict[str, Place] = field(default_factory=dict)
    whatever: bool = False
    values: set[str] = field(default_factory=set)
    leaves: Leaves | None = None
    worrying: dict[str, Leaves] = field(default_factory=dict)
    """Values that are known to matter."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """Something in an item that nobody takes in: where, what, and what is known of it."""

    path: str
    value: object
    leaves: Leaves | None = None
    known_field: bool = False
    """Whether it is only this value of the field that nobody knows."""

    @property
    def doubt(self) -> Leaving | None:
        return self.leaves.doubt if self.leaves else None


def entries(text: str) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """The path of each field of a text, and each value that it names beside one.

    What only holds others is no entry of its own. Raises ValueError where braces do not match.
    """
    trail: list[str] = []
    for word, following in pairwise((*_WORD.findall(_spelt(text)), "")):
        if word == "}":
            trail.pop()
        elif following == "{":
            trail.append(word)
        elif word != "{":
            name, _, values = word.partition("=")
            for value in values.split("|"):
                yield (*trail, name), value or None
    if trail:
        raise ValueError(f"a brace is left open in {text!r}")


def _spelt(text: str) -> str:
    while "$" in text:
        text = _SHARED.sub(lambda shared: SHARED[shared.group(1)].strip(), text)
    return _BROKEN.sub("|", text)


def compiled(answer: Fields) -> Place:
    """The table of one answer as the tree in which items are looked up."""
    root = Place()
    for text in (*answer.modelled.values(), *answer.harmless.values()):
        for path, value in entries(text):
            place = _at(root, path)
            if value is not None:
                place.values.add(value)
    for leaves in answer.leaves:
        for path, value in entries(leaves.fields):
            place = _at(root, path)
            if value is None:
                place.leaves = leaves
            else:
                place.values.add(value)
                place.worrying[value] = leaves
    return root


def _at(root: Place, path: tuple[str, ...]) -> Place:
    place = root
    for name in path:
        if name == WHATEVER:
            place.whatever = True
        else:
            place = place.inside.setdefault(name, Place())
    return place


def under(place: Place, path: str) -> Place:
    """The place of 'Routes' or 'A.B' below another; an empty one where nothing is known there."""
    for name in path.split(".") if path else ():
        place = place.inside.get(name, Place())
    return place


def surprises(place: Place, value: object, path: str = "") -> Iterator[Surprise]:
    """What of a value the table does not know, or knows to matter. Empty values say nothing."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from surprises(place, each, path)
    elif place.leaves is not None:
        if not is_nothing(value):
            yield Surprise(path, value, place.leaves)
    elif isinstance(value, Mapping):
        if not place.whatever:
            yield from _in_object(place, value, path)
    elif place.values and not is_nothing(value):
        said = value if isinstance(value, str) else str(value)
        if said in place.worrying:
            yield Surprise(path, value, place.worrying[said])
        elif said not in place.values and ANY not in place.values:
            yield Surprise(path, value, known_field=True)


def _in_object(place: Place, value: Mapping[str, object], path: str) -> Iterator[Surprise]:
    inside = place.inside
    for name, each in value.items():
        found = inside.get(name) or inside.get(MAP)
        if found is None:
            if not is_nothing(each):
                yield Surprise(f"{path}.{name}" if path else str(name), each)
        # Most of what there is: a text of which any is as good as another.
        elif not isinstance(each, str) or found.values or found.leaves:
            yield from surprises(found, each, f"{path}.{name}" if path else name)


def is_nothing(value: object) -> bool:
    """Whether AWS would say as much by leaving the field out."""
    if isinstance(value, bool | str) or value is None:
        return not value
    if isinstance(value, Mapping):
        return all(is_nothing(each) for each in value.values())
    return isinstance(value, list | tuple) and all(is_nothing(each) for each in value)
