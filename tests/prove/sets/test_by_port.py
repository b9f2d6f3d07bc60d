"""The two ideas below the prover: prefixes as classes, sets in steps of ports."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends.prefixes import PrefixTree, address_at, as_network, as_prefix, number
from bulkhead.network import PortRange
from bulkhead.prove.sets.by_port import at, combine, first_match, minus, ranges, throughout, union
from tests.support.growth import grows_linearly

addresses = st.one_of(
    st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(0, 2**128 - 1).map(IPv6Address)
)
narrow = st.builds(
    lambda address, length: IPv4Network((address >> (32 - length) << (32 - length), length)),
    st.sampled_from([0x0A000000, 0x0A000010, 0x0A000100, 0x0A010000, 0xC0A80000]),
    st.integers(0, 32),
)
wide = st.builds(
    lambda address, length: IPv6Network((address >> (128 - length) << (128 - length), length)),
    st.sampled_from([0x20010DB8 << 96, 0x20010DB8 << 96 | 1, 0xFD << 120]),
    st.integers(0, 128),
)
cidrs = st.one_of(narrow, wide)
ports = st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(
    lambda pair: PortRange(min(pair), max(pair))
)
parts = st.lists(st.tuples(ports, st.integers(0, 15)), max_size=6)
probes = st.integers(0, 65535)


@given(st.lists(cidrs, max_size=8), addresses)
def test_two_addresses_of_one_home_are_in_the_same_prefixes(networks, address):
    tree = PrefixTree(networks)
    home = tree.home(address)
    holding = {each for each in networks if address in each}
    assert holding == {each for each in networks if as_prefix(each) in tree.chain(home)}


@given(st.lists(cidrs, max_size=8))
def test_homes_cover_every_address_exactly_once(networks):
    tree = PrefixTree(networks)
    owned = sorted(each for home in tree.prefixes for each in tree.own_ranges(home))
    for zero, size in ((IPv4Address(0), 2**32), (IPv6Address(0), 2**128)):
        family = [each for each in owned if address_at(each[0]).version == zero.version]
        assert family[0][0] == number(zero)
        assert [last + 1 for _, last in family] == [first for first, _ in family[1:]] + [
            number(zero) + size
        ]


@given(addresses)
def test_every_address_has_one_place_on_the_number_line(address):
    assert address_at(number(address)) == address


@given(cidrs)
def test_a_prefix_stands_for_its_network(network):
    assert as_network(as_prefix(network)) == network


@given(st.lists(cidrs, max_size=8))
def test_bits_accumulate_into_every_prefix_that_holds_them(networks):
    tree = PrefixTree(networks)
    own = {home: 1 << index for index, home in enumerate(tree.prefixes)}
    total = tree.accumulate(own)
    for outer in tree.prefixes:
        expected = sum(
            own[inner]
            for inner in tree.prefixes
            if as_network(inner).version == as_network(outer).version
            and as_network(inner).subnet_of(as_network(outer))
        )
        assert total[outer] == expected


@given(parts, probes)
def test_a_union_holds_at_each_port_whatever_covers_it(several, port):
    expected = 0
    for some, bits in several:
        if port in some:
            expected |= bits
    assert at(union(several), port) == expected


few_ports = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
    lambda pair: PortRange(min(pair), max(pair))
)
up_to_the_last = st.integers(0, 40).map(lambda back: PortRange(65535 - back, 65535))


@given(st.lists(st.tuples(few_ports | up_to_the_last, st.integers(1, 255)), max_size=40))
def test_a_union_of_many_is_right_at_every_port_and_has_no_step_too_many(several):
    found = union(several, base=256)
    for port in (*range(42), *range(65494, 65536)):
        expected = 256
        for some, bits in several:
            if port in some:
                expected |= bits
        assert at(found, port) == expected
    assert all(one != other for (_, one), (_, other) in pairwise(found))


@pytest.mark.parametrize(
    "part",
    [
        lambda each: PortRange(10 * each, 10 * each),
        lambda each: PortRange(each, 65535 - each),
        lambda each: PortRange(each, each + 5000),
    ],
    ids=["apart", "one in the other", "overlapping"],
)
def test_four_times_the_ports_are_four_times_the_work(part):
    def uniting(count):
        several = [(part(each), 1 << each) for each in range(count)]
        return lambda: union(several)

    assert grows_linearly(uniting, start=200)


@given(st.lists(st.tuples(ports, st.booleans(), st.integers(0, 15)), max_size=6), probes)
def test_the_first_match_decides_each_bit(entries, port):
    found = at(first_match(entries, 15), port)
    for bit in range(4):
        decision = next(
            (allow for some, allow, bits in entries if port in some and bits >> bit & 1), False
        )
        assert bool(found >> bit & 1) == decision


@given(parts, parts, probes)
def test_sets_combine_port_by_port(left, right, port):
    one, other = union(left), union(right)
    assert at(combine(one, other, int.__and__), port) == at(one, port) & at(other, port)
    assert at(minus(one, other, 7), port) == at(one, port) & ~at(other, port) & 7


@given(parts, ports)
def test_throughout_a_range_means_at_every_port_of_it(several, some):
    steps = union(several)
    expected = 15
    for covered, bits in ranges(steps):
        if covered.overlap(some):
            expected &= bits
    assert throughout(steps, some) & 15 == expected
