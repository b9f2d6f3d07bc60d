"""What the tunnels of a site are to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from bulkhead.intent.model.base import Resolved
from bulkhead.intent.model.flow_logs import A_YEAR

TunnelOption = str | int | bool

OPTIONS: Final = (
    *("startup", "dpd_action", "dpd_timeout", "rekey_margin", "rekey_fuzz", "replay_window"),
    *("lifecycle_control", "logs"),
)
"""What each of the two tunnels has by itself: AWS changes these one tunnel a call
(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpnTunnelOptions.html)."""


class Tunnels(Resolved):
    """None is what is not said: as it was, and of a new connection as the plan or AWS has it."""

    startup: Literal["add", "start"] | None = None
    dpd_action: Literal["clear", "none", "restart"] | None = None
    dpd_timeout: int | None = None
    """In seconds, as the margin is."""
    rekey_margin: int | None = None
    rekey_fuzz: int | None = None
    """In percent of the margin."""
    replay_window: int | None = None
    lifecycle_control: bool | None = None
    logs: Literal["cloudwatch", "none"] | None = None
    log_retention: int = A_YEAR
    """In days."""

    @property
    def said(self) -> Mapping[str, TunnelOption]:
        """The options that are said, by their names in `OPTIONS`."""
        every = {name: getattr(self, name) for name in OPTIONS}
        return {name: value for name, value in every.items() if value is not None}
