import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import (
    ALL_PORTS,
    ICMP,
    ICMP6,
    LINUX_PORTS,
    TCP,
    UDP,
    PortRange,
    answers,
    icmp_answer,
    icmp_range,
    in_a_rule,
    protocol_name,
    protocol_number,
)
from bulkhead.network.traffic import runs

RANGES = st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(
    lambda pair: PortRange(min(pair), max(pair))
)


@given(RANGES, RANGES)
def test_the_overlap_of_two_ranges_is_the_ports_in_both(one, other):
    overlap = one.overlap(other)
    ends = {one.first, one.last, other.first, other.last}
    for port in (
        ends | {max(0, each - 1) for each in ends} | {min(65535, each + 1) for each in ends}
    ):
        assert (overlap is not None and port in overlap) == (port in one and port in other)


@given(RANGES, RANGES)
def test_a_range_covers_another_exactly_when_their_overlap_is_the_other(one, other):
    assert one.covers(other) == (one.overlap(other) == other)


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (5, 4), (0, 65536), (70001, 70001)])
def test_what_is_no_port_range_is_refused(first, last):
    with pytest.raises(ValueError):
        PortRange(first, last)


@given(st.integers(-1, 255))
def test_a_protocol_is_read_back_from_its_name(number):
    assert protocol_number(protocol_name(number)) == number


@pytest.mark.parametrize("text", ["zmq", "256", "-2", ""])
def test_what_is_no_protocol_is_refused(text):
    with pytest.raises(ValueError):
        protocol_number(text)


@pytest.mark.parametrize(
    ("protocol", "ports", "back"),
    [
        (TCP, PortRange(5556, 5560), LINUX_PORTS),
        (UDP, PortRange(5556, 5560), LINUX_PORTS),
        (113, ALL_PORTS, ALL_PORTS),
        (ICMP, ALL_PORTS, ALL_PORTS),
        (ICMP, icmp_range(8, None), icmp_range(0, None)),
        (ICMP6, icmp_range(128, 0), icmp_range(129, 0)),
        (ICMP, icmp_range(3, 4), icmp_range(3, 4)),
    ],
)
def test_what_answers_a_flow_comes_back_to_its_client_or_as_a_message(protocol, ports, back):
    assert answers(protocol, ports, LINUX_PORTS) == (back,)


@given(RANGES)
def test_the_answers_to_messages_are_those_to_each(messages):
    found = answers(ICMP, messages, LINUX_PORTS)
    for each in {messages.first, messages.last, (messages.first + messages.last) // 2}:
        assert any(icmp_answer(ICMP, each) in some for some in found)
    assert sum(map(len, found)) <= len(messages)


@pytest.mark.parametrize(
    ("protocol", "ports", "said"),
    [
        (6, PortRange(22, 22), (22, 22)),
        (17, PortRange(1, 9), (1, 9)),
        (1, ALL_PORTS, (-1, -1)),
        (1, icmp_range(8, None), (8, -1)),
        (1, icmp_range(3, 4), (3, 4)),
        (47, ALL_PORTS, None),
    ],
)
def test_a_rule_says_of_icmp_type_and_code_and_of_others_no_ports(protocol, ports, said):
    assert in_a_rule(protocol, ports) == said
    if said is not None and protocol == 1:
        assert icmp_range(*said) == ports


def test_neighbouring_messages_stay_apart_and_neighbouring_ports_do_not():
    eight, nine, one = icmp_range(8, None), icmp_range(9, None), icmp_range(8, 0)
    assert runs(1, [nine, eight, one]) == (eight, nine)
    assert runs(1, [eight, ALL_PORTS]) == (ALL_PORTS,)
    assert runs(6, [PortRange(2, 3), PortRange(1, 1)]) == (PortRange(1, 3),)
