import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.plan.allot import Allotment, NoRoomError, allot

KEYS = st.lists(st.sampled_from("abcdefghij"), unique=True)


@given(st.lists(KEYS, max_size=6))
def test_a_holder_keeps_its_slot_whatever_comes_or_goes_beside_it(history):
    held = Allotment()
    for wanted in history:
        after = allot(wanted, held, room=10)
        for key in set(wanted) & set(held.taken):
            assert after.taken[key] == held.taken[key]
        held = after


@given(st.lists(KEYS, max_size=6), st.integers(10, 30))
def test_every_wanted_key_holds_exactly_one_slot_of_its_own(history, room):
    held = Allotment()
    for wanted in history:
        held = allot(wanted, held, room)
        assert set(held.taken) == set(wanted)
        assert len(set(held.taken.values())) == len(wanted)
        assert all(0 <= slot < room for slot in held.taken.values())


@given(st.lists(KEYS, max_size=8), st.integers(10, 30))
def test_a_slot_given_back_is_not_reused_while_unused_ones_remain(history, room):
    held, used = Allotment(), set()
    for wanted in history:
        after = allot(wanted, held, room)
        new = {slot for key, slot in after.taken.items() if key not in held.taken}
        if len(used) + len(new) <= room:
            assert not new & used
        used |= set(after.taken.values())
        held = after


def test_a_slot_given_back_serves_again_once_all_were_used():
    held = allot(["a", "b"], Allotment(), room=2, first=True)
    held = allot(["b", "c"], held, room=2)
    assert held == Allotment({"b": 1, "c": 0})


@given(KEYS, st.booleans())
def test_the_same_wishes_again_change_nothing(keys, first):
    held = allot(keys, Allotment(), room=12, first=first)
    assert allot(reversed(keys), held, room=12) == held


def test_the_first_plan_counts_off():
    assert allot("abc", Allotment(), room=64, first=True).taken == {"a": 0, "b": 1, "c": 2}


@given(st.sampled_from("xyz"), st.sampled_from("uvw"))
def test_two_branches_that_add_something_each_want_slots_of_their_own(one, other):
    held = allot("abc", Allotment(), room=1500, first=True)
    left, right = allot(["a", "b", "c", one], held, 1500), allot(["a", "b", "c", other], held, 1500)
    assert left.taken[one] != right.taken[other]


@given(KEYS, KEYS)
def test_a_newcomer_gets_the_same_slot_whatever_came_beside_it(held, beside):
    before = allot(held, Allotment(), room=10_000, first=True)
    alone = allot([*held, "new"], before, room=10_000)
    among = allot([*held, *beside, "new"], before, room=10_000)
    assert alone.taken["new"] == among.taken["new"]


def test_more_keys_than_slots_are_refused_with_both_numbers():
    with pytest.raises(NoRoomError) as refused:
        allot(["a", "b", "c"], Allotment(), room=2)
    assert (refused.value.wanted, refused.value.room) == (3, 2)
