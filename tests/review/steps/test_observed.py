"""Steps from what stands are those from what was planned, and of what differs besides."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from hypothesis import assume, given

from bulkhead.network import CidrPeer, Direction, GroupRule, Network, PortRange
from bulkhead.observe.dumps.dump import dump
from bulkhead.plan import Plan
from bulkhead.problems import InputError
from bulkhead.review import Version
from bulkhead.review.steps import ChangeSteps, steps
from tests.review.steps.test_steps import SHOP, between, planned, version, with_services
from tests.support.aws_ids import with_aws_ids
from tests.support.changes import changes
from tests.support.dumps import as_files, write
from tests.support.examples import ONE_FOLDER, examples

PORT = {"segment": "feed", "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5601"}}}


def told(found: ChangeSteps) -> list[str]:
    return [str(call) for step in found.steps for call in step.calls]


def calls(found: ChangeSteps) -> list[tuple[str, ...]]:
    """Which they are, whatever what they lead to is called: of what goes an account knows ids."""
    return sorted((each.act, each.kind, each.of) for step in found.steps for each in step.calls)


def to(new: Plan, network: Network) -> ChangeSteps:
    return steps(Version(label="account", network=network), version(new))


@examples(1 / 4, ONE_FOLDER, shrink=False)
@given(change=changes(most=2, services=4))
def test_from_what_aws_shows_the_calls_are_those_from_the_plan_that_it_was_made_by(
    change, tmp_path
):
    try:
        old, new, found = between(*change)
    except InputError:
        assume(False)
    folder = tmp_path / "account"
    folder.mkdir(exist_ok=True)
    seen = to(new, dump(write(as_files(with_aws_ids(old.network)), folder)))
    assert bool(seen.refused) == bool(found.refused)
    assert calls(seen) == calls(found)
    assert (seen.nobodys, seen.unseen, seen.in_doubt) == ((), (), ())
    assert [*map(str, seen.broken)] == [*map(str, found.broken)]


@pytest.fixture
def account() -> Network:
    return with_aws_ids(planned(SHOP).network)


def after(document: dict[str, Any]) -> Plan:
    return planned(document, planned(SHOP).lock)


def test_what_is_as_planned_takes_no_call_and_nothing_of_it_is_unknown(account):
    found = to(after(SHOP), account)
    assert (found.steps, found.notes, found.before, found.unseen) == ((), (), (), ())
    assert found.loses_nothing
    assert {*map(str, found.stays)} == {*map(str, planned(SHOP).flows)}


def with_rule(account: Network, service: str, rule: GroupRule) -> Network:
    groups = (
        replace(each, rules=(*each.rules, rule)) if each.service == service else each
        for each in account.security_groups
    )
    return replace(account, security_groups=tuple(groups))


def test_a_rule_that_nobody_planned_goes_and_what_it_lets_meanwhile_was_open_before(account):
    rule = GroupRule(
        id="sgr-1",
        direction=Direction.INGRESS,
        protocol=6,
        ports=PortRange(5557, 5557),
        peer=CidrPeer(IPv4Network("10.20.0.0/16")),
    )
    found = to(after(with_services(other=PORT)), with_rule(account, "ticker", rule))
    assert "delete rule of security group ticker: tcp 5557 from 10.20.0.0/16" in told(found)
    assert any("ticker" in each and "5557" in each for each in found.before)
    assert any("reader can reach other.in on tcp 5600" in each for each in found.before)
    assert found.nobodys == ()
    assert found.loses_nothing


def test_what_somebody_took_away_comes_back_and_its_flow_is_none_that_stays(account):
    bare = tuple(
        replace(each, rules=()) if each.service == "other" else each
        for each in account.security_groups
    )
    found = to(after(SHOP), replace(account, security_groups=bare))
    assert told(found) == ["create rule of security group other: tcp 5600 from reader"]
    (step,) = found.steps
    assert [*map(str, step.opens)] == ["reader.out -> other.in (tcp 5600)"]
    assert "reader.out -> other.in (tcp 5600)" not in map(str, found.stays)
    assert found.loses_nothing


def test_a_host_of_somebody_else_is_left_alone_and_it_is_said(account):
    ours = account.interfaces[0]
    theirs = replace(
        ours, id="eni-theirs", name="bastion", service=None, address=IPv4Address("10.20.0.77")
    )
    found = to(after(SHOP), replace(account, interfaces=(*account.interfaces, theirs)))
    assert told(found) == []
    assert [each for each in found.notes if "eni-theirs" in each]


def test_of_what_was_not_observed_the_word_of_the_plan_is_taken_and_that_is_said(tmp_path):
    files = as_files(with_aws_ids(planned(SHOP).network))
    del files["NetworkAcls.json"]
    found = to(after(with_services(other=PORT)), dump(write(files, tmp_path)))
    assert "network ACL feed" in found.unseen
    assert not found.loses_nothing
    assert "create rule of security group reader: tcp 5601 to other" in told(found)


def test_interfaces_of_a_plan_go_where_those_of_the_service_come_and_go_from_now_on(account):
    ticker = {**SHOP["services"]["ticker"], "replicas": "2..4", "interfaces": "none"}
    found = to(after(with_services(ticker=ticker)), account)
    gone = [each for each in told(found) if each.startswith("delete interface")]
    assert {each.partition(":")[0] for each in gone} == {
        "delete interface ticker-1",
        "delete interface ticker-2",
    }
    assert found.notes == ()


def test_a_vpc_in_which_nothing_stands_yet_takes_every_call():
    new = after(SHOP)
    found = to(new, Network())
    made = {each.calls[0].kind for each in found.steps}
    assert {"NACL", "subnet", "security group", "interface"} <= made
    assert found.loses_nothing


def test_what_is_left_of_what_was_open_before_is_nothing_new_whatever_it_is_told_with():
    needs = {"segment": "feed", "needs": ["s3", "dynamodb"]}
    before = planned({**SHOP, "services": {**SHOP["services"], "suspect": needs}})
    services = {**SHOP["services"], "suspect": needs}
    cut = planned({**SHOP, "services": services, "quarantine": ["suspect"]}, before.lock)
    found = to(cut, with_aws_ids(before.network))
    # Both at first, in one sentence, and one of them in another between two calls.
    assert any("AWS s3, AWS dynamodb" in each for each in found.before)
    assert [each.nobodys for each in found.steps if each.nobodys] == []
