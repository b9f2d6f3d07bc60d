"""The resources that components ask for, written one by one: the same options, no component."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.rpc import deserialize_properties

from bench.stack.monitor import Monitor, ran

_Named = tuple[str, str]
"""Type and name of a resource."""


@dataclass(frozen=True)
class Registration:
    """A resource as a program asks for it."""

    token: str
    name: str
    arguments: dict[str, Any]
    after: tuple[_Named, ...]
    """What it is said to depend on, beside what its arguments are of."""
    gone_first: bool | None
    """Whether the one that it replaces is deleted before it is made; None: not said."""
    ignored: tuple[str, ...]

    @property
    def kind(self) -> type[pulumi.CustomResource]:
        _, module, kind = self.token.split(":")
        made: type[pulumi.CustomResource] = getattr(getattr(aws, module.partition("/")[0]), kind)
        return made


class _Recorder(Monitor):
    def __init__(self) -> None:
        super().__init__()
        self.recorded: list[Registration] = []

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> Any:  # noqa: N802
        if request.custom:
            implied = {urn for each in request.propertyDependencies.values() for urn in each.urns}
            inputs = deserialize_properties(request.object)
            said = request.deleteBeforeReplaceDefined
            self.recorded.append(
                Registration(
                    token=request.type,
                    name=request.name,
                    arguments={_snake(key): each for key, each in inputs.items()},
                    after=tuple(_of(each) for each in request.dependencies if each not in implied),
                    gone_first=request.deleteBeforeReplace if said else None,
                    ignored=tuple(request.ignoreChanges),
                )
            )
        return super().RegisterResource(request)


def _of(urn: str) -> _Named:
    *_, types, name = urn.split("::")
    return types.rpartition("$")[2], name


def _snake(word: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower()


def recorded(program: Callable[[], object]) -> list[Registration]:
    """What a program asks for, but for its components."""
    recorder = _Recorder()
    ran(program, recorder)
    return recorder.recorded


def write(resources: Sequence[Registration], file: Path) -> None:
    """For a program that runs elsewhere."""
    file.write_text(json.dumps([asdict(each) for each in resources]))


def read(file: Path) -> list[Registration]:
    """The same there."""
    return [
        Registration(**{**each, "after": tuple(map(tuple, each["after"]))})
        for each in json.loads(file.read_text())
    ]


def flat(resources: Sequence[Registration]) -> None:
    """The same, each referring to others by their outputs."""
    made: dict[_Named, pulumi.CustomResource] = {}
    ids: dict[str, pulumi.Output[str]] = {}

    def linked(value: Any) -> Any:
        if isinstance(value, list):
            return [linked(each) for each in value]
        return ids.get(value, value) if isinstance(value, str) else value

    for each in resources:
        resource = each.kind(
            each.name,
            **{key: linked(it) for key, it in each.arguments.items()},
            opts=pulumi.ResourceOptions(
                depends_on=[made[one] for one in each.after] or None,
                delete_before_replace=each.gone_first,
                ignore_changes=[*each.ignored] or None,
            ),
        )
        made[each.token, each.name] = resource
        ids[f"{each.name}-id"] = resource.id
