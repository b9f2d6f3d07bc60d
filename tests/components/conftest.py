"""The components under a monitor that records what they ask the engine for."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.rpc import deserialize_properties

from bulkhead.plan import Plan, plan
from tests.support.topologies import topology_from

STACK = "pulumi:pulumi:Stack"
GIVEN = "2600:1f18:1234:5600::/56"
"""The block of IPv6 that Amazon gives a VPC."""

TOPOLOGY = """
    name: shop
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 2
    segments:
      web: { purpose: front }
      data: { purpose: back, isolation: service }
    sites:
      venue:
        cidrs: [192.168.10.0/24, 192.168.20.0/24]
        gateway: { address: 203.0.113.10, asn: 65010 }
        sockets:
          ask: { type: REQ, connect: db.ask }
    services:
      db:
        segment: data
        sockets:
          ask: { type: REP, bind: "tcp://*:6000" }
          feed: { type: PUB, bind: "tcp://*:6001" }
      front:
        segment: web
        replicas: 3
        sockets:
          ask: { type: REQ, connect: db.ask }
          feed: { type: SUB, connect: db.feed }
          admin: { type: REP, bind: "tcp://*:7000" }
      ops:
        segment: web
        sockets:
          admin: { type: REQ, connect: front.admin }
"""


@dataclass(frozen=True)
class Registered:
    """One resource as the program asked for it."""

    type: str
    name: str
    parent: str
    custom: bool
    inputs: dict[str, Any]
    dependencies: tuple[str, ...]
    gone_first: bool
    """Whether the one that it replaces is deleted before it is made."""
    provider: str = ""
    protect: bool = False
    aliases: tuple[str, ...] = ()
    """What it was called when it stood under the stack itself."""
    was: tuple[str, ...] = ()
    """What it was called where it stands."""

    @property
    def urn(self) -> str:
        return f"{self.type}::{self.name}"


@dataclass
class Recording:
    resources: list[Registered] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Registered]:
        return [each for each in self.resources if each.type.endswith(f":{kind}")]

    @property
    def components(self) -> list[Registered]:
        return [each for each in self.resources if each.type.startswith("bulkhead:")]

    @property
    def children(self) -> list[Registered]:
        return [each for each in self.resources if each.type.startswith("aws:")]


class Account(mocks.Mocks):
    """Gives every resource an id and the outputs that others refer to."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        computed = {
            "defaultNetworkAclId": "acl-default",
            "defaultRouteTableId": "rtb-default",
            "tunnel1Address": "198.51.100.1",
            "tunnel2Address": "198.51.100.2",
            "prefixListId": f"pl-{args.name}",
        }
        if args.typ.endswith(":VpcIpv6CidrBlockAssociation"):
            computed["ipv6CidrBlock"] = GIVEN
        arn = f"arn:aws:of:{args.name}"
        if args.typ == "aws:ec2/vpc:Vpc":
            arn = f"arn:aws:ec2:eu-west-1:123456789012:vpc/{args.name}-id"
        return f"{args.name}-id", {"arn": arn, **computed, **args.inputs}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"a component asks AWS while it is built: {args.token}")


class NothingYet(Account):
    """What a preview knows of resources that are to be made: what the program says of them."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return "", dict(args.inputs)


class RecordingMonitor(mocks.MockMonitor):
    def __init__(self, account: mocks.Mocks, recording: Recording) -> None:
        super().__init__(account)
        self.recording = recording

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> Any:  # noqa: N802
        if request.type != STACK:
            self.recording.resources.append(
                Registered(
                    type=request.type,
                    name=request.name,
                    parent=request.parent,
                    custom=request.custom,
                    inputs=deserialize_properties(request.object),
                    dependencies=tuple(request.dependencies),
                    gone_first=request.deleteBeforeReplace,
                    provider=request.provider,
                    protect=request.protect,
                    aliases=tuple(each.spec.name for each in request.aliases if each.spec.noParent),
                    was=tuple(
                        each.spec.name or each.urn.rpartition("::")[2]
                        for each in request.aliases
                        if not each.spec.noParent
                    ),
                )
            )
        return super().RegisterResource(request)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        if f"::{STACK}::" not in request.urn:
            self.recording.finished.append(request.urn)
        return super().RegisterResourceOutputs(request)


@pytest.fixture
def shop(tmp_path: Path) -> Plan:
    return plan(topology_from(tmp_path, TOPOLOGY))


@pytest.fixture
def record() -> Iterator[Callable[..., Recording]]:
    """Run a program under the recording monitor, to its end, and return what it asked for."""
    asyncio.set_event_loop(asyncio.new_event_loop())

    def run(program: Callable[[], object], known: bool = True) -> Recording:
        recording = Recording()
        account = Account() if known else NothingYet()
        pulumi.runtime.set_mocks(
            account,
            project="bulkhead",
            preview=not known,
            monitor=RecordingMonitor(account, recording),
        )

        async def whole() -> None:
            ending = program()
            if inspect.isawaitable(ending):
                await ending

        pulumi.runtime.test(whole)()
        return recording

    yield run
    pulumi.runtime.settings.reset_options()
