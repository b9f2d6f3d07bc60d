"""A connection that is refused was not let through, whoever tries it; on this machine's loopback.

In a twin something waits at every port that is tried, so a refusal is an answer
of the network: it must never pass for a connection.
"""

import socket
from contextlib import contextmanager, nullcontext
from ipaddress import IPv4Address

import pytest

from bulkhead.twin import conversation, tcp, zeromq
from bulkhead.twin.patterns import SOCKETS
from bulkhead.twin.speakers import Talk
from bulkhead.twin.tcp import Attempt, Probed
from bulkhead.twin.zeromq import Contexts

LOOPBACK = IPv4Address("127.0.0.1")
PATIENCE = 5.0
"""Seconds: far more than an answer takes, so what is dropped and what is refused differ."""
REFUSED = Probed(False, "refused")


class Here(nullcontext):
    """The namespace that the tests run in."""

    fd = -1
    name = "here"


HERE = Here()


@contextmanager
def port(*, listening):
    """A port that is ours; where nobody listens, the kernel refuses."""
    with socket.socket() as holder:
        holder.bind((str(LOOPBACK), 0))
        if listening:
            holder.listen()
        yield holder.getsockname()[1]


def attempt(number):
    return Attempt("it", HERE, LOOPBACK, number)


@pytest.mark.parametrize("listening", [True, False])
def test_by_a_plain_connection(listening):
    with port(listening=listening) as number:
        (outcome,) = tcp.sweep([attempt(number)], PATIENCE).values()
    assert outcome == (Probed(True, "TCP connected") if listening else REFUSED)


def test_by_a_zeromq_socket_that_nobody_declared():
    with port(listening=False) as number, Contexts() as contexts:
        found = zeromq.sweep(contexts, [("PULL", attempt(number))], PATIENCE)
    assert found == {"it": REFUSED}


@pytest.mark.parametrize(("client", "server"), [("TCP", "TCP"), ("PUSH", "PULL"), ("REQ", "REP")])
def test_by_the_client_of_a_declared_flow(client, server):
    with (
        port(listening=False) as number,
        Contexts() as contexts,
        _waiting_elsewhere(contexts, server) as bound,
    ):
        talk = Talk(attempt(number), client, bound, server)
        assert conversation.converse(contexts, [talk], PATIENCE) == {"it": REFUSED}


def _waiting_elsewhere(contexts, kind):
    """The server's end, alive, at another port than the one that is tried."""
    if kind == "TCP":
        listener = socket.create_server((str(LOOPBACK), 0))
        listener.setblocking(False)
        return listener
    bound = contexts.of(HERE).socket(SOCKETS[kind])
    bound.bind(f"tcp://{LOOPBACK}:*")
    return bound
