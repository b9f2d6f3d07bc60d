"""The policy pack asked of programs as the engine asks it, without an engine."""

from __future__ import annotations

import pytest


@pytest.fixture(params=[True, False], ids=["built", "previewed"])
def built(request: pytest.FixtureRequest) -> bool:
    """Whether it is asked of a state, or of a preview in which no id is known."""
    return bool(request.param)
