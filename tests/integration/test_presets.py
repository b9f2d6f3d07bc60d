"""What an application really opens is what its preset says of it, no more and no less.

Each is started on loopback at the ports of its preset, and what it has opened is read from the
kernel and asked of each socket by ZMTP's greeting. Of those that are too large for the environment
of the tests, or need what is not here, `MEASURED` keeps what was seen once in the same way.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from bulkhead.intent.endpoints import parse_bind
from bulkhead.intent.presets import preset_called, preset_names
from bulkhead.intent.presets.catalogue import role_called
from tests.support.opened import Opened, opened_by

pytestmark = pytest.mark.integration

LONGEST_START = 30
LONGEST_END = 5

LOCUSTFILE = "from locust import User\n\nclass Nobody(User):\n    pass\n"
CIRCUS = """\
[circus]
endpoint = tcp://127.0.0.1:5555
pubsub_endpoint = tcp://127.0.0.1:5556
stats_endpoint = tcp://127.0.0.1:5557
statsd = True
"""
PARSL = """\
import signal, sys
import parsl
from parsl.config import Config
from parsl.executors import HighThroughputExecutor
from parsl.providers import LocalProvider

if __name__ == "__main__":
    executor = HighThroughputExecutor(
        address="127.0.0.1",
        encrypted=sys.argv[1] == "CURVE",
        provider=LocalProvider(init_blocks=0, min_blocks=0, max_blocks=0),
    )
    parsl.load(Config(executors=[executor], usage_tracking=0, run_dir="runs"))
    print("started", executor.worker_port, flush=True)
    signal.pause()
"""
KERNEL = {
    **{"ip": "127.0.0.1", "transport": "tcp", "key": "k", "signature_scheme": "hmac-sha256"},
    **{"shell_port": 10201, "iopub_port": 10202, "stdin_port": 10203},
    **{"control_port": 10204, "hb_port": 10205},
}
FILES = {
    "locustfile.py": LOCUSTFILE,
    "circus.ini": CIRCUS,
    "submit.py": PARSL,
    "kernel.json": json.dumps(KERNEL),
}


@dataclass(frozen=True)
class Started:
    """An application that a test starts: how, and what it prints once all is open."""

    role: str
    package: str
    command: tuple[str, ...]
    ready: str
    mechanism: str = ""
    """That of its ZMTP sockets, where it is set to another than the preset's."""


_LOCUST = ("-m", "locust", "--locustfile", "locustfile.py", "--master")
_LOOPBACK = ("--master-bind-host", "127.0.0.1", "--web-host", "127.0.0.1")
_PORTS = ("engine_ports=10101-10109", "client_ports=10121-10126", "monitor_ip=127.0.0.1")
_CONTROLLER = ("--ip=127.0.0.1", "--ports=10141-10143", *(f"--IPController.{x}" for x in _PORTS))

# The last two are held where somebody has installed them. In November 2026 they were, and it held.
STARTED = [
    Started("locust.master", "locust", (*_LOCUST, *_LOOPBACK), r"Starting Locust"),
    Started("circus.circusd", "circus", ("-m", "circus.circusd", "circus.ini"), r"now waiting"),
    Started("parsl.submit", "parsl", ("submit.py", "CURVE"), r"^started \d"),
    Started("parsl.submit", "parsl", ("submit.py", "NULL"), r"^started \d", mechanism="NULL"),
    Started("jupyter.kernel", "ipykernel", ("-m", "ipykernel", "-f", "kernel.json"), r"--existing"),
    Started(
        "ipyparallel.controller",
        "ipyparallel",
        ("-m", "ipyparallel.controller", *_CONTROLLER),
        r"Broadcast Scheduler started|task::",
    ),
]


@dataclass(frozen=True)
class Measured:
    """An application that was started by hand, and what it opened."""

    version: str
    opened: dict[str, str]
    """By socket, where it is and what it said: '4505 NULL PUB'."""


MEASURED = {
    "salt.master": Measured("3008.3", {"publish": "4505 NULL PUB", "returns": "4506 NULL ROUTER"}),
    "zerorpc.server": Measured("0.6.3", {"calls": "4242 NULL ROUTER"}),
    "pyleco.coordinator": Measured("0.6.0.post1", {"control": "12300 NULL ROUTER"}),
    "pyleco.proxy": Measured(
        "0.6.0.post1",
        {
            "data-in": "11100 NULL XSUB",
            "data-out": "11099 NULL XPUB",
            "log-in": "11098 NULL XSUB",
            "log-out": "11097 NULL XPUB",
        },
    ),
    "bluesky.proxy": Measured("1.15.1", {"in": "5577 NULL SUB", "out": "5578 NULL PUB"}),
}
"""Installed from the package registry in November 2026, started on loopback, read as here."""

NOT_WHOLE = {
    "napalm-logs": "0.11.0 without its authentication: 49017 NULL PUB, and no socket at 49018",
    "zyre": "zeromq-pyre 0.3.4: NULL ROUTER at 38829, which pyre chose; zyre itself is C",
}
"""Started too, in a way that opens a part of what the preset says."""

NOT_STARTED = {"bitcoin", "misp", "monero", "sglang", "vllm", "zeek"}
"""They are in no package registry as programs, or need accelerators: read, and not run."""


