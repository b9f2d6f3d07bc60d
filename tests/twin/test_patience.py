"""What answered in time counts, and nothing that the network lets through is lost on the way."""

import socket
from contextlib import nullcontext
from ipaddress import IPv4Address

import pytest

from bulkhead.twin import Probe, probe
from bulkhead.twin.tcp import Attempt, sweep
from tests.support.drills import ANYBODY, pair

HERE = IPv4Address("127.0.0.1")


def test_a_connection_that_stood_when_patience_ended_is_not_taken_for_dropped():
    """The kernel completes it before anything of ours runs again: no patience is needed at all."""
    with socket.create_server((str(HERE), 0)) as server:
        attempt = Attempt("open", nullcontext(), HERE, server.getsockname()[1])
        outcomes = sweep([attempt], timeout=0)
    assert outcomes["open"].allowed


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_the_first_packet_of_a_twin_arrives():
    """Where a link was not ready, it was lost: one twin in five called an open port closed."""
    network = pair(client=ANYBODY, server=ANYBODY).build()
    first = Probe(source="client", destination=IPv4Address("10.0.2.10"), port=5555)
    answers = [probe(network, [first], patience=0.5)[0] for _ in range(10)]
    assert all(each.allowed for each in answers), [each.evidence for each in answers]
