"""Where a NACL has no room to name each unit, units side by side are one: never more than was let
pass before, and as few entries as a search for the fewest finds."""

import tempfile
from ipaddress import ip_network
from itertools import combinations, product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import Direction, PortRange
from bulkhead.plan import plan
from bulkhead.plan.acls import Need
from bulkhead.plan.side_by_side import side_by_side, within_quota
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, topology_from

BLOCKS = tuple(ip_network("10.0.0.0/20").subnets(new_prefix=22))
PORTS = (5000, 5001, 5002)
CELLS = tuple(product(range(len(BLOCKS)), range(len(PORTS))))


def need(block, port, band="request"):
    return Need(band, Direction.INGRESS, 6, PortRange(port, port), block)


def cells_of(needs):
    return frozenset(
        (number, index)
        for each in needs
        for number, block in enumerate(BLOCKS)
        for index, port in enumerate(PORTS)
        if block.subnet_of(each.cidr) and port in each.ports
    )


def rectangles():
    """Everything that one entry can say of these blocks and ports."""
    networks = [
        each
        for prefix in (20, 21, 22)
        for each in BLOCKS[0].supernet(new_prefix=20).subnets(new_prefix=prefix)
    ]
    ranges = [(first, last) for first in range(3) for last in range(first, 3)]
    return [
        frozenset(
            (number, index)
            for number, block in enumerate(BLOCKS)
            if block.subnet_of(network)
            for index in range(first, last + 1)
        )
        for network, (first, last) in product(networks, ranges)
    ]


def fewest(wanted):
    """How many entries say this exactly, by trying all."""
    inside = [each for each in rectangles() if each <= wanted]
    # One that lies in another is never needed.
    largest = [each for each in inside if not any(each < other for other in inside)]
    return next(
        count
        for count in range(len(CELLS) + 1)
        if any(frozenset().union(*some) == wanted for some in combinations(largest, count))
    )


@given(st.sets(st.sampled_from(CELLS)))
@examples()
def test_it_lets_the_same_packets_pass_in_hardly_more_entries_than_any_search_finds(cells):
    found = side_by_side(need(BLOCKS[number], PORTS[index]) for number, index in cells)
    assert cells_of(found) == cells
    assert fewest(frozenset(cells)) <= len(found) <= fewest(frozenset(cells)) + 1


def test_what_fits_is_left_as_it_is():
    needs = [need(block, 5000) for block in BLOCKS]
    assert within_quota(needs, 4) is needs
    assert [str(each.cidr) for each in within_quota(needs, 3)] == ["10.0.0.0/20"]


@given(documents(max_services=6), st.integers(3, 9))
@examples(1 / 2)
def test_a_plan_is_within_its_quota_and_exact_or_refused(document, most):
    with tempfile.TemporaryDirectory() as folder:
        try:
            quotas = document.get("quotas", {}) | {"entries-per-acl": most}
            written = document | {"quotas": quotas}
            made = plan(topology_from(Path(folder), written))
        except InputError as refused:
            assert all("NACL" in str(each) for each in refused.problems)
            return
    # AWS counts those of each family by themselves
    # (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html).
    for acl, direction, version in product(made.network.nacls, Direction, (4, 6)):
        entries = [each for each in acl.ordered(direction) if each.cidr.version == version]
        assert acl.default or len(entries) < most
    assert judge(prove(made.network), made.declaration).ok


def test_nothing_is_joined_where_somebody_is_refused_first():
    needs = [need(block, 5000) for block in BLOCKS] + [need(BLOCKS[0], 1, band="private")]
    assert within_quota(needs, 1) is needs


def test_a_broker_of_more_units_than_its_nacl_can_name_is_planned_exactly(tmp_path):
    clients = {
        f"client{number}": {
            "segment": "many",
            "sockets": {"out": {"type": "PUSH", "connect": "broker.in"}},
        }
        for number in range(30)
    }
    broker = {"segment": "one", "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5000"}}}
    document = {
        **HEAD,
        "zones": 1,
        "segments": {
            "one": {"purpose": "takes work"},
            "many": {"purpose": "hands it out", "isolation": "service"},
        },
        "services": {"broker": broker, **clients},
    }
    made = plan(topology_from(tmp_path, document))
    (acl,) = (each for each in made.network.nacls if each.name == "one")
    assert len(acl.ordered(Direction.INGRESS)) < 19
    assert judge(prove(made.network), made.declaration).ok
    again = plan(topology_from(tmp_path, document), made.lock)
    assert (again.network, again.lock) == (made.network, made.lock)
    assert {made.origins.of(acl.id, each).line for each in acl.entries} - {0}
