"""What a preview says that it replaces is what a review says is interrupted."""

import json

import pytest

from bulkhead.network import Declaration, Network, Origins, Replaced
from bulkhead.observe.pulumi.preview import read_preview
from bulkhead.observe.pulumi.state import read_state
from bulkhead.review import Interruption, Version, review
from bulkhead.review.engine import said_by_engine
from tests.support.previews import (
    EVERY,
    RULE,
    changed,
    document,
    state_before,
    without_sames,
)

SUBNET, GROUP, HOST = (EVERY[index] for index in (1, 2, 6))


def previewed(tmp_path, *edited):
    """The review of a state against a preview in which these steps are others."""
    others = {each["urn"]: each for each in edited}
    whole = document(*(others.get(each["urn"], each) for each in EVERY))
    state, part = tmp_path / "state.json", tmp_path / "preview.json"
    state.write_text(json.dumps(state_before(whole)))
    part.write_text(json.dumps(without_sames(whole)))
    one, other = read_state(state), read_preview(part, beside=state)
    base = Version(label="state", network=one.network)
    head = Version(label="preview", network=other.network, replaced=other.replaced)
    return review(base, head).replacements


def replaced(step, *reasons, **inputs):
    return changed(step, "replace", **inputs) | {"replaceReasons": list(reasons)}


def test_a_host_that_is_replaced_is_told_once_with_the_property_that_forces_it(tmp_path):
    (host,) = previewed(tmp_path, replaced(HOST, "privateIp", privateIp="10.0.0.99"))
    assert host.interrupts is Interruption.CONNECTIONS
    assert "the engine cannot change privateIp in place" in host.why
    assert host.steps


def test_a_rule_that_only_follows_its_group_is_not_told_beside_it(tmp_path):
    group = replaced(GROUP, "description", description="new")
    told = previewed(tmp_path, group, replaced(RULE))
    assert [(each.kind, each.interrupts) for each in told] == [
        ("security group", Interruption.NOTHING)
    ]


def test_a_rule_that_is_replaced_for_itself_may_be_closed_for_a_moment(tmp_path):
    (rule,) = previewed(tmp_path, replaced(RULE, "securityGroupId"))
    assert (rule.kind, rule.name) == ("security group rule", "ticks")
    assert rule.interrupts is Interruption.CLOSED


@pytest.mark.parametrize(
    ("kind", "interrupts"),
    [
        ("aws:ec2/vpnConnection:VpnConnection", Interruption.BOTH_TUNNELS),
        ("aws:ec2/customerGateway:CustomerGateway", Interruption.BOTH_TUNNELS),
        ("aws:ec2/natGateway:NatGateway", Interruption.CONNECTIONS),
        ("aws:ec2/route:Route", Interruption.CLOSED),
        ("aws:s3/bucket:Bucket", None),
    ],
)
def test_each_kind_is_told_by_what_it_carries(kind, interrupts):
    one = Replaced(urn="u", kind=kind, name="x", id="x-1", new_id="x-x", reasons=("cidr",))
    told = list(said_by_engine([one], (), Origins()))
    assert [each.interrupts for each in told] == ([interrupts] if interrupts else [])
    assert all(each.origin.urn == "u" for each in told)
    assert not list(said_by_engine([one], {"x-x"}, Origins()))


def test_against_a_topology_only_the_engine_says_what_is_replaced(tmp_path):
    one = Replaced(
        urn="u", kind="aws:ec2/vpc:Vpc", name="x", id="vpc-1", new_id="vpc-x", reasons=("cidr",)
    )
    head = Version(label="preview", network=Network(), replaced=(one,))
    nothing = Declaration(topology="t", flows=(), expectations=(), planned=Network())
    base = Version(label="t.yaml", network=Network(), declaration=nothing)
    assert [each.name for each in review(base, head).replacements] == ["x"]
