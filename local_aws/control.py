"""Start, stop and ask the local AWS of a place."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from local_aws.environment import install_plugin
from local_aws.health import STOP, Health, Stranger, health, tell
from local_aws.place import CHECKOUT, Place

START_SECONDS = 60
STOP_SECONDS = 10
SERVER = "local_aws.server"
# Not `-m`: that puts the current directory first, and PYTHONPATH, on the path of a process that
# holds secrets (docs.python.org/3/using/cmdline.html, -I).
ISOLATED = (
    "import runpy, sys; checkout, module, *sys.argv[1:] = sys.argv[1:];"
    " sys.path.append(checkout); runpy.run_module(module, run_name='__main__', alter_sys=True)"
)


class CannotStart(Exception):
    """The server did not come up; the message has the end of its log."""


@contextlib.contextmanager
def alone(place: Place) -> Iterator[None]:
    """One start or stop at a time; the kernel drops the lock of a killed process."""
    place.folder.mkdir(parents=True, exist_ok=True)
    with place.lock_file.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def start(place: Place) -> tuple[Health, bool]:
    """The running local AWS, and whether this call started it. Raises Stranger or CannotStart."""
    with alone(place):
        install_plugin(place)
        found = health(place)
        if found is not None:
            if found.endpoint != place.endpoint:
                raise CannotStart(
                    f"the local AWS at {place.address} runs already, and works with"
                    f" {found.endpoint}: stop it first"
                )
            return found, False
        launch(place)
        found = health(place)
        if found is None:
            raise CannotStart(f"the local AWS came up and went away: see {place.log_file}")
        return found, True


def launch(place: Place) -> None:
    """A process of its own session, which outlives the shell; waits until it serves, or ends."""
    read, write = os.pipe()
    command = [sys.executable, "-I", "-c", ISOLATED, str(CHECKOUT), SERVER]
    command += ["--root", str(place.root), "--port", str(place.port), "--ready", str(write)]
    command += ["--emulator", place.emulator] if place.emulator else []
    with place.log_file.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=place.folder,
            start_new_session=True,
            pass_fds=[write],
        )
    os.close(write)
    with os.fdopen(read, "rb") as ready, selectors.DefaultSelector() as waiting:
        waiting.register(ready, selectors.EVENT_READ)
        if waiting.select(START_SECONDS) and ready.read(5) == b"ready":
            return
    if process.poll() is None:
        process.kill()
    process.wait()
    tail = place.log_file.read_text(errors="replace").splitlines()[-8:]
    raise CannotStart("the local AWS did not start:\n  " + "\n  ".join(tail))


def stop(place: Place) -> bool:
    """Whether one was running. It is asked to end; Stranger where it will not take that from us."""
    with alone(place):
        found = health(place)
        if found is None:
            place.state_file.unlink(missing_ok=True)
            return False
        with contextlib.suppress(ConnectionError, http.client.HTTPException):
            tell(place, STOP)  # it may be gone before it has answered
        if not gone(place, found, STOP_SECONDS):
            kill(place, found.pid)
            gone(place, found, STOP_SECONDS)
        return True


def kill(place: Place, pid: int) -> None:
    """End a server that hangs. Whoever answers at the port may name any pid: it must be ours.

    The descriptor keeps naming the process that was looked at, also when its number is used again.
    """
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if not is_server(place, pid):
            raise Stranger(
                f"process {pid}, which answers at {place.address}, is not a local AWS that this"
                " user started here: it is left alone"
            )
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGKILL)
    finally:
        os.close(process)


def is_server(place: Place, pid: int) -> bool:
    """Whether a process is this user's, and runs the server of this place."""
    proc = Path(f"/proc/{pid}")
    try:
        words = (proc / "cmdline").read_bytes().decode(errors="replace").split("\0")
        mine = proc.stat().st_uid == os.getuid()
    except OSError:
        return False
    options = ["--root", str(place.root), "--port", str(place.port)]
    return mine and SERVER in words and words[words.index(SERVER) + 1 :][:4] == options


def gone(place: Place, found: Health, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = health(place)
        if now is None or now.pid != found.pid:
            return True
        time.sleep(0.05)
    return False
