"""The steps of a change in words."""

from __future__ import annotations

from rich.console import Console

from bulkhead.report.documents.steps import steps as document
from bulkhead.report.steps import print_steps
from bulkhead.review.steps import ChangeSteps
from tests.review.steps.test_steps import NO_OTHER_NACL, SHOP, between, with_services

OTHER = {"segment": "feed", "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5700"}}}
FULL = {"quotas": {"entries-per-acl": 3, **NO_OTHER_NACL}}


def said(found: ChangeSteps) -> str:
    console = Console(width=200, no_color=True)
    with console.capture() as captured:
        print_steps(console, found)
    return captured.get()


def test_a_change_that_loses_nothing_says_so_first():
    *_, found = between(SHOP, with_services(other=OTHER))
    first, *lines = said(found).splitlines()
    assert "proved after every call: every flow that stays is open all the while" in first
    assert any(line.strip() == "opens reader.out -> other.in (tcp 5700)" for line in lines)
    told = document(found)
    assert told["loses_nothing"]
    assert told["broken"] == told["moved"] == told["full"] == []
    assert sum(len(each["calls"]) for each in told["steps"]) == told["calls"]


def test_what_needs_two_updates_is_told_in_two_with_the_reason():
    *_, found = between({**SHOP, **FULL}, {**with_services(other=OTHER), **FULL})
    text = said(found)
    assert "no room in the middle: ingress of NACL feed: 3, and 2 fit" in text
    assert text.index("Update 1\n") < text.index("Update 2\n")
    assert document(found)["in_two"]


def test_a_host_that_moves_is_named_with_both_addresses_and_the_calls_between():
    feed = {"purpose": "prices", "isolation": "service"}
    *_, found = between(SHOP, {**SHOP, "segments": {**SHOP["segments"], "feed": feed}})
    moved = found.moved[0]
    line = f"{moved.name} is at {moved.new} instead of {moved.old}: both stand from call "
    assert f"{line}{moved.since} to call {moved.until}" in said(found)


def test_copies_that_somebody_else_has_to_move_are_told_by_when():
    fleet = {"segment": "feed", "replicas": "2..7", "runs-on": "asg"}
    before = {**with_services(fleet=fleet), "zones": 2}
    *_, found = between(before, {**before, "zones": 1})
    assert "copies of 1 service in other subnets" in said(found)
    assert "copies of fleet may be in feed-eu-west-1a before call " in said(found)
    told = document(found)["left_behind"]
    assert told == [
        {
            "service": "fleet",
            "subnets": ["feed-eu-west-1b"],
            "to": ["feed-eu-west-1a"],
            "gone": found.left_behind[0].gone,
        }
    ]


def test_where_no_order_keeps_anything_that_is_all_that_is_said():
    *_, found = between(SHOP, {**SHOP, "cidr": "10.30.0.0/16"})
    assert "no order keeps anything: the VPC is replaced" in said(found)
