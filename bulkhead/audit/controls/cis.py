"""CIS AWS Foundations Benchmark 7.0, with the ids of older versions beside.

6.0 has the same ids, but for 6.8.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from bulkhead.audit.controls.table import Control, Framework


def _before(v5: str, v3: str) -> tuple[tuple[str, str], ...]:
    return (("5.0", v5), ("3.0", v3))


_control = partial(Control, framework=Framework.CIS, version="7.0")
_ALARMS: Final = (
    "a metric filter and an alarm on it: neither is a part of a network; show the alarm"
)

CIS: Final = (
    _control(
        id="4.7",
        requires="flow logs in every VPC",
        checks=("flow-logs-on",),
        also=(("6.0", "4.7"), *_before("3.7", "3.7")),
    ),
    *(
        _control(id=number, requires=f"an alarm on changes of {what}", outside=_ALARMS, also=also)
        for number, what, also in (
            ("5.10", "security groups", (("6.0", "5.10"),)),
            ("5.11", "network ACLs", (("6.0", "5.11"),)),
            ("5.12", "network gateways", (("6.0", "5.12"),)),
            ("5.13", "route tables", (("6.0", "5.13"),)),
            ("5.14", "VPCs", (("6.0", "5.14"),)),
        )
    ),
    _control(
        id="6.1.2",
        requires="CIFS is not open to untrusted networks",
        checks=("group-cifs", "cifs-from-untrusted"),
        also=(("6.0", "6.1.2"),),
    ),
    _control(
        id="6.2",
        requires="no network ACL lets 0.0.0.0/0 in on ports of administration",
        checks=("nacl-admin-ports",),
        also=(("6.0", "6.2"), *_before("5.2", "5.1")),
    ),
    _control(
        id="6.3",
        requires="no security group lets 0.0.0.0/0 in on ports of administration",
        checks=("group-admin-ports-ipv4",),
        also=(("6.0", "6.3"), *_before("5.3", "5.2")),
    ),
    _control(
        id="6.4",
        requires="no security group lets ::/0 in on ports of administration",
        checks=("group-admin-ports-ipv6",),
        also=(("6.0", "6.4"), *_before("5.4", "5.3")),
    ),
    _control(
        id="6.5",
        requires="the default security group lets nothing in or out, and nothing holds it",
        checks=("default-group-closed", "default-group-unused"),
        also=(("6.0", "6.5"), *_before("5.5", "5.4")),
    ),
    _control(
        id="6.6",
        requires="routes to peered VPCs lead no further than they must",
        checks=("peering-routes-narrow",),
        also=(("6.0", "6.6"), *_before("5.6", "5.5")),
    ),
    _control(
        id="6.7",
        requires="instances answer to version 2 of the metadata service alone",
        checks=("instance-imdsv2",),
        also=(("6.0", "6.7"), *_before("5.7", "5.6")),
    ),
    _control(
        id="6.8",
        requires="AWS services are reached by VPC endpoints",
        checks=("vpc-has-endpoints",),
        outside="which services the workloads call: the control is for a person to decide",
    ),
)
