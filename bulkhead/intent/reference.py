"""The reference of the language: every key of every mapping, from the schema that editors read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bulkhead.intent.schema import topology_schema
from bulkhead.intent.written.looks import JsonSchema

_COMMAND: Final = "bulkhead schema --markdown -o docs/topology-reference.md"

_HEAD: Final = f"""\
# Topology reference

Every key of a topology, and what it takes; [the guide](topology.md) says what it all means.
This page is written by `{_COMMAND}`, from the definitions that
read a topology and that make [its JSON Schema](topology.schema.json): no key is missing here.

NAME stands for a name of your own, [] for each item of a list.
"""


def reference() -> str:
    """The page, as Markdown."""
    schema = topology_schema()
    definitions = schema["definitions"]
    places: dict[str, list[str]] = {}
    for path, shape in _walk(schema, definitions, ""):
        places.setdefault(shape, []).append(path)
    page = [_HEAD, *_section("Top level", schema)]
    for shape in sorted(places, key=_is_default):
        at = ", ".join(f"`{each}`" for each in places[shape])
        whole = shape.replace("Default", "Written", 1)
        if _is_default(shape) and whole in definitions:
            keys = ", ".join(f"`{key}`" for key in definitions[shape]["properties"])
            said = f"Of the keys of a [{_title(whole).lower()}](#{_anchor(whole)}): {keys}.\n"
            page += [f"## {_title(shape)}\n", f"At {at}. {said}"]
        else:
            page += _section(_title(shape), definitions[shape], at)
    return "\n".join(page)


def _is_default(shape: str) -> bool:
    return "Default" in shape


def _title(shape: str) -> str:
    """WrittenSegmentDefaults is 'Segment defaults'."""
    words = re.findall(r"[A-Z][a-z]+", shape.removeprefix("Written"))
    return " ".join(words).capitalize()


def _anchor(shape: str) -> str:
    return _title(shape).lower().replace(" ", "-")


def _walk(
    shape: JsonSchema, definitions: dict[str, JsonSchema], path: str
) -> Iterator[tuple[str, str]]:
    """Where each definition stands, as in services.NAME.sockets.NAME."""
    inner = []
    for key, look in shape["properties"].items():
        for name, behind in _held(look):
            at = f"{path}.{key}{behind}".removeprefix(".")
            inner.append((at, name))
    yield from inner
    for at, name in inner:
        yield from _walk(definitions[name], definitions, at)


def _held(look: JsonSchema) -> Iterator[tuple[str, str]]:
    """The definition that a value is of, and what leads there from its key."""
    if "$ref" in look:
        yield _name(look), ""
    elif "$ref" in (many := look.get("additionalProperties") or {}):
        yield _name(many), ".NAME"
    elif "$ref" in (items := look.get("items") or {}):
        yield _name(items), "[]"
    elif refs := [each for each in items.get("anyOf", ()) if "$ref" in each]:
        yield _name(refs[0]), "[]"
    elif held := [one for each in look.get("anyOf", ()) for one in _held(each)]:
        yield held[0]


def _name(ref: JsonSchema) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _section(title: str, shape: JsonSchema, at: str = "") -> list[str]:
    needed = _needed(shape)
    rows = [
        f"| `{key}` | {_takes(look)} | {_left_out(key, look, needed)} | {_said(look)} |"
        for key, look in shape["properties"].items()
    ]
    begins = f"At {at}. {shape['description']}" if at else shape["description"]
    table = ["| key | takes | if left out | what it is |", "| --- | --- | --- | --- |", *rows]
    return [f"## {title}\n", f"{begins}\n", *table, ""]


def _needed(shape: JsonSchema) -> set[str]:
    """The keys without which it is refused; of a file those of a whole topology."""
    whole = [rule["then"]["required"] for rule in shape.get("allOf", ())]
    return {*shape.get("required", ()), *(key for keys in whole for key in keys)}


def _left_out(key: str, look: JsonSchema, needed: set[str]) -> str:
    if key in needed:
        return "needed"
    if "$comment" in look:
        return str(look["$comment"])
    default = look.get("default")
    return f"`{_plain(default)}`" if default is not None else ""


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _takes(look: JsonSchema) -> str:
    """What a value may be, in words."""
    match look:
        case {"$ref": _}:
            said = f"keys of {_link(look)}"
        case {"type": "object", "additionalProperties": {"$ref": _} as each}:
            said = f"names, each with keys of {_link(each)}"
        case {"type": "object", "additionalProperties": each}:
            said = f"words of your own, each with {_takes(each)}"
        case {"type": "array", "items": {"$ref": _} as each}:
            said = f"a list, each with keys of {_link(each)}"
        case {"enum": choices}:
            said = ", ".join(f"`{each}`" for each in choices if each is not None)
        case {"type": "boolean"}:
            said = "`true`, `false`"
        case {"anyOf": [*each, {"type": "array", "items": items}]} if items in (
            each[0],
            {"anyOf": each},
        ):
            said = f"{'; or '.join(map(_takes, each))}, or a list of such"
        case {"type": "array", "items": each}:
            said = f"a list, each {_takes(each)}"
        case {"title": title}:
            said = f"{title}{_examples(look.get('anyOf', [look]))}"
        case {"anyOf": several}:
            said = "; or ".join(map(_takes, several))
        case {"type": "string"}:
            said = f"a text{_examples([look])}"
        case _:
            raise NotImplementedError(f"no words for {look}")
    return said


def _examples(looks: list[JsonSchema]) -> str:
    """The words and the forms that a title does not tell."""
    choices = ", ".join(f"`{each}`" for look in looks for each in look.get("enum", ()))
    examples = ", ".join(f"`{each}`" for look in looks for each in look.get("examples", ()))
    as_in = f"as in {examples}" if examples else ""
    said = ", or ".join(filter(None, (choices, as_in))) if choices else as_in
    return f": {said}" if choices else f", {said}" if said else ""


def _link(ref: JsonSchema) -> str:
    return f"[{_title(_name(ref)).lower()}](#{_anchor(_name(ref))})"


def _said(look: JsonSchema) -> str:
    """The description, in which an example is told apart from the words around it."""
    text: str = look["description"].replace("|", r"\|")
    return re.sub(r"\bas in ([^;]+)", r"as in `\1`", text)
