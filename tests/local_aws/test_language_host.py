"""What the engine starts to run a Python program."""

from __future__ import annotations

import os
import select
import subprocess
import sys

from local_aws.place import CHECKOUT

ENGINE = """
import subprocess, sys
host = subprocess.Popen([sys.executable, sys.argv[1]], stdout=subprocess.PIPE)
host.stdout.readline()
print(host.pid, flush=True)
sys.stdin.read()
"""


def test_the_host_ends_with_an_engine_that_is_killed() -> None:
    engine = subprocess.Popen(
        [sys.executable, "-c", ENGINE, str(CHECKOUT / "tools" / "language_host.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert engine.stdout is not None
    host = os.pidfd_open(int(engine.stdout.readline()))
    try:
        engine.kill()
        engine.wait()
        ended, _, _ = select.select([host], [], [], 60)
        assert ended
    finally:
        os.close(host)
        engine.communicate()
