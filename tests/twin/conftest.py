"""Tests that need namespaces are marked `integration`, and skip where there are none."""

from __future__ import annotations

import pytest

from bulkhead.twin import availability


@pytest.fixture(scope="session")
def namespaces() -> None:
    """Network namespaces can be made here."""
    unavailable = availability()
    if unavailable:
        pytest.skip(str(unavailable))
