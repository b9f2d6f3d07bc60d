"""What sockets do for their own security changes without a packet, and is told."""

from io import StringIO

import pytest
from rich.console import Console

from bulkhead.report.documents.review import review as document
from bulkhead.report.review import print_review
from bulkhead.report.sheets.review import review as sheet
from bulkhead.review import FailOn, failing, review
from bulkhead.review.steps import steps
from tests.review.conftest import SHOP

ASKS = "orders: { type: REQ, connect: store.orders"
TAKES = 'orders: { type: REP, bind: "tcp://*:5556"'


def shop(mechanism, zap=""):
    text = SHOP
    for end, asked in ((ASKS, ""), (TAKES, zap)):
        text = text.replace(end, f"{end}, mechanism: {mechanism}{asked}")
    return text


@pytest.mark.parametrize(
    ("base", "head", "says", "weaker"),
    [
        (("CURVE", ", zap: true"), ("NULL",), "CURVE with ZAP -> NULL", True),
        (("CURVE", ", zap: true"), ("CURVE",), "CURVE with ZAP -> CURVE", True),
        (("NULL", ", zap: true"), ("CURVE",), "NULL with ZAP -> CURVE", True),
        (("NULL",), ("CURVE", ", zap: true"), "NULL -> CURVE with ZAP", False),
        (("NULL",), ("PLAIN",), "NULL -> PLAIN with ZAP", False),
    ],
)
def test_another_mechanism_is_told_and_a_weaker_one_does_not_pass(edited, base, head, says, weaker):
    before, after = edited((shop(*base), shop(*head)), base=shop(*base))
    told = review(before, after)
    (step,) = told.declared.secrecy
    assert f"{step.before} -> {step.after}" == says
    assert step.origin.line
    assert failing(told) == ((FailOn.WEAKER_MECHANISM,) if weaker else ())
    assert (told.flows, told.replacements, told.nothing) == ((), (), False)
    assert ("secured less" in told.verdict) is weaker
    printed = StringIO()
    print_review(Console(file=printed, width=200), told, ())
    assert f"secured: web.orders -> store.orders (tcp 5556): {says}" in printed.getvalue()
    (listed,) = document(told, (), ())["declared"]["secrecy"]
    assert (listed["from"], listed["weaker"]) == ("web.orders", weaker)
    assert any(each.kind.id == "secrecy-changed" for each in sheet(told, (before, after)).entries)


def test_the_same_mechanism_is_not_told_of(edited):
    before, after = edited((shop("CURVE"), shop("CURVE")), base=shop("CURVE"))
    assert review(before, after).declared.secrecy == ()


def test_a_vpc_that_no_longer_encrypts_secures_flows_less(edited):
    plain = SHOP
    held = plain.replace("zones:", "vpc-encryption: { mode: enforce }\nzones:", 1)
    watched = held.replace("enforce", "monitor")
    before, after = edited((held, watched), base=held)
    told = review(before, after)
    steps = {f"{each.before} -> {each.after}" for each in told.declared.secrecy}
    assert "NULL in a VPC that encrypts -> NULL" in steps
    assert all(each.weaker for each in told.declared.secrecy)
    assert FailOn.WEAKER_MECHANISM in failing(told)
    (setup,) = [each for each in told.declared.words if each.what == "vpc-encryption"]
    assert (setup.before.split(",")[0], setup.after) == ("enforce", "monitor")


def test_a_change_of_what_the_vpc_encrypts_is_told_beside_the_calls(edited):
    held = SHOP.replace("zones:", "vpc-encryption: { mode: enforce }\nzones:", 1)
    before, after = edited((SHOP, held), base=SHOP)
    control, *flows = steps(before, after).notes
    assert "encryption control of the VPC: none -> enforce" in control
    assert flows
    assert all("-> NULL in a VPC that encrypts" in each for each in flows)
    assert steps(before, before).notes == ()
