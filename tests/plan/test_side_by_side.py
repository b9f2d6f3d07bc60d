"""Where a NACL has no room to name each unit, units side by side are one: never more than was let
pass before, and in the fewest entries that there are."""

import tempfile
from ipaddress import ip_network
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import Direction, PortRange
from bulkhead.plan import plan
from bulkhead.plan.acls import Need
from bulkhead.plan.side_by_side import side_by_side, within_quota
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.by_hand import fewest_by_hand, let_by, needs_by_hand
from tests.support.examples import examples
from tests.support.growth import grows_linearly
from tests.support.topologies import HEAD, documents, topology_from

BLOCKS = tuple(ip_network("10.0.0.0/20").subnets(new_prefix=22))


def need(block, port, band="request"):
    return Need(band, Direction.INGRESS, 6, PortRange(port, port), block)


@given(needs_by_hand())
@examples(4)
def test_no_entries_for_the_same_packets_are_fewer(case):
    """Of both families, directions and bands, of tcp, udp and icmp, of networks in networks."""
    family, protocols, needs = case
    found = side_by_side(needs)
    wanted = let_by(needs, family, protocols)
    assert let_by(found, family, protocols) == wanted
    assert len(found) == fewest_by_hand(wanted, family, protocols)
    assert {each.band for each in found} <= {each.band for each in needs}


@given(needs_by_hand(), st.randoms(use_true_random=False))
@examples()
def test_the_order_in_which_needs_are_told_changes_nothing(case, random):
    _, _, needs = case
    told = list(needs)
    random.shuffle(told)
    assert side_by_side(told) == side_by_side(needs)


def test_of_many_it_takes_no_longer_for_each():
    def work(count):
        ports = [5000 + 2 * number for number in range(count)]
        needs = [need(block, port) for block in BLOCKS for port in ports]
        return lambda: side_by_side(needs)

    assert grows_linearly(work, 50)


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


def test_what_is_refused_first_and_what_is_for_everybody_stays_as_it_is():
    """Whatever is let before is joined: that changes no packet."""
    after = [need(block, 1, band="private") for block in BLOCKS]
    after += [need(ip_network("0.0.0.0/0"), 443, band="everybody")]
    needs = [*(need(block, 5000) for block in BLOCKS), *after]
    (one, *others) = within_quota(needs, 8)
    assert str(one.cidr) == "10.0.0.0/20"
    assert set(others) == set(after)
    assert within_quota(needs, 9) is needs


@pytest.mark.parametrize("calls", [{}, {"needs": ["s3"]}])
def test_a_broker_of_more_units_than_its_nacl_can_name_is_planned_exactly(tmp_path, calls):
    clients = {
        f"client{number}": {
            "segment": "many",
            "sockets": {"out": {"type": "PUSH", "connect": "broker.in"}},
        }
        for number in range(30)
    }
    broker = {"segment": "one", "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5000"}}}
    broker |= calls
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
