"""Who answers for what a check is about, and for what it is there."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from bulkhead.audit import ALL_CHECKS, Evidence, Framework, Outcome, audit, of
from bulkhead.audit.said import SaidAbout
from bulkhead.network import SaidOf
from bulkhead.network.inventory import Inventory, Listed, Tagged
from bulkhead.report.audit import print_audit
from bulkhead.report.documents.audit import audit as document
from bulkhead.report.ocsf import ocsf
from bulkhead.report.sheets.audit import audit as sheet
from bulkhead.report.sheets.audit import grouped
from tests.support.estate import Estate

DESK = SaidOf(purpose="takes orders", owner="the desk", data="internal")
FLOOR = SaidOf(purpose="hands them out", owner="the floor")
PLACE = SaidOf(purpose="all of it")


@pytest.fixture
def network():
    estate = Estate()
    estate.acl("acl-web")
    estate.acl("acl-both")
    estate.subnet("a", "10.0.1.0/24", segment="front", acl="acl-web")
    estate.subnet("b", "10.0.2.0/24", segment="front", acl="acl-both")
    estate.subnet("c", "10.0.3.0/24", segment="back", acl="acl-both")
    estate.group("sg-web", "in tcp 22 0.0.0.0/0", service="web")
    estate.service("web", "sg-web", "front")
    estate.host("web-1", "a", "10.0.1.10", "sg-web", service="web")
    estate.group("sg-other", "in tcp 22 0.0.0.0/0")
    return estate.build()


DECLARED = {("segment", "front"): PLACE, ("segment", "back"): FLOOR, ("service", "web"): DESK}


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ("sg-web", DESK),
        ("web-1", DESK),
        ("web", DESK),
        ("web.orders", DESK),
        ("internet -> web.orders", DESK),
        ("web -> internet", DESK),
        ("sg-web/1", DESK),
        ("a", PLACE),
        ("acl-web", PLACE),
        ("acl-both", SaidOf()),
        ("sg-other", SaidOf()),
        ("internet -> nobody", SaidOf()),
        ("", SaidOf()),
    ],
)
def test_a_topology_says_it_of_what_stands_for_its_parts(network, resource, said):
    assert SaidAbout(network, DECLARED, {}).of(resource) == said


def test_tags_say_it_where_no_topology_does(network):
    about = SaidAbout(network, {}, {"sg-web": DESK, "sg-other": FLOOR})
    assert about.of("web -> nobody") == about.of("sg-web") == DESK
    assert about.of("sg-other") == FLOOR
    declared = SaidAbout(network, DECLARED, {"sg-web": FLOOR, "sg-other": FLOOR})
    assert (declared.of("sg-web"), declared.of("sg-other")) == (DESK, FLOOR)


@pytest.fixture
def evidence(network):
    return Evidence(network=network, inventory=Inventory(said={"sg-other": FLOOR}), said=DECLARED)


@pytest.fixture
def audited(evidence):
    return audit(evidence, of([Framework.CIS]))


def test_every_form_says_who_answers_for_what_fails(evidence, audited):
    console = Console(file=StringIO(), width=200)
    print_audit(console, "aws", audited)
    text = console.file.getvalue()
    assert "owner: the desk; data: internal; purpose: takes orders" in text
    assert "owner: the floor; purpose: hands them out" in text
    told = json.loads(json.dumps(document("aws", audited, evidence.network)))
    answers = [each for control in told["controls"] for each in control["checks"]]
    said = {(each["resource"], each["owner"], each["data"], each["purpose"]) for each in answers}
    assert ("sg-web", "the desk", "internal", "takes orders") in said
    assert ("sg-other", "the floor", None, "hands them out") in said
    made = sheet("aws", audited, evidence)
    assert str(DESK) in {line for each in made.entries for line in each.evidence}
    assert "owner: the floor" in ocsf(grouped(audited), audited, made)


def test_what_is_said_changes_no_answer_and_no_name_by_which_a_finding_is_known(evidence, audited):
    silent = replace(evidence, inventory=Inventory(), said={})
    without = audit(silent, of([Framework.CIS]))
    assert without.counts() == audited.counts()
    one, other = sheet("aws", without, silent), sheet("aws", audited, evidence)
    assert [each.fingerprint for each in one.entries] == [
        each.fingerprint for each in other.entries
    ]


PURPOSE = next(each for each in ALL_CHECKS if each.id == "purpose-tagged")


@pytest.mark.parametrize(
    ("keys", "well"),
    [
        (("Purpose",), True),
        (("purpose", "Name"), True),
        (("bulkhead:purpose",), True),
        (("acme:team:Purpose",), True),
        (("all-purpose",), False),
        (("purpose:of",), False),
        ((), False),
    ],
)
def test_a_tag_of_a_purpose_may_stand_behind_what_an_organisation_puts_before(network, keys, well):
    tagged = Listed((Tagged(id="sg-1", name="web", kind="security group", tags=keys),), ())
    (found,) = PURPOSE(Evidence(network=network, inventory=Inventory(tagged=tagged)))
    assert found.outcome is (Outcome.PASS if well else Outcome.FAIL)
