"""Twins from outside: each lives in a process of its own and disappears with it.

The caller's process is never moved between namespaces and never holds one, so
an error, a deadline, Ctrl-C or a kill leaves nothing behind.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import IO, Final, TypeVar

from bulkhead.network import Flow, Listener, Network
from bulkhead.twin import isolated
from bulkhead.twin.layout import lay_out
from bulkhead.twin.measured import Drill, Measurement, Probe, Report, TwinError, Unavailable
from bulkhead.twin.messages import (
    CheckRequest,
    CountRequest,
    Done,
    DrillRequest,
    EnforceRequest,
    Failed,
    HoldRequest,
    PollRequest,
    ProbeRequest,
    Progress,
    SignalRequest,
    StartRequest,
    SweepRequest,
)
from bulkhead.twin.trials import trials

DEADLINE: Final = 120.0
"""Seconds after which a twin is ended, whatever it is doing."""

PATIENCE: Final = 1.0
"""Seconds: what the kernel has not connected by then, a firewall dropped. A
lost SYN is sent again after one second only (net/ipv4, TCP_TIMEOUT_INIT)."""

_CHECK_DEADLINE: Final = 20.0
_POLL: Final = 0.02


class WorkerLostError(TwinError):
    """The twin's process is gone, or silent: nothing is known of what it was to find out."""


T = TypeVar("T")


def availability() -> Unavailable | None:
    """Why no twin can run here, found out by trying; None where one can.

    Raises TwinError where the trial itself came to an end that says nothing of
    this machine: its process was killed, or did not answer in time.
    """
    if sys.platform != "linux":
        return Unavailable(f"network namespaces need Linux; this is {sys.platform}")
    try:
        with _Worker(_CHECK_DEADLINE) as worker:
            worker.ask(CheckRequest())
    except WorkerLostError:
        raise
    except TwinError as error:
        return Unavailable(str(error))
    return None


def drill(
    network: Network,
    flows: Sequence[Flow] = (),
    *,
    asked: Sequence[Listener] = (),
    patience: float = PATIENCE,
    deadline: float = DEADLINE,
    progress: Report | None = None,
) -> Drill:
    """Build the twin of `network` and measure it; TwinError where that cannot be done.

    The declared `flows` are tried with their own socket types, and with a message; ports that
    somebody `asked` about, whatever waits there, by everybody.
    A connection that is not there after `patience` seconds counts as dropped.
    """
    trials(lay_out(network, flows), flows, asked)  # refused before anything is started
    with _Worker(deadline) as worker:
        result = worker.ask(DrillRequest(network, tuple(flows), patience, tuple(asked)), progress)
    return _expect(Drill, result)


def probe(
    network: Network,
    probes: Sequence[Probe],
    flows: Sequence[Flow] = (),
    *,
    patience: float = PATIENCE,
    deadline: float = DEADLINE,
) -> tuple[Measurement, ...]:
    """Try single TCP connections, in the order given, in the twin that a drill of `flows` has."""
    with _Worker(deadline) as worker:
        asked = ProbeRequest(network, tuple(probes), patience, tuple(flows))
        return tuple(_expect(tuple, worker.ask(asked)))


def _expect(kind: type[T], result: object) -> T:
    if not isinstance(result, kind):
        raise TwinError(f"the twin answered with {type(result).__name__}")
    return result


