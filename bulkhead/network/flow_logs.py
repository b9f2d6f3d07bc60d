"""What is to be recorded of a VPC's traffic, and where: beside the Network, as no packet depends
on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

RECORDED: Final = (
    *("version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport"),
    *("protocol", "packets", "bytes", "start", "end", "action", "log-status"),
    *("vpc-id", "subnet-id", "instance-id", "tcp-flags", "type", "pkt-srcaddr", "pkt-dstaddr"),
    *("region", "az-id", "pkt-src-aws-service", "pkt-dst-aws-service"),
    *("flow-direction", "traffic-path"),
)
"""The fields of a record: those of version 2, which AWS takes by itself; of 3 that tell who opened
a connection (SYN alone) and the addresses behind a middlebox; of 4 and 5 the way it took
(docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html)."""

ENCRYPTION: Final = "encryption-status"
"""Of a VPC with an encryption control: 0 clear text, 1 by Nitro, 2 by TLS, 3 by both. AWS adds it
to no flow log by itself (docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html)."""

MINUTE: Final = 60
"""Of the two intervals that AWS offers, the one in which an attack is seen while it lasts
(docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogging:
    """A flow log of a VPC, of all that is let pass and all that is refused.

    `to` a log group of its own, which keeps it for `retention` days, or a `bucket` (its name,
    and behind a slash what the names of files begin with) that somebody else looks after.
    """

    id: str
    name: str
    vpc: str
    to: Literal["cloudwatch", "s3"]
    retention: int = 0
    bucket: str = ""
    traffic: str = "ALL"
    fields: tuple[str, ...] = RECORDED
    interval: int = MINUTE
    """For how many seconds the packets of a flow are counted together."""
