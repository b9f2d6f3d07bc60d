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


def test_a_slot_given_back_is_not_reused_while_unused_ones_remain():
    held = allot(["a", "b"], Allotment(), room=4)
    held = allot(["b", "c"], held, room=4)
    assert held.taken == {"b": 1, "c": 2}


def test_a_slot_given_back_serves_again_once_all_were_used():
    held = allot(["a", "b"], Allotment(), room=2)
    held = allot(["b", "c"], held, room=2)
    assert held.taken == {"b": 1, "c": 0}


def test_the_same_wishes_again_change_nothing():
    held = allot(["a", "b"], Allotment(), room=4)
    assert allot(["b", "a"], held, room=4) == held


def test_more_keys_than_slots_are_refused_with_both_numbers():
    with pytest.raises(NoRoomError) as refused:
        allot(["a", "b", "c"], Allotment(), room=2)
    assert (refused.value.wanted, refused.value.room) == (3, 2)
