"""Further blocks of IPv4: filled one after the other, and nobody moves."""

import dataclasses
import tempfile
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given

from bulkhead.judge import judge
from bulkhead.network import Direction
from bulkhead.plan import lock_text, plan
from bulkhead.plan.lock import lock_of
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, topology_from

SMALL = "10.20.0.0/24"  # room for four
NEXT, LAST = "10.21.0.0/24", "10.22.0.0/16"


def planned(document, lock=None):
    with tempfile.TemporaryDirectory() as folder:
        return plan(topology_from(Path(folder), document), lock)


def shop(count, *cidrs, **more):
    names = [f"s{each}" for each in range(count)]
    pub = {"type": "PUB", "bind": "tcp://*:5556"}
    sub = {"type": "SUB", "connect": "s0.p"}
    return {
        **HEAD,
        "cidr": list(cidrs) if len(cidrs) > 1 else cidrs[0],
        "segments": {name: {"purpose": "-"} for name in names},
        "services": {
            name: {"segment": name, "sockets": {"p": pub} if name == "s0" else {"r": sub}}
            for name in names
        },
        **more,
    }


def blocks(made):
    return {each.segment: each.cidr for each in made.network.subnets}


def test_the_next_block_is_begun_when_the_one_before_it_is_full():
    four = planned(shop(4, SMALL))
    assert "block" not in lock_text(four.lock)
    six = planned(shop(6, SMALL, NEXT), four.lock)
    assert blocks(six).items() >= blocks(four).items()
    new = [cidr for name, cidr in blocks(six).items() if name in ("s4", "s5")]
    assert all(each.subnet_of(ip_network(NEXT)) for each in new)
    assert six.network.vpcs[0].cidrs == (ip_network(SMALL), ip_network(NEXT))
    assert judge(prove(six.network), six.declaration).findings == ()
    said = lock_text(six.lock)
    assert f'"block {SMALL}": 0' in said and f'"block {NEXT}": 4' in said
    assert planned(shop(6, SMALL, NEXT), lock_of("x", said.encode())).network == six.network


def test_one_that_comes_or_goes_between_them_moves_nobody():
    before = planned(shop(6, SMALL, LAST))
    more = planned(shop(6, SMALL, NEXT, LAST), before.lock)
    assert blocks(more) == blocks(before)
    swapped = planned(shop(6, SMALL, LAST, NEXT), more.lock)
    assert blocks(swapped) == blocks(before)
    less = planned(shop(6, SMALL, LAST), swapped.lock)
    assert (blocks(less), less.lock.blocks) == (blocks(before), before.lock.blocks)


def test_one_in_which_somebody_is_cannot_go():
    made = planned(shop(5, SMALL, NEXT))
    with pytest.raises(InputError, match="room for 4 isolated units, the segments make 5"):
        planned(shop(5, SMALL), made.lock)
    lock = lock_of("shop.lock.json", lock_text(made.lock).encode())
    for more in ({}, {"ipv6": "amazon"}):
        with pytest.raises(InputError, match="'unit s4' holds slot 4, and there is no such slot"):
            planned(shop(5, SMALL, LAST, **more), lock)


def test_a_lock_in_which_two_share_slots_is_refused_with_its_line():
    made = planned(shop(6, SMALL, NEXT))
    text = lock_text(made.lock).replace(f'"block {NEXT}": 4', f'"block {NEXT}": 2')
    with pytest.raises(InputError, match="begins at 2, within the slots of") as refused:
        planned(shop(6, SMALL, NEXT), lock_of("shop.lock.json", text.encode()))
    assert refused.value.problems[0].line > 0


def test_a_segment_that_is_open_to_the_vpc_is_so_to_all_of_its_blocks():
    document = shop(5, SMALL, NEXT)
    document["segments"]["s0"]["isolation"] = "none"
    made = planned(document)
    (acl,) = (each for each in made.network.nacls if each.name == "s0")
    assert [str(each.cidr) for each in acl.ordered(Direction.INGRESS)] == [SMALL, NEXT]
    assert judge(prove(made.network), made.declaration).findings == ()


def test_of_ipv6_there_are_as_many_blocks_as_of_the_largest_of_ipv4():
    services = shop(66, "10.20.0.0/16", LAST, ipv6="amazon")
    services["services"] = {name: {"segment": name} for name in services["segments"]}
    with pytest.raises(InputError) as refused:
        planned(services)
    assert "has block number 64, and the /56 of IPv6 has 64" in str(refused.value.problems[0])
    for name in sorted(services["segments"])[64:]:
        services["segments"][name]["ipv6"] = False
    made = planned(services)
    assert sum(bool(each.ipv6_cidrs) for each in made.network.subnets) == 128


@given(documents())
@examples()
def test_a_further_block_changes_nothing_of_a_plan_that_has_room(document):
    before = planned(document)
    cidrs = [document["cidr"]] if isinstance(document["cidr"], str) else document["cidr"]
    after = planned({**document, "cidr": [*cidrs, "10.23.0.0/20"]}, before.lock)
    (vpc,) = after.network.vpcs
    less = dataclasses.replace(vpc, cidrs=before.network.vpcs[0].cidrs)
    assert dataclasses.replace(after.network, vpcs=(less,)) == before.network
