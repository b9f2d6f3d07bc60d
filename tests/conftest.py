"""What all tests share: no test leans on the machine's AWS settings, CI skips nothing real.

How many examples properties get is told in tests/support/examples.py.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support import examples

pytest_plugins = ["tests.support.asking", "tests.support.planned"]

_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")

examples.register()
settings.load_profile("ci" if _CI else "dev")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """One seed for a whole run in CI: everything that it tried can be tried again."""
    if _CI and config.getoption("hypothesis_seed") is None:
        config.option.hypothesis_seed = str(random.SystemRandom().getrandbits(32))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    seed = config.getoption("hypothesis_seed")
    profile = settings.get_current_profile_name()
    if seed is not None and "failed" in terminalreporter.stats:
        terminalreporter.write_line(
            "the same examples again: .venv/bin/pytest "
            f"--hypothesis-profile={profile} --hypothesis-seed={seed} TEST"
        )


@pytest.fixture(autouse=True)
def _no_ambient_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests say themselves which account they talk to, and whether they run on a build server."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name == "CI":
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[pytest.TestReport]:
    """On a build server an integration test that cannot run is a failure, not a gap."""
    report = yield
    if _CI and report.skipped and item.get_closest_marker("integration") is not None:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing real may be skipped: {report.longrepr}"
    return report
