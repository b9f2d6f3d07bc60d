"""A rule of which the group is not known adds, and takes away nothing that others allow."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.ends import resolve
from bulkhead.network import Network, Verdict
from bulkhead.observe import state
from bulkhead.observe.pulumi.preview import preview
from bulkhead.prove import prove
from tests.support.previews import (
    ACL_RULE,
    GROUP,
    INGRESS,
    INTERFACE,
    RULE,
    STANDING,
    UNKNOWN,
    create,
    document,
    same,
    state_before,
    urn,
)

OTHER = same(GROUP, "client", "sg-2", {"ingress": []}, vpcId="vpc-1", name="client")
OUT = same(
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "out",
    "sgr-2",
    {"securityGroupRuleId": "sgr-2"},
    securityGroupId="sg-2",
    ipProtocol="-1",
    cidrIpv4="10.0.0.0/24",
)
ANYBODY = "urn:pulumi:dev::p::aws:eks/cluster:Cluster::k"
_SIGNED = "4dabf18193072939515e22adb298388d"
PORTS = (5555, 5556, 5557)


def host(name, group, address):
    told = {"privateIp": address, "privateIps": [address]}
    held = {"subnetId": "subnet-1", "securityGroups": [group]}
    return same(INTERFACE, name, f"eni-{name}", told, **held)


WORLD = (*STANDING, RULE, OTHER, OUT, host("a", "sg-1", "10.0.0.9"), host("b", "sg-2", "10.0.0.8"))


def rule(group, depends=(), first=5556, last=5556, peer="10.0.0.0/24"):
    said = {"ipProtocol": "tcp", "fromPort": first, "toPort": last, "cidrIpv4": peer}
    deps = {"securityGroupId": [*depends]} if depends else {}
    return create(INGRESS, "in", deps, securityGroupId=group, **said)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    path = tmp_path_factory.mktemp("previews") / "preview.json"

    def network(*steps) -> Network:
        path.write_text(json.dumps(document(*WORLD, *steps)))
        return preview(path)

    return network


def verdicts(network):
    (one, *_), (other, *_) = resolve(network, "eni-b"), resolve(network, "eni-a")
    reach = prove(network)
    pairs = ((one, other), (other, one))
    return [reach.verdict(*pair, 6, port) for pair in pairs for port in PORTS]


def test_what_is_allowed_stays_so_and_what_the_rule_may_open_cannot_be_told(read):
    """It may be a rule of the group of either; only one lets anything out."""
    allowed, denied, open_ = Verdict.ALLOWED, Verdict.DENIED, Verdict.UNDETERMINED
    assert verdicts(read())[:3] == [denied, allowed, denied]
    found = read(rule(UNKNOWN, [ANYBODY], last=5557))
    assert verdicts(found) == [denied, allowed, open_, denied, denied, denied]
    doubted = {
        each.id: [one.says() for one in each.rules if not one.certain]
        for each in found.security_groups
    }
    assert set(doubted) == {"sg-1", "sg-2", "sg-default"}
    assert all(each == ["tcp 5556-5557 from 10.0.0.0/24 (in doubt)"] for each in doubted.values())
    (said,) = [each for each in found.unmodelled if each.kind == "security-group-rule"]
    assert "may be a rule of any of several groups" in said.why


def test_of_two_that_may_be_meant_no_third_is_in_doubt(read):
    found = read(rule(UNKNOWN, [urn(GROUP, "ticker"), urn(GROUP, "client")]))
    doubted = {each.id for each in found.security_groups for one in each.rules if not one.certain}
    assert doubted == {"sg-1", "sg-2"}


@given(
    st.integers(5555, 5557),
    st.integers(0, 2),
    st.sampled_from(["10.0.0.8/32", "10.0.0.0/24", "10.0.0.9/32"]),
)
def test_whichever_group_it_is_of_the_answer_holds(read, first, more, peer):
    """Denied and allowed are true of each group that it may be a rule of."""
    last = min(first + more, 5557)
    told = verdicts(read(rule(UNKNOWN, [ANYBODY], first, last, peer)))
    without = verdicts(read())
    worlds = [verdicts(read(rule(each, (), first, last, peer))) for each in ("sg-1", "sg-2")]
    for index, verdict in enumerate(told):
        may_be = {without[index], *(world[index] for world in worlds)}
        assert verdict is Verdict.UNDETERMINED or may_be == {verdict}
        if without[index] is Verdict.ALLOWED:
            assert verdict is Verdict.ALLOWED


@pytest.mark.parametrize("key", ["networkAclId", "securityGroupId"])
def test_a_rule_of_a_state_whose_owner_is_a_secret_may_be_one_of_any(tmp_path, key):
    """Nothing says of which: no flow that it may let through, or stop, is said to be denied."""
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "x",
    }
    entry = {"egress": False, "protocol": "tcp", "ruleNumber": 9, "ruleAction": "deny"}
    entry |= {"cidrBlock": "10.0.0.0/16", "fromPort": 5556, "toPort": 5556}
    said = {"ipProtocol": "tcp", "fromPort": 5557, "toPort": 5557, "cidrIpv4": "10.0.0.0/24"}
    step = (
        same(INGRESS, "in", "sgr-9", {}, **said, securityGroupId=secret)
        if key == "securityGroupId"
        else same(ACL_RULE, "in", "nacl-9", {}, **entry, networkAclId=secret)
    )
    path = tmp_path / "state.json"
    path.write_text(json.dumps(state_before(document(*WORLD, step))))
    found = state(path)
    if key == "securityGroupId":
        assert verdicts(found)[2] is Verdict.UNDETERMINED
    else:
        assert "acl-default" in {each.scope for each in found.unmodelled}
