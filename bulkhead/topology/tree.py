"""From what a program made to the values that a file of YAML holds, each with its place.

From there on both go the same way, so that no rule is written twice. What only a program can get
wrong is told here: a thing where another belongs, a name twice, a socket that nobody has.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, get_args, get_origin

from bulkhead.intent.document import FileLine, KeyPath, YamlNode
from bulkhead.intent.including import FilePart, Gathered
from bulkhead.intent.written import WrittenNetworkInterface
from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.shapes import in_words, shape_in
from bulkhead.intent.wrong import Wrong
from bulkhead.problems import Problem
from bulkhead.topology.part import TopologyPart
from bulkhead.topology.places import Sources, Spot
from bulkhead.topology.references import PartReferences
from bulkhead.topology.values import parse_scalar, said

DEEPEST: Final = 20


def gather(topology: TopologyPart) -> tuple[FileLine, Gathered]:
    """Where a topology begins, and what it holds."""
    planting = _Planting(PartReferences(topology))
    root = planting.part(topology, ())
    whole = root.place
    whole_file = FilePart(whole.file, root.mapping.pop("defaults", None), None)
    others = {place.file for place in root.places().values()} - {whole.file}
    parts = {each: FilePart(each, None, whole_file) for each in others}
    parts[whole.file] = whole_file
    return whole, Gathered(
        root,
        parts,
        planting.problems,
        warnings=[],
        complete=True,
        unreadable=tuple(planting.unreadable),
    )


class _Planting:
    """Makes the tree. Recursion is as deep as the language, which is bounded."""

    def __init__(self, references: PartReferences) -> None:
        self.references = references
        self.sources = Sources()
        self.problems: list[Problem] = []
        self.unreadable: list[KeyPath] = []

    def part(self, part: TopologyPart, path: KeyPath) -> YamlNode:
        """A mapping of the language."""
        node = YamlNode(self.sources.place(part.made), {})
        for argument, key, value in part.said():
            at, spot = (*path, key), self.sources.argument(part.made, argument)
            try:
                held = self._argument(part.shape, argument, value, at, spot)
            except Wrong as wrong:
                held = self._nothing(at, spot, wrong)
            node.mapping[key], node.key_places[key] = held, spot.place
        return node

    def _argument(
        self, shape: type[Written], argument: str, value: Any, at: KeyPath, spot: Spot
    ) -> YamlNode:
        inner, held_in = _behind(shape, argument)
        if inner is None:
            return self._value(value, at, spot)
        if held_in is dict:
            return self._by_name(value, inner, at, spot)
        if held_in is tuple:
            return self._in_order(value, inner, at, spot)
        return self.part(_expect(value, inner), at)

    def _by_name(self, value: Any, inner: type[Written], at: KeyPath, spot: Spot) -> YamlNode:
        """A list of parts with names, which is a mapping in a file."""
        if inner is WrittenNetworkInterface and isinstance(value, str):
            return YamlNode(spot.place, value)  # none, where a file says so too
        node = YamlNode(spot.place, {})
        if not isinstance(value, tuple):
            raise Wrong(f"{said(value)} is no list", f"write a list of {_called(inner)}")
        for index, each in enumerate(value):
            try:
                part = _expect(each, inner)
            except Wrong as wrong:
                inside = spot.item(index, len(value))
                self._wrong(inside.place, at, wrong.what, wrong.remedy)
                continue
            name, place = getattr(part, "name", None), self.sources.place(part.made)
            if not isinstance(name, str):
                self._wrong(place, at, f"{said(name)} is not a name", "write a text")
            elif name in node.mapping:
                there = node.key_places[name]
                where = "listed twice" if there == place else f"on {there.seen_from(place)} already"
                what = f"{in_words((*at, name))} is {where}"
                self.problems.append(Problem(*place, what, "keep one of the two"))
            else:
                node.mapping[name] = self.part(part, (*at, name))
                node.key_places[name] = place
        return node

    def _in_order(self, value: Any, inner: type[Written], at: KeyPath, spot: Spot) -> YamlNode:
        """A list of parts, some of which the language lets a text stand for."""
        if isinstance(value, str):
            return YamlNode(spot.place, value)
        if not isinstance(value, tuple):
            return self.part(_expect(value, inner), at)
        items: list[YamlNode] = []
        for index, each in enumerate(value):
            inside = spot.item(index, len(value))
            if isinstance(each, str):
                items.append(YamlNode(inside.place, each))
                continue
            try:
                items.append(self.part(_expect(each, inner), (*at, len(items))))
            except Wrong as wrong:
                self._wrong(inside.place, at, wrong.what, wrong.remedy)
        return YamlNode(spot.place, [*items])

    def _value(self, value: Any, at: KeyPath, spot: Spot, depth: int = 0) -> YamlNode:
        if depth > DEEPEST:
            raise Wrong("holds itself, or is very deep", "write it without")
        if isinstance(value, TopologyPart):
            return YamlNode(spot.place, self.references.to(value, at))
        if isinstance(value, list | tuple):
            return self._list(value, at, spot, depth)
        if isinstance(value, Mapping):
            return self._mapping(value, at, spot, depth)
        return YamlNode(spot.place, parse_scalar(value))

    def _list(self, values: Any, at: KeyPath, spot: Spot, depth: int) -> YamlNode:
        """All of it is set aside for one that is wrong, as in a file."""
        items = []
        for index, each in enumerate(values):
            inside = spot.item(index, len(values))
            try:
                items.append(self._value(each, (*at, index), inside, depth + 1))
            except Wrong as wrong:
                items.append(self._nothing(at, inside, wrong))
        return YamlNode(spot.place, [*items])

    def _mapping(self, values: Any, at: KeyPath, spot: Spot, depth: int) -> YamlNode:
        node = YamlNode(spot.place, {})
        for key, value in values.items():
            inside = spot.value(key)
            if not isinstance(key, str):
                self._wrong(inside.place, at, f"{said(key)} cannot be a key", "write a name")
                continue
            try:
                held = self._value(value, (*at, key), inside, depth + 1)
            except Wrong as wrong:
                held = self._nothing((*at, key), inside, wrong)
            node.mapping[key], node.key_places[key] = held, inside.place
        return node

    def _nothing(self, at: KeyPath, spot: Spot, wrong: Wrong) -> YamlNode:
        """What stands for a value that there is not, and that a problem tells of."""
        self._wrong(spot.place, at, wrong.what, wrong.remedy)
        self.unreadable.append(at)
        return YamlNode(spot.place, "")

    def _wrong(self, place: FileLine, at: KeyPath, what: str, remedy: str) -> None:
        self.problems.append(Problem(*place, f"{in_words(at)}: {what}", remedy))


def _expect(value: Any, shape: type[Written]) -> TopologyPart:
    if isinstance(value, TopologyPart) and value.shape is shape:
        return value
    raise Wrong(f"{said(value)} is no {_called(shape)}", f"make one: {_called(shape)}(…)")


def _called(shape: type[Written]) -> str:
    """What a shape is called in Python."""
    return shape.__name__.removeprefix("Written")


@cache
def _behind(shape: type[Written], argument: str) -> tuple[type[Written] | None, type | None]:
    """The shape that the language has behind a key, if any, and in which collection."""
    annotation = shape.model_fields[argument].annotation
    held_in = next((each for each in (dict, tuple) if _holds(annotation, each)), None)
    return shape_in(annotation), held_in


def _holds(annotation: Any, origin: type) -> bool:
    """Whether a field is such a collection, maybe where it may be None."""
    return get_origin(annotation) is origin or any(
        _holds(each, origin) for each in get_args(annotation)
    )
