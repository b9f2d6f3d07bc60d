"""SARIF: what the schema of OASIS takes, and code scanning of GitHub."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given

from bulkhead.audit import Outcome
from bulkhead.lint import Severity
from bulkhead.network import Origin
from bulkhead.report import sarif as form
from bulkhead.report.places import Checkout, checkout_around
from bulkhead.report.sarif import sarif
from tests.support.sheets import KIND, entry, sheet_of, sheets

HERE = Checkout(root=Path("/repo"), here=Path("/repo/infra"))
SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")
)
VALID = jsonschema.Draft4Validator(SCHEMA)
TOLD = (Outcome.FAIL, Outcome.NOT_DECIDED, Outcome.SUPPRESSED)


def run(sheet, checkout=HERE):
    document = json.loads(sarif(sheet, checkout, "0.1.0"))
    VALID.validate(document)
    return document["runs"][0]


def results(*entries):
    return run(sheet_of(*entries))["results"]


@given(sheets())
def test_whatever_an_account_holds_the_file_is_valid_and_every_finding_has_a_place(sheet):
    said = run(sheet)
    assert len(said["results"]) == len(sheet.of(*TOLD))
    assert len({each["partialFingerprints"]["bulkhead/v1"] for each in said["results"]}) == len(
        said["results"]
    )
    rules = [each["id"] for each in said["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for each in said["results"]:
        assert rules[each["ruleIndex"]] == each["ruleId"]
        assert each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_what_passes_or_does_not_apply_opens_no_alert():
    passing = (entry(outcome=each) for each in (Outcome.PASS, Outcome.NOT_APPLICABLE))
    assert results(*passing) == []


def test_a_finding_lies_on_its_line_as_seen_from_the_root_of_the_repository():
    (result,) = results(entry(origin=Origin(file="a b.yaml", line=7)))
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "infra/a%20b.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7},
    }


def test_a_resource_without_a_file_is_named_and_lies_at_the_start_of_what_was_read():
    (result,) = results(entry(origin=Origin(urn="urn:pulumi:dev::x::aws:ec2/vpc:Vpc::main")))
    (where,) = result["locations"]
    assert where["physicalLocation"]["artifactLocation"]["uri"] == "infra/shop.yaml"
    assert where["physicalLocation"]["region"] == {"startLine": 1}
    assert where["logicalLocations"][0]["fullyQualifiedName"].startswith("urn:pulumi:dev")


def test_an_account_has_a_place_that_is_a_relative_uri():
    said = run(sheet_of(entry(), subject="aws:eu-west-1"))["results"][0]
    place = said["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "infra/aws%3Aeu-west-1"


def test_a_source_that_lies_elsewhere_has_the_same_place_wherever_it_was_kept():
    for folder in ("/tmp/a", "../../tmp/b"):  # noqa: S108 - nothing is written there
        said = run(sheet_of(entry(), subject=f"{folder}/state.json"))
        place = said["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        assert place == {"uri": "state.json", "uriBaseId": "%SRCROOT%"}
        assert said["automationDetails"]["id"] == "bulkhead/diff/state.json/"


def test_a_file_outside_of_the_repository_is_told_in_full():
    (result,) = results(entry(origin=Origin(file="../../tmp/x.yaml", line=2)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "file:///tmp/x.yaml"
    }


@pytest.mark.parametrize(
    ("grade", "level", "score"),
    [
        (Severity.HIGH, "error", "8.9"),
        (Severity.MEDIUM, "warning", "6.9"),
        (Severity.LOW, "warning", "3.9"),
        (Severity.NOTE, "note", None),
    ],
)
def test_how_bad_it_is_is_said_of_its_rule_because_github_reads_it_there(grade, level, score):
    said = run(sheet_of(entry(severity=grade)))
    (rule,), (result,) = said["tool"]["driver"]["rules"], said["results"]
    assert rule["properties"].get("security-severity") == score
    assert rule["defaultConfiguration"]["level"] == result["level"] == level
    usual = grade is KIND.severity
    assert rule["id"] == ("flow-opened" if usual else f"flow-opened/{grade}")


def test_what_nobody_could_decide_is_an_alert_of_a_rule_of_its_own():
    (result,) = results(entry(outcome=Outcome.NOT_DECIDED))
    assert result["ruleId"] == "flow-opened/not-decided"
    kind = replace(KIND, undecided=True)
    (result,) = results(entry(kind=kind, outcome=Outcome.NOT_DECIDED))
    assert result["ruleId"] == "flow-opened"


def test_a_suppressed_finding_is_shown_as_such_with_its_reason():
    (result,) = results(entry(outcome=Outcome.SUPPRESSED, why="until the move, says ops"))
    (said,) = result["suppressions"]
    assert said["justification"] == "until the move, says ops"


def test_a_fingerprint_knows_no_lines_and_tells_parts_from_their_sum():
    at = [results(entry(origin=Origin(file="a", line=each)))[0] for each in (1, 2)]
    assert at[0]["partialFingerprints"] == at[1]["partialFingerprints"]
    one, other = entry(identity=("ab", "c")), entry(identity=("a", "bc"))
    assert one.fingerprint != other.fingerprint


def test_what_looks_the_same_is_told_apart_and_the_first_stays_what_it_was():
    alone, together = results(entry()), results(entry(), entry())
    assert len({each["partialFingerprints"]["bulkhead/v1"] for each in together}) == 2
    assert alone[0]["partialFingerprints"] == together[0]["partialFingerprints"]


def test_what_follows_from_a_cause_is_told_with_it_and_no_alert_of_its_own():
    under = entry("a test fails", origin=Origin(file="shop.yaml", line=40))
    (result,) = results(entry("a rule is not planned", under=(under,)))
    assert "a test fails" in result["message"]["text"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 40


def test_a_name_is_no_link_and_no_placeholder_and_turns_no_text():
    (result,) = results(entry("[here](http://x) {0} \u202egnp"))
    first = result["message"]["text"].splitlines()[0]
    assert first == "[here] (http://x) {{0}} \\u202egnp"


def test_of_more_than_github_takes_the_worst_are_kept_and_how_many_are_not_is_said(monkeypatch):
    monkeypatch.setattr(form, "MOST_RESULTS", 3)
    lesser = [entry(f"l{each}", severity=Severity.LOW) for each in range(3)]
    worst = [entry(f"h{each}", severity=Severity.HIGH) for each in range(2)]
    said = run(sheet_of(*lesser, *worst, notes=["aws was not asked"]))
    assert [each["level"] for each in said["results"]] == ["error", "error", "warning"]
    left, note = said["invocations"][0]["toolExecutionNotifications"]
    assert left["message"]["text"].startswith("2 more results")
    assert note["message"]["text"] == "aws was not asked"


def test_a_file_is_no_larger_than_github_takes(monkeypatch):
    monkeypatch.setattr(form, "MOST_BYTES", 4_000)
    said = run(sheet_of(*(entry(str(each)) for each in range(200))))
    assert 0 < len(said["results"]) < 200
    assert (
        "more results" in said["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    )


def test_a_way_by_a_link_into_the_repository_leads_there(tmp_path):
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "x.yaml").touch()
    (tmp_path / "link").symlink_to(tmp_path / "repo")
    around = checkout_around(tmp_path / "repo")
    assert around.uri(str(tmp_path / "link" / "x.yaml")) == "x.yaml"


def test_an_answer_that_is_no_says_so_beside_its_results():
    (invocation,) = run(sheet_of(entry(), ok=False))["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (1, True)
    assert invocation["endTimeUtc"] == "2026-11-30T01:02:03Z"


def test_what_it_is_a_version_of_is_said_where_a_build_server_tells(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    told = {
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_SHA": "0a1b",
        "GITHUB_REF_NAME": "main",
    }
    around = checkout_around(tmp_path / "infra", told)
    assert around.uri("x.yaml") == "infra/x.yaml"
    (said,) = run(sheet_of(), around)["versionControlProvenance"]
    assert said == {
        "repositoryUri": "https://github.example/acme/shop",
        "revisionId": "0a1b",
        "branch": "main",
    }
    assert "versionControlProvenance" not in run(sheet_of(), checkout_around(tmp_path, {}))
