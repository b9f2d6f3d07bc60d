"""A property that fails in CI says how to see it fail again."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
FAILING = """
from hypothesis import given, strategies as st

@given(st.integers(0, 2**64))
def test_nothing_is_large(number):
    print("tried", number)
    assert number < 1000
"""


def ran(path, *words, **environment):
    """What pytest says of a test in a file of its own, with the settings that all tests have."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", *words, str(path)]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    return ended.stdout


def test_in_ci_a_failure_prints_the_seed_that_tries_the_same_again(tmp_path):
    path = tmp_path / "test_it.py"
    path.write_text(FAILING)
    said = ran(path, CI="true")
    assert "@reproduce_failure" in said
    (options,) = re.findall(r"the same examples again: \S+ (--\S+ --\S+)", said)
    assert "--hypothesis-profile=ci" in options
    again = ran(path, *options.split(), CI="")
    assert len(tried(said)) > 10
    assert tried(again) == tried(said)


def tried(said):
    return re.findall(r"^tried (\d+)$", said, re.M)
