"""A file of suppressions: read as it is written, and everything wrong with it said at once."""

from datetime import date

import pytest

from bulkhead.audit import ALL_CONTROLS, beside, read_suppressions
from bulkhead.problems import InputError

CHECKS = {"group-port-22", "flow-logs-on"}
CONTROLS = {"CIS 6.3"}
GOOD = """\
suppressions:
  - check: group-port-22
    resource: sg-0123*
    reason: a honeypot
    owner: security@example.com
    expires: 2027-03-31
  - control: cis 6.3
    resource: "*"
    reason: closed by the firewall
    owner: network
    expires: "2027-01-01"
"""


def read(tmp_path, text):
    path = tmp_path / "excused.yaml"
    path.write_text(text)
    return read_suppressions(path, CHECKS, CONTROLS)


def problems(tmp_path, text):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    return sorted((each.line, each.what) for each in caught.value.problems)


def test_each_entry_is_read_with_its_line(tmp_path):
    one, other = read(tmp_path, GOOD)
    assert (one.check, one.resource, one.owner) == (
        "group-port-22",
        "sg-0123*",
        "security@example.com",
    )
    assert (one.expires, one.line) == (date(2027, 3, 31), 2)
    assert (other.control, other.line) == ("cis 6.3", 7)


@pytest.mark.parametrize("control", [each.name for each in ALL_CONTROLS])
def test_each_control_can_be_named_as_the_audit_names_it(tmp_path, control):
    path = tmp_path / "excused.yaml"
    path.write_text(GOOD.replace("cis 6.3", control))
    _, found = read_suppressions(path, CHECKS, {each.name for each in ALL_CONTROLS})
    assert found.control == control


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    text = """\
suppressions:
  - check: group-port-23
    resource: sg-1
    reason: no
    expires: tomorrow
    owner: me
  - control: CIS 6.3
    check: flow-logs-on
    resource: ""
    who: me
  - flow-logs-on
more: 1
"""
    assert problems(tmp_path, text) == sorted(
        [
            (2, "no check is called 'group-port-23'"),
            (5, "'tomorrow' is no date"),
            (7, "has to name a check or a control, and not both"),
            (7, "has no expires"),
            (7, "has no owner"),
            (7, "has no reason"),
            (9, "resource is no text"),
            (10, "'who' means nothing here"),
            (11, "is no suppression"),
            (12, "'more' means nothing here"),
        ]
    )


def test_a_check_and_a_date_are_looked_at_also_where_something_else_is_wrong(tmp_path):
    text = "suppressions:\n- {check: x, resource: a, expires: 2026-02-30, owner: me, reason: ''}\n"
    assert [what for _, what in problems(tmp_path, text)] == [
        "'2026-02-30' is no date",
        "no check is called 'x'",
        "reason is no text",
    ]


def test_a_reason_of_two_lines_could_forge_one_of_the_answer(tmp_path):
    two = GOOD.replace("a honeypot", '"a honeypot\\nFAIL high: no"')
    assert problems(tmp_path, two) == [(4, "reason is more than one line of text")]


def test_an_empty_file_is_told_what_goes_into_it(tmp_path):
    path = tmp_path / "excused.yaml"
    path.write_text("# nothing yet\n")
    with pytest.raises(InputError) as caught:
        read_suppressions(path, CHECKS, CONTROLS)
    (problem,) = caught.value.problems
    assert problem.remedy.startswith("write check (or control)")


@pytest.mark.parametrize("text", ["- a\n", "suppressions: none\n", "other: []\n"])
def test_a_file_of_something_else_is_refused(tmp_path, text):
    assert (1, "has no list `suppressions:`") in problems(tmp_path, text)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError):
        read_suppressions(tmp_path / "nowhere.yaml", CHECKS, CONTROLS)


def test_it_lies_beside_its_topology(tmp_path):
    assert beside(tmp_path / "trading.yaml") == tmp_path / "trading.suppressions.yaml"
