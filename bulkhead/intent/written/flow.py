"""A flow that is not ZeroMQ, as it is written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bulkhead.intent import values
from bulkhead.intent.traffic import PlainTraffic, parse_traffic
from bulkhead.intent.written.exposure import WrittenExposure
from bulkhead.intent.written.fields import Named, Reason, Texts, Until, Written, by, first


class WrittenFlow(Written):
    """What a host needs beside its sockets: SSH, a database, a metrics scraper."""

    name: Annotated[str, by(values.parse_socket_name)] | None = Field(
        description="what it is called at every server, as in name: ssh"
    )
    from_: Texts | None = Field(
        alias="from",
        description="who opens it: a service, a site, segment:feed, label:tier=edge, "
        '"*" (every service), or a list of them',
    )
    to: Texts | None = Field(description="who answers: as from")
    traffic: (
        Annotated[
            tuple[Annotated[PlainTraffic, by(parse_traffic)], ...],
            first(values.one_or_many),
        ]
        | None
    ) = Field(
        description="what passes: tcp 22, tcp 8000-8010, udp 53, icmp 8, sctp, gre, "
        "protocol 89, or a list of them"
    )
    why: Reason | None = Field(description="what it is needed for, in a line")
    owner: Named | None = Field(default=None, description="who answers for it")
    until: Until | None = Field(
        default=None, description="the last day on which it is needed, as in until: 2027-01-31"
    )
    exposure: WrittenExposure | None = Field(
        default=None, description="why it may cross the internet, to or from a peer"
    )
    encryption: Annotated[str, by(values.parse_flow_encryption)] | None = Field(
        default="none", description="how its programs encrypt: TLS, SSH or none"
    )
