"""What libzmq says of a connection, as an outcome: an answer of the network, or none."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing

import pytest
import zmq

from bulkhead.twin.zeromq import Watched, silent

LONGEST = 20.0


@pytest.fixture
def client():
    with zmq.Context() as context:
        watched = Watched(context.socket(zmq.DEALER), timeout=LONGEST)
        yield watched
        watched.close()


def first_word(watched, endpoint):
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        watched.monitor.poll(100)
        for said, outcome in watched.news():
            if said == endpoint:
                return outcome
    raise AssertionError(f"not a word on {endpoint}")


def test_what_connects_and_is_no_zeromq_was_let_through(client):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def hang_up():
            peer, _ = server.accept()
            peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 8)
            peer.close()

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        endpoint = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        client.connect(endpoint)
        outcome = first_word(client, endpoint)
        thread.join()
    assert outcome.allowed
    assert outcome.evidence == "TCP connected, then the ZMTP handshake failed"


def test_what_was_refused_was_not_let_through(client):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        endpoint = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    client.connect(endpoint)
    assert not first_word(client, endpoint).allowed


def test_what_was_tried_and_says_nothing_was_not_let_through(client):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        endpoint = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        client.connect(endpoint)
        deadline = time.monotonic() + LONGEST
        while not client.has_tried(endpoint) and time.monotonic() < deadline:
            client.monitor.poll(100)
            list(client.news())
        outcome = silent(client, endpoint, 1.0)
    assert not outcome.allowed
    assert outcome.evidence == "no answer in 1.0 s"
