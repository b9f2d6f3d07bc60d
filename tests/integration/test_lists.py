"""A peer in a prefix list that somebody else keeps: built by what it held, told when it changes."""

import json

import pytest

from tests.plan.test_lists import HELD, LIST, document

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.begin()
    return checkout


def test_what_a_list_held_is_built_and_what_it_holds_later_is_told_and_opens_nothing(checkout):
    ec2 = checkout.ec2
    listed = ec2.create_managed_prefix_list(
        PrefixListName="venue",
        MaxEntries=9,
        AddressFamily="IPv4",
        Entries=[{"Cidr": each} for each in HELD],
    )["PrefixList"]["PrefixListId"]
    text = json.dumps({**document(), "region": "eu-west-1"}).replace(LIST, listed)
    checkout.topology.write_text(text)
    adopted = checkout.bulkhead("adopt", checkout.topology)
    assert adopted.code == 0, adopted.said
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    checked = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert checked.code == 0, checked.said
    assert checked.out.splitlines()[-1].startswith("AS DECLARED")
    (shown,) = ec2.describe_managed_prefix_lists(PrefixListIds=[listed])["PrefixLists"]
    ec2.modify_managed_prefix_list(
        PrefixListId=listed,
        CurrentVersion=shown["Version"],
        AddEntries=[{"Cidr": "192.0.2.0/24"}],
    )
    checked = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert checked.code == 1, checked.said
    assert "holds 192.0.2.0/24, of which the plan knows nothing" in checked.out
    again = checkout.stack("up")
    assert again.code != 0
    assert "run `bulkhead adopt` again" in again.said
    assert checkout.bulkhead("adopt", checkout.topology).code == 0
    again = checkout.stack("up")
    assert again.code == 0, again.said
    checked = checkout.bulkhead("check", checkout.topology, "--on", "aws")
    assert checked.code == 0, checked.said
