"""Which keys a mapping of the language may have, and what a place in it is called."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from bulkhead.intent.document import KeyPath
from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.topology import WrittenTopology


def keys_at(path: KeyPath) -> dict[str, str | None]:
    """The keys that the mapping there may have, and what is said of each."""
    return {name: field.description for name, field in _named(_shape_at(path)).items()}


def without_default(path: KeyPath) -> frozenset[str]:
    """The keys that what is at a path of defaults stands for has, and that has no default."""
    match path:
        case ("defaults", kind) | ("segments", _, "defaults", kind):
            of = _shape_at(("services", "", "sockets") if kind == "socket" else (f"{kind}s",))
            return frozenset(_named(of)) - frozenset(keys_at(path))
    return frozenset()


def _named(shape: type[Written]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in shape.model_fields.items()}


def _shape_at(path: KeyPath) -> type[Written]:
    """What a mapping at this path is read as: the fields lead there, past names and indices."""
    shape: type[Written] = WrittenTopology
    parts = iter(path)
    for part in parts:
        field = _named(shape).get(str(part))
        if field is None:
            break
        shape = shape_in(field.annotation) or shape
        if _holds_many(field.annotation):
            next(parts, None)
    return shape


def _holds_many(annotation: Any) -> bool:
    if get_origin(annotation) in (dict, tuple):
        return True
    return any(map(_holds_many, get_args(annotation)))


def shape_in(annotation: Any) -> type[Written] | None:
    """The shape that a field holds: itself, behind names, in a list, or where it may be None."""
    if isinstance(annotation, type) and issubclass(annotation, Written):
        return annotation
    return next(filter(None, map(shape_in, get_args(annotation))), None)


def in_words(path: KeyPath) -> str:
    """A path in words: 'service ticker, replicas'."""
    match path:
        case ():
            return "the topology"
        case ("services" | "sites" | "peers", owner, "sockets", socket, *field):
            subject = f"socket {owner}.{socket}"
        case ("services" | "sites" | "peers" | "segments" as kind, name, *field):
            subject = f"{kind[:-1]} {name}"
        case ("defaults" | "quotas" as subject, *field):
            pass
        case ("flows", _, *field):
            subject = "flow"
        case ("tests", _, *field):
            subject = "test"
        case _:
            return str(path[0])
    keys = [part for part in field if isinstance(part, str)]
    return ", ".join([subject, *keys])
