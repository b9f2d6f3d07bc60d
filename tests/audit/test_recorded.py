"""What prowler and checkov said of one account when they were run, beside this audit of it.

tests/audit/recorded/ holds the account, their verdicts, and how both were made. Every verdict that
is another here stands below with the reason, and nothing else may be.
"""

import gzip
import json
from collections import defaultdict
from pathlib import Path

import pytest

from bulkhead import observe
from bulkhead.audit import ALL_CHECKS, Evidence
from tests.audit.recorded.asked import CHECKOV, PROWLER
from tests.audit.recorded.naming import names

RECORDED = Path(__file__).parent / "recorded"
CHECKS = {each.id: each for each in ALL_CHECKS}
ASKED = {"prowler": PROWLER, "checkov": CHECKOV}

HALVES = "blocks that are most of the internet are everybody, alone or together"
LISTS = "a prefix list lets in what is in it"
UDP = "CIS 6.2 and 6.3 name udp, and so does the AWS Config rule vpc-sg-port-restriction-check"
HIGH_RISK = "EC2.19 lists the port; prowler leaves it to a check of its own, or lacks it"
FIRST_MATCH = "what entries before it deny reaches no entry that allows everything"
PORT_0 = "a range that begins at 0 holds its ports"
DEFAULT_VERSION = (
    "the default version counts (AWS Config rules ec2-launch-template-imdsv2-check and "
    "ec2-launch-template-public-ip-disabled)"
)
SILENT_TEMPLATE = "EC2.170 asks that version 2 is specified: saying nothing of it is not that"
OTHER_SERVICE = "an endpoint of ec2messages is none of ec2"
REJECTED = "EC2.6 asks for REJECT: a flow log of ACCEPT alone records nothing of it"
UNDELIVERED = "a flow log that AWS cannot deliver records nothing"
WHOLE_PEER = "CIS 6.6: a route leads to all of the peer, as its block, wider, or in parts together"
ELASTIC = "an elastic address is a public one; a program's instance does not show it"

ON_PURPOSE = {
    "prowler": {
        "group-port-22": {
            HALVES: ("ssh-in-halves", "ssh-from-one-half", "ssh-from-ipv6-halves"),
            LISTS: ("ssh-by-prefix-list",),
            UDP: ("udp-22",),
        },
        "group-port-3389": {UDP: ("rdp-udp",)},
        "group-high-risk-ports": {
            HIGH_RISK: ("port-8888", "postgres", "rdp", "rdp-ipv6", "ssh", "ssh-ipv6"),
            HALVES: ("ssh-in-halves", "ssh-from-one-half", "ssh-from-ipv6-halves"),
            LISTS: ("ssh-by-prefix-list",),
            UDP: ("rdp-udp", "udp-22"),
        },
        "nacl-admin-ports": {
            FIRST_MATCH: ("acl-denied-before", "acl-denied-in-halves"),
            HALVES: ("acl-halves",),
            UDP: ("acl-udp-22",),
        },
        "template-imdsv2": {
            DEFAULT_VERSION: ("template-better-since",),
            SILENT_TEMPLATE: (
                *("template-silent", "template-private", "template-public"),
                "template-public-once",
            ),
        },
        "template-not-public": {DEFAULT_VERSION: ("template-public-once",)},
        "endpoint-ec2": {OTHER_SERVICE: ("peer",)},
        "flow-logs-on": {REJECTED: ("accepted",), UNDELIVERED: ("undelivered",)},
        "peering-routes-narrow": {
            WHOLE_PEER: ("to-the-block", "to-more-than-the-block", "to-both-halves")
        },
    },
    "checkov": {
        "group-port-22": {
            HALVES: ("ssh-in-halves", "ssh-from-one-half", "ssh-from-ipv6-halves"),
            LISTS: ("ssh-by-prefix-list",),
        },
        "nacl-admin-ports": {
            FIRST_MATCH: ("acl-denied-in-halves",),
            HALVES: ("acl-halves",),
            PORT_0: ("acl-every-tcp-port", "acl-low-ports"),
        },
        "instance-not-public": {ELASTIC: ("elastic",)},
        "flow-logs-on": {REJECTED: ("accepted",), UNDELIVERED: ("undelivered",)},
        "peering-routes-narrow": {
            WHOLE_PEER: (
                *("to-the-block", "to-more-than-the-block", "to-both-halves"),
                "back-to-the-block",
            )
        },
    },
}


@pytest.fixture(scope="module")
def answers():
    return json.loads(gzip.decompress((RECORDED / "account.json.gz").read_bytes()))


@pytest.fixture(scope="module")
def ours(answers, tmp_path_factory):
    """What each check says here: 'pass', 'fail', … by its id and the name of the resource."""
    folder = tmp_path_factory.mktemp("account")
    called = names({key: value for each in answers.values() for key, value in each.items()})
    for name, answer in answers.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(answer))
    observed = observe.read_dump(folder)
    evidence = Evidence(network=observed.network, inventory=observed.inventory(), stands=True)
    said = defaultdict(dict)
    for check in {**PROWLER, **CHECKOV}:
        for each in CHECKS[check](evidence):
            if each.resource in called:
                said[check][called[each.resource]] = each.outcome.value
    return said


def verdicts(program):
    return json.loads((RECORDED / f"{program}.json").read_bytes())["verdicts"]


def theirs(program, check):
    """Of the checks that ask it together, the worst word of each resource."""
    found = defaultdict(set)
    for each in ASKED[program][check]:
        for name, outcome in verdicts(program).get(each, {}).items():
            found[name].add(outcome)
    return {name: "fail" if "fail" in said else "pass" for name, said in found.items()}


QUESTIONS = [(program, check) for program, asked in ASKED.items() for check in asked]


@pytest.mark.parametrize(("program", "check"), QUESTIONS)
def test_where_both_ask_the_same_both_say_the_same_but_for_what_differs_on_purpose(
    program, check, ours
):
    said = theirs(program, check)
    both = said.keys() & ours[check].keys()
    assert len(both) >= 1
    differing = {name for name in both if said[name] != ours[check][name]}
    reasons = ON_PURPOSE[program].get(check, {})
    assert differing == {name for several in reasons.values() for name in several}
    assert {ours[check][name] for name in both} <= {"pass", "fail"}


@pytest.mark.parametrize("program", ASKED)
def test_what_they_speak_of_this_audit_speaks_of_too(program, ours):
    asking = defaultdict(set)
    for check, several in ASKED[program].items():
        for each in several:
            asking[each].update(ours[check])
    # It asks instances, and this audit the groups that they hold.
    asking.pop("ec2_instance_port_cifs_exposed_to_internet", None)
    for each, known in asking.items():
        assert verdicts(program)[each].keys() <= known


def test_a_group_that_nothing_holds_is_asked_about_though_prowler_leaves_it_out(ours):
    assert "ssh-of-nobody" not in theirs("prowler", "group-port-22")
    assert ours["group-port-22"]["ssh-of-nobody"] == "fail"
    assert "default of to-a-subnet" not in theirs("prowler", "default-group-closed")
    assert ours["default-group-closed"]["default of to-a-subnet"] == "fail"


def test_the_documentation_names_the_programs_that_were_run():
    said = (Path(__file__).parents[2] / "docs" / "audit.md").read_text()
    for program in ASKED:
        record = json.loads((RECORDED / f"{program}.json").read_bytes())
        assert f"{record['program']} {record['version']}" in said
