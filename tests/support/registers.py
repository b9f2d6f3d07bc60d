"""Registers at random: whatever evidence may show, names and all, so that nothing is too odd."""

from __future__ import annotations

from hypothesis import strategies as st

from bulkhead.discover.code.found import CodePlace
from bulkhead.discover.register import (
    BoundaryEvidence,
    BoundaryParty,
    BoundaryRegister,
    Certainty,
    CrossingKind,
    EvidenceKind,
    SeenBoundary,
)
from bulkhead.discover.wire.seen import FrameAt
from bulkhead.intent import SocketType

_NAMES = st.one_of(
    st.sampled_from(["ticker", "router.py", "locust-5557", "internet", "Price_Feed", "10.0.0.9"]),
    st.text(min_size=1, max_size=40),
)
_TYPES = st.lists(st.sampled_from([*map(str, SocketType), "NONSENSE"]), max_size=2, unique=True)
_MECHANISMS = st.lists(
    st.sampled_from(["NULL", "PLAIN", "CURVE", "GSSAPI"]), max_size=2, unique=True
)
_MACHINES = st.lists(st.text(min_size=1, max_size=5), max_size=3, unique=True)


@st.composite
def parties(draw: st.DrawFn) -> tuple[BoundaryParty, ...]:
    names = draw(st.lists(_NAMES, min_size=1, max_size=6, unique=True))
    return tuple(
        BoundaryParty(
            name=name,
            because=draw(st.text(max_size=20)),
            known=draw(st.sampled_from([True, True, True, False])),
            machines=tuple(draw(_MACHINES)),
            addresses=draw(st.sampled_from([(), ("10.0.0.9",), ("0.0.0.0", "10.0.1.7")])),
        )
        for name in names
    )


_ADDRESSES = st.sampled_from(["", "10.0.0.9", "10.0.1.7", "0.0.0.0", "127.0.0.1", "fd00::9"])
_DAYS = st.sampled_from(["", "2026-11-01", "2026-11-30"])


@st.composite
def pieces(draw: st.DrawFn) -> BoundaryEvidence:
    """Evidence of any kind, with whatever that kind has."""
    kind = draw(st.sampled_from(EvidenceKind))
    placed = not kind.of_running
    hosts = kind is EvidenceKind.HOST
    return BoundaryEvidence(
        kind=kind,
        end=draw(st.sampled_from(["client", "server", "both"])),
        what=draw(st.text(max_size=30)),
        place=CodePlace(draw(_NAMES), draw(st.integers(1, 9))) if placed else None,
        machine=draw(_NAMES) if hosts else "",
        pids=tuple(draw(st.lists(st.integers(1, 9), max_size=2))) if hosts else (),
        frame=FrameAt(1.5, "a.pcap", draw(st.integers(1, 9)))
        if kind is EvidenceKind.WIRE
        else None,
        source=draw(_NAMES) if kind in (EvidenceKind.PROBE, EvidenceKind.FLOWS) else "",
        count=draw(st.integers(1, 3)),
        days=draw(st.none() | st.integers(1, 3)),
        first=draw(_DAYS),
        last=draw(_DAYS),
        client_address="" if placed else draw(_ADDRESSES),
        server_address="" if placed else draw(_ADDRESSES),
    )


_A_LINE = st.builds(
    lambda end, what: BoundaryEvidence(
        kind=EvidenceKind.CODE, end=end, what=what, place=CodePlace("a.py", 1)
    ),
    st.sampled_from(["client", "server"]),
    st.text(max_size=30),
)


@st.composite
def registers(
    draw: st.DrawFn, evidence: st.SearchStrategy[BoundaryEvidence] = _A_LINE
) -> BoundaryRegister:
    """Up to a dozen boundaries among up to six programs, no two of them the same."""
    among = st.sampled_from(draw(parties()))
    found: dict[tuple[object, ...], SeenBoundary] = {}
    for _ in range(draw(st.integers(0, 12))):
        client, server = draw(st.one_of(st.none(), among)), draw(st.one_of(st.none(), among, among))
        if client is None and server is None:
            continue
        transport = draw(st.sampled_from(["tcp", "tcp", "tcp", "ws", "ipc", "udp", "?"]))
        ported = transport not in ("ipc", "?")
        port = draw(st.one_of(st.integers(1, 65_535), st.sampled_from([22, 5556, 5557, None])))
        each = SeenBoundary(
            client=client,
            server=server,
            transport=transport,
            port=port if ported else None,
            path=draw(st.text(max_size=8)) if transport == "ipc" else "",
            client_name=draw(st.text(max_size=12)),
            server_name=draw(st.sampled_from(["ticks", "self.socket", ""])),
            client_types=tuple(draw(_TYPES)),
            server_types=tuple(draw(_TYPES)),
            mechanisms=tuple(draw(_MECHANISMS)),
            exposed=draw(st.sampled_from([True, None, False])),
            crosses=draw(st.sampled_from(CrossingKind)),
            crosses_why="",
            certainty=draw(st.sampled_from(Certainty)),
            why=(),
            unbound="" if client and server else "nobody was seen",
            evidence=(draw(evidence),),
        )
        found.setdefault((client and client.name, server and server.name, transport, port), each)
    return BoundaryRegister(
        boundaries=tuple(found.values()), searched=(draw(st.text(max_size=30)),)
    )
