"""The policy pack asked of programs as the engine asks it, without an engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bulkhead_policy import policies
from bulkhead_policy.serving import Server
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as rpc
from pulumi_policy import EnforcementLevel

from tests.support.programs import Program


@dataclass(frozen=True)
class Violation:
    """One violation, as the engine is told it."""

    policy: str
    about: str
    """The name of the resource on whose URN it is; '' of the stack."""
    message: str
    mandatory: bool


def served() -> Server:
    return Server("bulkhead", "0.0.1", policies(), EnforcementLevel.ADVISORY, *[None] * 7)


def ask(
    program: Program,
    *,
    built: bool = True,
    config: Mapping[str, Mapping[str, Any]] | None = None,
    every: bool = False,
) -> list[Violation]:
    """What the pack says of a program; of `every` policy, those that are off by themselves too."""
    server, config = served(), config or {}
    levels = {}
    for each in server.GetAnalyzerInfo(None, None).policies:
        level = each.enforcementLevel
        levels[each.name] = rpc.PolicyConfig(
            enforcementLevel=rpc.ADVISORY if every and level == rpc.DISABLED else level,
            properties=json_format.ParseDict(dict(config.get(each.name, {})), struct_pb2.Struct()),
        )
    server.Configure(rpc.ConfigureAnalyzerRequest(policyConfig=levels), None)
    return told(*program.requests(built=built), server)


def told(single: Iterable[Any], every: Any, server: Server | None = None) -> list[Violation]:
    """What the pack says of what an engine shows it: of each resource, and of all."""
    server = server or served()
    for each in single:
        server.Analyze(each, None)
    return list(violations(server.AnalyzeStack(every, None).diagnostics))


def violations(diagnostics: Iterable[Any]) -> Iterable[Violation]:
    for each in diagnostics:
        yield Violation(
            policy=each.policyName,
            about=each.urn.rsplit("::", 1)[-1],
            message=each.message,
            mandatory=each.enforcementLevel == rpc.MANDATORY,
        )


def of(policy: str, said: Iterable[Violation]) -> list[Violation]:
    return [each for each in said if each.policy == policy]


def about(policy: str, said: Iterable[Violation]) -> set[str]:
    return {each.about for each in of(policy, said)}
