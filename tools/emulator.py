"""A Python that has an AWS emulator of other authors, made on first use: prints its path.

    python tools/emulator.py

It is the second witness of the integration tests (docs/second-witness.md), runs in an environment
of its own, because it wants a botocore that is not ours, and is pinned with hashes in
tools/emulator.txt. Only the standard library is used; killed at any point, the next run starts
again and completes it.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
LOCK = TOOLS / "emulator.txt"
FOLDER = TOOLS.parent / ".bulkhead" / "emulator"


def python_with_emulator(folder: Path = FOLDER) -> Path:
    """Named by the hash of the pins: other pins make another environment."""
    home = folder / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    python = home / "bin" / "python"
    done = home / "done"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another process may be making it
        if not done.exists():
            shutil.rmtree(home, ignore_errors=True)
            venv.create(home, with_pip=True)
            install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            hashed = ["--require-hashes", "--no-deps", "--requirement", LOCK]
            subprocess.run([*install, *hashed], stdout=sys.stderr, check=True)
            done.touch()
    return python


if __name__ == "__main__":
    print(python_with_emulator())
