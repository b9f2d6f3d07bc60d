"""A group that clients of one service share, held against an account."""

from __future__ import annotations

from random import Random

import pytest

from bulkhead.judge import judge
from bulkhead.observe.dumps.dump import dump
from bulkhead.prove import prove
from tests.plan.test_planner import planned
from tests.plan.test_shared_groups import fleet, many, one, shared_in
from tests.support.dumps import write
from tests.support.members import account_of, with_members

SEED = Random(1)  # noqa: S311 - which of the free addresses, no secret
ALL = fleet(many(20))
COMING = fleet({name: {} for name in ()})
COMING["services"] |= {
    name: one(("hub.a",), interfaces="none", replicas="1..4") for name in many(20)
}
APART = fleet({**many(20), "other": ("hub.b",)})


@pytest.fixture(scope="module", params=[ALL, COMING, APART], ids=["planned", "coming", "apart"])
def hub(request):
    return planned(request.param)


def answers(made):
    account = account_of(made.network)
    coming = {each.service: 1 for each in account.interfaces if each.stand_in}
    return account, with_members(account, coming, SEED)


def found(made, files, folder):
    return judge(prove(dump(write(files, folder / "eu-west-1"))), made.declaration)


def of(files, kind):
    return files[f"{kind}.json"][kind]


def test_an_account_as_planned_is_as_declared(hub, tmp_path):
    judged = found(hub, answers(hub)[1], tmp_path)
    assert judged.ok, judged.findings


def test_whoever_holds_it_and_was_not_to_is_told_with_what_that_opens(tmp_path):
    made = planned(APART)
    account, files = answers(made)
    (group,) = shared_in(account)
    (other,) = (
        each
        for each in of(files, "NetworkInterfaces")
        if {"Key": "Name", "Value": "other-1"} in each["TagSet"]
    )
    other["Groups"].append({"GroupId": group.id, "GroupName": group.name})
    judged = found(made, files, tmp_path)
    said = [each for each in judged.findings if "hub+clients-tcp-6000" in each.message]
    assert said, judged.findings
    weakened = [one.message for each in said for one in each.effects]
    assert any("hub+clients-tcp-6000 on tcp 6000; nobody declared it" in one for one in weakened)


def test_a_member_without_it_is_told_with_what_it_lacks(hub, tmp_path):
    account, files = answers(hub)
    (group,) = shared_in(account)
    for each in of(files, "NetworkInterfaces"):
        each["Groups"] = [held for held in each["Groups"] if held["GroupId"] != group.id]
    judged = found(hub, files, tmp_path)
    assert any("hub+clients-tcp-6000" in each.message for each in judged.findings)


@pytest.mark.parametrize("tag", ["named-by", "members-hold"])
def test_a_group_that_does_not_say_what_it_is_for_is_told(hub, tag, tmp_path):
    _, files = answers(hub)
    before = sum(len(each["Tags"]) for each in of(files, "SecurityGroups"))
    for each in of(files, "SecurityGroups"):
        each["Tags"] = [said for said in each["Tags"] if said["Key"] != f"bulkhead:{tag}"]
    gone = before > sum(len(each["Tags"]) for each in of(files, "SecurityGroups"))
    assert found(hub, files, tmp_path).ok is not gone
