"""Room on the disk: Pulumi tries for half a minute to write its state, at each step anew.

A run is not begun where there may be too little, and is ended where that comes to be: in order
while its state can still be written, and by force where not. The next run heals what it left.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

MEBI: Final = 2**20
NEEDED: Final = 64 * MEBI  # bytes: a state is rewritten whole at each step, beside the one before
LEAST: Final = 16 * MEBI  # bytes: enough to end in order
LOOK_SECONDS: Final = 0.5
GRACE_SECONDS: Final = 10.0


class DiskFull(Exception):
    """There is no room for a run; the message says where, and what to do."""


def room_to_work(folder: Path) -> None:
    """Raises DiskFull."""
    free = shutil.disk_usage(folder).free
    if free < NEEDED:
        raise DiskFull(
            f"the disk with {folder} is nearly full ({free // MEBI} MiB left, a run needs"
            f" {NEEDED // MEBI}): make room there, and run it again"
        )


def waited_for(
    run: subprocess.Popen[str], folder: Path, say: Callable[[str], None]
) -> tuple[str, str]:
    """What a run printed, where that is piped, once it has ended.

    Raises DiskFull where it was ended for want of room.
    """
    while True:
        try:
            return printed(run, LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if shutil.disk_usage(folder).free < LEAST:
                break
    say(f"the disk with {folder} is full: ending this run")
    run.send_signal(signal.SIGINT)
    try:
        printed(run, GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        run.kill()
        printed(run, None)
    raise DiskFull("make room there, and run it again: the next run goes on where this one ended")


def printed(run: subprocess.Popen[str], seconds: float | None) -> tuple[str, str]:
    out, err = run.communicate(timeout=seconds)
    return out or "", err or ""
