"""A topology as plain values, said again in Python: every mapping by what builds it."""

from __future__ import annotations

from typing import Any

from bulkhead import topology
from bulkhead.intent.written.shapes import shape_in
from bulkhead.topology.part import NamedPart, TopologyPart

BUILDERS = {
    each.shape: each
    for each in vars(topology).values()
    if isinstance(each, type) and issubclass(each, TopologyPart)
}
"""By the shape that the same has in a file."""


def built(document: dict[str, Any], *, by_object: bool = False) -> topology.Topology:
    """What says the same as a document. With `by_object`, sockets are connected to as objects."""
    return _Building(document if by_object else {}).whole(document)


class _Building:
    def __init__(self, connected: dict[str, Any]) -> None:
        self.sockets: dict[str, topology.Socket] = {}
        for section in ("services", "sites"):
            for owner, keys in connected.get(section, {}).items():
                for name, said in keys.get("sockets", {}).items():
                    if "connect" not in said:
                        socket = self.part(topology.Socket, said, name)
                        self.sockets[f"{owner}.{name}"] = socket

    def whole(self, document: dict[str, Any]) -> topology.Topology:
        named = {key: value for key, value in document.items() if key != "name"}
        return self.part(topology.Topology, named, document.get("name"))

    def part(self, builder: Any, said: dict[str, Any], *name: Any, at: str = "") -> Any:
        fields = {each.alias or name: name for name, each in builder.shape.model_fields.items()}
        owner = name[0] if name else ""
        return builder(
            *name,
            **{
                fields[key]: self.value(builder, fields[key], value, owner)
                for key, value in said.items()
            },
        )

    def value(self, builder: Any, argument: str, value: Any, owner: str) -> Any:
        inner = shape_in(builder.shape.model_fields[argument].annotation)
        if inner is None:
            refers = argument in ("connect", "accept", "deny")
            return self.referring(value) if refers else value
        if issubclass(BUILDERS[inner], NamedPart):
            return [
                self.sockets.get(f"{owner}.{name}") or self.part(BUILDERS[inner], said, name)
                if inner is topology.Socket.shape
                else self.part(BUILDERS[inner], said, name)
                for name, said in value.items()
            ]
        if isinstance(value, list):
            return [
                each if isinstance(each, str) else self.part(BUILDERS[inner], each)
                for each in value
            ]
        return self.part(BUILDERS[inner], value)

    def referring(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.sockets.get(each, each) for each in value]
        return self.sockets.get(value, value)
