"""Which keys a mapping of the language may have, and what a place in it is called."""

from __future__ import annotations

from typing import Any, get_args

from bulkhead.intent.document import KeyPath
from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.topology import WrittenTopology


def keys_at(path: KeyPath) -> dict[str, str | None]:
    """The keys that the mapping there may have, and what is said of each."""
    shape = _shape_at(path)
    return {field.alias or name: field.description for name, field in shape.model_fields.items()}


def _shape_at(path: KeyPath) -> type[Written]:
    """What a mapping at this path is read as: the fields lead there."""
    shape: type[Written] = WrittenTopology
    for part in path:
        named = {field.alias or name: field for name, field in shape.model_fields.items()}
        if part in named:
            shape = _shape_in(named[str(part)].annotation) or shape
    return shape


def _shape_in(annotation: Any) -> type[Written] | None:
    """The shape that a field holds: itself, behind names, in a list, or where it may be None."""
    if isinstance(annotation, type) and issubclass(annotation, Written):
        return annotation
    return next(filter(None, map(_shape_in, get_args(annotation))), None)


def in_words(path: KeyPath) -> str:
    """A path in words: 'service ticker, replicas'."""
    match path:
        case ():
            return "the topology"
        case ("services" | "sites", owner, "sockets", socket, *field):
            subject = f"socket {owner}.{socket}"
        case ("services" | "sites" | "segments" as kind, name, *field):
            subject = f"{kind[:-1]} {name}"
        case ("tests", _, *field):
            subject = "test"
        case _:
            return str(path[0])
    keys = [part for part in field if isinstance(part, str)]
    return ", ".join([subject, *keys])
