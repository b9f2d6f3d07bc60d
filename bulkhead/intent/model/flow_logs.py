"""Where flow logs go."""

from __future__ import annotations

from typing import Literal

from bulkhead.intent.model.base import Resolved

A_YEAR = 365


class FlowLogs(Resolved):
    """By default all that is let pass and all that is refused, kept for a year."""

    to: Literal["cloudwatch", "s3", "none"] = "cloudwatch"
    retention: int = A_YEAR
    """For how many days CloudWatch keeps them."""
    bucket: str = ""
    """Of s3: the bucket's name, and behind a slash what the names of files begin with."""
    why: str = ""
    """Of none: why nothing is recorded."""
