"""A register that was kept as JSON is the same register when it is read again."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from bulkhead.discover.register import EvidenceKind, parse_register, read_register
from bulkhead.problems import InputError
from bulkhead.report.documents.register import register as document
from tests.discover.register.conftest import binds, connects
from tests.support.examples import examples
from tests.support.machines import Machine
from tests.support.registers import pieces, registers


def as_json(register):
    return json.loads(json.dumps(document(register)))


def kept(register):
    """What JSON keeps: no time of a packet, and where to look it up in words."""

    def plain(each):
        frame = each.frame and replace(each.frame, time=0.0)
        return replace(each, frame=frame, source=each.where)

    boundaries = tuple(
        replace(each, evidence=tuple(map(plain, each.evidence))) for each in register.boundaries
    )
    return replace(register, boundaries=boundaries, digests={})


def of_code_and_hosts(registered):
    machine = Machine("vm-1", "10.0.0.2").process(7, "ticker")
    machine.socket(7, "listening", ["10.0.0.2", 5556])
    machine.socket(7, "established", ["10.0.0.2", 5556], ["10.0.0.9", 41000])
    files = {"ticker/main.py": binds("PUB", "tcp://*:5556"), "b/c.py": connects("SUB", "ipc:///a")}
    return registered(files, machines=[machine])


@examples(1)
@given(before=registers(evidence=pieces()))
def test_every_boundary_is_there_again_with_all_its_evidence(before):
    assert parse_register(as_json(before)) == kept(before)


def test_of_code_and_what_runs_nothing_is_lost(registered):
    before = of_code_and_hosts(registered)
    kinds = {one.kind for each in before.boundaries for one in each.evidence}
    assert kinds == {EvidenceKind.CODE, EvidenceKind.HOST}
    assert parse_register(as_json(before)) == kept(before)


def test_fields_of_a_later_version_are_passed_over_and_those_of_an_earlier_one_lack(registered):
    before = of_code_and_hosts(registered)
    value = as_json(before)
    value["later"] = 1
    for each in value["boundaries"]:
        for one in each["evidence"]:
            del one["client_address"], one["server_address"]
    after = parse_register(value)
    assert [str(each) for each in after.boundaries] == [str(each) for each in before.boundaries]
    assert {one.client_address for each in after.boundaries for one in each.evidence} == {""}


def test_all_that_is_wrong_is_said_at_once(registered, tmp_path):
    value = as_json(of_code_and_hosts(registered))
    value["boundaries"][0]["port"] = 70_000
    value["boundaries"][1]["evidence"][0]["client_address"] = "10.0.0.999"
    path = tmp_path / "register.json"
    path.write_text(json.dumps(value))
    with pytest.raises(InputError) as refused:
        read_register(path)
    said = "\n".join(map(str, refused.value.problems))
    assert "boundaries.0.port: Input should be less than or equal to 65535" in said
    assert "boundaries.1.evidence.0.client_address" in said
    assert "name a file that `bulkhead discover register --json` wrote" in said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "is no JSON"),
        ("[]", "is no register of boundaries"),
        ('{"schema": "bulkhead.prove/1"}', "is of 'bulkhead.prove/1', not"),
    ],
)
def test_what_is_no_register_is_refused_by_its_name(text, what, tmp_path):
    path = tmp_path / "register.json"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        read_register(path)
    assert what in str(refused.value.problems[0])


def test_a_party_that_is_not_listed_is_refused(registered):
    value = as_json(of_code_and_hosts(registered))
    value["parties"] = []
    with pytest.raises(InputError) as refused:
        parse_register(value)
    assert "parties: has no " in str(refused.value.problems[0])
