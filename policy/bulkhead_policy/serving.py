"""The server that the engine talks to: pulumi-policy's own, which is handed each thing once.

pulumi-policy turns all resources of a stack into wrappers again for every policy, and shows none
of them the inputs of all: with 1,000 resources and 40 policies that is most of a minute. So a
subclass keeps what the engine sends, and its policies look at that.

The engine asks of each resource whether it is to be remedied, waits, shows it, and waits again:
what a pack adds to a preview is that wait above all. No policy here remedies anything, and the
shortest answer to the question is that nobody takes it: the engine goes on at once.

The engine starts no program before its packs have said what they are. What reads resources is
therefore imported after that, while the program starts.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Thread
from typing import Any

import grpc  # type: ignore[import-untyped]  # it ships no types
import pulumi_policy.policy
from pulumi.runtime import proto
from pulumi.runtime.proto.analyzer_pb2_grpc import add_AnalyzerServicer_to_server
from pulumi_policy import EnforcementLevel

from bulkhead_policy.policies import policies

NAME = "bulkhead"
_LARGEST = 400 * 1024 * 1024
"""Bytes of a message: what pulumi-policy takes. All resources of a stack are one."""


class Server(pulumi_policy.policy._PolicyAnalyzerServicer):
    """Every method is one question of the engine; the names are pulumirpc's."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._inputs: dict[str, Any] = {}

    def GetAnalyzerInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        """What every policy is, before anything is asked of it."""
        Thread(target=import_module, args=("bulkhead_policy.findings",), daemon=True).start()
        return super().GetAnalyzerInfo(_request, _context)  # type: ignore[no-untyped-call]

    def Analyze(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """The inputs of one resource: no policy judges it alone, and all are shown them at last."""
        self._inputs[request.urn] = request.properties
        return proto.AnalyzeResponse()

    def AnalyzeStack(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """All resources, with their outputs."""
        from bulkhead_policy.handing import as_sent, of_request  # noqa: PLC0415

        with as_sent(of_request(request.resources, self._inputs)):
            return super().AnalyzeStack(proto.AnalyzeStackRequest(), _context)  # type: ignore[no-untyped-call]


class _RemediesNothing(grpc.ServerInterceptor):  # type: ignore[misc]
    """Remediate is not implemented: of such a pack the engine takes a resource as it is.

    So neither the request is read nor a thread woken, which is half of what a call takes. (The
    engine's `analyzer.Remediate`, in sdk/go/common/resource/plugin/analyzer_plugin.go)
    """

    def intercept_service(self, continuation: Callable[[Any], Any], call: Any) -> Any:
        return None if call.method.endswith("/Remediate") else continuation(call)


def server() -> tuple[grpc.Server, int]:
    """What answers an engine, and the port of this machine at which it does; not started yet."""
    # PolicyPack takes no server of ours, nor a class: the version that has this one is pinned.
    pack = Server(
        NAME,
        "0.0.1",  # the engine takes that of PulumiPolicy.yaml
        policies(),
        EnforcementLevel.ADVISORY,
        None,
        "What can reach what, proved over all packets.",
        "Bulkhead",
        None,
        "aws",
        ["network", "reachability", "zeromq"],
    )
    found = grpc.server(
        ThreadPoolExecutor(max_workers=2),
        interceptors=[_RemediesNothing()],
        options=[("grpc.max_receive_message_length", _LARGEST)],
    )
    add_AnalyzerServicer_to_server(pack, found)
    return found, found.add_insecure_port("127.0.0.1:0")


def serve() -> None:
    """Print the port, and serve until the engine ends this process."""
    found, port = server()
    found.start()
    print(port, flush=True)
    try:
        found.wait_for_termination()
    except KeyboardInterrupt:
        found.stop(0)
