"""NIST SP 800-207, zero trust: the tenets that concern a network. All of it is from memory."""

from __future__ import annotations

from functools import partial
from typing import Final

from bulkhead.audit.controls.table import Control, ControlStatus, Framework

_tenet = partial(
    Control, framework=Framework.ZERO_TRUST, version="", status=ControlStatus.UNVERIFIED
)

ZERO_TRUST: Final = (
    _tenet(
        id="tenet 2",
        requires="all communication is secured, wherever it goes",
        checks=("tunnel-algorithms-strong", "flows-encrypted"),
    ),
    _tenet(
        id="tenet 3",
        requires="access is granted per session",
        checks=("flows-declared",),
        outside="whom the application lets in, session by session",
    ),
    _tenet(
        id="tenet 4",
        requires="policy is dynamic",
        checks=("as-planned",),
        outside="how policy follows what is observed",
        live=True,
    ),
    _tenet(
        id="tenet 5",
        requires="integrity and posture are monitored",
        checks=("as-planned", "flow-logs-on"),
        live=True,
    ),
    _tenet(
        id="3.1.2",
        requires="micro-segmentation: no flow that nobody declared",
        checks=("flows-declared", "each-layer-holds"),
    ),
)
