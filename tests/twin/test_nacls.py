"""What the twin's NACLs let through, measured."""

import pytest

from bulkhead.twin import probe
from bulkhead.twin.measured import Probe
from tests.support.sketch import OPEN, Sketch, allowed, flow, run

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("namespaces")]

CELL = ("client", "server", 5555)
NEEDED = {
    ("left", "egress"): "100 allow tcp 5555 10.0.2.0/24",
    ("right", "ingress"): "100 allow tcp 5555 10.0.1.0/24",
    ("right", "egress"): "100 allow tcp 32768-60999 10.0.1.0/24",
    ("left", "ingress"): "100 allow tcp 32768-60999 10.0.2.0/24",
}


def between(entries: dict[tuple[str, str], str | list[str]]) -> Sketch:
    """A client at the left, a server (REP 5555) at the right; groups allow everything."""

    def side(subnet: str, direction: str) -> list[str]:
        given = entries.get((subnet, direction), [])
        return [given] if isinstance(given, str) else given

    net = Sketch()
    for name, cidr in (("left", "10.0.1.0/24"), ("right", "10.0.2.0/24")):
        net.subnet(name, cidr, ingress=side(name, "ingress"), egress=side(name, "egress"))
    net.host("client", "left", "10.0.1.10")
    net.host("server", "right", "10.0.2.10")
    net.listen("server", "REP", 5555)
    return net


def works(net: Sketch) -> bool:
    result = run(net, [flow("client", "REQ", net.listeners[0])])
    return CELL in allowed(result)


def test_four_entries_carry_a_connection():
    assert works(between(NEEDED))


@pytest.mark.parametrize("missing", NEEDED, ids=" ".join)
def test_without_any_one_of_the_four_there_is_no_connection(missing):
    assert not works(between({key: text for key, text in NEEDED.items() if key != missing}))


def test_the_lowest_number_that_matches_decides_whatever_the_order_written():
    denied = {("right", "ingress"): ["100 allow all 0.0.0.0/0", "90 deny tcp 5555 10.0.1.0/24"]}
    ignored = {("right", "ingress"): ["110 deny tcp 5555 10.0.1.0/24", "100 allow all 0.0.0.0/0"]}
    assert not works(between({**NEEDED, **denied}))
    assert works(between({**NEEDED, **ignored}))


def test_reply_ports_that_are_too_few_make_a_connection_half_open():
    """Which source port the client happens to have decides; both are tried by choice."""
    narrow = {("right", "egress"): "100 allow tcp 40000-49999 10.0.1.0/24"}
    net = between({**NEEDED, **narrow}).network()
    destination = net.interfaces[1].address
    inside, outside = (
        Probe(source="client", destination=destination, port=5555, source_port=port)
        for port in (40000, 50000)
    )
    answered, dropped = probe(net, [inside, outside], patience=0.3)
    assert answered.allowed
    assert answered.source_port == 40000
    assert not dropped.allowed


def test_inside_a_subnet_the_nacl_is_not_asked():
    net = between({})
    net.host("neighbour", "right", "10.0.2.11")
    assert allowed(run(net)) >= {
        ("neighbour", "server", 5555),
        ("stranger@right", "server", 5555),
    }
    assert works(net) is False


def test_two_strangers_meet_where_nacls_and_routes_alone_allow_it():
    net = between({("left", "egress"): list(OPEN), ("left", "ingress"): list(OPEN)})
    assert ("stranger@left", "stranger@right", 5555) not in allowed(run(net))
    net = between({**NEEDED})
    assert ("stranger@left", "stranger@right", 5555) in allowed(run(net))


def test_counters_name_the_entry_at_which_a_connection_died():
    net = between({key: text for key, text in NEEDED.items() if key != ("right", "egress")})
    counters = run(net).counters
    assert counters["acl-right at right ingress 100"] >= 1
    assert counters["acl-right at right egress *"] >= 1
