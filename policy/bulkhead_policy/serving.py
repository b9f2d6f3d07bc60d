"""The server that the engine talks to: pulumi-policy's own, which is handed each thing once.

pulumi-policy turns all resources of a stack into wrappers again for every policy, and shows none
of them the inputs of all: with 1,000 resources and 40 policies that is most of a minute. So a
subclass keeps what the engine sends, and its policies look at that.

The engine starts no program before its packs have said what they are. What reads resources is
therefore imported after that, while the program starts.
"""

from __future__ import annotations

from importlib import import_module
from threading import Thread
from typing import Any

import pulumi_policy.policy
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, PolicyPack

from bulkhead_policy.policies import policies

NAME = "bulkhead"


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

    def Remediate(self, _request: Any, _context: Any) -> Any:  # noqa: N802
        return proto.RemediateResponse()

    def AnalyzeStack(self, request: Any, _context: Any) -> Any:  # noqa: N802
        """All resources, with their outputs."""
        from bulkhead_policy.handing import as_sent, of_request  # noqa: PLC0415

        with as_sent(of_request(request.resources, self._inputs)):
            return super().AnalyzeStack(proto.AnalyzeStackRequest(), _context)  # type: ignore[no-untyped-call]


def serve() -> None:
    """Print the port, and serve until the engine ends this process."""
    # PolicyPack takes no server of ours; the version that has this name is pinned.
    setattr(pulumi_policy.policy, "_PolicyAnalyzerServicer", Server)  # noqa: B010 - a class to mypy
    PolicyPack(
        name=NAME,
        policies=policies(),
        enforcement_level=EnforcementLevel.ADVISORY,
        description="What can reach what, proved over all packets.",
        display_name="Bulkhead",
        provider="aws",
        tags=["network", "reachability", "zeromq"],
    )
