"""Whether a VPC makes hosts encrypt, held against a topology that says so."""

from dataclasses import replace

import pytest

from bulkhead.intent.load import topology_of
from bulkhead.judge import FindingKind, judge
from bulkhead.network import NO_ENCRYPTION, EncryptionMode, Verdict, VpcEncryption
from bulkhead.plan import plan
from bulkhead.prove import prove

TEXT = """
name: t
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
vpc-encryption: { mode: %s }
segments: { a: { purpose: x } }
services:
  ticker:
    segment: a
    sockets:
      ticks: { type: PUB, bind: "tcp://*:5556" }
      safe: { type: PUB, bind: "tcp://*:5557", mechanism: CURVE, zap: true }
  sub:
    segment: a
    sockets:
      t: { type: SUB, connect: ticker.ticks }
      s: { type: SUB, connect: ticker.safe, mechanism: CURVE }
"""


def planned(mode="enforce"):
    return plan(topology_of("t.yaml", (TEXT % mode).encode()))


def held(there, wanted="enforce"):
    """What is found where the VPC does `there`, and the plan asks for `wanted`."""
    whole = planned(wanted)
    vpcs = tuple(replace(each, encryption=there) for each in whole.network.vpcs)
    return judge(prove(replace(whole.network, vpcs=vpcs)), whole.declaration)


def control(mode, *excluded, settled=True):
    return VpcEncryption(mode=EncryptionMode(mode), excluded=excluded, settled=settled)


def test_one_that_is_as_planned_is_as_declared():
    assert held(control("enforce")).ok
    assert held(control("monitor"), "monitor").ok


@pytest.mark.parametrize("there", [NO_ENCRYPTION, control("monitor")], ids=str)
def test_one_that_does_not_enforce_leaves_flows_in_clear_text_and_names_them(there):
    (found,) = held(there).findings
    assert found.kind is FindingKind.DIFFERS
    assert f"is {there.mode}, planned enforce" in found.message
    assert "1 declared flow relies on it, and is in clear text" in found.why
    assert "sub.t -> ticker.ticks" in found.why
    assert "sub.s" not in found.why
    assert (found.file, found.line) == ("t.yaml", 6)


def test_one_that_nobody_observed_satisfies_nobody_and_is_not_called_absent():
    judgement = held(None)
    (found,) = judgement.findings
    assert not judgement.ok
    assert judgement.undetermined
    assert found.verdict is Verdict.UNDETERMINED
    assert "it is not known whether" in found.message
    assert "may be in clear text" in found.why
    assert "off" not in found.message


@pytest.mark.parametrize("mode", ["enforce", "monitor"])
def test_one_that_aws_is_not_done_with_is_not_taken_for_done(mode):
    judgement = held(control(mode, settled=False))
    assert judgement.undetermined
    assert "AWS is not done with that" in judgement.findings[0].message


def test_what_it_excludes_beside_the_plan_or_no_longer_is_told_one_by_one():
    (found,) = held(control("enforce", "lambda")).findings
    assert (found.kind, found.about[-1]) == (FindingKind.UNPLANNED, "lambda")


def test_where_nobody_asks_for_one_whatever_there_is_is_fine():
    whole = plan(topology_of("t.yaml", TEXT.replace("vpc-encryption: { mode: %s }", "").encode()))
    for there in (None, NO_ENCRYPTION, control("enforce", "lambda")):
        vpcs = tuple(replace(each, encryption=there) for each in whole.network.vpcs)
        assert judge(prove(replace(whole.network, vpcs=vpcs)), whole.declaration).ok


def test_more_than_was_asked_is_told_too():
    (found,) = held(control("enforce"), "monitor").findings
    assert "AWS refuses what it was only to watch" in found.why
