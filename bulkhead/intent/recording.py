"""How long flow logs are kept, and in which bucket."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.wrong import Wrong, alternatives, quoted

RETENTIONS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


def parse_retention(value: object) -> int:
    """For how many days CloudWatch keeps what is logged: it takes some numbers alone."""
    if value in RETENTIONS and isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Wrong(
        f"{quoted(value)} is no number of days that CloudWatch takes",
        f"write {alternatives(map(str, RETENTIONS))}",
    )


BUCKET: Final = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9!_.*'()-]+)*/?"
_BUCKET: Final = re.compile(BUCKET, re.ASCII)


def parse_bucket(value: object) -> str:
    """The name of a bucket, perhaps with what the names of files in it begin with.

    (docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html;
    docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-create-flow-log.html, which keeps the
    folder AWSLogs for itself.)
    """
    if not isinstance(value, str) or not _BUCKET.fullmatch(value) or ".." in value:
        raise Wrong(f"{quoted(value)} is no name of a bucket", "write one such as acme-flow-logs")
    if "AWSLogs" in value.split("/"):
        raise Wrong(f"{quoted(value)}: AWS keeps AWSLogs for itself", "choose another folder")
    return value.removesuffix("/")
