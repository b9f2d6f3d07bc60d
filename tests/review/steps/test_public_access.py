"""Steps under VPC Block Public Access: exclusions stand before it is turned on, and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulkhead.network import AccessBlock, AccessMode, Exclusion, PublicAccess
from bulkhead.network.public_access import access_left
from bulkhead.review import Version
from bulkhead.review.steps import steps
from tests.plan.test_peers import document
from tests.review.steps.test_steps import between, planned, version

OPTION = "VPC Block Public Access in eu-west-1"


def under(mode: str = "", nat: str = "zonal", **said: Any) -> dict[str, Any]:
    more = {"block-public-access": {"mode": mode, **said}} if mode else {}
    return {**document(), "nat": nat, **more}


def kinds(found):
    """In order, what is done to exclusions (+, -, ~) and to the option."""
    marks = {"create": "+", "delete": "-", "update": "~"}
    calls = [call for each in found.steps for call in each.calls]
    return [
        marks[call.act] + ("option" if f"{call.kind} {call.of}" == OPTION else "exclusion")
        for call in calls
        if "Block Public Access" in call.kind
    ]


def opened(step):
    return any("clients.ticks" in str(each) for each in step.opens)


@pytest.mark.parametrize("nat", ["regional", "zonal"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "block-ingress"),
        ("", "block-bidirectional"),
        ("block-ingress", "block-bidirectional"),
        ("block-bidirectional", "block-ingress"),
        ("block-ingress", ""),
        ("block-bidirectional", ""),
    ],
)
def test_no_flow_is_broken_when_it_is_turned_on_changed_or_turned_off(before, after, nat):
    manage = {"manage": True}
    _, _, found = between(under(before, nat, **manage), under(after, nat, **manage))
    assert found.loses_nothing
    order = kinds(found)
    at = next(i for i, each in enumerate(order) if each.endswith("option"))
    assert all(each == "+exclusion" for each in order[:at])
    assert all(each == "-exclusion" for each in order[at + 1 :])
    if not before:
        assert order[:at]
    assert any(note.startswith(OPTION) for note in found.notes)


def test_a_flow_that_comes_with_it_is_open_once_its_subnets_are_excluded():
    without = under("block-bidirectional", manage=True)
    del without["peers"]["clients"], without["services"]["gateway"]["sockets"]["tape"]
    _, _, found = between(without, under("block-bidirectional", manage=True))
    assert not found.broken
    opens = [at for at, each in enumerate(found.steps) if opened(each)]
    assert opens
    excluded = [at for at, each in enumerate(found.steps) if "exclusion" in str(each.calls[0].kind)]
    assert all(at <= max(opens) for at in excluded)


def test_what_others_set_is_told_as_theirs_and_after_the_exclusions():
    _, _, found = between(under(), under("block-ingress"))
    assert kinds(found)[-1] == "+option"
    said = str(next(call for each in found.steps for call in each.calls if call.kind in OPTION))
    assert said.endswith("block-ingress, which others set")
    assert any("others set it, and no call of this update" in each for each in found.notes)


def test_to_set_it_oneself_changes_nothing_for_packets():
    _, _, found = between(under("block-ingress"), under("block-ingress", manage=True))
    assert not found.steps
    assert not found.notes


def account(made, mode, **excluded):
    """The plan in an account that is in `mode`, with the exclusions of the NACLs that are named."""
    network = made.network

    def left(subnet):
        own = excluded.get(subnet.nacl.removeprefix("acl/"), Exclusion.NONE)
        return replace(subnet, excluded=own, public_access=access_left(mode, own))

    block = AccessBlock(mode=mode, managed_by="account", exclusions_allowed=True)
    return replace(
        network,
        vpcs=tuple(replace(each, access_block=block) for each in network.vpcs),
        subnets=tuple(map(left, network.subnets)),
    )


def test_from_an_account_in_which_it_is_on_already_only_exclusions_are_missing():
    new = planned(under("block-ingress"))
    found = steps(Version(label="aws", network=account(new, AccessMode.INGRESS)), version(new))
    assert kinds(found) == ["+exclusion", "+exclusion"]
    assert not any("clients.ticks" in str(each) for each in found.stays)
    assert any(opened(each) for each in found.steps)


def test_from_an_account_that_nobody_could_ask_the_word_of_the_plan_is_taken_and_that_is_said():
    new = planned(under("block-ingress"))
    vpcs = tuple(replace(each, access_block=None) for each in new.network.vpcs)
    subnets = tuple(
        replace(each, excluded=None, public_access=PublicAccess.OPEN)
        for each in new.network.subnets
    )
    there = replace(new.network, vpcs=vpcs, subnets=subnets)
    found = steps(Version(label="aws", network=there), version(new))
    assert not found.steps
    assert any("Block Public Access" in each for each in found.unseen)
