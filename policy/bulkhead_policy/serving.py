"""What the engine asks of the pack, answered by pulumi-policy, which is handed each thing once.

pulumi-policy turns all resources of a stack into wrappers again for every policy, and shows none
of them the inputs of all: with 1,000 resources and 40 policies that is most of a minute. So a
subclass keeps what the engine sends, and its policies look at that.

The engine asks of each resource whether it is to be remedied, waits, shows it, and waits again,
whatever policies a pack has: what a pack adds to a preview is that wait above all. No policy here
remedies anything, and the shortest answer to the question is that nobody takes it: the engine goes
on at once. Nor does any judge a resource alone: what is shown is kept as it is, and read at last.

The engine starts no program before its packs have said what they are. What reads resources is
therefore imported after that, while the program starts.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import Any, Final

import pulumi_policy.policy
from pulumi.runtime import proto
from pulumi.runtime.proto.analyzer_pb2_grpc import add_AnalyzerServicer_to_server
from pulumi_policy import EnforcementLevel

from bulkhead_policy.calls import Calls
from bulkhead_policy.policies import policies

NAME = "bulkhead"
_ANALYZE: Final = "/pulumirpc.Analyzer/Analyze"
_REMEDIATE: Final = "/pulumirpc.Analyzer/Remediate"
"""Of a pack that does not implement it the engine takes a resource as it is (`analyzer.Remediate`,
in sdk/go/common/resource/plugin/analyzer_plugin.go)."""


class Server(pulumi_policy.policy._PolicyAnalyzerServicer):
    """Every method is one question of the engine; the names are pulumirpc's."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._shown: list[bytes] = []

    def GetAnalyzerInfo(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        """What every policy is, before anything is asked of it."""
        Thread(target=import_module, args=("bulkhead_policy.findings",), daemon=True).start()
        return super().GetAnalyzerInfo(_request, _context)  # type: ignore[no-untyped-call]

    def Analyze(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """The inputs of one resource: no policy judges it alone, and all are shown them at last."""
        self.keep(request.SerializeToString())
        return proto.AnalyzeResponse()

    def keep(self, request: bytes) -> bytes:
        """`Analyze` of what is not even read yet: an engine waits for the answer, a thousand times.

        The answer is that there is nothing to say: a message of no bytes.
        """
        self._shown.append(request)
        return b""

    def AnalyzeStack(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """All resources, with their outputs."""
        from bulkhead_policy.handing import as_sent, of_request  # noqa: PLC0415

        single = map(proto.AnalyzeRequest.FromString, self._shown)
        inputs = {each.urn: each.properties for each in single}
        with as_sent(of_request(request.resources, inputs)):
            return super().AnalyzeStack(proto.AnalyzeStackRequest(), _context)  # type: ignore[no-untyped-call]


def server() -> Calls:
    """What answers an engine, on any connection."""
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
    found = Calls(at_once={_ANALYZE: pack.keep}, never=frozenset({_REMEDIATE}))
    add_AnalyzerServicer_to_server(pack, found)
    return found


def serve() -> None:
    """Print the port, and serve until the engine ends this process."""
    with suppress(KeyboardInterrupt), socket.create_server(("127.0.0.1", 0)) as listener:
        found = server()
        print(listener.getsockname()[1], flush=True)
        found.serve(listener)
