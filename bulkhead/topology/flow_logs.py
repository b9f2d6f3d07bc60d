"""Where flow logs go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from bulkhead.intent.written import WrittenFlowLogs
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FlowLogs(TopologyPart):
    """Where AWS writes down what every interface of the VPC sends, gets and is refused."""

    shape: ClassVar[type[Written]] = WrittenFlowLogs

    to: Literal["cloudwatch", "s3", "none"] | None = None
    """cloudwatch: a log group of its own; s3: a bucket that is there; none: nowhere."""
    retention: int | None = None
    """For how many days CloudWatch keeps them, as in retention=731."""
    bucket: str | None = None
    """The bucket of s3, as in bucket="acme-flow-logs/prod"."""
    why: str | None = None
    """Why nothing is recorded, in a line."""
