"""What ought to be: flows that somebody declared, and what somebody expects of them.

Neutral words between the intent (which declares), the prover (which judges)
and the twin (which measures).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Literal

from bulkhead.network.dns import PrivateZone
from bulkhead.network.model import Listener, Network
from bulkhead.network.origins import Origin, Origins
from bulkhead.network.ports import protocol_name
from bulkhead.network.quotas import DEFAULTS, Quotas
from bulkhead.network.widened import WidenedAcl


class Verdict(StrEnum):
    """What happens to a cell: one source, one destination, one protocol, some ports."""

    ALLOWED = "allowed"
    """Requests arrive and replies return, from every source port a client may use."""
    HALF_OPEN = "half-open"
    """Requests arrive, but from at least one of those source ports no reply returns."""
    DENIED = "denied"
    """No request arrives."""
    UNDETERMINED = "undetermined"
    """Depends on something unknown or not modelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowExposure:
    """Somebody's word that a flow may cross the internet: why, who answers, until which day."""

    why: str
    owner: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A declared need: one socket of `client` connects to a listener.

    `client` names a service or a site; `client_type` is its socket's type. What is not ZeroMQ
    comes from no socket: `client_socket` is '', and `client_type` that of the listener. `why` it
    is needed, in a line; '' where nobody said. `owner` answers for it, '' for who answers for
    the client; `until` is the last day on which it is needed, None where nobody said.
    Of a flow from or to a peer on the internet `exposure` is why it may cross that.
    With `clients_at` those addresses of a site alone may open it, else all of the client's.

    `mechanism` is the one of ZMTP that both sockets name (NULL, PLAIN, CURVE, GSSAPI), TLS of a
    program that speaks it over plain TCP, TLS or SSH of what is not ZeroMQ, '' of plain TCP
    without. `tls`: whether TLS is under it. `zap`: whether the server asks a ZAP handler who may
    connect. `encrypted`: whether it surely is from program to program; None: nobody knows.
    `vpc_encrypts`: whether AWS is to make both hosts encrypt it, by the encryption control of
    their VPC. No packet depends on them.
    """

    client: str
    client_socket: str
    client_type: str
    server: Listener
    clients_at: tuple[IPv4Network, ...] = ()
    why: str = field(default="", compare=False)
    owner: str = field(default="", compare=False)
    until: date | None = field(default=None, compare=False)
    mechanism: str = field(default="", compare=False)
    tls: bool = field(default=False, compare=False)
    zap: bool = field(default=False, compare=False)
    encrypted: bool | None = field(default=None, compare=False)
    vpc_encrypts: bool = field(default=False, compare=False)
    exposure: FlowExposure | None = field(default=None, compare=False)

    @property
    def client_name(self) -> str:
        """'momentum.market'; of what comes from no socket 'momentum'."""
        return f"{self.client}.{self.client_socket}" if self.client_socket else self.client

    @property
    def secured(self) -> str:
        """'CURVE', 'NULL', 'SSH'; of what names nothing 'plain tcp'."""
        return self.mechanism or f"plain {protocol_name(self.server.protocol)}"

    @property
    def relies_on_vpc(self) -> bool:
        """Whether nothing encrypts it for sure but what its VPC makes both hosts do."""
        return self.vpc_encrypts and self.encrypted is not True

    @property
    def client_said(self) -> str:
        """The same with the addresses of a site at which alone it is: 'exchange.prices at …'."""
        places = ", ".join(
            str(each.network_address if each.prefixlen == each.max_prefixlen else each)
            for each in self.clients_at
        )
        return f"{self.client_name} at {places}" if places else self.client_name

    def __str__(self) -> str:
        return f"{self.client_said} -> {self.server}"


def any_host_in(*places: str) -> str:
    """What strangers are called: hosts that somebody may start in these segments or subnets."""
    return f"any host in {', '.join(places)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A line of the topology's own `tests:`, resolved to one client and one place to reach.

    `client` names a service, a site, 'internet', 'any host in' a segment, or a host of a site
    ('exchange/bloomberg'), which is at `clients_at`. `server` is a
    socket, or, without one, some traffic to such an end, whatever waits there (protocol -1: all
    traffic), less what is in `but`. `name` and `why` are as somebody wrote them, '' where nobody
    did. `file` and `line` say where it is written, `revision` at which revision of git, '' where
    it stands there now.
    """

    client: str
    server: Listener
    accept: bool
    file: str
    line: int
    revision: str = ""
    name: str = ""
    why: str = ""
    but: tuple[Listener, ...] = ()
    clients_at: tuple[IPv4Network, ...] = ()

    def __str__(self) -> str:
        if not self.but:
            return f"{self.client} -> {self.server}"
        but = ", ".join(dict.fromkeys(each.traffic for each in self.but))
        return f"{self.client} -> {self.server.name} ({self.server.traffic}, but {but})"

    @property
    def origin(self) -> Origin:
        """Where it is written."""
        return Origin(file=self.file, line=self.line, revision=self.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTooLarge:
    """Who may be told that a packet of his is larger than the way takes, and by whom.

    Over these families; both as flows call them: `by` '' is anybody on the internet, '*' anybody
    at all, where a NACL has no room to name who may. Groups let such a message in of themselves,
    as an answer to a connection that they track, and NACLs do not
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/network_mtu.html, "Path MTU Discovery").
    """

    told: str
    by: str
    versions: frozenset[int]


class Outlasting(StrEnum):
    """Why an open connection is not cut at once."""

    SUBNET = "subnet"
    """Both ends are in one subnet, within which no NACL is asked."""
    SHARED = "shared"
    """The NACL of the service lets it for its neighbours, and at the far end there is none."""
    FULL = "full"
    """The NACL of the other end has no room for the entries that would deny it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivesOn:
    """Connections of one flow that were open before, until they are silent for so many seconds.

    `where`: the subnets, or the NACLs that let them.
    """

    flow: Flow
    reason: Outlasting
    where: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A service in quarantine: what is cut, what stays, and what cannot be cut at once."""

    service: str
    why: str
    owner: str
    responder: str
    """A service, a site or a host of one ('exchange/bloomberg'); '' where nobody is."""
    cut: tuple[Flow, ...]
    stays: tuple[Flow, ...]
    lives_on: tuple[LivesOn, ...]
    origin: Origin = field(compare=False)


NamedKind = Literal["segment", "service", "site", "zone"]
Former = Mapping[tuple[NamedKind, str], tuple[str, ...]]
"""What each part was called before, by its kind and name; of a segment whose services are kept
apart, of each of those ('risk.limits')."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Everything that somebody said a network should be, and nothing that was found.

    `topology` is the name it goes by. `planned` is the network that was planned
    for it; without one, only what packets can do is judged. `origins` says where each
    flow, and what was planned for it, is written. `former` is what its parts were called before.
    `quotas` are those of the account that it is for, `open_segments` those whose NACLs are to let
    their whole VPC through, `widened` the NACLs that are to let more than `flows` because
    their entries would not fit. `quarantine`: services of which more is declared than `flows` have,
    and cut. `too_large`: whom NACLs are to let in so that large packets of the flows arrive.
    """

    topology: str
    flows: tuple[Flow, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    planned: Network | None = None
    origins: Origins = field(default_factory=Origins, compare=False, repr=False)
    former: Former = field(default_factory=dict, compare=False, repr=False)
    quotas: Quotas = DEFAULTS
    open_segments: frozenset[str] = frozenset()
    quarantine: tuple[CutOff, ...] = ()
    too_large: tuple[ToldTooLarge, ...] = ()
    zone: PrivateZone | None = None
    """What its hosts are called in DNS; None where it gives no names."""
    widened: tuple[WidenedAcl, ...] = ()

    @property
    def asked(self) -> tuple[Listener, ...]:
        """Traffic that tests speak of, whatever waits there."""
        return tuple(
            dict.fromkeys(each.server for each in self.expectations if not each.server.socket)
        )

    @property
    def servers(self) -> tuple[Listener, ...]:
        """The sockets that it speaks of."""
        flows, tests = self.flows, self.expectations
        return (*(each.server for each in flows), *(each.server for each in tests))
