"""Bad weather between a program and the local AWS: the n-th call fails, in a way that AWS does.

The proxy is microburst, a library made for it: its rules say when a fault comes and, but for one,
what it is. What it lacks is an error that is answered after the call took effect: that is ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from microburst.app import make_app
from microburst.core.pipeline import Microburst
from microburst.forward import ResponseFault, Upstream
from microburst.protocols import render_error

INSTEAD: Final = "x-answered-instead"
"""A rule that sets this header of the answer replaces the answer: its value is the code."""
CHANGES: Final = "Action && !starts_with(Action, 'Describe') && !starts_with(Action, 'Get')"
"""Calls that change something, by the form that they send (a condition in JMESPath)."""
SIGNED: Final = {"service": "*", "headers": {"Authorization": ""}}
"""Every call of AWS is, and what the local AWS is asked beside AWS's calls is not. A rule that says
no more lets a call pass, and counts it."""
LONG: Final = 3_600_000  # milliseconds: whoever asked has given up before


@dataclass(frozen=True)
class Fault:
    """What becomes of a call, as microburst's rules say it."""

    rule: Mapping[str, Any]
    after: bool = False  # the call takes effect all the same
    silent: bool = False  # no answer ever: whoever asks must have a limit


def _error(code: str, status: int) -> dict[str, Any]:
    return {"error": {"code": code, "status": status, "message": "bad weather"}}


# docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: RequestLimitExceeded is a
# 503, Throttling a 400; InternalError a 500, Unavailable a 503.
FAULTS: Final[Mapping[str, Fault]] = {
    "throttled": Fault(_error("RequestLimitExceeded", 503)),
    "throttled-400": Fault(_error("Throttling", 400)),
    "500": Fault(_error("InternalError", 500)),
    "unavailable": Fault(_error("Unavailable", 503)),
    "gateway": Fault({"timeout_ms": 1}),  # a 504
    "time-out": Fault({"timeout_ms": LONG}, silent=True),
    "reset": Fault({"reset": True}),
    "late": Fault({"latency": 20}),
    "500-after": Fault({"response": {"set_headers": {INSTEAD: "InternalError"}}}, after=True),
    "reset-after": Fault({"response": {"abort_bytes": 0}}, after=True),
    "cut": Fault({"response": {"abort_frac": 0.5}}, after=True),
    "short": Fault({"response": {"truncate_frac": 0.5}}, after=True),  # and says that it is whole
    "garbled": Fault({"response": {"corrupt_bytes": 16}}, after=True),
    "time-out-after": Fault({"response": {"bandwidth_kbps": 1e-6}}, after=True, silent=True),
}
"""By what a test is called: everything that can come of a call beside its answer."""


class Answering(Upstream):
    """As microburst's, and lets a call take effect whose answer is an error."""

    async def relay(
        self,
        request: web.Request,
        body: bytes | None,
        mutator: ResponseFault | None = None,
        data: Any = None,
    ) -> web.StreamResponse:
        code = mutator.set_headers.get(INSTEAD) if mutator is not None else None
        if code is None:
            return await super().relay(request, body, mutator, data)
        assert self.session is not None
        url, headers = self.base_url + request.rel_url.raw_path_qs, self._outbound_headers(request)
        async with self.session.request(request.method, url, headers=headers, data=body) as done:
            await done.read()
        status, said, content = render_error("ec2", code, status=500, protocol="ec2")
        return web.Response(status=status, headers=said, body=content)


class Weather:
    """A proxy with an address of its own; fair until told otherwise."""

    def __init__(self, upstream: str) -> None:
        self._proxy = Microburst(upstream)
        self._proxy.upstream = Answering(upstream)
        self.address = ""

    @property
    def struck(self) -> int:
        """How many calls met the fault since the weather last changed."""
        return sum(rule.fired_count for rule in self._proxy.engine.rules[1:2])

    @property
    def calls(self) -> int:
        """How many calls of AWS came since the weather last changed, where none went uncounted."""
        return sum(rule.fired_count for rule in self._proxy.engine.rules)

    def fair(self) -> None:
        """No fault; calls are counted."""
        self._proxy.engine.set_rules([SIGNED])

    def strike(self, fault: Fault, at: int, *, lasting: bool = False) -> None:
        """The `at`-th call from now (from 1) meets the fault: it alone, or all from then on."""
        struck = {**SIGNED, **fault.rule, **({} if lasting else {"times": 1})}
        self._proxy.engine.set_rules([{**SIGNED, "times": at - 1}, struck, SIGNED])

    def keep_striking(self, fault: Fault, every: int, first: int = 1) -> None:
        """Of the calls that change something, the `first` and then each `every`-th meet it."""
        calls = {**SIGNED, "body": CHANGES}
        pattern = {"sequence": {"fail": 1, "pass": every - 1}}
        self._proxy.engine.set_rules(
            [{**calls, "times": first - 1}, {**calls, **pattern, **fault.rule}]
        )


@contextlib.contextmanager
def weather(upstream: str, port: int = 0) -> Iterator[Weather]:
    """A proxy before the AWS at an address, while the block runs; in a thread of its own."""
    made = Weather(upstream)
    made.fair()
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(make_app(made._proxy), access_log=None, shutdown_timeout=0.1)

    async def begin() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        return int(runner.addresses[0][1])

    async def end() -> None:
        await runner.cleanup()
        held = asyncio.all_tasks() - {asyncio.current_task()}  # answers that never come
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    bound = asyncio.run_coroutine_threadsafe(begin(), loop).result(30)
    made.address = f"http://127.0.0.1:{bound}"
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
