from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import TCP, Listener
from bulkhead.network.tags import listeners_from, socket_tags
from tests.support.examples import examples

SEVEN = IPv4Address("192.168.10.7")

LISTENERS = st.lists(
    st.builds(
        lambda socket, port, address: Listener(
            owner="ticker", socket=socket, type="PUB", protocol=TCP, port=port, address=address
        ),
        st.sampled_from(["ticks", "control", "in_2"]),
        st.integers(1, 65535),
        st.none() | st.ip_addresses(v=4),
    ),
    unique=True,
)


@given(LISTENERS)
def test_listeners_written_as_tags_are_read_back(listeners):
    assert set(listeners_from("ticker", socket_tags(listeners))) == set(listeners)


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
            owner="ticker", socket="ticks", type="PUB", protocol=TCP, port=port, address=address
        )
        for port in ports
    ]
    tags = socket_tags(listeners)
    assert set(listeners_from("ticker", tags)) == set(listeners)
    assert max(map(len, tags.values())) <= 256
    assert list(tags) == ["bulkhead:socket:ticks"] + [
        f"bulkhead:socket:ticks:{number}" for number in range(2, len(tags) + 1)
    ]


def test_ports_that_fit_are_written_as_they_always_were():
    listeners = [
        Listener(owner="ticker", socket="ticks", type="PUB", protocol=TCP, port=port)
        for port in (5557, 5556)
    ]
    assert socket_tags(listeners) == {"bulkhead:socket:ticks": "PUB tcp 5556 5557"}


def test_one_value_longer_than_aws_takes_is_still_read():
    value = "PUB tcp " + " ".join(map(str, range(5000, 5100)))
    assert len(listeners_from("ticker", {"bulkhead:socket:ticks": value})) == 100


def test_tags_of_others_are_left_alone():
    assert listeners_from("ticker", {"Name": "ticker", "cost-centre": "7"}) == ()


def test_a_socket_that_waits_at_one_address_is_written_with_it():
    listeners = [
        Listener(owner="exchange", socket="in", type="PULL", protocol=TCP, port=port, address=where)
        for port, where in ((6001, IPv4Address("192.168.10.20")), (6001, SEVEN), (5000, None))
    ]
    assert socket_tags(listeners) == {
        "bulkhead:socket:in": "PULL tcp 5000 192.168.10.7:6001 192.168.10.20:6001"
    }
    assert str(listeners[1]) == "exchange.in (tcp 192.168.10.7:6001)"


@pytest.mark.parametrize(
    "value",
    [
        *("", "PUB", "PUB tcp", "PUB carrier-pigeon 5", "PUB tcp x", "PUB tcp :5556"),
        *("PUB tcp 192.168.10:5556", "PUB tcp 192.168.10.7:", "PUB tcp 2001:db8::7:5556"),
    ],
)
def test_a_tag_that_says_nothing_sensible_is_refused(value):
    with pytest.raises(ValueError):
        listeners_from("ticker", {"bulkhead:socket:ticks": value})
