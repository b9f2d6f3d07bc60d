"""What all tests share: no test leans on the machine's AWS settings, CI skips nothing real."""

from __future__ import annotations

import os

import pytest

_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


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
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """On a build server an integration test that cannot run is a failure, not a gap."""
    report = yield
    if _CI and report.skipped and item.get_closest_marker("integration") is not None:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing real may be skipped: {report.longrepr}"
    return report
