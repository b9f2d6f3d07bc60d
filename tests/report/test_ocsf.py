"""An audit as OCSF: events of the class Compliance Finding, as its schema has them.

The names and numbers are those of schema.ocsf.io/1.5.0/classes/compliance_finding and of the
objects in it.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bulkhead.audit import Evidence, Framework, Suppression, audit, of
from bulkhead.network import Provenance
from bulkhead.report.ocsf import ocsf
from bulkhead.report.sheets.audit import audit as sheet
from bulkhead.report.sheets.audit import grouped
from tests.support.estate import Estate

REQUIRED = {
    *("activity_id", "category_uid", "class_uid", "type_uid", "time", "severity_id"),
    *("metadata", "finding_info", "compliance", "cloud"),
}
ATTRIBUTES = {
    "": REQUIRED
    | {"activity_name", "category_name", "class_name", "type_name", "time_dt", "severity"}
    | {"status_id", "status", "status_code", "status_detail", "message", "remediation"}
    | {"resources", "unmapped"},
    "metadata": {"version", "profiles", "product", "event_code"},
    "finding_info": {"uid", "title", "desc", "types", "created_time", "created_time_dt"},
    "compliance": {"standards", "requirements", "control", "status_id", "status", "status_code"}
    | {"status_details", "checks"},
    "cloud": {"provider", "region", "account"},
    "remediation": {"desc"},
}
CAPTIONS = {
    "severity": {1: "Informational", 2: "Low", 3: "Medium", 4: "High"},
    "status": {1: "New", 3: "Suppressed"},
}


@pytest.fixture(scope="module")
def events():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("sg-open", "in tcp 22 0.0.0.0/0", "in tcp 3389 0.0.0.0/0")
    estate.host("eni-1", "a", "10.0.1.10", "sg-open")
    evidence = Evidence(network=estate.build(), today=date(2026, 11, 30))
    excused = Suppression(
        check="group-port-3389",
        control="",
        resource="sg-open",
        reason="a honeypot",
        owner="security",
        expires=date(2027, 1, 1),
        file="x.yaml",
        line=2,
    )
    found = audit(evidence, of([Framework.CIS, Framework.FSBP]), suppressions=[excused])
    made = Provenance(
        time=datetime(2026, 11, 30, 12, tzinfo=UTC),
        version="1.2.3",
        accounts=("111122223333",),
        regions=("eu-west-1",),
    )
    told = sheet("aws", found, evidence, provenance=made)
    return json.loads(ocsf(grouped(found), found, told))


def one(events, code, outcome):
    (found,) = (
        each
        for each in events
        if each["metadata"]["event_code"] == code and each["status_code"] == outcome
    )
    return found


def test_each_event_is_a_compliance_finding_with_all_that_the_class_requires(events):
    for each in events:
        assert each.keys() >= REQUIRED
        assert (each["class_uid"], each["category_uid"]) == (2003, 2)
        assert each["type_uid"] == each["class_uid"] * 100 + each["activity_id"]
        assert each["metadata"]["version"] == "1.5.0"
        assert each["metadata"]["product"]["vendor_name"] == "Bulkhead"
        assert each["time"] == 1796040000000


def test_no_event_has_an_attribute_that_its_class_does_not_have(events):
    for each in events:
        for inside, known in ATTRIBUTES.items():
            assert (each.get(inside, {}) if inside else each).keys() <= known


def test_captions_go_with_their_numbers(events):
    for each in events:
        for name, captions in CAPTIONS.items():
            assert captions[each[f"{name}_id"]] == each[name]


def test_every_event_can_be_told_from_every_other(events):
    assert len({each["finding_info"]["uid"] for each in events}) == len(events)


def test_a_failure_names_resource_rule_controls_and_remedy(events):
    found = one(events, "group-port-22", "FAIL")
    assert (found["compliance"]["status_id"], found["severity"]) == (3, "High")
    assert found["compliance"]["requirements"] == ["FSBP EC2.13"]
    assert "sg-open: sg-open-0: tcp 22 from 0.0.0.0/0" in found["compliance"]["status_details"]
    assert found["resources"] == [
        {
            "uid": "sg-open",
            "name": "security group sg-open",
            "type": "AwsEc2SecurityGroup",
            "region": "eu-west-1",
        }
    ]
    assert found["remediation"]["desc"].startswith("remove sg-open-0")
    assert found["cloud"]["account"]["uid"] == "111122223333"


def test_controls_stand_where_readers_of_prowler_look_for_them(events):
    found = one(events, "group-admin-ports-ipv4", "FAIL")
    assert found["unmapped"]["compliance"] == {
        "CIS-7.0": ["6.3"],
        "AWS-Foundational-Security-Best-Practices": ["EC2.53"],
    }


def test_what_is_suppressed_still_fails_and_says_who_answers_for_it(events):
    found = one(events, "group-port-3389", "FAIL")
    assert (found["status"], found["compliance"]["status"]) == ("Suppressed", "Fail")
    assert (
        "suppressed until 2027-01-01 by security: a honeypot"
        in (found["compliance"]["status_details"])
    )


def test_what_is_not_decided_is_a_warning_and_no_pass(events):
    found = one(events, "flow-logs-on", "MANUAL")
    assert (found["compliance"]["status_id"], found["compliance"]["status"]) == (2, "Warning")
    assert one(events, "cis-5.10", "MANUAL")["compliance"]["requirements"] == ["CIS 5.10"]


def test_resources_that_people_call_the_same_are_told_apart():
    estate = Estate()
    estate.group("sg-1", "in tcp 22 0.0.0.0/0")
    estate.group("sg-2", "in tcp 22 0.0.0.0/0")
    network = estate.build()
    groups = tuple(replace(each, name="web") for each in network.security_groups)
    evidence = Evidence(network=replace(network, security_groups=groups))
    found = audit(evidence, of([Framework.CIS]))
    events = json.loads(ocsf(grouped(found), found, sheet("aws", found, evidence)))
    assert len({each["finding_info"]["uid"] for each in events}) == len(events)
