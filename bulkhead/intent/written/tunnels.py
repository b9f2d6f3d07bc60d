"""What the tunnels of a site are to do, as it is written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.recording import parse_retention
from bulkhead.intent.written.fields import ReadBy, Written, by, choice
from bulkhead.intent.written.looks import whole


def _between(first: int, last: int) -> ReadBy:
    """A whole number within AWS's limits
    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)."""
    return by(
        lambda value: values.parse_whole(value, first, last),
        whole(f"a number from {first} to {last}", first, last),
    )


LONGEST_SILENCE = 86_400
"""AWS says of the time-out that it is 30 seconds at least, and of no most: a day is beyond all
use."""


class WrittenTunnels(Written):
    """What AWS does about both tunnels of a site; a change is made to one after the other."""

    startup: Annotated[Literal["add", "start"], choice("add", "start")] | None = Field(
        default=None,
        description="who opens a tunnel: the site's device (add, unless said), or AWS (start)",
    )
    dpd_action: (
        Annotated[Literal["clear", "none", "restart"], choice("clear", "none", "restart")] | None
    ) = Field(
        default=None,
        alias="dpd-action",
        description="what AWS does when the device is dead: close the tunnel (clear, unless "
        "said), nothing (none), or open it again (restart)",
    )
    dpd_timeout: Annotated[int, _between(30, LONGEST_SILENCE)] | None = Field(
        default=None,
        alias="dpd-timeout",
        description="after how many seconds of silence the device is dead",
    )
    rekey_margin: Annotated[int, _between(60, 1_800)] | None = Field(
        default=None,
        alias="rekey-margin",
        description="how many seconds before its end AWS replaces the key of phase 2",
    )
    rekey_fuzz: Annotated[int, _between(0, 100)] | None = Field(
        default=None,
        alias="rekey-fuzz",
        description="within which part of that margin, in percent, the moment is drawn",
    )
    replay_window: Annotated[int, _between(64, 2_048)] | None = Field(
        default=None,
        alias="replay-window",
        description="how many packets of IPsec may come out of order",
    )
    lifecycle_control: Annotated[bool, by(values.parse_flag)] | None = Field(
        default=None,
        alias="lifecycle-control",
        description="whether AWS waits until you accept it, before it replaces an endpoint",
    )
    logs: Annotated[Literal["cloudwatch", "none"], choice("cloudwatch", "none")] | None = Field(
        default=None,
        description="where AWS writes down what a tunnel negotiates; unless said, a new "
        "connection logs to CloudWatch, and one that stands does as before",
    )
    log_retention: Annotated[int, by(parse_retention)] | None = Field(
        default=365,
        alias="log-retention",
        description="for how many days CloudWatch keeps that",
    )
    acceleration: Annotated[bool, by(values.parse_flag)] | None = Field(
        default=False,
        description="whether it goes by AWS Global Accelerator; only with a transit gateway, "
        "which is not planned yet",
    )
    bandwidth: Annotated[Literal["standard", "large"], choice("standard", "large")] | None = Field(
        default="standard",
        description="1.25 Gbps (standard), or 5 Gbps (large); large only with a transit gateway "
        "or Cloud WAN, which are not planned yet",
    )
    inside: Annotated[Literal["ipv4", "ipv6"], choice("ipv4", "ipv6")] | None = Field(
        default="ipv4",
        description="what the tunnels carry; ipv6 only with a transit gateway or Cloud WAN",
    )
    outside: Annotated[Literal["ipv4", "ipv6"], choice("ipv4", "ipv6")] | None = Field(
        default="ipv4",
        description="between which addresses they are; ipv6 only with a transit gateway or "
        "Cloud WAN",
    )
    post_quantum: Annotated[bool, by(values.parse_flag)] | None = Field(
        default=False,
        alias="post-quantum",
        description="whether keys are also exchanged by ML-KEM; AWS can, pulumi-aws has no "
        "argument for it yet",
    )
