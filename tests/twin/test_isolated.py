"""Nothing that lies about runs with our rights, and what failed is never an answer."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from bulkhead.twin import TwinError, availability, isolated, session, tcp, zeromq
from bulkhead.twin.tcp import Probed
from tests.support.drills import pair
from tests.twin.test_refused import HERE, LOOPBACK, attempt, port

ANYWHERE = IPv4Address("10.0.0.1")


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """A folder as somebody may send it, with modules that we import and that tell when they run."""
    told = tmp_path / "it-ran"
    folder = tmp_path / "received"
    folder.mkdir()
    for name in ("zmq", "bulkhead", "socket", "sitecustomize", "usercustomize"):
        (folder / f"{name}.py").write_text(f"open({str(told)!r}, 'w').close()\n")
    monkeypatch.chdir(folder)
    return told


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_module_that_lies_in_the_current_directory_does_not_run(trap):
    assert availability() is None
    assert not trap.exists()


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_module_that_pythonpath_names_does_not_run(trap, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(trap.parent / "received"))
    monkeypatch.setenv("PYTHONSTARTUP", str(trap.parent / "received" / "zmq.py"))
    assert availability() is None
    assert not trap.exists()


def test_the_child_is_of_the_same_bulkhead_as_its_caller(trap):
    """Wherever that was installed, and whatever else of that name could be found."""
    command = isolated.command("bulkhead.problems")
    script = "import bulkhead; print(bulkhead.__file__, [p for p in sys.path if 'received' in p])"
    command[3] = command[3].replace("runpy.run_module", f"{script}; runpy.run_module")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = Path(isolated.__file__).resolve().parents[1] / "__init__.py"
    assert done.stdout.split() == [str(expected), "[]"]
    assert not trap.exists()


# A process that failed


class _Killed:
    """Starts the real process, and kills it before it can answer."""

    def __init__(self, number):
        self._number = number
        self._real = subprocess.Popen

    def __call__(self, *arguments, **options):
        started = self._real(*arguments, **options)
        os.kill(started.pid, self._number)
        return started


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT])
def test_a_trial_whose_process_is_killed_says_nothing_of_this_machine(monkeypatch, number):
    """It is an error: neither 'cannot run here' nor anything that a verdict may stand on."""
    monkeypatch.setattr(session.subprocess, "Popen", _Killed(number))
    with pytest.raises(TwinError, match="ended early"):
        availability()


def test_a_trial_that_does_not_answer_in_time_says_nothing_of_this_machine(monkeypatch):
    monkeypatch.setattr(session, "_CHECK_DEADLINE", 0.0)
    with pytest.raises(TwinError, match="was not done after"):
        availability()


def test_a_process_that_cannot_be_started_is_an_error(monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(session.subprocess, "Popen", refuse)
    with pytest.raises(TwinError, match=r"cannot start: .*temporarily unavailable"):
        availability()


def test_a_module_that_is_missing_is_an_error_that_names_it(monkeypatch):
    command = [sys.executable, "-I", "-c", "import no_such_module_of_ours"]
    monkeypatch.setattr(isolated, "command", lambda *_: command)
    with pytest.raises(TwinError, match="No module named 'no_such_module_of_ours'"):
        availability()


# A probe that failed

BY_THE_NETWORK = (
    errno.ECONNREFUSED,
    errno.ECONNRESET,
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.ETIMEDOUT,
)


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_an_error_is_a_denial_only_if_the_network_can_have_said_it(number):
    if number in BY_THE_NETWORK:
        assert not tcp.answered(number, ANYWHERE, 1).allowed
    else:
        with pytest.raises(TwinError, match=r"10\.0\.0\.1 tcp 1 could not be tried: "):
            tcp.answered(number, ANYWHERE, 1)


@pytest.mark.parametrize("number", [errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.EINVAL])
def test_a_probe_that_finds_no_port_to_leave_from_is_an_error(monkeypatch, number):
    monkeypatch.setattr(tcp.socket.socket, "connect_ex", lambda *_: number)
    with pytest.raises(TwinError, match="could not be tried"):
        tcp.sweep([attempt(9)], 1.0)
    with pytest.raises(TwinError, match="could not be tried"):
        tcp.connect(HERE, LOOPBACK, 9)


def test_a_connection_that_libzmq_never_began_is_an_error(monkeypatch):
    """Out of descriptors it says nothing at all, as a firewall that drops."""
    monkeypatch.setattr(zeromq.Watched, "connect", lambda *_: None)
    with zeromq.Contexts() as contexts, pytest.raises(TwinError, match="was never tried"):
        zeromq.sweep(contexts, [("PULL", attempt(9))], 0.1)


def test_what_libzmq_closes_without_a_reason_is_tried_again_by_the_kernel(monkeypatch):
    monkeypatch.setattr(tcp, "sweep", lambda again, _: {each.key: said for each in again})
    said = Probed(False, "ENETUNREACH")
    with port(listening=False) as number, zeromq.Contexts() as contexts:
        assert zeromq.sweep(contexts, [("PULL", attempt(number))], 5.0) == {"it": said}


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_drill_whose_process_is_killed_measured_nothing(monkeypatch):
    monkeypatch.setattr(session.subprocess, "Popen", _Killed(signal.SIGKILL))
    with pytest.raises(TwinError, match="ended early"):
        session.drill(pair().build())
