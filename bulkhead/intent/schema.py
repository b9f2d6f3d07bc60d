"""The JSON Schema of a topology, from the shapes that read one: what an editor completes and marks.

Draft-07, which every editor reads: yaml-language-server "supports JSON Schema 7 and below"
(github.com/redhat-developer/yaml-language-server, README). It marks what the file alone gets wrong;
what one part has to do with another, and which line is meant, only `load` says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from bulkhead.intent.including import OF_THE_ROOT
from bulkhead.intent.values import PUBLIC_INTERNET
from bulkhead.intent.written import WrittenService, WrittenSite, WrittenSocket, WrittenTopology
from bulkhead.intent.written.looks import NAME, SOCKET_NAME, JsonSchema

DIALECT: Final = "http://json-schema.org/draft-07/schema#"

_OWNER: Final = {**NAME, "not": {"const": PUBLIC_INTERNET}}
_KEYS: Final[Mapping[str, JsonSchema]] = {
    "vpcs": NAME,
    "segments": NAME,
    "sites": _OWNER,
    "services": _OWNER,
    "peers": _OWNER,
    "hosts": NAME,
    "sockets": SOCKET_NAME,
}
"""What may be a key where the keys are names."""


@cache
def schema_text() -> str:
    """The schema as a file holds it."""
    return json.dumps(topology_schema(), indent=2, ensure_ascii=False) + "\n"


def topology_schema() -> JsonSchema:
    """The schema of a file: of a whole topology, and of a part that others include."""
    made = WrittenTopology.model_json_schema(
        ref_template="#/definitions/{model}", schema_generator=_AsWritten
    )
    definitions = made.pop("$defs")
    _whole_sockets(definitions)
    for shape in (made, *definitions.values()):
        _for_people(shape)
    required = made.pop("required")
    made["properties"]["cidr"]["$comment"] = "needed, or `vpcs`"
    needed = _needed(required)
    head = {"$schema": DIALECT, "title": "Bulkhead topology"}
    return {**head, **made, "allOf": needed, "definitions": definitions}


class _AsWritten(GenerateJsonSchema):
    """The language has no null: a field that is None could not be read."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchema:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchema:
        inner = self.generate_inner(schema["schema"])
        said = written_default(schema.get("default"))
        return inner if said is None else {**inner, "default": said}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


def written_default(value: object) -> str | int | bool | None:
    """A default as one would write it; None where it stands for nothing written."""
    match value:
        case StrEnum():
            return value.value
        case (int(fewest), int(most)) if fewest == most:
            return fewest
        case bool() | int():
            return value
        case str() if value:
            return value
    return None


def _whole_sockets(definitions: dict[str, JsonSchema]) -> None:
    """What a socket must have, unless a preset that its owner uses says it."""
    socket = definitions[WrittenSocket.__name__]
    for key in socket.pop("required"):
        socket["properties"][key]["$comment"] = "needed, or said by a preset"
    needed = {"required": ["type"], "anyOf": [{"required": ["bind"]}, {"required": ["connect"]}]}
    for owner in (WrittenService, WrittenSite):
        definitions[owner.__name__]["if"] = {"not": {"required": ["use"]}}
        definitions[owner.__name__]["then"] = {
            "properties": {"sockets": {"additionalProperties": needed}}
        }


def _for_people(shape: JsonSchema) -> None:
    """No name of a class, no broken lines; and where keys are names, which are."""
    del shape["title"]
    shape["description"] = " ".join(shape["description"].split())
    for key, look in shape["properties"].items():
        if key in _KEYS:
            look["propertyNames"] = _KEYS[key]


def _needed(required: list[str]) -> list[JsonSchema]:
    """Of a whole topology what is needed, unless it is in a file that this one includes; of an
    included one nothing, and `name`, `region` and their like are not its own to say."""
    alone = [key for key in OF_THE_ROOT if key in required]
    elsewhere = [key for key in required if key not in alone]
    whole = {"anyOf": [{"required": [key]} for key in OF_THE_ROOT]}
    return [
        {
            "if": whole,
            "then": {
                "required": alone,
                "oneOf": [{"required": ["cidr"]}, {"required": ["vpcs"]}],
            },
            "else": {"minProperties": 1},
        },
        {
            "if": {**whole, "not": {"required": ["include"]}},
            "then": {"required": elsewhere},
        },
    ]
