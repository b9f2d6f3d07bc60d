"""The AWS emulator of other authors, while a block runs: on loopback, at a port of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; it takes one where the machine is idle


@contextlib.contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """Its address. What it writes goes into `folder`; what it held is gone at the end."""
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "emulator.py"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",  # it listens to everybody otherwise
        "GATEWAY_PORT": str(port),
    }
    running = subprocess.Popen(
        [made.stdout.strip(), "-I", "-m", "ministack"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    ready = threading.Event()
    said: list[str] = []

    def listen() -> None:
        assert running.stdout is not None
        for line in running.stdout:
            said.append(line)
            if f"Running on http://127.0.0.1:{port}" in line:
                ready.set()
        ready.set()  # it has ended

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    try:
        assert ready.wait(PATIENCE), "the emulator does not start"
        assert running.poll() is None, "".join(said)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()
        listening.join()
