"""Pulumi's property values on the wire: unknowns, secrets, and numbers that are all doubles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]  # no types

# https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the marker of a secret, not a secret

Properties = dict[str, Any]


@dataclass(frozen=True)
class Secret:
    """A value that the engine encrypts in the state and hides in the output."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(…)"


def received(struct: struct_pb2.Struct) -> Properties:
    """The properties of a message: secrets as Secret, integral numbers as int."""
    values: Properties = {key: _received(value) for key, value in struct.fields.items()}
    return values


def _received(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET:
            return Secret(_received(fields["value"]))
        return {key: _received(item) for key, item in fields.items()}
    if kind == "list_value":
        return [_received(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind in ("string_value", "bool_value"):
        return getattr(value, kind)
    return None


def sent(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    json_format.ParseDict({key: _sent(value) for key, value in properties.items()}, struct)
    return struct


def _sent(value: Any) -> Any:
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": _sent(value.value)}
    if isinstance(value, Mapping):
        return {key: _sent(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sent(item) for item in value]
    return value


def plain(value: Any) -> Any:
    """The value without its secrets' wrapping, at any depth."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def has_secret(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(has_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(has_secret(item) for item in value)
    return isinstance(value, Secret)


def has_unknown(value: Any) -> bool:
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return bool(value == UNKNOWN)


def hidden_like(properties: Properties, inputs: Mapping[str, Any]) -> Properties:
    """The properties, each wrapped as a secret if the input of the same name has one inside."""
    return {
        key: Secret(value)
        if has_secret(inputs.get(key)) and not isinstance(value, Secret)
        else value
        for key, value in properties.items()
    }
