"""What the twin's NACLs let through, measured."""

import pytest

from bulkhead.twin import probe
from bulkhead.twin.measured import Probe
from tests.support.drills import allowed, asks, host, listen, run, sketched
from tests.support.estate import OPEN, Estate

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("namespaces")]

CELL = ("client", "server", 5555)
NEEDED = {
    ("left", "out"): "out 100 allow tcp 5555 10.0.2.0/24",
    ("right", "in"): "in 100 allow tcp 5555 10.0.1.0/24",
    ("right", "out"): "out 100 allow tcp 32768-60999 10.0.1.0/24",
    ("left", "in"): "in 100 allow tcp 32768-60999 10.0.2.0/24",
}


def between(entries: dict[tuple[str, str], str | list[str]]) -> Estate:
    """A client at the left, a server (REP 5555) at the right; groups allow everything."""
    net = sketched()
    for name, cidr in (("left", "10.0.1.0/24"), ("right", "10.0.2.0/24")):
        ours = [given for (subnet, _), given in entries.items() if subnet == name]
        flat = [text for given in ours for text in ([given] if isinstance(given, str) else given)]
        net.acl(f"acl-{name}", *flat)
        net.subnet(name, cidr, acl=f"acl-{name}")
    host(net, "client", "left", "10.0.1.10")
    host(net, "server", "right", "10.0.2.10")
    listen(net, "server", "REP", 5555)
    return net


def works(net: Estate) -> bool:
    return CELL in allowed(run(net, [asks(net)]))


def test_four_entries_carry_a_connection():
    assert works(between(NEEDED))


@pytest.mark.parametrize("missing", NEEDED, ids=" ".join)
def test_without_any_one_of_the_four_there_is_no_connection(missing):
    assert not works(between({key: text for key, text in NEEDED.items() if key != missing}))


def test_the_lowest_number_that_matches_decides_whatever_the_order_written():
    denied = ["in 100 allow all 0.0.0.0/0", "in 90 deny tcp 5555 10.0.1.0/24"]
    ignored = ["in 110 deny tcp 5555 10.0.1.0/24", "in 100 allow all 0.0.0.0/0"]
    assert not works(between({**NEEDED, ("right", "in"): denied}))
    assert works(between({**NEEDED, ("right", "in"): ignored}))


def test_reply_ports_that_are_too_few_make_a_connection_half_open():
    """Which source port the client happens to have decides; both are tried by choice."""
    narrow = {("right", "out"): "out 100 allow tcp 40000-49999 10.0.1.0/24"}
    net = between({**NEEDED, **narrow}).build()
    destination = net.interfaces[1].address
    inside, outside = (
        Probe(source="client", destination=destination, port=5555, source_port=port)
        for port in (40000, 50000)
    )
    answered, dropped = probe(net, [inside, outside])
    assert answered.allowed
    assert answered.source_port == 40000
    assert not dropped.allowed


def test_inside_a_subnet_the_nacl_is_not_asked():
    net = between({})
    host(net, "neighbour", "right", "10.0.2.11")
    assert allowed(run(net)) >= {
        ("neighbour", "server", 5555),
        ("stranger@right", "server", 5555),
    }
    assert works(net) is False


def test_two_strangers_meet_where_nacls_and_routes_alone_allow_it():
    net = between({("left", "both"): list(OPEN)})
    assert ("stranger@left", "stranger@right", 5555) not in allowed(run(net))
    net = between({**NEEDED})
    assert ("stranger@left", "stranger@right", 5555) in allowed(run(net))


def test_counters_name_the_entry_at_which_a_connection_died():
    net = between({key: text for key, text in NEEDED.items() if key != ("right", "out")})
    counters = run(net).counters
    assert counters["acl-right at right ingress 100"] >= 1
    assert counters["acl-right at right egress *"] >= 1