@dataclass(frozen=True)
class Said:
    """A socket that a preset says a role binds."""

    name: str
    ports: tuple[int, int]
    mechanism: str
    type: str

    def is_it(self, opened: Opened) -> bool:
        first, last = self.ports
        if not first <= opened.port <= last or opened.mechanism != self.mechanism:
            return False
        # What CURVE keeps to itself, the same application says without it.
        return opened.type == self.type or (opened.mechanism == "CURVE" and not opened.type)


def said_of(reference: str, mechanism: str = "") -> list[Said]:
    """What a role binds. A TCP socket answers no greeting."""
    found = []
    for name, socket in role_called(reference).sockets.items():
        plain = socket["type"] == "TCP"
        if "bind" in socket:
            ports = parse_bind(socket["bind"]).ports or (1, 65535)
            secured = "" if plain else mechanism or socket["mechanism"]
            found.append(Said(name, ports, secured, "" if plain else socket["type"]))
    return found


def differences(said: list[Said], opened: set[Opened]) -> list[str]:
    """What is opened and not said, and what is said and not opened."""
    left = set(opened)
    missing = []
    # Who has one port first, who may have any last.
    for each in sorted(said, key=lambda each: each.ports[1] - each.ports[0]):
        mine = next((socket for socket in sorted(left) if each.is_it(socket)), None)
        if mine is None:
            missing.append(f"not opened: {each}")
        else:
            left.remove(mine)
    return [*missing, *(f"not said: {each}" for each in sorted(left))]


class Program:
    """A process, and what it prints."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.said = ""
        self.until = time.monotonic() + LONGEST_START

    def wait_until_it_says(self, ready: str) -> None:
        while re.search(ready, self.said, re.MULTILINE) is None:
            self.listen(self.until - time.monotonic())
            assert time.monotonic() < self.until, f"not ready in time: {self.said}"

    def listen(self, seconds: float) -> None:
        """Wait for what it prints next, at most so long."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if selector.select(max(seconds, 0)):
                more = os.read(self.process.stdout.fileno(), 65536)
                assert more, f"it ended: {self.said}"
                self.said += more.decode(errors="replace")

    def opened(self, said: list[Said]) -> set[Opened]:
        """What it has opened, once that is what is said of it, or its time is up."""
        found = opened_by(self.process.pid)
        while differences(said, found) and time.monotonic() < self.until:
            self.listen(0.1)
            found = opened_by(self.process.pid)
        return found


@contextmanager
def running(app: Started, folder: Path) -> Iterator[Program]:
    """An application that says that it is ready; ended with all its children."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    home = {name: str(folder) for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR")}
    # Parsl starts its interchange by its name.
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with subprocess.Popen(
        [sys.executable, *app.command],
        cwd=folder,
        env={**os.environ, **home, "PATH": path, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as program:
        try:
            started = Program(program)
            started.wait_until_it_says(app.ready)
            yield started
        finally:
            program.terminate()
            with suppress(subprocess.TimeoutExpired):
                program.wait(timeout=LONGEST_END)
            with suppress(ProcessLookupError):  # its children
                os.killpg(program.pid, signal.SIGKILL)


def is_here(package: str) -> bool:
    """ipyparallel and ipykernel are too large for what everybody sets up: they are tried where
    somebody installed them."""
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


HERE = [each for each in STARTED if is_here(each.package)]


@pytest.mark.parametrize("app", HERE, ids=lambda app: f"{app.role} {app.mechanism}".strip())
def test_what_it_opens_is_what_its_preset_says(app: Started, tmp_path: Path) -> None:
    assert version(app.package) in preset_called(app.role.partition(".")[0]).version
    said = said_of(app.role, app.mechanism)
    with running(app, tmp_path) as program:
        opened = program.opened(said)
    assert differences(said, opened) == []
    for lie in lies(said):
        assert differences(lie, opened) != []


def lies(said: list[Said]) -> Iterator[list[Said]]:
    """The same with one thing that is not so: a socket too few or too many, or another one."""
    one, *others = sorted(said, key=lambda each: each.ports[1] - each.ports[0])
    yield others
    yield [*said, replace(one, ports=(1, 1))]
    yield [replace(one, ports=(1, 1)), *others]
    yield [replace(one, mechanism="PLAIN"), *others]
    if one.mechanism == "NULL":
        yield [replace(one, type="PAIR"), *others]


@pytest.mark.parametrize("reference", MEASURED)
def test_what_was_seen_by_hand_is_what_its_preset_says(reference: str) -> None:
    measured = MEASURED[reference]
    assert measured.version in preset_called(reference.partition(".")[0]).version
    seen = {
        Opened(int(port), mechanism, kind)
        for port, mechanism, kind in map(str.split, measured.opened.values())
    }
    assert differences(said_of(reference), seen) == []
    assert {each.name for each in said_of(reference)} == {*measured.opened}


def test_of_every_preset_it_is_known_how_it_was_held_against_the_application() -> None:
    run = {role.partition(".")[0] for role in (*(each.role for each in STARTED), *MEASURED)}
    assert {*run, *NOT_WHOLE} | NOT_STARTED == {*preset_names()}
    for name in NOT_STARTED:
        assert preset_called(name).seen.startswith("not run")
    for name in {*run, *NOT_WHOLE}:
        assert not preset_called(name).seen.startswith("not run")
