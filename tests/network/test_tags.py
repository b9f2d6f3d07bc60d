from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import ALL_PORTS, ICMP, TCP, UDP, Listener, PortRange
from bulkhead.network.listening import joined
from bulkhead.network.tags import listeners_from, socket_tags
from tests.support.examples import examples

SEVEN = IPv4Address("192.168.10.7")
VLAN = IPv4Network("192.168.10.64/26")


def ranges():
    return st.lists(st.integers(1, 65535), min_size=2, max_size=2).map(
        lambda ports: PortRange(min(ports), max(ports))
    )


LISTENERS = st.lists(
    st.builds(
        lambda socket, traffic, address: Listener(
            owner="ticker",
            socket=socket,
            type="PUB",
            protocol=traffic[0],
            ports=traffic[1],
            address=address,
        ),
        st.sampled_from(["ticks", "control", "in_2"]),
        st.tuples(st.sampled_from([TCP, UDP, ICMP]), ranges())
        | st.tuples(st.just(TCP), st.integers(1, 65535).map(lambda port: PortRange(port, port)))
        | st.just((113, ALL_PORTS)),
        st.none() | st.ip_addresses(v=4) | st.just(VLAN),
    ),
    unique=True,
)


@given(LISTENERS)
def test_listeners_written_as_tags_are_read_back(listeners):
    assert set(listeners_from("ticker", socket_tags(listeners))) == set(joined(listeners))


@given(LISTENERS)
def test_tags_keep_to_what_every_aws_service_accepts(listeners):
    for key, value in socket_tags(listeners).items():
        assert len(key) <= 128
        assert len(value) <= 256
        assert all(each.isalnum() or each in "+-=._:/@ " for each in key + value)


@given(
    st.sets(st.integers(1, 65535), min_size=30, max_size=400),
    st.none() | st.just(IPv4Address("192.168.100.200")),
)
@examples(1 / 2)
def test_a_socket_of_many_ports_is_read_back_from_as_many_tags_as_it_needs(ports, address):
    listeners = [
        Listener(
            owner="ticker",
            socket="ticks",
            type="PUB",
            protocol=TCP,
            ports=PortRange(port, port),
            address=address,
        )
        for port in ports
    ]
    tags = socket_tags(listeners)
    assert set(listeners_from("ticker", tags)) == set(joined(listeners))
    assert max(map(len, tags.values())) <= 256
    assert list(tags) == ["bulkhead:socket:ticks"] + [
        f"bulkhead:socket:ticks:{number}" for number in range(2, len(tags) + 1)
    ]


def ticks(*ports, protocol=TCP):
    return [
        Listener(
            owner="ticker", socket="ticks", type="PUB", protocol=protocol, ports=PortRange(*each)
        )
        for each in ports
    ]


@pytest.mark.parametrize(
    ("listeners", "value"),
    [
        (ticks((5559, 5559), (5556, 5556)), "PUB tcp 5556 5559"),
        (ticks((5557, 5557), (5556, 5556)), "PUB tcp 5556-5557"),
        (ticks((51000, 51999)), "PUB tcp 51000-51999"),
        (ticks(*((port, port) for port in range(51000, 52000))), "PUB tcp 51000-51999"),
        (ticks((0, 65535), protocol=113), "PUB 113 all"),
    ],
)
def test_a_tag_says_neighbouring_ports_as_one_range(listeners, value):
    assert socket_tags(listeners) == {"bulkhead:socket:ticks": value}


def test_ports_written_one_by_one_are_read_as_the_range_that_they_are():
    value = "PUB tcp " + " ".join(map(str, range(5000, 5100)))
    (found,) = listeners_from("ticker", {"bulkhead:socket:ticks": value})
    assert str(found) == "ticker.ticks (tcp 5000-5099)"


@pytest.mark.parametrize(
    ("protocol", "ports", "address", "said"),
    [
        (UDP, PortRange(5000, 5001), None, "udp 5000-5001"),
        (TCP, PortRange(5000, 5001), SEVEN, "tcp 192.168.10.7:5000-5001"),
        (TCP, PortRange(5000, 5001), VLAN, "tcp 192.168.10.64/26:5000-5001"),
        (113, ALL_PORTS, VLAN, "protocol 113 at 192.168.10.64/26"),
        (113, ALL_PORTS, None, "protocol 113"),
        (ICMP, PortRange(2048, 2303), SEVEN, "icmp type 8 at 192.168.10.7"),
    ],
)
def test_a_listener_is_said_as_traffic_is(protocol, ports, address, said):
    waiting = Listener(
        owner="a", socket="b", type="X", protocol=protocol, ports=ports, address=address
    )
    assert waiting.traffic == said


def test_tags_of_others_are_left_alone():
    assert listeners_from("ticker", {"Name": "ticker", "cost-centre": "7"}) == ()


def test_a_socket_that_waits_at_some_addresses_alone_is_written_with_them():
    listeners = [
        Listener(
            owner="exchange",
            socket="in",
            type="PULL",
            protocol=TCP,
            ports=PortRange(port, port),
            address=where,
        )
        for port, where in (
            *((6001, VLAN), (6001, IPv4Address("192.168.10.20")), (6001, SEVEN)),
            (5000, None),
        )
    ]
    assert socket_tags(listeners) == {
        "bulkhead:socket:in": (
            "PULL tcp 5000 192.168.10.7:6001 192.168.10.20:6001 192.168.10.64/26:6001"
        )
    }
    assert str(listeners[2]) == "exchange.in (tcp 192.168.10.7:6001)"


def test_a_network_of_one_address_is_read_as_that_address():
    (found,) = listeners_from("exchange", {"bulkhead:socket:in": "PULL tcp 192.168.10.7/32:6001"})
    assert found.address == SEVEN


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "PUB",
            "PUB tcp",
            "PUB carrier-pigeon 5",
            "PUB tcp x",
            "PUB tcp :5556",
            "PUB tcp 9-8",
            "PUB tcp 8-",
            "PUB tcp 70001",
        ),
        *("PUB tcp 192.168.10.65/26:5556", "PUB tcp /26:5556", "PUB tcp 192.168.10.64/33:5556"),
        *("PUB tcp 192.168.10:5556", "PUB tcp 192.168.10.7:", "PUB tcp 2001:db8::7:5556"),
    ],
)
def test_a_tag_that_says_nothing_sensible_is_refused(value):
    with pytest.raises(ValueError):
        listeners_from("ticker", {"bulkhead:socket:ticks": value})
