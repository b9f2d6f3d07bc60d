"""A monitor that answers at once, in place of the engine: what a program does by itself."""

from __future__ import annotations

import asyncio
import cProfile
import pstats
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import run_pulumi_func

TOLD = {
    "arn": "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc",
    "defaultNetworkAclId": "acl",
    "defaultRouteTableId": "rtb",
}
"""What AWS tells of each resource here, and others refer to."""


class Monitor(mocks.MockMonitor):
    """Gives every resource an id, and counts what it is sent."""

    def __init__(self) -> None:
        super().__init__(_Nothing())
        self.components = 0
        self.bytes = 0

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> Any:  # noqa: N802
        self.bytes += request.ByteSize()
        self.components += request.type.startswith("bulkhead:")
        told = struct_pb2.Struct()
        if request.custom:
            told.CopyFrom(request.object)
            told.update(TOLD)
        return resource_pb2.RegisterResourceResponse(
            urn=self.make_urn(request.parent, request.type, request.name),
            id=f"{request.name}-id" if request.custom else "",
            object=told,
        )

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        self.bytes += request.ByteSize()
        return super().RegisterResourceOutputs(request)


class _Nothing(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise AssertionError("the monitor answers itself")

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"nobody asks AWS here: {args.token}")


class _AtOnce(ThreadPoolExecutor):
    """Does what it is asked where it is asked: two runs take the same steps."""

    def submit(self, call: Callable[..., Any], /, *words: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(call(*words, **named))
        except Exception as error:  # whoever waits for it is told
            done.set_exception(error)
        return done


def ran(program: Callable[[], object], monitor: Monitor) -> None:
    """A program to its end."""
    loop = asyncio.new_event_loop()
    loop.set_default_executor(_AtOnce())
    asyncio.set_event_loop(loop)
    pulumi.runtime.settings.reset_options()
    pulumi.runtime.set_mocks(_Nothing(), project="bench", preview=False, monitor=monitor)

    def whole() -> None:
        program()

    try:
        loop.run_until_complete(run_pulumi_func(whole))
    finally:
        loop.close()


def counted(program: Callable[[], object]) -> tuple[int, Monitor]:
    """How many functions it calls, and what it sends."""
    ran(program, Monitor())  # what is imported, and what is remembered of types
    monitor, profile = Monitor(), cProfile.Profile()
    profile.enable()
    try:
        ran(program, monitor)
    finally:
        profile.disable()
    return pstats.Stats(profile).total_calls, monitor
