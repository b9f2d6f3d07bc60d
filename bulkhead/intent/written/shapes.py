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


def example_at(path: KeyPath) -> str:
    """What a mapping there looks like: '{ address: … }', or 'NAME: { segment: … }' of names."""
    shape, many = _found_at(path)
    if many is not None and shape_in(many) is None:
        return "NAME: a text"
    needed = [name for name, field in _named(shape).items() if field.is_required()]
    some = ", ".join(f"{each}: …" for each in needed or list(_named(shape))[:1])
    return f"{{ {some} }}" if many is None else f"NAME: {{ {some} }}"


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
    return _found_at(path)[0]


def _found_at(path: KeyPath) -> tuple[type[Written], Any]:
    """The same; and what is behind a key that holds many, where the path ends there."""
    shape: type[Written] = WrittenTopology
    many = None
    parts = iter(path)
    for part in parts:
        field = _named(shape).get(str(part))
        if field is None:
            break
        shape = shape_in(field.annotation) or shape
        if _holds_many(field.annotation):
            many = field.annotation if next(parts, None) is None else None
    return shape, many


def _holds_many(annotation: Any) -> bool:
    if get_origin(annotation) in (dict, tuple):
        return True
    return any(map(_holds_many, get_args(annotation)))


def shape_in(annotation: Any) -> type[Written] | None:
    """The shape that a field holds: itself, behind names, in a list, or where it may be None."""
    if isinstance(annotation, type) and issubclass(annotation, Written):
        return annotation
    return next(filter(None, map(shape_in, get_args(annotation))), None)


_ALONE = frozenset(
    {"defaults", "quotas", "flow-logs", "monitoring", "vpc-encryption", "block-public-access"}
)
"""Mappings at the top that are called by their key."""


def in_words(path: KeyPath) -> str:
    """A path in words: 'service ticker, replicas'."""
    match path:
        case ():
            return "the topology"
        case ("services" | "sites" | "peers", owner, "sockets", socket, *field):
            subject = f"socket {owner}.{socket}"
        case ("services" | "sites" | "peers" | "segments" | "vpcs" as kind, name, *field):
            subject = f"{kind[:-1].replace('vpc', 'VPC')} {name}"
        case (str(subject), *field) if subject in _ALONE:
            pass
        case ("flows", _, *field):
            subject = "flow"
        case ("quarantine", _, *field):
            subject = "quarantine"
        case ("joins", _, *field):
            subject = "join"
        case ("tests", _, *field):
            subject = "test"
        case _:
            return str(path[0])
    keys = [part for part in field if isinstance(part, str)]
    return ", ".join([subject, *keys])
