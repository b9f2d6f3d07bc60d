"""Where flow logs go, as it is written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bulkhead.intent.recording import parse_bucket, parse_retention
from bulkhead.intent.written.fields import Reason, Written, by, choice


class WrittenFlowLogs(Written):
    """Where AWS writes down what every interface of the VPC sends, gets and is refused."""

    to: (
        Annotated[Literal["cloudwatch", "s3", "none"], choice("cloudwatch", "s3", "none")] | None
    ) = Field(
        default="cloudwatch",
        description="cloudwatch: a log group of its own; s3: a bucket that is there; none: nowhere",
    )
    retention: Annotated[int, by(parse_retention)] | None = Field(
        default=365,
        description="for how many days CloudWatch keeps them, as in retention: 731",
    )
    bucket: Annotated[str, by(parse_bucket)] | None = Field(
        default="", description="the bucket of s3, as in bucket: acme-flow-logs/prod"
    )
    why: Reason | None = Field(default="", description="why nothing is recorded, in a line")
