"""What a record of a VPC flow log may say, by the version that brought each field.

docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html. In a text file the first line names
the fields of all others, in any order and any selection; in Parquet, and in a table of Athena, a
name has underscores for its hyphens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BY_VERSION: Final[Mapping[int, str]] = {
    2: "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status",
    3: "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr",
    4: "region az-id sublocation-type sublocation-id",
    5: "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path",
    7: "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id "
    "ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn "
    "ecs-task-arn ecs-task-id",
    8: "reject-reason",
    9: "resource-id",
    10: "encryption-status",
}
"""6 is that of transit gateways, whose records are of another kind."""

VERSION_OF: Final[Mapping[str, int]] = {
    name: version for version, names in _BY_VERSION.items() for name in names.split()
}
DEFAULT_FORMAT: Final = tuple(_BY_VERSION[2].split())
"""The fields of a flow log of which nobody chose any; so AWS writes them to CloudWatch Logs."""

READ: Final = (
    *("interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes"),
    *("start", "end", "action", "log-status", "vpc-id", "subnet-id", "instance-id", "tcp-flags"),
    *("pkt-srcaddr", "pkt-dstaddr", "flow-direction", "traffic-path", "ecs-service-name"),
    *("reject-reason", "encryption-status", "pkt-src-aws-service", "pkt-dst-aws-service"),
)
"""What is asked of a record; the others say nothing of who talks to whom."""

NEEDED: Final = ("srcaddr", "dstaddr", "srcport", "dstport", "protocol", "start", "end", "action")
"""Without one of these nobody can say who talked to whom, when, and whether it passed."""

OF_TRANSIT: Final = frozenset(("tgw-id", "tgw-attachment-id", "resource-type", "tgw-src-vpc-id"))
"""Fields of transit gateway flow logs alone
(docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html)."""

HELPS: Final[Mapping[str, str]] = {
    "interface-id": "which interface recorded it, and so what was recorded at both ends, is not "
    "known",
    "tcp-flags": "who opened a connection is told by ports alone",
    "flow-direction": "which address is that of the interface is told by the network alone",
    "pkt-srcaddr": "behind a NAT gateway or a secondary address the end is that in between",
    "pkt-dstaddr": "behind a NAT gateway or a secondary address the end is that in between",
    "log-status": "whether records were skipped is not known",
    "packets": "packets are not counted",
    "bytes": "bytes are not counted",
}
"""What is not known where a field is missing."""


PATHS: Final[Mapping[int, str]] = {
    1: "another resource of the VPC",
    2: "an internet gateway or a gateway endpoint",
    3: "a VPN gateway",
    4: "a peering in the Region",
    5: "a peering between Regions",
    6: "a local gateway",
    7: "a gateway endpoint",
    8: "an internet gateway",
}
"""`traffic-path`: the way that egress traffic took."""

SYN: Final = 2
SYN_ACK: Final = 18
"""Of `tcp-flags`, which are put together over a record's interval; ACK alone is not told."""

ENCRYPTED: Final[Mapping[int, str]] = {
    0: "not encrypted",
    1: "by the hardware",
    2: "by the application",
    3: "by both",
}
"""`encryption-status`."""


def column(field: str) -> str:
    """'pkt_srcaddr' of 'pkt-srcaddr'."""
    return field.replace("-", "_")


def field_of(word: str) -> str | None:
    """The field that a header or a column means; None if none is called so."""
    name = word.strip().removeprefix("${").removesuffix("}").lower().replace("_", "-")
    return name if name in VERSION_OF else None
