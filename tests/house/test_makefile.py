"""`make help` says what there is."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z][a-z-]*):(?!=)", MAKEFILE, re.M))


def test_help_lists_every_target_with_what_it_does():
    said = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = dict(line.split(maxsplit=1) for line in said.stdout.splitlines())
    assert set(listed) == TARGETS


def test_every_target_is_a_command_and_no_file():
    (phony,) = re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.M)
    assert set(phony.split()) == TARGETS
