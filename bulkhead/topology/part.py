"""What all parts of a topology have in common: nobody can change them, and they know their line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self

from bulkhead.intent.written.fields import Written
from bulkhead.topology.places import Made, made_here


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TopologyPart:
    """A mapping of the language. None is what is not said.

    Two parts are the same only where they are one: a socket of two services that look alike is
    still the socket of one of them.
    """

    shape: ClassVar[type[Written]]
    """What the same is in a file: which keys it takes, and how each is read."""
    _made: Made = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_made", made_here())
        for name, value in self._arguments():
            object.__setattr__(self, name, _kept(value))

    @property
    def made(self) -> Made:
        """The instruction of the program that made it."""
        return self._made

    def said(self) -> Iterator[tuple[str, str, Any]]:
        """What is said: the argument, the key that it is in the language, and the value."""
        for argument, field_ in self.shape.model_fields.items():
            value = getattr(self, argument, None)
            if value is not None:
                yield argument, field_.alias or argument, value

    def _arguments(self) -> Iterator[tuple[str, Any]]:
        for each in fields(self):
            if each.init:
                yield each.name, getattr(self, each.name)

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: nobody can change it, and who refers to it means this one."""
        return self

    def __repr__(self) -> str:
        said = (f"{name}={value!r}" for name, value in self._arguments() if value is not None)
        return f"{type(self).__name__}({', '.join(said)})"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NamedPart(TopologyPart):
    """One that others refer to."""

    name: str = field(kw_only=False)
    """What it is called."""


_ONE_VALUE: Final = (str, bytes, set, frozenset, IPv4Network, IPv6Network)
"""What can be iterated over, and is no list."""


def _kept(value: Any) -> Any:
    """What nobody changes afterwards, and what can be read more than once."""
    if isinstance(value, Mapping):
        return MappingProxyType(dict(value))
    if not isinstance(value, Iterable) or isinstance(value, _ONE_VALUE):
        return value
    try:
        items = iter(value)
    except TypeError:  # what only looks like a list, as an output of Pulumi does
        return value
    return tuple(items)
