"""Which checks decide which control: data alone, a framework a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bulkhead.audit.controls.cis import CIS
from bulkhead.audit.controls.fsbp import FSBP
from bulkhead.audit.controls.nist import NIST
from bulkhead.audit.controls.pci import PCI
from bulkhead.audit.controls.table import Control, ControlStatus, Framework
from bulkhead.audit.controls.zero_trust import ZERO_TRUST

ALL_CONTROLS: Final[tuple[Control, ...]] = (*CIS, *FSBP, *PCI, *NIST, *ZERO_TRUST)


def controls_of(check: str) -> tuple[Control, ...]:
    """The controls that a check decides, or helps to."""
    return tuple(each for each in ALL_CONTROLS if check in each.checks)


def of(frameworks: Iterable[Framework]) -> tuple[Control, ...]:
    """The controls of some frameworks."""
    wanted = frozenset(frameworks)
    return tuple(each for each in ALL_CONTROLS if each.framework in wanted)


__all__ = ["ALL_CONTROLS", "Control", "ControlStatus", "Framework", "controls_of", "of"]
