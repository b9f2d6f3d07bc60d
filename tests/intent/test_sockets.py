"""The legal pairs, against the real libzmq: both sides of a TCP connection say what happened."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
import zmq
from zmq.utils.monitor import recv_monitor_message

from bulkhead.intent import SocketType, legal_peers
from bulkhead.intent.sockets import may_talk

ZMTP = [kind for kind in SocketType if kind.speaks_zmtp and not kind.draft]
"""Those that a normal build of libzmq has."""
DONE = {
    zmq.EVENT_HANDSHAKE_SUCCEEDED: True,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: False,
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: False,
    zmq.EVENT_DISCONNECTED: False,
}


def libzmq_lets_talk(one: SocketType, other: SocketType) -> bool:
    """Whether `other` completes a handshake with `one`, as its monitor reports it."""
    with zmq.Context() as context:
        context.linger = 0
        server, client = (context.socket(getattr(zmq, kind)) for kind in (one, other))
        events = client.get_monitor_socket()
        events.rcvtimeo = 5000
        port = server.bind_to_random_port("tcp://127.0.0.1")
        client.connect(f"tcp://127.0.0.1:{port}")
        try:
            while (event := recv_monitor_message(events)["event"]) not in DONE:
                pass
        finally:
            client.disable_monitor()
            events.close()
            client.close()
            server.close()
        return DONE[event]


@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(ZMTP, 2)), ids=str)
def test_a_pair_is_legal_exactly_if_libzmq_completes_its_handshake(
    one: SocketType, other: SocketType
) -> None:
    assert may_talk(one, other) == libzmq_lets_talk(one, other)


@pytest.mark.parametrize("kind", SocketType)
def test_legality_does_not_depend_on_who_binds(kind: SocketType) -> None:
    assert all(kind in legal_peers(peer) for peer in legal_peers(kind))


def test_types_without_zmtp_talk_only_to_each_other() -> None:
    for kind in (SocketType.STREAM, SocketType.TCP):
        assert set(legal_peers(kind)) == {SocketType.STREAM, SocketType.TCP}


def test_draft_types_are_as_the_source_of_libzmq_pairs_them() -> None:
    """src/mechanism.cpp of 2026-07-20, check_socket_type, behind ZMQ_BUILD_DRAFT_API."""
    paired = {kind: set(legal_peers(kind)) for kind in SocketType if kind.draft}

    assert paired == {
        SocketType.SERVER: {SocketType.CLIENT},
        SocketType.CLIENT: {SocketType.SERVER},
        SocketType.RADIO: {SocketType.DISH},
        SocketType.DISH: {SocketType.RADIO},
        SocketType.SCATTER: {SocketType.GATHER},
        SocketType.GATHER: {SocketType.SCATTER},
        SocketType.DGRAM: {SocketType.DGRAM},
        SocketType.PEER: {SocketType.PEER},
        SocketType.CHANNEL: {SocketType.CHANNEL},
    }
