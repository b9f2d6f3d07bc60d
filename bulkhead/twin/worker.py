"""The process in which a twin lives. Started by `session`; ends with who started it.

It speaks over one pipe: a request comes in, and then words of progress, and at
the end what was measured, or why it could not be.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from bulkhead.network import Network
from bulkhead.twin import nftables
from bulkhead.twin.build import World, build
from bulkhead.twin.kernel import Namespace, allow_many_files, become_network_admin, die_with_parent
from bulkhead.twin.layout import lay_out
from bulkhead.twin.measured import TwinError
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
from bulkhead.twin.rtnetlink import Rtnetlink
from bulkhead.twin.run import run_drill, run_probes
from bulkhead.twin.standing import StandingTwin


@dataclass(slots=True)
class _Keeper:
    """A twin that is kept, and the programs that run in it."""

    world: World
    standing: StandingTwin
    programs: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def answer(self, request: object) -> object:
        match request:
            case StartRequest():
                return self._start(request)
            case PollRequest(pid):
                return self.programs[pid].poll()
            case SignalRequest(pid, number):
                if self.programs[pid].poll() is None:
                    os.killpg(pid, number)
                return None
            case CountRequest():
                return self.world.counters()
            case EnforceRequest(network):
                self.standing.enforce(network)
                return None
            case SweepRequest(patience, asked):
                return self.standing.drill(asked, patience)
        raise TwinError(f"a twin cannot {type(request).__name__}")

    def _start(self, request: StartRequest) -> int:
        host = self.world.layout.find(request.host)
        with (
            Path(request.stdout).open("wb") as out,
            Path(request.stderr).open("wb") as err,
            self.world.namespace(host),
        ):
            # The program inherits the namespace of the thread that starts it.
            try:
                program = subprocess.Popen(
                    request.argv,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    env=dict(request.environment),
                    cwd=request.directory,
                    start_new_session=True,
                    preexec_fn=die_with_parent,  # noqa: PLW1509 - this process has one thread
                )
            except OSError as error:
                raise TwinError(f"{request.argv[0]} cannot be started: {error}") from error
        self.programs[program.pid] = program
        return program.pid

    def stop(self) -> None:
        for program in self.programs.values():
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()


def check() -> None:
    """Do once, small, all that a twin needs. Raises TwinError where something is missing."""
    one, other = Namespace("a trial"), Namespace("another trial")
    with one, Rtnetlink() as netlink:
        netlink.bridge(10, "br10", bytes([2, 0, 0, 0, 0, 1]))
        netlink.veth(11, "v11", peer_namespace=other.fd, peer_index=2, peer_name="eth0", master=10)
    with other:
        nftables.run(
            "table inet trial {\n"
            "chain c {\n"
            "type filter hook input priority 0;\n"
            "ct state established counter accept\n"
            "}\n"
            "}\n"
        )


def _hold(network: Network, pipe: Connection) -> None:
    world = build(lay_out(network))
    keeper = _Keeper(world, StandingTwin(world))
    pipe.send(Done(None))
    try:
        while True:
            request = pipe.recv()
            try:
                pipe.send(Done(keeper.answer(request)))
            except TwinError as error:
                pipe.send(Failed(str(error)))
    except EOFError:
        return
    finally:
        keeper.stop()


def serve(pipe: Connection) -> None:
    """Answer the one request that comes in first, whatever becomes of it."""
    request = pipe.recv()
    try:
        become_network_admin()
        allow_many_files()
        match request:
            case CheckRequest():
                check()
                pipe.send(Done(None))
            case DrillRequest() as wanted:
                pipe.send(Done(run_drill(wanted, lambda text: pipe.send(Progress(text)))))
            case ProbeRequest(network, probes, patience, flows):
                pipe.send(Done(run_probes(network, probes, patience, flows)))
            case HoldRequest(network):
                _hold(network, pipe)
    except TwinError as error:
        pipe.send(Failed(str(error)))


def main(arguments: Sequence[str]) -> None:
    """Serve the pipe whose file number is the argument."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us
    serve(Connection(int(arguments[0])))
    sys.stdout.flush()
    # The twin is all in open files: nothing needs an orderly end.
    os._exit(0)
