"""Real ZeroMQ sockets of every type, and which way their messages go."""

import pytest

from bulkhead.intent import SocketType, legal_peers
from bulkhead.twin import TwinError
from bulkhead.twin.patterns import PROBE_TYPE, RAW, SOCKETS, Exchange, exchange, played
from tests.support.drills import ANYBODY, allowed, host, listen, run, sketched
from tests.support.estate import Estate, flow

LEGAL = {
    ("REP", "REQ"), ("REP", "DEALER"), ("ROUTER", "REQ"), ("ROUTER", "DEALER"),
    ("ROUTER", "ROUTER"), ("DEALER", "DEALER"), ("DEALER", "ROUTER"), ("DEALER", "REP"),
    ("REQ", "REP"), ("REQ", "ROUTER"), ("PUB", "SUB"), ("PUB", "XSUB"), ("XPUB", "SUB"),
    ("XPUB", "XSUB"), ("SUB", "PUB"), ("SUB", "XPUB"), ("XSUB", "PUB"), ("XSUB", "XPUB"),
    ("PUSH", "PULL"), ("PULL", "PUSH"), ("PAIR", "PAIR"),
    ("STREAM", "STREAM"), ("STREAM", "TCP"), ("TCP", "TCP"), ("TCP", "STREAM"),
}  # fmt: skip
"""Bound and connecting type (libzmq src/mechanism.cpp, and raw bytes)."""


def hub(clients: int, *rules: str) -> Estate:
    """A server with these rules (none: everybody reaches it), and clients in two subnets."""
    net = sketched()
    net.subnet("left", "10.0.1.0/24")
    net.subnet("right", "10.0.2.0/24")
    net.group("server", *(rules or ANYBODY))
    host(net, "server", "left", "10.0.1.10", "server")
    for number in range(clients):
        subnet, block = (("left", 1), ("right", 2))[number % 2]
        host(net, f"client-{number}", subnet, f"10.0.{block}.{20 + number}", service="client")
    return net


def test_the_pairs_are_those_that_libzmq_accepts():
    kinds = {*SOCKETS, *RAW}
    assert {(one, other) for one in kinds for other in kinds if exchange(one, other)} == LEGAL


def test_a_pattern_is_proved_in_the_direction_of_its_data():
    assert exchange("PUB", "SUB") is Exchange.TO_CONNECTER
    assert exchange("SUB", "PUB") is Exchange.TO_BINDER
    assert exchange("PULL", "PUSH") is Exchange.TO_BINDER
    assert exchange("REP", "REQ") is Exchange.ECHO


def test_an_undeclared_connection_is_tried_with_a_legal_peer():
    assert set(PROBE_TYPE) == set(SOCKETS) - RAW
    assert all(exchange(bound, peer) for bound, peer in PROBE_TYPE.items())


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_every_legal_pair_carries_a_message_to_each_of_several_clients():
    """All pairs at once, each on a port of its own, four clients each."""
    net = hub(4)
    flows = []
    for port, (bound, connecting) in enumerate(sorted(LEGAL), start=5000):
        flows.append(flow("client", listen(net, "server", bound, port), kind=connecting))
    result = run(net, flows)
    declared = [each for each in result.measurements if each.flow]
    assert len(declared) == 4 * len(LEGAL)
    assert [str(each) for each in declared if not each.allowed] == []
    assert all(" + message " in each.evidence for each in declared)


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_denied_flow_of_any_type_is_measured_denied():
    net = hub(2, "out all 0.0.0.0/0")
    flows = [
        flow("client", listen(net, "server", bound, port), kind=connecting)
        for port, (bound, connecting) in enumerate(sorted(LEGAL), start=5000)
    ]
    result = run(net, flows)
    declared = [each for each in result.measurements if each.flow]
    assert len(declared) == 2 * len(LEGAL)
    assert [str(each) for each in declared if each.allowed] == []


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("kind", sorted({*SOCKETS, *RAW}))
def test_a_bound_socket_of_any_type_is_reached_by_whoever_the_network_lets_in(kind):
    net = hub(1)
    listen(net, "server", kind, 5555)
    cells = {cell for cell in allowed(run(net)) if cell[1] == "server" and cell[2] == 5555}
    assert cells == {
        ("client-0", "server", 5555),
        ("stranger@left", "server", 5555),
        ("stranger@right", "server", 5555),
    }


@pytest.mark.parametrize("kind", ["MESH"])
def test_a_socket_type_that_cannot_be_opened_is_refused_by_name(kind):
    net = hub(0)
    listen(net, "server", kind, 5555)
    with pytest.raises(TwinError, match=f"server.{kind.lower()} is a {kind} socket"):
        run(net)


def test_a_socket_in_a_range_is_reached_at_its_edges_and_not_beside_them():
    net = hub(1, "in tcp 51000-51999 10.0.0.0/8", "out all 0.0.0.0/0")
    waiting = listen(net, "server", "ROUTER", "51000-51999")
    result = run(net, [flow("client", waiting, kind="DEALER")])
    from_client = {
        each.port: each.allowed
        for each in result.measurements
        if each.source.name == "client-0" and each.target.name == "server"
    }
    assert from_client == {50999: False, 51000: True, 51499: True, 51999: True, 52000: False}


def test_a_flow_between_types_that_cannot_talk_is_refused():
    net = hub(1)
    listener = listen(net, "server", "PUB", 5555)
    with pytest.raises(TwinError, match="PUSH cannot talk to a bound PUB socket"):
        run(net, [flow("client", listener, kind="PUSH")])


@pytest.mark.parametrize("kind", [each for each in SocketType if each.draft], ids=str)
def test_a_draft_type_is_played_by_one_of_the_same_pattern(kind):
    if "tcp" in kind.transports:
        assert played(kind) in SOCKETS
        assert all(exchange(kind, peer) for peer in legal_peers(kind))


def test_a_flow_between_draft_types_is_measured():
    net = hub(1)
    result = run(net, [flow("client", listen(net, "server", "SERVER", 5555), kind="CLIENT")])
    assert ("client-0", "server", 5555) in allowed(result)
    assert any("is tried as ROUTER" in note for note in result.notes)
