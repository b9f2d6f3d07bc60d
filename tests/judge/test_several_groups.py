"""A service whose rules are in several groups, held against an account."""

from dataclasses import replace
from random import Random

import pytest

from bulkhead.judge import FindingKind, judge
from bulkhead.observe.dumps.dump import dump
from bulkhead.prove import prove
from tests.plan.test_planner import planned
from tests.plan.test_quotas import served
from tests.support.dumps import write
from tests.support.members import account_of, with_members

SEED = Random(1)  # noqa: S311 - which of the free addresses, no secret
HUB = served(clients=65)
COMING = served(clients=65)
COMING["services"]["db"] |= {"interfaces": "none", "replicas": "1..4"}


@pytest.fixture(scope="module", params=[HUB, COMING], ids=["planned", "come and go"])
def hub(request):
    return planned(request.param)


def found(made, files, folder):
    return judge(prove(dump(write(files, folder / "eu-west-1"))), made.declaration)


def answers(made):
    account = account_of(made.network)
    coming = {each.service: 1 for each in account.interfaces if each.stand_in}
    return account, with_members(account, coming, SEED)


def test_an_account_as_planned_is_as_declared(hub, tmp_path):
    judged = found(hub, answers(hub)[1], tmp_path)
    assert judged.ok, judged.findings


def test_an_interface_that_does_not_hold_the_second_group_is_told_with_what_it_lacks(hub, tmp_path):
    account, files = answers(hub)
    second = next(each.id for each in account.security_groups if each.more_of)
    for each in files["NetworkInterfaces.json"]["NetworkInterfaces"]:
        each["Groups"] = [one for one in each["Groups"] if one["GroupId"] != second]
    judged = found(hub, files, tmp_path)
    assert not judged.ok
    said = [each.message for each in judged.findings if each.kind is FindingKind.DIFFERS]
    assert any("db+2" in each for each in said), judged.findings


def test_a_second_group_that_does_not_say_whose_it_is_is_told(hub, tmp_path):
    _, files = answers(hub)
    for each in files["SecurityGroups.json"]["SecurityGroups"]:
        each["Tags"] = [tag for tag in each["Tags"] if tag["Key"] != "bulkhead:more-of"]
    judged = found(hub, files, tmp_path)
    assert any("db+2" in each.message for each in judged.findings)


def test_a_network_without_one_of_the_groups_of_an_interface_lets_less(hub):
    less = tuple(each for each in hub.network.security_groups if not each.more_of)
    bare = tuple(
        replace(each, security_groups=tuple(one for one in each.security_groups if "+" not in one))
        for each in hub.network.interfaces
    )
    network = replace(hub.network, security_groups=less, interfaces=bare)
    assert not judge(prove(network), hub.declaration).ok
