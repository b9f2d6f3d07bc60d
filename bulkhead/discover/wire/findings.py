"""What of it anybody between the two ends can read, and across which networks that goes.

Whether a connection crosses an untrusted network is told by its addresses alone, whether it leaves
its subnet by the subnets that were named, or by a TTL that a router has lowered. Neither being
there proves nothing, so that is counted and never taken for a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from bulkhead.discover.wire.seen import (
    FrameAt,
    OnTheWire,
    Sureness,
    WireConnection,
    WireDatagrams,
    WireSecrecy,
)

Cidr = IPv4Network | IPv6Network

_MOST_EVIDENCE: Final = 3


class WireCrossing(StrEnum):
    """What lies between the two ends."""

    HOST = "within one host"
    SUBNET = "within a subnet"
    SUBNETS = "between subnets"
    UNKNOWN = "unknown"


class WireFindingKind(StrEnum):
    """The worst first."""

    CREDENTIALS = "credentials"
    PLAINTEXT = "plaintext"
    UNDECIDED = "undecided"
    ACROSS = "across"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, kw_only=True)
class WireFinding:
    """Alike connections (or datagrams) of one client to one server, as one finding.

    `port` is None of pgm. `frames` are the first packets of some of them.
    """

    kind: WireFindingKind
    client: str
    server: str
    port: int | None
    transport: str
    why: str
    count: int
    frames: tuple[FrameAt, ...]

    @property
    def fault(self) -> bool:
        """Whether it is more than worth knowing."""
        return self.kind is not WireFindingKind.FOREIGN


@dataclass(frozen=True, slots=True, kw_only=True)
class WireJudged:
    """What was found, and what of it nobody could decide.

    `unplaced` counts connections in plaintext of which nobody can tell whether they leave their
    subnet; `asked` is whether networks were named to be judged by.
    """

    findings: tuple[WireFinding, ...]
    unplaced: int
    asked: bool
    unread: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """No fault; and where networks were named, nothing that was not read."""
        return not any(each.fault for each in self.findings) and not (self.asked and self.unread)


def judge_wire(
    seen: OnTheWire, *, untrusted: Sequence[Cidr] = (), subnets: Sequence[Cidr] = ()
) -> WireJudged:
    """Plaintext across networks that nobody trusts, and across subnets at all."""
    found: list[WireFinding] = []
    unplaced = 0
    for each in seen.connections:
        found += _of_connection(each, untrusted, subnets)
        where = crossing(each, subnets)
        within = untrusted_between(each.client.address, each.server.address, untrusted) is None
        plain = each.secrecy is not WireSecrecy.ENCRYPTED and not each.empty
        unplaced += where is WireCrossing.UNKNOWN and within and plain
    for flow in seen.datagrams:
        found += _of_datagrams(flow, untrusted)
    return WireJudged(
        findings=tuple(_together(found)),
        unplaced=unplaced,
        asked=bool(untrusted or subnets),
        unread=seen.unread,
    )


def crossing(connection: WireConnection, subnets: Sequence[Cidr]) -> WireCrossing:
    """What lies between the two ends, by the subnets that were named and by the TTLs."""
    client, server = (ip_address(each.address) for each in connection.sides)
    if client == server or client.is_loopback or server.is_loopback:
        return WireCrossing.HOST
    homes = [_home(str(each), subnets) for each in (client, server)]
    if any(homes):
        return WireCrossing.SUBNET if homes[0] == homes[1] else WireCrossing.SUBNETS
    if any(each.hops for each in connection.sides):
        return WireCrossing.SUBNETS
    return WireCrossing.UNKNOWN


def untrusted_between(client: str, server: str, untrusted: Sequence[Cidr]) -> Cidr | None:
    """The untrusted network in which one of the two is."""
    return _home(client, untrusted) or _home(server, untrusted)


def _home(address: str, networks: Iterable[Cidr]) -> Cidr | None:
    """The smallest of the networks that holds it."""
    host = ip_address(address)
    holding = [each for each in networks if host in each]
    return max(holding, key=lambda each: each.prefixlen, default=None)


def _of_connection(
    connection: WireConnection, untrusted: Sequence[Cidr], subnets: Sequence[Cidr]
) -> Iterable[WireFinding]:
    network = untrusted_between(connection.client.address, connection.server.address, untrusted)
    across = crossing(connection, subnets) is WireCrossing.SUBNETS
    where = f"across {network}, which is not trusted" if network else "between subnets"
    said = _said(connection)
    if connection.credentials and (network or across):
        yield _finding(
            connection, WireFindingKind.CREDENTIALS, f"a name and a password in the clear {where}"
        )
    if connection.secrecy is WireSecrecy.PLAINTEXT and (network or across):
        kind = WireFindingKind.PLAINTEXT if network else WireFindingKind.ACROSS
        yield _finding(connection, kind, f"{said}, in plaintext {where}")
    unknown = connection.secrecy is WireSecrecy.UNKNOWN and not connection.empty
    if unknown and (network or across):
        yield _finding(
            connection,
            WireFindingKind.UNDECIDED,
            f"{said}: whether it is encrypted {where} cannot be told",
        )
    if any(each.foreign for each in connection.sides):
        yield _finding(
            connection, WireFindingKind.FOREIGN, "one side speaks no ZMTP to a peer that does"
        )


def _said(connection: WireConnection) -> str:
    version = f"ZMTP {connection.version}" if connection.transport == "tcp" else "ZeroMQ over ws"
    if connection.version is None:
        version = "ZMTP"
    types = " to ".join(each.shown.socket_type or "?" for each in connection.sides)
    named = f", {types}" if any(each.shown.socket_type for each in connection.sides) else ""
    mechanism = connection.mechanism
    if mechanism is None and connection.version not in ("1.0", "2.0"):
        mechanism = "its mechanism not captured"
    return f"{version}{f' {mechanism}' if mechanism else ''}{named}"


def _finding(connection: WireConnection, kind: WireFindingKind, why: str) -> WireFinding:
    return WireFinding(
        kind=kind,
        client=connection.client.address,
        server=connection.server.address,
        port=connection.server.port,
        transport=connection.transport,
        why=why
        if connection.sure is Sureness.SURE
        else f"{why} ({connection.sure}: {connection.because})",
        count=1,
        frames=(connection.first,),
    )


def _of_datagrams(flow: WireDatagrams, untrusted: Sequence[Cidr]) -> Iterable[WireFinding]:
    """No transport but TCP has a mechanism: what is sent, anybody on the way can read."""
    network = untrusted_between(flow.sender, flow.target, untrusted)
    if network is None:
        return
    likely = flow.sure is not Sureness.POSSIBLE
    yield WireFinding(
        kind=WireFindingKind.PLAINTEXT if likely else WireFindingKind.UNDECIDED,
        client=flow.sender,
        server=flow.target,
        port=flow.port,
        transport=flow.transport,
        why=f"{flow.transport}, {flow.sure} ({flow.because}), in plaintext across {network}, "
        "which is not trusted",
        count=1,
        frames=(flow.first,),
    )


def _together(found: Iterable[WireFinding]) -> list[WireFinding]:
    """One finding of those that are alike, the worst first."""
    alike: dict[tuple[object, ...], list[WireFinding]] = {}
    for each in found:
        key = (each.kind, each.client, each.server, each.port, each.transport, each.why)
        alike.setdefault(key, []).append(each)
    kinds = list(WireFindingKind)
    together = [
        WireFinding(
            kind=first.kind,
            client=first.client,
            server=first.server,
            port=first.port,
            transport=first.transport,
            why=first.why,
            count=len(all_),
            frames=tuple(frame for each in all_[:_MOST_EVIDENCE] for frame in each.frames),
        )
        for first, *rest in alike.values()
        if (all_ := [first, *rest])
    ]
    return sorted(together, key=lambda each: (kinds.index(each.kind), each.frames))
