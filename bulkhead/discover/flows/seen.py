"""What flow logs say of who talks to whom, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class OpenedBy(StrEnum):
    """By what it is told who opened the connections of an edge, the surest first."""

    FIRST_PACKET = "first packet"
    """SYN, or SYN with ACK, is among the flags of a record."""
    ANSWERED_OTHERS = "answered others"
    """That socket answered others whose first packet was recorded."""
    DECLARED = "declared"
    """A socket is declared there."""
    CLIENT_PORT = "client port"
    """One of the two ports is one that clients ask from (32768 and above), and the other is not."""
    MANY = "many meet there"
    """Three ports at least met this one, and none met theirs."""
    UNSURE = "unsure"
    """Nothing tells: the end with the lower port is taken for the server."""

    @property
    def sure(self) -> bool:
        """Whether it was seen, and not concluded."""
        return self is OpenedBy.FIRST_PACKET


class FlowOutcome(StrEnum):
    """What became of what a client asked."""

    ACCEPTED = "accepted"
    """Requests were let pass, and of TCP so were replies."""
    REPLY_REFUSED = "reply refused"
    """Requests were let pass, and every reply was refused: a network ACL, as groups let replies."""
    CLOSED = "nobody waited there"
    """Requests were let pass, and the host sent nothing but resets."""
    UNANSWERED = "unanswered"
    """Requests of TCP were let pass, and no record has a reply."""
    REFUSED = "refused"
    """A group or a network ACL refused the requests."""


class NamedBy(StrEnum):
    """How it is known who an end is."""

    INTERFACE = "interface"
    """By the id of the interface that had the address that day."""
    ADDRESS = "address"
    """By an address that the network has today; nobody recorded who had it then."""
    SUBNET = "subnet"
    """It is in a subnet where the copies of one service alone come and go."""
    RECORD = "record"
    """By what the records say: the name of a service of ECS, an instance."""
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEnd:
    """One end of an edge.

    `address` is '' of the internet as a whole. `owner` is what flows call it: a service, a site, a
    peer on the internet; '' where nobody knows. `interface` is its id, '' where none is known;
    `called` the name of that, or of what else is known of it. `changed`: the address changed hands
    within a day, so who had it is not decided.
    """

    address: str
    owner: str = ""
    interface: str = ""
    called: str = ""
    named_by: NamedBy = NamedBy.NOBODY
    public: bool = False
    changed: bool = False

    @property
    def name(self) -> str:
        """'ticker-0', 'exchange (192.168.10.7)', '10.0.0.9', 'internet'."""
        return self.called or self.address or "internet"

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEdge:
    """All records of what one client asked of one port of one server.

    `port` is None of protocols that have none, and of refused traffic of the internet, which is one
    edge for all `ports`. Counts are of the interface that recorded more where both ends did; of
    requests `accepted` (by every interface that recorded some) and `rejected`, of replies
    `answered` and `answers_rejected`, all of them records.
    `clients`: how many addresses of the internet. `paths`: values of traffic-path, `encryption` of
    encryption-status, `reasons` of reject-reason. `recorded_by`: ids of interfaces.
    """

    client: FlowEnd
    server: FlowEnd
    protocol: int
    port: int | None
    opened_by: OpenedBy
    accepted: int
    rejected: int
    answered: int
    answers_rejected: int
    packets: int
    size: int
    first: datetime
    last: datetime
    days: tuple[date, ...]
    resets: int = 0
    """Replies that end a connection and carry nothing: accepted, and none of `answered`."""
    ports: int = 1
    clients: int = 1
    servers: int = 1
    paths: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    encryption: tuple[int, ...] = ()
    recorded_by: tuple[str, ...] = ()
    client_port: int | None = None
    """Of what is unsure: then that may be the port at which somebody waits."""
    refused_at: tuple[str, ...] = ()
    """Ids of the interfaces whose group or network ACL refused a request."""

    @property
    def records(self) -> int:
        """Of both directions."""
        requests = self.accepted + self.rejected
        return requests + self.answered + self.answers_rejected + self.resets

    @property
    def turned(self) -> FlowEdge:
        """Of what is unsure: the same, opened by the other end."""
        return replace(
            self,
            client=self.server,
            server=self.client,
            port=self.client_port,
            client_port=self.port,
        )

    @property
    def outcome(self) -> FlowOutcome:
        """What became of it. What both ends recorded counts as refused where one refused all."""
        if self.answered:
            return FlowOutcome.ACCEPTED
        if self.answers_rejected:
            return FlowOutcome.REPLY_REFUSED
        if self.rejected and not self.accepted:
            return FlowOutcome.REFUSED
        if self.resets:
            return FlowOutcome.CLOSED
        return FlowOutcome.UNANSWERED if self.protocol == _TCP else FlowOutcome.ACCEPTED


_TCP = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowInterface:
    """What one interface recorded: records by status (`ok`, `nodata`, `skipped`) and from when to
    when. Of SKIPDATA nobody knows how many records were lost; NODATA says that none was there."""

    id: str
    address: str
    vpc: str
    subnet: str
    instance: str
    ecs_service: str
    ok: int
    nodata: int
    skipped: int
    accepted: int
    rejected: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowsSeen:
    """Everything that some flow logs say.

    `fields` are those that all of them have, `missing` what is not known for want of others.
    `passed_over`: files that are none of a flow log's by their name.
    """

    edges: tuple[FlowEdge, ...]
    interfaces: tuple[FlowInterface, ...]
    files: int
    records: int
    nodata: int
    skipped: int
    first: datetime | None
    last: datetime | None
    days: tuple[date, ...]
    fields: frozenset[str]
    missing: tuple[str, ...]
    passed_over: tuple[str, ...] = ()
    carried: int = 0
    """Records of interfaces that carry packets of others (NAT gateways), counted and not told."""
