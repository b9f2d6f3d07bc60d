"""The topology that a user names in the configuration of a policy, as something to be held to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bulkhead.audit.check import Setting
from bulkhead.network import Declaration


def declaration(told: Mapping[str, Setting]) -> Declaration | None:
    """What the topology at `topology` declares; None where no policy names one.

    A relative path begins where `pulumi` was run: a pack's own working directory is the pack.
    Raises InputError.
    """
    named = told.get("topology")
    if not isinstance(named, str) or not named:
        return None
    return _planned(Path(os.environ.get("PWD", "."), named))


@lru_cache(maxsize=1)
def _planned(path: Path) -> Declaration:
    from bulkhead.plan.files import locked_plan  # noqa: PLC0415 - only where a topology is named

    return locked_plan(path).declaration
