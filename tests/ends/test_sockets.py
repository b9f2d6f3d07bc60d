"""Where sockets wait, and which of them at the end that is asked about."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from bulkhead.ends import partition
from bulkhead.ends.sockets import Waiting, sockets_of
from bulkhead.network import TCP, Listener, Network, PortRange
from tests.support.estate import Estate

SEVEN, EIGHT = IPv4Address("192.168.10.7"), IPv4Address("192.168.10.8")


def waits(ports, address=None, socket="in"):
    first, _, last = ports.partition("-")
    return Listener(
        owner="plant",
        socket=socket,
        type="PULL",
        protocol=TCP,
        ports=PortRange(int(first), int(last or first)),
        address=address,
    )


def said(listeners):
    return [str(each) for each in listeners]


def test_of_a_socket_that_is_declared_what_was_found_beside_it_is_left():
    found = Network(listeners=(waits("5000-5009"), waits("7000", socket="other")))
    declared = [waits("5003-5004", SEVEN), waits("5010")]
    assert said(sockets_of(found, declared)) == [
        "plant.in (tcp 5000-5002)",
        "plant.in (tcp 5005-5009)",
        "plant.in (tcp 192.168.10.7:5003-5004)",
        "plant.in (tcp 5010)",
        "plant.other (tcp 7000)",
    ]


def test_a_socket_in_a_network_waits_at_all_its_ends_and_at_no_other():
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.10.0/24")
    inside = waits("5000", IPv4Network("192.168.10.0/28"))
    network = replace(estate.build(), listeners=(inside, waits("5001", SEVEN, "other")))
    ends = [each for each in partition(network).endpoints if each.kind == "site"]
    there = {each.part: said(Waiting(network.listeners).at(each)) for each in ends}
    both = "plant.in (tcp 192.168.10.0/28:5000)", "plant.other (tcp 192.168.10.7:5001)"
    assert there == {
        "192.168.10.0/24": [],
        "192.168.10.0/28": [both[0]],
        "192.168.10.7/32": [*both],
    }


def test_ports_at_one_address_are_beside_another_only_where_none_waits_there():
    estate = Estate()
    estate.vgw()
    estate.site("plant", "192.168.10.0/24")
    at_seven, at_eight = waits("5000-5009", SEVEN), waits("5004-5012", EIGHT, "other")
    network = estate.build()
    network = Network(**{**vars(network), "listeners": (at_seven, at_eight)})
    waiting = Waiting(network.listeners)
    ends = {str(each.address): each for each in partition(network).endpoints if each.kind == "site"}
    assert waiting.at(ends["192.168.10.7"]) == [at_seven]
    assert waiting.beside(ends["192.168.10.7"]) == [(PortRange(5010, 5012), at_eight)]
    assert waiting.beside(ends["192.168.10.8"]) == [(PortRange(5000, 5003), at_seven)]