class Program:
    """A program that runs on a host of the twin. Its output goes to two files."""

    def __init__(self, worker: _Worker, pid: int, stdout: Path, stderr: Path) -> None:
        self._worker = worker
        self.pid = pid
        self.stdout = stdout
        self.stderr = stderr

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        code = self._worker.ask(PollRequest(self.pid))
        return None if code is None else _expect(int, code)

    def wait(self, timeout: float) -> int:
        """The exit code, once it has ended. Raises TwinError when `timeout` is over before."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise TwinError(f"program {self.pid} still runs after {timeout:.1f} s")
            time.sleep(_POLL)
        return code

    def send_signal(self, number: int) -> None:
        """To the program and all that it started."""
        self._worker.ask(SignalRequest(self.pid, number))

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Twin:
    """A twin to run real programs in: `with Twin(network) as twin: twin.run("web-0", [...])`."""

    def __init__(self, network: Network, *, deadline: float = DEADLINE) -> None:
        self._network = network
        self._worker = _Worker(deadline)
        self._count = 0
        self._output: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Twin:
        self._output = tempfile.TemporaryDirectory(prefix="bulkhead-twin-")
        try:
            self._worker.__enter__()
            self._worker.ask(HoldRequest(self._network))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._worker.__exit__(kind, error, trace)
        if self._output:
            self._output.cleanup()

    def run(
        self,
        host: str,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Program:
        """Start a program on a host, named as in `Probe.source`. It ends with the twin."""
        if self._output is None:
            raise TwinError("this twin does not stand: use it in a with statement")
        self._count += 1
        base = Path(self._output.name) / f"{self._count}"
        out, err = base.with_suffix(".out"), base.with_suffix(".err")
        pid = self._worker.ask(
            StartRequest(
                host=host,
                argv=tuple(argv),
                environment=dict(os.environ if env is None else env),
                directory=str(cwd or Path.cwd()),
                stdout=str(out),
                stderr=str(err),
            )
        )
        return Program(self._worker, _expect(int, pid), out, err)

    def enforce(self, network: Network) -> None:
        """Let the rules be those of `network`, while programs run: what a host tracks lives on.

        Hosts that are not in it are as if they were not there. Raises TwinError where it has
        hosts, or routes, that this twin does not have.
        """
        self._worker.ask(EnforceRequest(network))

    def drill(self, *, asked: Sequence[Listener] = (), patience: float = PATIENCE) -> Drill:
        """Try by plain TCP who connects to whom as the rules are now, beside all programs."""
        return _expect(Drill, self._worker.ask(SweepRequest(patience, tuple(asked))))

    def counters(self) -> dict[str, int]:
        """Packets that each rule has decided so far."""
        return dict(_expect(dict, self._worker.ask(CountRequest())))


class _Worker:
    """The child process and the pipe to it."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._errors: IO[bytes] | None = None

    def __enter__(self) -> _Worker:
        if sys.platform != "linux":
            raise TwinError(f"network namespaces need Linux; this is {sys.platform}")
        ours, theirs = socket.socketpair()
        self._errors = tempfile.TemporaryFile()
        self._pipe = Connection(ours.detach())
        with theirs:
            # A new interpreter, not a fork: the caller may have threads.
            try:
                self._process = subprocess.Popen(
                    isolated.command("bulkhead.twin", str(theirs.fileno())),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._errors,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            except OSError as error:
                raise WorkerLostError(f"the twin's process cannot start: {error}") from error
        self._ends = time.monotonic() + self._deadline
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pipe:
            self._pipe.close()
        if self._process:
            self._end(self._process)
        if self._errors:
            self._errors.close()

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        """The closed pipe tells it to go; what does not go is ended."""
        try:
            process.wait(timeout=2.0)
        except BaseException as error:
            process.kill()
            process.wait()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise

    def ask(self, request: object, progress: Report | None = None) -> object:
        if self._pipe is None:
            raise TwinError("this twin does not stand: use it in a with statement")
        try:
            self._pipe.send(request)
            while True:
                if not self._pipe.poll(max(0.0, self._ends - time.monotonic())):
                    self._kill()
                    raise WorkerLostError(f"the twin was not done after {self._deadline:.0f} s")
                match self._pipe.recv():
                    case Progress(text):
                        if progress:
                            progress(text)
                    case Done(result):
                        return result
                    case Failed(why):
                        raise TwinError(why)
        except (EOFError, ConnectionError) as error:
            last = self._last_words()
            raise WorkerLostError(f"the twin's process ended early: {last}") from error
        except KeyboardInterrupt:
            self._kill()
            raise

    def _kill(self) -> None:
        if self._process:
            self._process.kill()

    def _last_words(self) -> str:
        if self._process is None or self._errors is None:
            return "it was never started"
        try:
            code = self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            return "it does not answer"
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {code}"
