"""A value of a YAML file that knows where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

KeyPath = tuple[str | int, ...]
"""The keys and indices that lead to a value: ("services", "ticker", "replicas")."""

Scalar = str | int | float | bool | None


class FileLine(NamedTuple):
    """Where something is written."""

    file: str
    line: int

    def seen_from(self, place: FileLine) -> str:
        """As one says it there: of another file by its name."""
        return f"line {self.line}" if self.file == place.file else f"{self.file}:{self.line}"


@dataclass(slots=True)
class YamlNode:
    """A value and where it begins; a mapping also knows the place of each key."""

    place: FileLine
    value: Scalar | dict[str, YamlNode] | list[YamlNode]
    key_places: dict[str, FileLine] = field(default_factory=dict)
    size: int = 1
    """How many values it holds, with aliases counted wherever they stand."""
    height: int = 0
    """How many levels are below it, aliases included."""

    @property
    def mapping(self) -> dict[str, YamlNode]:
        """What it holds by key; of what is no mapping nothing."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[YamlNode]:
        """What it holds in order; of what is no list nothing."""
        return self.value if isinstance(self.value, list) else []

    def copy(self) -> YamlNode:
        """A node that can grow: where an alias stands for this one, it does not."""
        if isinstance(self.value, dict):
            return replace(self, value=dict(self.value), key_places=dict(self.key_places))
        return replace(self, value=list(self.value)) if isinstance(self.value, list) else self

    def plain(self) -> Any:
        """The value alone, in fresh dicts and lists that a reader may change."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def places(self, at: KeyPath = ()) -> dict[KeyPath, FileLine]:
        """Where every key and item is written, by the path to it, which begins with `at`."""
        found: dict[KeyPath, FileLine] = {}
        self._note(found, at)
        return found

    def _note(self, found: dict[KeyPath, FileLine], path: KeyPath) -> None:
        for key, node in self.mapping.items():
            found[inner := (*path, key)] = self.key_places[key]
            node._note(found, inner)
        for index, node in enumerate(self.items):
            found[inner := (*path, index)] = node.place
            node._note(found, inner)


def nearest(places: Mapping[KeyPath, FileLine], path: KeyPath, whole: FileLine) -> FileLine:
    """Where a key or item is written; of what is around it, where it is not written itself.

    `whole` is where all of it begins.
    """
    while path and path not in places:
        path = path[:-1]
    return places.get(path, whole)
