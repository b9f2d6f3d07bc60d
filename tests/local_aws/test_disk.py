"""A disk that fills while a run works: the run ends, says what to do, and the next one goes on."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_aws import disk
from local_aws.disk import DiskFull, waited_for
from local_aws.place import CHECKOUT

ENDS_IN_ORDER = """
import time
try:
    print("runs", flush=True)
    while True:  # a pause would miss an interrupt that comes just before it
        time.sleep(0.01)
except KeyboardInterrupt:
    print("ended")
"""
GOES_ON = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("runs", flush=True)
while True:
    signal.pause()
"""


def begun(program: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "runs\n"
    return child


@pytest.mark.parametrize(("program", "code"), [(ENDS_IN_ORDER, 0), (GOES_ON, -signal.SIGKILL)])
def test_a_run_without_room_is_ended_in_order_and_else_by_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, code: int
) -> None:
    monkeypatch.setattr(disk, "LEAST", 2**62)
    monkeypatch.setattr(disk, "LOOK_SECONDS", 0.01)
    if code:
        monkeypatch.setattr(disk, "GRACE_SECONDS", 0.01)
    said: list[str] = []
    child = begun(program)
    with pytest.raises(DiskFull, match="the next run goes on"):
        waited_for(child, tmp_path, said.append)
    assert child.returncode == code
    assert said == [f"the disk with {tmp_path} is full: ending this run"]


def test_a_run_with_room_is_left_alone(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "print(1)"], stdout=subprocess.PIPE, text=True)
    assert waited_for(child, tmp_path, pytest.fail) == ("1\n", "")


class SmallDisk:
    """The local AWS's folder of a project on a disk of its own, which only its runs see."""

    def __init__(self, project: Any, holder: int) -> None:
        self.project = project
        # Who enters a mount namespace stands at its root.
        self._inside = ["nsenter", f"--mount=/proc/{holder}/ns/mnt", "env", f"--chdir={CHECKOUT}"]
        self.filler = Path(f"/proc/{holder}/root{project.place.folder}/filler")

    def command(self, verb: str, *arguments: str) -> list[str]:
        root = str(self.project.place.root)
        return [*self._inside, sys.executable, "-m", "local_aws", "--root", root, verb, *arguments]

    def run(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(verb, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def run_filled(self, verb: str, at: str) -> tuple[int, str]:
        """A run whose disk is full from when it has said this; its exit code and all it said."""
        running = subprocess.Popen(
            self.command(verb, "--skip-preview"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert running.stdout is not None
        said = []
        for line in running.stdout:
            said.append(line)
            if at in line:
                break
        with self.filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(65536))
        said.append(running.stdout.read())
        return running.wait(), "".join(said)


@pytest.fixture
def small_disk(project: Any) -> Iterator[SmallDisk]:
    folder = project.place.folder
    folder.mkdir(parents=True)
    mounts = f"mount -t tmpfs -o size=100m tmpfs '{folder}' && echo ready && exec cat"
    holder = subprocess.Popen(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounts],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    if holder.stdout.readline() != "ready\n":
        pytest.skip(f"no disk of one's own here: {holder.communicate()[1]}")
    small = SmallDisk(project, holder.pid)
    yield small
    small.filler.unlink(missing_ok=True)
    small.run("stop", "--port", str(project.place.port))
    holder.communicate("")


@pytest.mark.integration
@pytest.mark.timeout(300)
@pytest.mark.skipif(
    os.geteuid() != 0 or not (shutil.which("unshare") and shutil.which("nsenter")),
    reason="a disk of one's own is for root to mount",
)
def test_a_stack_whose_disk_filled_is_healed_once_there_is_room(small_disk: SmallDisk) -> None:
    code, said = small_disk.run_filled("up", "Vpc main created")
    assert code == 1, said
    assert "is full: ending this run" in said
    assert "make room there, and run it again" in said
    refused = small_disk.run("up")
    assert refused.returncode == 1
    assert "is nearly full (0 MiB left" in refused.stderr
    small_disk.filler.unlink()
    healed = small_disk.run("up", "--skip-preview")
    assert healed.returncode == 0, healed.stdout + healed.stderr
    unchanged = small_disk.run("preview", "--expect-no-changes")
    assert unchanged.returncode == 0, unchanged.stdout + unchanged.stderr
    code, said = small_disk.run_filled("down", " deleting ")
    small_disk.filler.unlink()
    if code == 0:  # it was done before anybody looked: then it is done
        assert "stopped" in said
        return
    assert code == 1, said
    down = small_disk.run("down", "--skip-preview")
    assert down.returncode == 0, down.stdout + down.stderr
    assert "stopped" in down.stderr
