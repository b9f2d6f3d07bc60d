"""Real ZeroMQ sockets of every type, and which way their messages go."""

import pytest

from bulkhead.network import UDP
from bulkhead.twin import TwinError
from bulkhead.twin.patterns import PROBE_TYPE, RAW, SOCKETS, Exchange, exchange
from tests.support.sketch import Sketch, allowed, flow, run

LEGAL = {
    ("REP", "REQ"), ("REP", "DEALER"), ("ROUTER", "REQ"), ("ROUTER", "DEALER"),
    ("ROUTER", "ROUTER"), ("DEALER", "DEALER"), ("DEALER", "ROUTER"), ("DEALER", "REP"),
    ("REQ", "REP"), ("REQ", "ROUTER"), ("PUB", "SUB"), ("PUB", "XSUB"), ("XPUB", "SUB"),
    ("XPUB", "XSUB"), ("SUB", "PUB"), ("SUB", "XPUB"), ("XSUB", "PUB"), ("XSUB", "XPUB"),
    ("PUSH", "PULL"), ("PULL", "PUSH"), ("PAIR", "PAIR"),
    ("STREAM", "STREAM"), ("STREAM", "TCP"), ("TCP", "TCP"), ("TCP", "STREAM"),
}  # fmt: skip
"""Bound and connecting type (libzmq src/mechanism.cpp, and raw bytes)."""


def hub(clients: int) -> Sketch:
    """A server that everybody reaches, and clients in two subnets."""
    net = Sketch()
    net.subnet("left", "10.0.1.0/24")
    net.subnet("right", "10.0.2.0/24")
    net.host("server", "left", "10.0.1.10")
    for number in range(clients):
        side = number % 2 + 1
        net.host(
            f"client-{number}", ("left", "right")[side - 1], f"10.0.{side}.{20 + number}",
            service="client",
        )  # fmt: skip
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
        listener = net.listen("server", bound, port)
        flows.append(flow("client", connecting, listener))
    result = run(net, flows)
    declared = [each for each in result.measurements if each.flow]
    assert len(declared) == 4 * len(LEGAL)
    assert [str(each) for each in declared if not each.allowed] == []
    assert all(" + message " in each.evidence for each in declared)


@pytest.mark.integration
@pytest.mark.usefixtures("namespaces")
def test_a_denied_flow_of_any_type_is_measured_denied():
    net = hub(2)
    net.group("shut", egress=["all 0.0.0.0/0"])
    net.interfaces.pop(0)
    net.host("server", "left", "10.0.1.10", ["shut"])
    flows = [
        flow("client", connecting, net.listen("server", bound, port))
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
    net.listen("server", kind, 5555)
    cells = {cell for cell in allowed(run(net)) if cell[1] == "server" and cell[2] == 5555}
    assert cells == {
        ("client-0", "server", 5555),
        ("stranger@left", "server", 5555),
        ("stranger@right", "server", 5555),
    }


@pytest.mark.parametrize("kind", ["RADIO", "SERVER"])
def test_a_socket_type_that_cannot_be_opened_is_refused_by_name(kind):
    net = hub(0)
    net.listen("server", kind, 5555)
    with pytest.raises(TwinError, match=f"server.{kind.lower()} is a {kind} socket"):
        run(net)


def test_a_udp_listener_is_refused_by_name():
    net = hub(0)
    net.listen("server", "DISH", 5555, protocol=UDP)
    with pytest.raises(TwinError, match=r"server\.dish uses udp; the twin measures tcp only"):
        run(net)


def test_a_flow_between_types_that_cannot_talk_is_refused():
    net = hub(1)
    listener = net.listen("server", "PUB", 5555)
    with pytest.raises(TwinError, match="PUSH cannot talk to a bound PUB socket"):
        run(net, [flow("client", "PUSH", listener)])
