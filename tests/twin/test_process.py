"""A twin lives in a process of its own: it leaves nothing behind, and says why it cannot be."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from bulkhead.twin import Twin, TwinError, availability, drill, nftables
from tests.support.drills import ANYBODY, pair
from tests.support.estate import Estate

CHECKOUT = Path(__file__).resolve().parents[2]
NAMESPACE = Path("/proc/self/ns/net")
LIBC = ctypes.CDLL(None, use_errno=True)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def ours(monkeypatch) -> Callable[[], set[int]]:
    """The processes that a twin of this test has now: its environment goes to all of them."""
    mark = f"BULKHEAD_TEST={uuid.uuid4()}"
    monkeypatch.setenv(*mark.split("="))

    def alive() -> set[int]:
        found = set()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                with contextlib.suppress(OSError):  # it is gone, or somebody else's
                    if mark.encode() in (entry / "environ").read_bytes():
                        found.add(int(entry.name))
        return found

    return alive


def drop_capabilities() -> None:
    """After the next exec even root has an ordinary user's rights, as in a container.

    All but CAP_SETFCAP, which the kernel wants of a root that maps itself into
    a user namespace (man 7 user_namespaces).
    """
    for capability in set(range(41)) - {31}:
        LIBC.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def forbid_user_namespaces() -> None:
    """From here on nobody makes one: in one of our own, so that nobody else is bothered."""
    user = os.geteuid()
    assert LIBC.unshare(0x10000000) == 0  # CLONE_NEWUSER
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    drop_capabilities()


def printed(code: str, before: Callable[[], None]) -> list[str]:
    """The lines that this Python program prints, started after `before`."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return (done.stdout or done.stderr).strip().splitlines()


def small() -> Estate:
    return pair(client=["out tcp 5555 server"], server=["in tcp 5555 client"])


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_drill_leaves_the_caller_where_it_was_and_nothing_behind(ours):
    before, files = NAMESPACE.stat().st_ino, open_files()
    alive: list[set[int]] = []
    drill(small().build(), progress=lambda _: alive.append(ours()))
    assert alive[0]
    assert NAMESPACE.stat().st_ino == before
    assert ours() == set()
    assert open_files() <= files


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_drill_that_takes_too_long_is_ended(ours):
    with pytest.raises(TwinError, match="not done after 0 s"):
        drill(small().build(), deadline=0.1)
    assert ours() == set()


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_ctrl_c_ends_the_twin(ours):
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drill(small().build(), progress=interrupt)
    assert ours() == set()


HOLD = """
import sys
from tests.support.drills import pair
from bulkhead.twin import Twin
with Twin(pair().build()) as twin:
    program = twin.run("client", ["sleep", "600"])
    print(program.pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_when_the_caller_is_killed_the_twin_and_its_programs_go_too(ours, number):
    caller = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with caller:
        assert caller.stdout is not None
        program = int(caller.stdout.readline())
        alive = ours()
        assert alive > {caller.pid, program}
        ends = {pid: os.pidfd_open(pid) for pid in alive}
        caller.send_signal(number)
        for pid, end in ends.items():
            ended, _, _ = select.select([end], [], [], 30)
            os.close(end)
            assert ended, f"{pid} still runs"


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_program_runs_on_its_host_and_ends_with_the_twin():
    with Twin(small().build()) as twin:
        where = twin.run("client", ["cat", "/proc/net/fib_trie"])
        assert where.wait(30) == 0
        assert "10.0.1.10" in where.stdout.read_text()
        sleeper = twin.run("server", ["sleep", "600"])
        assert sleeper.poll() is None
        failed = twin.run("server", [sys.executable, "-c", "raise SystemExit('no')"])
        assert failed.wait(30) == 1
        assert failed.stderr.read_text() == "no\n"
        sleeper.terminate()
        assert sleeper.wait(30) == -signal.SIGTERM
        last = twin.run("server", ["sleep", "600"])
        assert Path(f"/proc/{last.pid}").exists()
    assert not Path(f"/proc/{last.pid}").exists()


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_when_the_twins_own_process_is_killed_its_programs_end_and_the_caller_is_told(ours):
    with Twin(small().build()) as twin:
        (worker,) = ours()
        sleeper = twin.run("client", ["sleep", "600"])
        gone = os.pidfd_open(sleeper.pid)
        os.kill(worker, signal.SIGKILL)
        ended, _, _ = select.select([gone], [], [], 30)
        os.close(gone)
        assert ended, "the program still runs"
        with pytest.raises(TwinError, match="the twin's process ended early"):
            sleeper.poll()


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_program_that_does_not_exist_is_named():
    with Twin(small().build()) as twin:
        with pytest.raises(TwinError, match="no-such-program cannot be started"):
            twin.run("client", ["no-such-program"])
        with pytest.raises(TwinError, match="there is no host 'nowhere' in the twin"):
            twin.run("nowhere", ["true"])


SPOOF = """
import socket, struct
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 1, 0, 64, 17, 0,
                 socket.inet_aton("{source}"), socket.inet_aton("10.0.2.10"))
raw.sendto(ip + struct.pack("!HHHH", 4000, 9, 8, 0), ("10.0.2.10", 0))
"""


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize(("source", "dropped"), [("10.0.1.10", 0), ("10.0.1.99", 1)])
def test_a_host_may_send_only_from_its_own_address(source, dropped):
    net = pair(client=ANYBODY, server=ANYBODY)
    with Twin(net.build()) as twin:
        sent = twin.run("client", [sys.executable, "-c", SPOOF.format(source=source)])
        assert sent.wait(30) == 0, sent.stderr.read_text()
        counters = twin.counters()
    assert counters["source/destination check: a foreign source address"] == dropped
    assert counters["server server-0"] == 1 - dropped


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_an_ordinary_user_with_user_namespaces_measures_the_same():
    code = """
from bulkhead.twin import availability, drill
from tests.support.drills import pair
print(availability())
net = pair(client=["out tcp 5555 server"], server=["in tcp 5555 client"])
print([str(m) for m in drill(net.build()).measurements if m.allowed
       and m.target.name == "server"])
"""
    assert printed(code, drop_capabilities) == [
        "None",
        "['client (10.0.1.10) -> server.rep at 10.0.2.10 tcp 5555: allowed (HANDSHAKE_SUCCEEDED)']",
    ]


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_without_rights_and_user_namespaces_the_reason_is_named():
    code = "from bulkhead.twin import availability; print(availability())"
    assert printed(code, forbid_user_namespaces) == [
        "no CAP_NET_ADMIN and CAP_SYS_ADMIN here, and user namespaces are not available: "
        "No space left on device (sysctl user.max_user_namespaces, "
        "kernel.unprivileged_userns_clone)"
    ]


def test_elsewhere_than_on_linux_the_reason_is_named(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert str(availability()) == "network namespaces need Linux; this is darwin"
    with pytest.raises(TwinError, match="network namespaces need Linux"):
        drill(small().build())


def test_a_missing_library_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(nftables, "_LIBRARY", "libnftables-that-is-missing.so.1")
    nftables._library.cache_clear()
    with pytest.raises(TwinError, match=r"is not installed \(Debian package nftables\)"):
        nftables.run("list ruleset")
    nftables._library.cache_clear()
