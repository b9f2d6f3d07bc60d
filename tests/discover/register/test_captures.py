"""Captures of real libzmq: each conversation is an edge, named and placed by who knows more."""

from ipaddress import ip_network

import pytest

from bulkhead.discover.register import (
    Certainty,
    CrossingKind,
    EvidenceGiven,
    EvidenceKind,
    Ground,
    Grounds,
    register_of,
)
from bulkhead.discover.wire import read_captures
from tests.support import peers, wiretap

TYPES = ("DEALER", "ROUTER")


@pytest.fixture(scope="module")
def talked(tmp_path_factory):
    """One conversation a mechanism, each at a port of its own."""
    ports = {}
    with wiretap.Tap() as tap, peers.context() as made:
        for mechanism in peers.MECHANISMS:
            ports[mechanism], _ = peers.talk(made, TYPES, mechanism, tap.before)
    path = wiretap.write(tmp_path_factory.mktemp("pcap") / "all.pcap", list(tap.packets()))
    return ports, read_captures([path])


def test_every_conversation_is_an_edge_with_its_mechanism_and_what_it_shows_of_types(talked):
    ports, seen = talked
    found = {each.port: each for each in register_of(EvidenceGiven(wire=seen)).boundaries}
    assert set(found) == set(ports.values())
    for mechanism, port in ports.items():
        assert found[port].mechanism == mechanism
        assert found[port].certainty is Certainty.SURE
        (evidence,) = found[port].evidence
        assert evidence.kind is EvidenceKind.WIRE
        assert evidence.where.endswith(f"all.pcap:{evidence.frame.number}")
    shown = found[ports["NULL"]]
    assert (shown.client_type, shown.server_type) == TYPES
    assert found[ports["CURVE"]].server_types == ()


def test_networks_that_are_named_say_what_it_crosses_and_who_is_there(talked):
    _, seen = talked
    grounds = Grounds(
        blocks=tuple(
            Ground(block=ip_network(block), segment=segment, vpc="v")
            for block, segment in (("10.0.1.0/24", "left"), ("10.0.2.0/24", "right"))
        ),
        hosts={wiretap.CLIENT: "worker", wiretap.SERVER: "router"},
        source="a plan",
    )
    for each in register_of(EvidenceGiven(wire=seen, grounds=grounds)).boundaries:
        assert each.crosses is CrossingKind.SEGMENTS
        assert "left and right of a plan" in each.crosses_why
        assert (str(each.client), str(each.server)) == ("worker", "router")
