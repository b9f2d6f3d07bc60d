"""What Firewall Manager writes is told as that, and nobody is advised to fight it."""

from dataclasses import replace

import pytest

from bulkhead.judge import judge
from bulkhead.network import Declaration
from bulkhead.network.policies import FIRST_OF_A_POLICY, LAST_OF_A_POLICY
from bulkhead.plan.acls import BANDS, OF_QUARANTINE, SIZES, STEPS
from bulkhead.prove import prove
from tests.support.shop import shop, with_entry

FIRST, LAST = "in 1 deny tcp 22 0.0.0.0/0", "out 32766 deny tcp 23 0.0.0.0/0"


def judged(observed):
    planned, flows = shop()
    declared = Declaration(topology="shop", flows=tuple(flows), planned=planned)
    return judge(prove(observed), declared).findings


def kept_by_policy(network, name):
    nacls = (replace(each, by_policy=each.id == name) for each in network.nacls)
    return replace(network, nacls=tuple(nacls))


def test_no_planned_number_is_one_at_which_firewall_manager_writes():
    for band, start in (BANDS | OF_QUARANTINE).items():
        step = STEPS.get(band, 1)
        numbers = range(start, start + step * SIZES[band], step)
        for others in (FIRST_OF_A_POLICY, LAST_OF_A_POLICY):
            assert numbers[-1] < others[0] or others[-1] < numbers[0]


@pytest.mark.parametrize(("text", "which"), [(FIRST, "first"), (LAST, "last")])
def test_an_entry_at_a_place_of_a_policy_is_told_as_that(text, which):
    network, _ = shop()
    (found,) = judged(with_entry(network, "acl-back", text))
    place = f", where Firewall Manager writes the {which} entries of a policy"
    assert found.message.endswith(place)
    assert found.mend.startswith("aws ec2 delete-network-acl-entry"), "nobody says that it is its"


def test_another_entry_is_nobodys():
    network, _ = shop()
    (found,) = judged(with_entry(network, "acl-back", "in 5000 deny tcp 22 0.0.0.0/0"))
    assert "Firewall Manager" not in found.message


def test_what_firewall_manager_keeps_is_mended_by_who_administers_it():
    network, _ = shop()
    (found,) = judged(kept_by_policy(with_entry(network, "acl-back", FIRST), "acl-back"))
    assert found.mend.startswith("ask who administers Firewall Manager")


def test_a_subnet_that_it_took_over_is_not_to_be_taken_back():
    network, _ = shop()
    (own,) = (each for each in network.nacls if each.id == "acl-back")
    copied = replace(own, id="acl-0f", name="acl-0f", by_policy=True)
    subnets = tuple(
        replace(each, nacl="acl-0f") if each.id == "back-a" else each for each in network.subnets
    )
    found = judged(replace(network, nacls=(*network.nacls, copied), subnets=subnets))
    assert {each.mend for each in found} == {found[0].mend}
    assert found[0].mend.startswith("ask who administers Firewall Manager")
    assert any("acl-0f (Firewall Manager's) is in no plan" in each.message for each in found)
