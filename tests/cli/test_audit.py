"""`bulkhead audit SOURCE`: every control with its outcome, and an exit code."""

import json
from dataclasses import replace
from ipaddress import ip_network

import pytest

from bulkhead.network import CidrPeer, PortRange
from bulkhead.sources import open_source
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write

OUTCOMES = {"pass", "fail", "not decided", "not applicable", "suppressed"}


@pytest.fixture
def opened(trading, tmp_path):
    """A dump of an account in which trading stands, with SSH open to all on one group."""
    network = with_aws_ids(open_source(str(trading)).network)
    first, *rest = (each for each in network.security_groups if each.service)
    default = tuple(each for each in network.security_groups if not each.service)
    (rule, *_) = (each for each in first.rules if each.direction == "ingress")
    open_ = replace(
        rule, id="sgr-0open", ports=PortRange(22, 22), peer=CidrPeer(ip_network("0.0.0.0/0"))
    )
    groups = (*default, replace(first, rules=(*first.rules, open_)), *rest)
    return write(as_files(replace(network, security_groups=groups)), tmp_path / "dump"), first


def test_a_plan_fails_for_clear_text_alone_and_passes_nothing_that_only_an_account_decides(
    ask, trading
):
    answer = ask("audit", trading, "--json")
    assert (answer.code, answer.json["schema"]) == (1, "bulkhead.audit/1")
    controls = {
        f"{each['framework']} {each['id']}": each["outcome"] for each in answer.json["controls"]
    }
    assert controls["nist-800-53 SC-7(5)"] == "pass"
    assert controls["pci 1.2.8"] == "not decided"
    assert controls["fsbp EC2.20"] == "not decided"
    assert controls["pci 4.2.1"] == "pass"
    assert set(controls.values()) <= OUTCOMES
    failing = {name for name, outcome in controls.items() if outcome == "fail"}
    assert failing == {"nist-800-53 SC-8", "nist-800-207 tenet 2"}


def test_one_open_port_fails_each_control_that_forbids_it_and_names_the_rule(ask, opened, trading):
    folder, group = opened
    answer = ask("audit", folder, "--for", trading, "--json")
    failing = {
        f"{each['framework']} {each['id']}"
        for each in answer.json["controls"]
        if each["outcome"] == "fail"
    }
    assert answer.code == 1
    assert {"cis 6.3", "fsbp EC2.13", "fsbp EC2.18", "fsbp EC2.19", "pci 1.2.8"} <= failing
    found = next(
        check
        for each in answer.json["controls"]
        if each["id"] == "6.3"
        for check in each["checks"]
        if check["outcome"] == "fail"
    )
    assert found["resource"] == group.id
    assert found["rules"] == [{"component": group.id, "rule": "sgr-0open: tcp 22 from 0.0.0.0/0"}]
    assert found["remedy"].startswith("remove sgr-0open")


def test_the_same_said_to_people_leads_with_what_fails_and_ends_with_the_verdict(
    ask, opened, trading
):
    folder, _ = opened
    answer = ask("audit", folder, "--for", trading, "--framework", "cis")
    lines = answer.out.splitlines()
    assert lines[0].startswith("FAIL high: No security group gives ports of administration")
    assert "NOT DECIDED, and what would decide it" in lines
    assert lines[-1].endswith("not applicable.")
    assert "1 of 14 controls fail" in lines[-1]


def test_a_suppression_beside_the_topology_counts_and_is_shown(ask, opened, trading):
    folder, _ = opened
    excused = trading.with_name("trading.suppressions.yaml")
    excused.write_text(
        "suppressions:\n"
        "  - {check: group-port-22, resource: 'sg-*', reason: a honeypot, owner: security,"
        " expires: 2999-01-01}\n"
        "  - {check: group-port-22, resource: other, reason: x, owner: y, expires: 2999-01-01}\n"
    )
    answer = ask("audit", folder, "--for", trading, "--framework", "fsbp", "--json")
    (found,) = (each for each in answer.json["controls"] if each["id"] == "EC2.13")
    assert found["outcome"] == "suppressed"
    assert [each["line"] for each in answer.json["suppressions"]["unmatched"]] == [3]
    digests = answer.json["provenance"]["digests"]
    assert str(excused) in {each["name"] for each in digests}
    said = ask("audit", folder, "--for", trading, "--framework", "fsbp")
    assert "suppressed until 2999-01-01 by security: a honeypot" in said.out
    assert "no finding matches the suppression of group-port-22 of other" in said.out


def test_what_is_not_decided_fails_where_that_is_asked_for(ask, trading):
    asked = ("audit", trading, "--framework", "cis")
    assert ask(*asked).code == 0
    assert ask(*asked, "--fail-on", "not-decided").code == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--framework", "hipaa"), "--framework hipaa: not cis"),
        (("--cde", "vault"), "--cde vault: nothing here is called so; there are archive"),
        (("--stores", "vault"), "--stores vault: nothing here is called so"),
        (("--suppressions", "nowhere.yaml"), "nowhere.yaml"),
        (("--drill", "nowhere.json"), "nowhere.json"),
    ],
)
def test_what_cannot_be_asked_is_refused(ask, trading, more, said):
    answer = ask("audit", trading, *more)
    assert answer.code == 2
    assert said in answer.err


def test_every_machine_form_says_the_same(ask, opened, trading, tmp_path):
    folder, group = opened
    files = {each: tmp_path / f"audit.{each}" for each in ("sarif", "junit", "csv", "html", "ocsf")}
    options = [word for form, path in files.items() for word in (f"--{form}", path)]
    answer = ask("audit", folder, "--for", trading, "--framework", "cis", *options)
    assert answer.code == 1
    for path in files.values():
        assert "lets everybody in on port 22" in path.read_text()
    (run,) = json.loads(files["sarif"].read_text())["runs"]
    assert "group-admin-ports-ipv4" in {each["ruleId"] for each in run["results"]}
    assert group.id in files["csv"].read_text()


def test_the_diagram_beside_a_topology_is_held_against_its_plan(ask, trading):
    def outcome():
        answer = ask("audit", trading, "--framework", "pci", "--json").json
        found = next(each for each in answer["controls"] if each["id"] == "1.2.4")
        return next(each for each in found["checks"] if each["check"] == "diagram-current")

    assert outcome()["outcome"] == "not decided"
    assert ask("document", trading).code == 0
    assert outcome()["outcome"] == "pass"
    page = trading.with_name("flows.md")
    page.write_text(page.read_text() + "by hand\n")
    assert outcome()["outcome"] == "fail"
