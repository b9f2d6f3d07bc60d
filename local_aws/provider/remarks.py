"""What the engine shows the user beside the result of a call: warnings, each with its resource."""

from __future__ import annotations

import contextlib

import grpc  # type: ignore[import-untyped]  # it ships no types
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


class Remarks:
    """The way back to an engine, once it has said where it listens; before that nobody hears."""

    def __init__(self) -> None:
        self._engine: engine_pb2_grpc.EngineStub | None = None

    def connect(self, address: str) -> None:
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def warn(self, urn: str, text: str) -> None:
        """An engine that cannot be reached is no reason to fail: the call goes on."""
        if self._engine is None:
            return
        said = engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=text, urn=urn)
        with contextlib.suppress(grpc.RpcError):
            self._engine.Log(said)
