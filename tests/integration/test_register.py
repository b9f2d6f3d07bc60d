"""Applications of others, started here: the register has every port that they opened, no other.

What they opened is asked of psutil, which no reader of ours has a part in.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from bulkhead.discover.code import scan
from bulkhead.discover.host import HostGraph, collect, greet_listeners, join, parse_record
from bulkhead.discover.register import (
    EvidenceGiven,
    EvidenceKind,
    ServiceNames,
    StandingKind,
    against,
    register_of,
)
from tests.integration.test_presets import FILES
from tests.support.topologies import topology_from

pytestmark = pytest.mark.integration

_LONGEST = 60
_LOCUST = ("-m", "locust", "--locustfile", "locustfile.py")


@contextmanager
def running(folder: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts programs in a folder with what they need; in the end none of them is left."""
    for name, text in FILES.items():
        (folder / name).write_text(text.replace("127.0.0.1:555", "127.0.0.1:1555"))
    started: list[subprocess.Popen[str]] = []
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PATH": path}

    def start(*words: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, *words],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        )
        return started[-1]

    try:
        yield start
    finally:
        # Some of what they start has a session of its own: they are asked for it before they end.
        everybody = family(*(each for each in started if each.poll() is None))
        for each in everybody:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        for process in started:
            process.communicate()


def wait_for(process: subprocess.Popen[str], words: str, times: int = 1) -> None:
    """Until it has printed these words so often."""
    said, end = "", time.monotonic() + _LONGEST
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while said.count(words) < times:
            assert waiting.select(end - time.monotonic()), f"it never said {words}: {said}"
            data = os.read(process.stdout.fileno(), 65_536).decode()
            assert data, f"it ended: {said}"
            said += data


def family(*starters: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes, and those that they started."""
    found = [psutil.Process(each.pid) for each in starters]
    return [*found, *(child for each in found for child in each.children(recursive=True))]


def opened(processes: list[psutil.Process]) -> tuple[set[int], set[tuple[int, int]]]:
    """Ports at which they listen; and of each connection among them its port and its client."""
    connections = [(each.pid, one) for each in processes for one in each.net_connections("tcp")]
    listening = {one.laddr.port for _, one in connections if one.status == psutil.CONN_LISTEN}
    met = {
        (one.raddr.port, pid)
        for pid, one in connections
        if one.status == psutil.CONN_ESTABLISHED and one.raddr.port in listening
    }
    return listening, met


def seen(processes: list[psutil.Process]) -> HostGraph:
    pids = [each.pid for each in processes]
    return join([greet_listeners(parse_record(collect(pids=pids)))])


def of_package(name: str, graph: HostGraph) -> EvidenceGiven:
    root = Path(find_spec(name).submodule_search_locations[0])
    return EvidenceGiven(code=scan([root]), hosts=graph, names=ServiceNames(roots=(str(root),)))


def ports_and_clients(register: object) -> set[tuple[int, int]]:
    """Of every edge that was seen to run: its port, and each of its clients by pid."""
    return {
        (each.port, pid)
        for each in register.bound
        for one in each.evidence
        if one.kind is EvidenceKind.HOST and one.end == "both" and each.transport == "tcp"
        for pid in one.pids[:1]
    }


TOPOLOGY = """\
name: load
region: eu-west-1
cidr: 10.20.0.0/16
zones: 2
segments:
  a: { purpose: load }
services:
  locust-%d:
    segment: a
    sockets:
      rpc: { type: ROUTER, bind: "tcp://*:%d" }
  locust:
    segment: a
    replicas: 2
    sockets:
      rpc: { type: DEALER, connect: locust-%d.rpc }
"""


def test_of_locust_the_master_and_two_workers_are_one_edge_with_its_code(tmp_path):
    port = 15_557
    with running(tmp_path) as start:
        master = start(
            *_LOCUST, "--master", "--headless", "--expect-workers", "3",
            "--master-bind-host", "127.0.0.1", "--master-bind-port", str(port),
        )  # fmt: skip
        workers = [
            start(*_LOCUST, "--worker", "--master-host", "127.0.0.1", "--master-port", str(port))
            for _ in range(2)
        ]
        wait_for(master, "reported as ready", 2)
        processes = family(master, *workers)
        graph = seen(processes)
        listening, met = opened(processes)
    given = of_package("locust", graph)
    register = register_of(given)
    assert {each.port for each in register.boundaries if _ran(each)} == listening == {port}
    assert ports_and_clients(register) == met == {(port, each.pid) for each in workers}
    (edge,) = [each for each in register.bound if _ran(each)]
    assert {each.kind for each in edge.evidence} == {EvidenceKind.CODE, EvidenceKind.HOST}
    assert edge.server_type == "ROUTER"
    code = [each for each in edge.evidence if each.kind is EvidenceKind.CODE]
    assert {each.end for each in code} == {"client", "server"}
    assert all("zmqrpc.py" in each.where for each in code)
    held = against(register, topology_from(tmp_path, TOPOLOGY % (port, port, port)))
    ran = [each for each in held.standings if each.boundary and _ran(each.boundary)]
    assert [each.kind for each in ran] == [StandingKind.AS_DECLARED]


def _ran(boundary: object) -> bool:
    """Whether it was seen to run over TCP: circus listens for others over UDP as well."""
    kinds = {each.kind for each in boundary.evidence}
    return boundary.transport == "tcp" and EvidenceKind.HOST in kinds


def test_of_circus_every_port_is_in_the_register(tmp_path):
    pytest.importorskip("circus")
    with running(tmp_path) as start:
        daemon = start("-m", "circus.circusd", "circus.ini")
        wait_for(daemon, "now waiting")
        graph, (listening, met) = _settled(daemon, ports=3)
    register = register_of(of_package("circus", graph))
    assert {each.port for each in register.boundaries if _ran(each)} == listening
    assert ports_and_clients(register) == met


def test_of_parsl_every_port_is_in_the_register_and_curve_is_told(tmp_path):
    pytest.importorskip("parsl")
    with running(tmp_path) as start:
        submit = start("submit.py", "CURVE")
        wait_for(submit, "started ")
        graph, (listening, met) = _settled(submit, ports=1)
    register = register_of(of_package("parsl", graph))
    ran = [each for each in register.boundaries if _ran(each)]
    assert {each.port for each in ran} == listening
    assert ports_and_clients(register) == met
    assert {each.mechanism for each in ran} == {"CURVE"}


def _settled(started: subprocess.Popen[str], ports: int) -> tuple[HostGraph, tuple[set, set]]:
    """What they have opened, once two looks around the record's say the same of it."""
    end = time.monotonic() + _LONGEST
    while time.monotonic() < end:
        with suppress(psutil.NoSuchProcess):  # some that they start end at once
            everybody = family(started)
            before = opened(everybody)
            graph = seen(everybody)
            if opened(everybody) == before and len(before[0]) >= ports:
                return graph, before
    raise AssertionError("it never came to rest")
