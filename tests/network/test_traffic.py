"""Traffic is said one way everywhere, and called all of it only where it is all."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, ICMP, ICMP6, TCP, UDP, PortRange
from bulkhead.network.traffic import (
    EVERYTHING,
    OTHER_PROTOCOL,
    gathered,
    listed,
    merge,
    split,
    traffic,
    traffic_of_rule,
    without,
)

PROTOCOLS = (TCP, UDP, ICMP, 50, OTHER_PROTOCOL)
ALL = (ALL_PORTS,)


def ports(*pairs):
    return tuple(PortRange(first, last) for first, last in pairs)


@pytest.mark.parametrize(
    ("protocol", "some", "said"),
    [
        (TCP, ports((5556, 5556)), "tcp 5556"),
        (UDP, ports((1, 5), (9, 9)), "udp 1-5, 9"),
        (TCP, ALL, "tcp, all ports"),
        (ICMP, ALL, "icmp"),
        (ICMP, ports((8 * 256, 8 * 256 + 255)), "icmp type 8"),
        (ICMP6, ports((128 * 256, 128 * 256)), "icmpv6 type 128 code 0"),
        (50, ALL, "protocol 50"),
        (50, ports((0, 0)), "protocol 50"),
        (OTHER_PROTOCOL, ALL, "other protocols"),
        (None, ALL, "all traffic"),
    ],
)
def test_traffic_in_words(protocol, some, said):
    assert traffic(protocol, some) == said


@pytest.mark.parametrize(
    ("protocol", "some", "said"),
    [
        (ANY_PROTOCOL, ALL_PORTS, "all"),
        (TCP, ALL_PORTS, "tcp"),
        (TCP, PortRange(80, 90), "tcp 80-90"),
        (ICMP, PortRange(2048, 2303), "icmp type 8"),
        (50, PortRange(1, 2), "protocol 50"),
    ],
)
def test_a_rule_says_its_own_columns(protocol, some, said):
    assert traffic_of_rule(protocol, some) == said


def test_it_is_all_traffic_only_with_every_port_of_every_protocol():
    whole = dict.fromkeys(PROTOCOLS, ALL)
    assert gathered(whole, PROTOCOLS) == EVERYTHING
    assert listed(EVERYTHING) == "all traffic"
    for protocol in PROTOCOLS:
        without = {each: some for each, some in whole.items() if each != protocol}
        assert gathered(without, PROTOCOLS) != EVERYTHING
        assert gathered({**without, protocol: ports((0, 99))}, PROTOCOLS) != EVERYTHING
    assert gathered(whole) != EVERYTHING
    assert gathered({}, PROTOCOLS) == ()


def test_several_protocols_are_listed_in_order_the_unnamed_last():
    some = {OTHER_PROTOCOL: ALL, ICMP: ALL, UDP: ports((5, 9), (1, 4)), TCP: ports((1, 1), (3, 3))}
    assert listed(gathered(some, PROTOCOLS)) == "tcp 1, 3; udp 1-9; icmp; other protocols"
    assert listed(gathered(some), 1) == "tcp 1 and 1 more; udp 1-9; icmp; other protocols"


ranges = st.tuples(st.integers(0, 40), st.integers(0, 9)).map(
    lambda pair: PortRange(pair[0], pair[0] + pair[1])
)


@given(st.lists(ranges, max_size=6))
def test_merged_ranges_are_the_same_ports_in_order_with_gaps_between(some):
    merged = merge(some)
    assert {port for each in merged for port in range(each.first, each.last + 1)} == {
        port for each in some for port in range(each.first, each.last + 1)
    }
    for one, other in pairwise(merged):
        assert one.last + 1 < other.first


def each_port(several):
    return [port for each in several for port in range(each.first, each.last + 1)]


@given(ranges, st.lists(ranges, max_size=6))
def test_a_range_is_cut_into_pieces_that_are_in_each_of_the_others_whole_or_not_at_all(some, at):
    pieces = list(split(some, at))
    assert each_port(piece for piece, _ in pieces) == each_port([some])
    for piece, taken in pieces:
        shared = [each.overlap(piece) for each in at]
        assert {None, piece}.issuperset(shared)
        assert taken == any(shared)
    assert without(some, at) == merge(piece for piece, taken in pieces if not taken)
