"""A socket speaks well before anything on its way forgets it."""

import socket
from pathlib import Path

import pytest
import zmq
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.intent import Socket, SocketType
from bulkhead.settings import Silence
from bulkhead.settings.profile import LARGEST_MESSAGE, SHORTEST, SocketRole, profile

IDLE = st.integers(SHORTEST, 432_000)
BOTH = SocketRole(binds=True, connects=True, clients=3)


def options(kind, idle=350, part=BOTH, **more):
    socket = Socket(owner="a", name="s", type=SocketType(kind), **more)
    silence = None if idle is None else Silence(seconds=idle, because="a test")
    return profile(socket, part, silence).options


@given(idle=IDLE, kind=st.sampled_from([each for each in SocketType if "tcp" in each.transports]))
def test_heartbeats_and_keepalives_come_before_half_of_the_time(idle, kind):
    found = options(kind, idle)
    after = found.get("TCP_KEEPALIVE_IDLE") or found.get("TCP_KEEPIDLE")
    assert 1 <= after < idle / 2
    if kind.speaks_zmtp:
        beat, life = found["HEARTBEAT_IVL"], found["HEARTBEAT_TTL"]
        assert 0 < beat < idle * 1000 / 2
        assert found["HEARTBEAT_TIMEOUT"] == life > beat
        # ZMTP has 16 bits of tenths of a second for it (RFC 37, "PING").
        assert life % 100 == 0 and life // 100 < 1 << 16


@given(st.integers(max_value=SHORTEST - 1))
def test_a_time_that_nothing_can_be_kept_alive_in_is_no_profile(idle):
    with pytest.raises(ValueError, match="too short"):
        options("PUB", idle)


@pytest.mark.parametrize("idle", [350, 432_000])
def test_of_what_aws_has_all_time_outs_take_the_recommended_values(idle):
    found = options("SUB", idle)
    assert (found["HEARTBEAT_IVL"], found["HEARTBEAT_TIMEOUT"]) == (10_000, 30_000)
    assert (found["TCP_KEEPALIVE_IDLE"], found["TCP_KEEPALIVE_INTVL"]) == (60, 15)


def test_plain_tcp_is_given_no_option_of_zeromq_and_stream_none_of_zmtp():
    assert set(options("TCP")) == {
        *("SO_KEEPALIVE", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT"),
    }
    assert {"HEARTBEAT_IVL", "HANDSHAKE_IVL", "MAXMSGSIZE"}.isdisjoint(options("STREAM"))
    assert options("STREAM")["TCP_KEEPALIVE"] == 1


@pytest.mark.parametrize("kind", ["PUSH", "DEALER", "REQ"])
def test_what_queues_in_silence_for_a_peer_that_is_not_there_fails_in_time(kind):
    assert options(kind)["IMMEDIATE"] == 1
    assert options(kind)["SNDTIMEO"] > 0
    assert "IMMEDIATE" not in options(kind, part=SocketRole(binds=True, connects=False))


def test_a_socket_has_the_options_of_its_part():
    binding = options(
        "ROUTER", part=SocketRole(binds=True, connects=False, clients=600, domain="a.s")
    )
    assert (binding["BACKLOG"], binding["ROUTER_MANDATORY"]) == (600, 1)
    assert (binding["ZAP_DOMAIN"], binding["ZAP_ENFORCE_DOMAIN"]) == ("a.s", 1)
    assert "RECONNECT_IVL" not in binding
    assert options("PULL", largest_message=4096)["MAXMSGSIZE"] == 4096
    assert options("PULL")["MAXMSGSIZE"] == LARGEST_MESSAGE
    assert set(options("PUB", idle=None)) == {"LINGER", "MAXMSGSIZE"}


def test_every_option_is_one_that_there_is_and_stands_on_the_page():
    page = (Path(__file__).parents[2] / "docs" / "endpoints.md").read_text()
    part = SocketRole(binds=True, connects=True, clients=1, domain="a.s")
    for kind in SocketType:
        for name in options(kind, part=part):
            assert hasattr(socket if kind is SocketType.TCP else zmq, name), name
            assert f"`{name}`" in page
