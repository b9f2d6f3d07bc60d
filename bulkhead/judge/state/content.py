"""What a thing says, apart from how it is called: comparable between two networks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from bulkhead.judge.state.roles import Compared, Parts, Reference
from bulkhead.judge.state.table import FIELDS

T = TypeVar("T")
Translate = Callable[[str], Hashable]
"""The id of a thing -> what it is known by on both sides."""


def content(value: Any, translate: Translate) -> Hashable:
    """A value with every id in it translated, without what makes no difference.

    Of a thing of a Network, of a part of one, or of the value of one of its fields.
    """
    if isinstance(value, tuple):
        return frozenset(Counter(content(each, translate) for each in value).items())
    roles = FIELDS.get(type(value))
    if roles is None:
        found: Hashable = value
        return found
    return type(value), tuple(
        said(value, name, translate)
        for name, role in roles.items()
        if isinstance(role, Compared | Reference | Parts)
    )


def said(thing: Any, name: str, translate: Translate) -> Hashable:
    """What one field of a thing says."""
    value, role = getattr(thing, name), FIELDS[type(thing)][name]
    if isinstance(role, Reference):
        return _translated(value, role, translate)
    if isinstance(role, Compared) and role.plain is not None:
        return content(role.plain(thing), translate)
    if isinstance(role, Parts) and role.ordered:
        return tuple(content(each, translate) for each in value)
    return content(value, translate)


def _translated(value: Any, role: Reference, translate: Translate) -> Hashable:
    if isinstance(value, str):
        return translate(value)
    if not isinstance(value, tuple):
        found: Hashable = value
        return found
    several = [role.ids(each) for each in value] if role.ids else value
    return frozenset(Counter(_each(one, translate) for one in several).items())


def _each(value: Any, translate: Translate) -> Hashable:
    if isinstance(value, tuple):
        return tuple(_each(one, translate) for one in value)
    if isinstance(value, str):
        return translate(value)
    found: Hashable = value
    return found


def ids_in(value: Any, *, inside: bool = False) -> Iterator[str]:
    """Every id that a thing or a part of one refers to; or only what it is `inside` of."""
    for name, role in FIELDS.get(type(value), {}).items():
        held = getattr(value, name)
        if isinstance(role, Reference):
            if role.inside or not inside:
                yield from _strings(held)
        elif not inside and isinstance(role, Compared) and is_dataclass(held):
            yield from ids_in(held)


def ids_of_field(thing: Any, name: str) -> tuple[str, ...]:
    """The ids that one field of a thing refers to."""
    if isinstance(FIELDS[type(thing)][name], Reference):
        return tuple(_strings(getattr(thing, name)))
    return ()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _strings(each)


def renamed(value: T, rename: Callable[[str], str]) -> T:
    """The same thing, or part of one, with other ids in its references."""
    changed: dict[str, Any] = {}
    roles = FIELDS.get(type(value), {})
    for each in fields(value) if is_dataclass(value) else ():
        role, held = roles[each.name], getattr(value, each.name)
        if isinstance(role, Reference):
            changed[each.name] = _renamed(held, rename)
        elif isinstance(role, Parts):
            changed[each.name] = tuple(renamed(part, rename) for part in held)
        elif type(held) in FIELDS:
            changed[each.name] = renamed(held, rename)
    if not changed:
        return value
    return replace(value, **changed)  # type: ignore[type-var]  # what has fields is a dataclass


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_renamed(each, rename) for each in value)
    return rename(value) if isinstance(value, str) else value
