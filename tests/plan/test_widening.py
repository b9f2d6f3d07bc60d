"""Where no exact entries of a NACL fit: those that fit and let least, and how much that is."""

from ipaddress import ip_network
from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from bulkhead.network import Direction, PortRange
from bulkhead.plan.acls import Need
from bulkhead.plan.side_by_side import side_by_side
from bulkhead.plan.widening import MOST_WIDENED, widened
from tests.support.by_hand import FAMILIES, least_by_hand, let_by, needs_by_hand, pairs_in
from tests.support.examples import examples

BLOCKS = tuple(ip_network("10.0.0.0/20").subnets(new_prefix=22))


def need(block, port, protocol=6):
    return Need("request", Direction.INGRESS, protocol, PortRange(port, port), block)


def over(network, first, last):
    return Need("request", Direction.INGRESS, 6, PortRange(first, last), ip_network(network))


IN_HALVES = (over("10.0.0.4/30", 1, 1), over("10.0.0.0/31", 2, 3), over("10.0.0.0/29", 2, 2))
"""In two entries of four addresses each, though no need names the first four."""


@given(needs_by_hand(7), st.integers(1, 4))
@example((FAMILIES[0], (6,), IN_HALVES), 2)
@examples()
def test_it_lets_as_little_besides_as_any_search_finds_and_says_how_much(case, most):
    family, protocols, needs = case
    wanted = let_by(needs, family, protocols)
    least = least_by_hand(wanted, most, family, protocols)
    found = widened(needs, most)
    if found is None:
        assert least is None
        return
    now = let_by(found.needs, family, protocols)
    assert wanted <= now
    assert len(found.needs) <= most
    assert found.pairs == pairs_in(now - wanted) == least
    assert found.least == found.pairs


RANDOM = st.builds(
    lambda octet, port, length, protocol: Need(
        "request",
        Direction.EGRESS,
        protocol,
        PortRange(port, port + length),
        ip_network(f"10.20.{4 * octet}.0/22"),
    ),
    st.integers(0, 40),
    st.integers(5000, 5300),
    st.sampled_from((0, 0, 3)),
    st.sampled_from((6, 6, 6, 17)),
)


@given(st.lists(RANDOM, min_size=1, max_size=60), st.integers(2, 19))
@examples(1 / 4)
def test_of_many_it_says_how_far_from_the_least_it_may_be(needs, most):
    """All is let that was needed, in entries that fit, and the bound is one."""
    found = widened(tuple(dict.fromkeys(needs)), most)
    assert found is not None
    assert len(found.needs) <= most
    assert 0 <= found.least <= found.pairs
    assert (found.pairs == 0) is (found.pairs == found.least == 0)
    for each in needs:
        inside = [
            one.ports
            for one in found.needs
            if one.protocol == each.protocol and each.cidr.subnet_of(one.cidr)
        ]
        ports = set(range(each.ports.first, each.ports.last + 1))
        assert ports <= {port for some in inside for port in range(some.first, some.last + 1)}
    if len(side_by_side(needs)) <= most:
        assert found.pairs == 0


def test_where_runs_of_one_network_are_too_many_the_bound_is_what_their_gaps_hold():
    """Ten runs in eight entries: the two smallest gaps are closed, and no less can be."""
    ports = (1, 3, 6, 10, 15, 21, 28, 36, 45, 55)
    needs = tuple(need(BLOCKS[0], port) for port in ports)
    found = widened(needs, 8)
    assert found.pairs == found.least == 1024 * (1 + 2)


def test_the_same_needs_are_always_the_same_entries():
    needs = tuple(need(block, port) for block, port in product(BLOCKS, (1, 5, 9)))
    assert widened.__wrapped__(needs, 2) == widened.__wrapped__(needs, 2)


@given(st.lists(RANDOM, min_size=4, max_size=25, unique=True), st.integers(2, 6), st.data())
@examples()
def test_after_an_edit_what_stands_stays_where_nothing_else_lets_less(needs, most, data):
    before = widened(tuple(needs), most)
    stands = frozenset(each.key for each in before.needs)
    assert widened(tuple(needs), most, stands) == before
    gone = data.draw(st.sampled_from(needs))
    edited = tuple(each for each in (*needs, data.draw(RANDOM)) if each != gone)
    anew, after = widened(edited, most), widened(edited, most, stands)
    assert after.pairs <= anew.pairs
    assert after.least == anew.least
    stay = [{each.key for each in some.needs} & stands for some in (anew, after)]
    assert len(stay[0]) <= len(stay[1]) or after.pairs < anew.pairs


def test_nobody_is_let_in_beyond_private_addresses_of_one_block():
    far = [ip_network(each) for each in ("10.0.0.0/22", "172.16.0.0/24", "198.51.100.7/32")]
    assert widened(tuple(need(each, 5000) for each in far), 2) is None
    assert widened(tuple(need(each, 5000) for each in far), 3).pairs == 0


def test_of_more_than_anybody_looks_at_there_is_none():
    many = ip_network("10.0.0.0/16").subnets(new_prefix=28)
    needs = tuple(need(each, 5000) for each, _ in zip(many, range(2 * MOST_WIDENED), strict=False))
    assert widened(needs, 19) is None
