"""A NACL that has no room for what is new beside what is old gives place to another one."""

import pytest

from bulkhead.network import Direction
from bulkhead.plan import lock_text
from bulkhead.plan.lock import lock_of
from bulkhead.problems import InputError
from tests.plan.test_planner import planned
from tests.plan.test_quotas import served


def crowded(ports, **more):
    """So many entries at both ends, and a network each of which replies come."""
    return {**served(ports=ports, sites=0), "path-mtu-discovery": False, **more}


def names(made):
    return {each.name for each in made.network.nacls if not each.default}


def test_with_room_beside_an_entry_comes_and_goes_in_the_one_that_is_there():
    before = planned(crowded(8))
    after = planned(crowded(9), before.lock)
    assert names(before) == names(after) == {"data", "web"}
    assert after.lock.nacls == {}


def moved(document):
    """The same, with every port another one."""
    binds = [f"tcp://*:{7000 + 2 * number}" for number in range(15)]
    document["services"]["db"]["sockets"]["ask"]["bind"] = binds
    return document


def test_without_room_another_takes_its_place_and_the_lock_remembers_which():
    before = planned(crowded(15))
    after = planned(moved(crowded(15)), before.lock)
    assert names(after) == {"data.2", "web.2"}
    assert after.lock.nacls == {"data": 2, "web": 2}
    assert {each.nacl for each in after.network.subnets} == {"acl/data.2", "acl/web.2"}
    assert planned(moved(crowded(15)), after.lock) == after
    read = lock_of("shop.lock.json", lock_text(after.lock).encode())
    assert read.nacls == after.lock.nacls
    assert names(planned(crowded(15), read)) == {"data.3", "web.3"}


def test_what_only_goes_needs_no_other():
    before = planned(crowded(18))
    after = planned(crowded(4), before.lock)
    assert names(after) == {"data", "web"}
    (data,) = (each for each in after.network.nacls if each.name == "data")
    assert len(data.ordered(Direction.INGRESS)) == 4


def test_without_room_for_one_nacl_more_in_the_vpc_there_is_none():
    quotas = {"acls-per-vpc": 4}  # the VPC's own, two, and one more
    before = planned(crowded(15, quotas=quotas))
    after = planned(moved(crowded(15, quotas=quotas)), before.lock)
    assert names(after) == {"data.2", "web"}


def test_a_segment_that_is_called_otherwise_keeps_it():
    before = planned(moved(crowded(15)), planned(crowded(15)).lock)
    document = moved(crowded(15))
    document["segments"]["store"] = {**document["segments"].pop("data"), "was": "data"}
    document["services"]["db"]["segment"] = "store"
    assert names(planned(document, before.lock)) == {"store.2", "web.2"}


@pytest.mark.parametrize("said", ["1", "true", '"2"', "-3"])
def test_a_line_that_says_of_no_nacl_which_it_is_is_refused(said):
    text = lock_text(planned(crowded(3)).lock)
    wrong = text.replace("{", f'{{\n  "nacl data": {said},', 1)
    with pytest.raises(InputError, match="'nacl data' says of no NACL that it is a later one"):
        lock_of("shop.lock.json", wrong.encode())
