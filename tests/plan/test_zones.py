"""Zones by ids, which all accounts share, and by names, which each gives out itself."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.network.zones import with_zones_of
from bulkhead.plan import as_given
from bulkhead.problems import InputError
from tests.plan.test_planner import planned
from tests.plan.test_renaming import SHOP, places

NAMES = {"euw1-az1": "eu-west-1b", "euw1-az2": "eu-west-1c", "euw1-az3": "eu-west-1a"}
"""As one account has them."""
SOME = st.lists(st.sampled_from(sorted(NAMES)), min_size=1, unique=True)


def in_zones(zones):
    return deepcopy(SHOP) | {"zones": zones}


def found(network):
    """What an account shows of a plan by names."""
    ids = {name: known_as for known_as, name in NAMES.items()}
    return replace(
        network,
        subnets=tuple(replace(each, zone_id=ids[each.zone]) for each in network.subnets),
    )


@given(SOME)
def test_ids_put_everything_where_names_do(zones):
    assert places(planned(in_zones(zones))) == places(
        planned(in_zones([NAMES[each] for each in zones]))
    )


@given(SOME, st.booleans())
def test_a_zone_that_is_called_by_its_id_or_its_name_now_moves_nothing(zones, back):
    ids, names = {each: {"was": NAMES[each]} for each in zones}, [NAMES[each] for each in zones]
    now = {NAMES[each]: {"was": each} for each in zones} if back else ids
    before = planned(in_zones(zones if back else names))
    after = planned(in_zones(now), before.lock)
    assert places(after) == places(before)
    assert set(after.lock.zones.taken) == set(now)
    assert places(planned(in_zones(list(now)), after.lock)) == places(before)
    assert all(after.former["zone", each] == (was["was"],) for each, was in now.items())


@given(SOME, st.sampled_from(sorted(NAMES)))
def test_a_zone_that_comes_beside_those_by_ids_moves_nobody(zones, more):
    before = planned(in_zones(zones))
    after = planned(in_zones([*dict.fromkeys([*zones, more])]), before.lock)
    assert {each.id: each.cidr for each in before.network.subnets}.items() <= {
        each.id: each.cidr for each in after.network.subnets
    }.items()
    assert before.network.interfaces == after.network.interfaces


def test_nobody_guesses_which_name_is_which_id():
    before = planned(in_zones(["eu-west-1a", "eu-west-1b"]))
    with pytest.raises(InputError) as refused:
        planned(in_zones({"euw1-az3": {"was": "eu-west-1a"}, "euw1-az1": {}}), before.lock)
    (problem,) = refused.value.problems
    assert "'zone eu-west-1b' is of zones by their names" in problem.what
    assert "was: eu-west-1b" in problem.remedy


@given(SOME)
def test_a_plan_by_ids_is_the_account_s_by_names(zones):
    by_names = planned(in_zones([NAMES[each] for each in zones]))
    there = found(by_names.network)
    ours = as_given(planned(in_zones(zones)), there).network
    assert {(each.zone, each.zone_id, each.cidr) for each in ours.subnets} == {
        (each.zone, each.zone_id, each.cidr) for each in there.subnets
    }


def test_what_the_account_does_not_tell_stays_as_it_is_planned():
    network = planned(in_zones(["euw1-az1"])).network
    assert with_zones_of(network, planned(in_zones(["eu-west-1a"])).network) is network


def test_whoever_stands_for_members_is_called_as_the_account_calls_the_zone():
    document = in_zones(["euw1-az1"])
    document["services"]["front"] |= {"replicas": "1..3", "interfaces": "none"}
    ours = planned(document).network
    (subnet,) = (each for each in ours.subnets if each.segment == "web")
    there = replace(ours, subnets=(replace(subnet, zone="eu-west-1b"),))
    (one,) = (each for each in with_zones_of(ours, there).interfaces if each.stand_in)
    assert one.name == "front-any-eu-west-1b"
    (members,) = (each.members for each in ours.security_groups if each.members)
    assert all(members.belong_in(each) for each in (subnet, *there.subnets))
    assert not members.belong_in(replace(subnet, zone="eu-west-1a", zone_id="euw1-az3"))
