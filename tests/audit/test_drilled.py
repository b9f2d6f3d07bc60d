"""A drill counts as a test of the very network that is audited, and for so long."""

import json
from datetime import date

import pytest

from bulkhead.audit import Evidence, Outcome, read_drill
from bulkhead.audit.checks.tested import TESTED
from bulkhead.network import Declaration
from bulkhead.network.fingerprint import fingerprint
from bulkhead.problems import InputError
from tests.support.estate import Estate

YEAR, HALF, DIAGRAM = TESTED


def network(*rules):
    estate = Estate()
    estate.group("web", *rules)
    return estate.build()


def written(tmp_path, **changes):
    record = {
        "schema": "bulkhead.drill/2",
        "source": "aws",
        "provenance": {
            "time": "2026-06-01T12:00:00Z",
            "version": "1.2.3",
            "digests": [{"name": "eu-west-1/describe-vpcs", "sha256": "0" * 64}],
        },
        "network": fingerprint(network()),
        "verdict": "as proved",
        "reason": "",
        "disagreements": [],
        "measurements": [{}, {}],
        "notes": ["site plant is on a plain link"],
        **changes,
    }
    path = tmp_path / "drill.json"
    path.write_text(json.dumps(record))
    return path


def judged(path, check, of=None, today=date(2026, 7, 1)):
    audited = of or network()
    record = read_drill(path, fingerprint(audited))
    (found,) = check(Evidence(network=audited, drill=record, today=today))
    return found


def test_a_drill_of_this_network_is_a_test_with_date_method_and_limits(tmp_path):
    found = judged(written(tmp_path), HALF)
    assert found.outcome is Outcome.PASS
    assert found.message == "tested 30 days ago, as proved"
    first, *limits = found.evidence
    assert first == (
        "of 2026-06-01, by bulkhead 1.2.3: 2 connections with real sockets in a twin of aws"
    )
    assert f"input: the network of SHA-256 {fingerprint(network())}" in limits
    assert f"input: eu-west-1/describe-vpcs of SHA-256 {'0' * 64}" in limits
    assert "limit: site plant is on a plain link" in limits


def test_after_half_a_year_it_is_none_for_a_service_provider_and_after_a_year_for_nobody(tmp_path):
    path = written(tmp_path)
    seven = date(2027, 1, 1)
    assert judged(path, HALF, today=seven).outcome is Outcome.NOT_DECIDED
    assert "214 days old" in judged(path, HALF, today=seven).message
    assert judged(path, YEAR, today=seven).outcome is Outcome.PASS
    assert judged(path, YEAR, today=date(2027, 6, 10)).outcome is Outcome.NOT_DECIDED


def test_what_was_not_tried_over_ipv6_is_not_tested(tmp_path):
    found = judged(written(tmp_path, by_proof_alone=1234), YEAR)
    assert found.outcome is Outcome.NOT_DECIDED
    assert "of 1,234 pairs of ends over IPv6 none was tried" in found.message
    with pytest.raises(InputError, match="no whole record"):
        judged(written(tmp_path, by_proof_alone="many"), YEAR)


def test_a_drill_of_another_state_is_no_test_of_this_one(tmp_path):
    changed = network("in tcp 22 0.0.0.0/0")
    found = judged(written(tmp_path), YEAR, of=changed)
    assert found.outcome is Outcome.NOT_DECIDED
    assert "another state of this one" in found.message


def test_what_was_not_as_proved_fails(tmp_path):
    differing = {
        "proved": "denied",
        "measured": "allowed",
        "from": {"name": "h1"},
        "to": {"name": "h2"},
        "protocol": "tcp",
        "port": 22,
    }
    found = judged(written(tmp_path, verdict="not as proved", disagreements=[differing]), YEAR)
    assert found.outcome is Outcome.FAIL
    assert "h1 -> h2 tcp 22: proved denied, measured allowed" in found.evidence


def test_where_nothing_was_drilled_nothing_was_tested(tmp_path):
    found = judged(written(tmp_path, verdict="proved, not drilled", reason="no kernel"), YEAR)
    assert (found.outcome, found.message) == (
        Outcome.NOT_DECIDED,
        "nothing was drilled: no kernel",
    )


def test_without_a_record_it_is_not_decided():
    (found,) = YEAR(Evidence(network=network()))
    assert found.outcome is Outcome.NOT_DECIDED


@pytest.mark.parametrize(
    "changes",
    [{"schema": "bulkhead.check/2"}, {"provenance": None}, {"measurements": 3}],
)
def test_what_is_no_record_of_a_drill_is_refused(tmp_path, changes):
    with pytest.raises(InputError):
        read_drill(written(tmp_path, **changes), "")


def test_what_nobody_observed_makes_no_other_network():
    assert fingerprint(network()) == fingerprint(network())
    assert fingerprint(network()) != fingerprint(network("in tcp 22 0.0.0.0/0"))


@pytest.mark.parametrize(
    ("current", "outcome"),
    [(True, Outcome.PASS), (False, Outcome.FAIL), (None, Outcome.NOT_DECIDED)],
)
def test_a_diagram_is_current_or_stale_or_there_is_none(current, outcome):
    declaration = Declaration(topology="shop")
    evidence = Evidence(network=network(), declaration=declaration, diagram=current)
    (found,) = DIAGRAM(evidence)
    assert found.outcome is outcome
    (unknown,) = DIAGRAM(Evidence(network=network(), diagram=current))
    assert unknown.outcome is Outcome.NOT_DECIDED


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"provenance": {"time": "2026-07-02T00:00:00Z", "digests": []}}, "yet to come"),
        ({"measurements": []}, "nothing was measured"),
    ],
)
def test_a_drill_of_tomorrow_or_of_nothing_is_no_test(tmp_path, changes, why):
    found = judged(written(tmp_path, **changes), YEAR)
    assert found.outcome is Outcome.NOT_DECIDED
    assert why in found.message


def test_the_day_of_a_drill_is_that_of_utc(tmp_path):
    far_east = {"time": "2026-07-02T01:00:00+14:00", "digests": []}
    found = judged(written(tmp_path, provenance=far_east), YEAR)
    assert found.message == "tested 0 days ago, as proved"
