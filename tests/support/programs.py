"""Pulumi programs that are not ours, as an engine shows them: to a policy pack, or in a state.

A program is written once, and shown before anything is built (ids are unknown, and what
depends on them) or after (AWS has answered).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as rpc

from tests.support.small_engine import MARK

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - marks one
IDS = {
    "Vpc": "vpc",
    "Subnet": "subnet",
    "SecurityGroup": "sg",
    "NetworkAcl": "acl",
    "RouteTable": "rtb",
    "NetworkInterface": "eni",
    "Instance": "i",
    "InternetGateway": "igw",
    "VpnGateway": "vgw",
    "CustomerGateway": "cgw",
    "VpnConnection": "vpn",
    "VpcPeeringConnection": "pcx",
    "Eip": "eipalloc",
    "NatGateway": "nat",
    "FlowLog": "fl",
    "LaunchTemplate": "lt",
    "TransitGateway": "tgw",
}


@dataclass(frozen=True)
class Ref:
    """An output of a resource, used by another: known once it is built."""

    of: Made
    key: str


def unknown() -> Ref:
    """A value that nobody knows before the update, of a resource that is none of AWS."""
    return Ref(Made(None, "random:index/id:RandomId", "random", {}, {}, ""), "hex")


@dataclass(frozen=True)
class Secret:
    value: str


@dataclass(eq=False)
class Made:
    program: Program | None
    type: str
    name: str
    inputs: Mapping[str, Any]
    answers: Mapping[str, Any]
    """What AWS adds to the inputs."""
    parent: str
    provider: str = ""
    external: bool = False

    @property
    def urn(self) -> str:
        chain = self.parent.split("::")[2] + "$" if self.parent else ""
        return f"urn:pulumi:dev::foreign::{chain}{self.type}::{self.name}"

    @property
    def known_as(self) -> str:
        if isinstance(told := self.answers.get("id"), str):
            return told
        kind = self.type.rsplit(":", 1)[-1]
        return f"{IDS.get(kind, kind.lower())}-{sum(map(ord, self.urn)):x}{len(self.urn):x}"

    @property
    def id(self) -> Ref:
        return Ref(self, "id")

    def __getitem__(self, key: str) -> Ref:
        return Ref(self, key)


@dataclass
class Program:
    region: str = "eu-west-1"
    made: list[Made] = field(default_factory=list)
    providers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.providers["default_7_51_1"] = {"region": self.region}

    def component(self, token: str, name: str, parent: str = "") -> str:
        made = Made(self, token, name, {}, {}, parent)
        self.made.append(made)
        return made.urn

    def add(
        self,
        kind: str,
        called: str,
        /,
        *,
        answers: Mapping[str, Any] | None = None,
        parent: str = "",
        provider: str = "default_7_51_1",
        external: bool = False,
        **inputs: Any,
    ) -> Made:
        """`kind` as in 'ec2/vpc:Vpc'; `answers` is what AWS alone decides."""
        made = Made(self, f"aws:{kind}", called, inputs, answers or {}, parent, provider, external)
        self.made.append(made)
        return made

    def provider_urn(self, name: str) -> str:
        return f"urn:pulumi:dev::foreign::pulumi:providers:aws::{name}"

    # What an engine shows

    def requests(self, *, built: bool) -> tuple[list[Any], Any]:
        """What a pack is asked: of each resource by itself, and of all."""
        single, every = [], []
        for each in self.made:
            inputs = self._shown(each.inputs, built)
            outputs = self._outputs(each, built)
            provider = {}
            if each.provider:
                provider["provider"] = rpc.AnalyzerProviderResource(
                    type="pulumi:providers:aws",
                    urn=self.provider_urn(each.provider),
                    name=each.provider,
                    properties=struct(self.providers[each.provider]),
                )
            told = {"type": each.type, "urn": each.urn, "name": each.name, **provider}
            if not each.external:
                single.append(rpc.AnalyzeRequest(properties=struct(inputs), **told))
            every.append(
                rpc.AnalyzerResource(
                    properties=struct(outputs),
                    parent=each.parent,
                    propertyDependencies={
                        key: rpc.AnalyzerPropertyDependencies(urns=urns)
                        for key, value in each.inputs.items()
                        if (urns := sorted(depends(value)))
                    },
                    **told,
                )
            )
        return single, rpc.AnalyzeStackRequest(resources=every)

    def state(self) -> dict[str, Any]:
        """What `pulumi stack export` writes once it is built."""
        providers = [
            {
                "urn": self.provider_urn(name),
                "type": "pulumi:providers:aws",
                "custom": True,
                "id": name,
                "inputs": inputs,
                "outputs": inputs,
            }
            for name, inputs in self.providers.items()
        ]
        made = [
            {
                "urn": each.urn,
                "type": each.type,
                "custom": bool(each.provider),
                **({"id": each.known_as} if each.provider else {}),
                **({"parent": each.parent} if each.parent else {}),
                **(
                    {"provider": f"{self.provider_urn(each.provider)}::{each.provider}"}
                    if each.provider
                    else {}
                ),
                "external": each.external,
                "inputs": self._shown(each.inputs, True),
                "outputs": self._outputs(each, True),
                "propertyDependencies": {
                    key: sorted(depends(value)) for key, value in each.inputs.items()
                },
            }
            for each in self.made
        ]
        return {
            "version": 3,
            "deployment": {
                "manifest": {"time": "2026-01-01T00:00:00Z", "magic": "", "version": "v3.259.0"},
                "resources": [*providers, *made],
            },
        }

    def written(self, folder: Any) -> Any:
        path = folder / "state.json"
        path.write_text(json.dumps(self.state()))
        return path

    def _outputs(self, each: Made, built: bool) -> dict[str, Any]:
        if not each.provider:
            return {}
        if built or each.external:
            answered = {"id": each.known_as, **each.answers}
        else:
            answered = {"id": UNKNOWN, **dict.fromkeys(each.answers, UNKNOWN)}
        return {**self._shown(each.inputs, built), **self._shown(answered, built)}

    def _shown(self, value: Any, built: bool) -> Any:
        match value:
            case Ref():
                if not built and not value.of.external:
                    return UNKNOWN
                if value.key == "id":
                    return value.of.known_as
                return self._shown({**value.of.inputs, **value.of.answers}[value.key], built)
            case Secret():
                return {SIGNATURE: SECRET, "value": value.value}
            case Mapping():
                return {key: self._shown(each, built) for key, each in value.items()}
            case list() | tuple():
                return [self._shown(each, built) for each in value]
            case _:
                return value


def depends(value: Any) -> set[str]:
    match value:
        case Ref():
            return {value.of.urn}
        case Mapping():
            return {urn for each in value.values() for urn in depends(each)}
        case list() | tuple():
            return {urn for each in value for urn in depends(each)}
        case _:
            return set()


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(values), struct_pb2.Struct())


def ours(wanted: Iterable[Any]) -> Program:
    """A program of this repository's components, as `small_engine.recorded` notes it down."""
    program = Program()
    made: dict[str, Made] = {}

    def read(value: Any) -> Any:
        match value:
            case str() if value.startswith(MARK):
                name, _, key = value.removeprefix(MARK).rpartition(":")
                return Ref(made[name], key)
            case Mapping():
                return {key: read(each) for key, each in value.items()}
            case list() | tuple():
                return [read(each) for each in value]
            case _:
                return value

    for each in wanted:
        kind = each.token.removeprefix("aws:")
        made[each.name] = program.add(kind, each.name, **read(each.inputs))
    return program
