"""The control plane of a cluster of EKS: the group that EKS makes is declared, nothing wider."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.network import CidrPeer, Direction, GroupRule, Unlisted
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.review.steps import steps
from bulkhead.review.version import Version
from tests.support.topologies import topology_from

PODS = """
    name: pods
    region: eu-west-1
    cidr: 10.62.0.0/16
    zones: 2
    segments: { control: { purpose: where EKS enters }, work: { purpose: nodes } }
    services:
      control: { segment: control, replicas: 2..4, runs-on: eks, cluster: prod }
      nodes: { segment: work, replicas: 2..4, runs-on: asg }
    flows:
      - { name: api, from: nodes, to: control, traffic: tcp 443, why: kubelets, encryption: TLS }
"""


@pytest.fixture
def made(tmp_path):
    return plan(topology_from(tmp_path, PODS))


@pytest.fixture
def stands(made):
    """As AWS has it: two interfaces of the control plane, and EKS's name for its group."""
    network = made.network
    places = [each for each in network.interfaces if each.service == "control"]
    return replace(
        network,
        security_groups=tuple(
            replace(each, name="eks-cluster-sg-prod-123456789") if each.more_of else each
            for each in network.security_groups
        ),
        interfaces=(
            *network.interfaces,
            *(
                replace(
                    each,
                    id=f"eni-{number}",
                    name=f"Amazon EKS prod {number}",
                    address=IPv4Address(int(each.address) - 9),
                    stand_in=False,
                    security_groups=tuple(reversed(each.security_groups)),
                )
                for number, each in enumerate(places)
            ),
        ),
    )


def with_cluster_group(network, **changed):
    return replace(
        network,
        security_groups=tuple(
            replace(each, **{key: turn(each) for key, turn in changed.items()})
            if each.more_of
            else each
            for each in network.security_groups
        ),
    )


def judged(network, made):
    return judge(prove(network), made.declaration)


def test_what_its_holders_do_among_themselves_is_residue_and_nothing_else_is_open(made, stands):
    for network in (made.network, stands):
        found = judged(network, made)
        assert found.ok, [str(each) for each in found.findings]
        (own,) = [each for each in found.residue if each.kind is ResidueKind.CLUSTER]
        assert (own.source, own.destination) == ("control", "control")


def test_the_rule_to_everybody_with_which_it_comes_is_named_with_the_call_that_removes_it(
    made, stands
):
    out = GroupRule(
        id="sgr-0a1b",
        direction=Direction.EGRESS,
        protocol=-1,
        ports=made.network.security_groups[-1].rules[0].ports,
        peer=CidrPeer(IPv4Network("0.0.0.0/0")),
        description="",
    )
    found = judged(with_cluster_group(stands, rules=lambda each: (*each.rules, out)), made)
    assert not found.ok
    (named,) = [each for each in found.findings if "no plan has" in each.message]
    assert "egress all to 0.0.0.0/0" in named.message
    assert "revoke-security-group-egress" in named.mend


def test_a_host_that_holds_its_group_is_none_of_the_control_plane(made, stands):
    own = next(each.id for each in stands.security_groups if each.more_of)
    node = next(each for each in stands.interfaces if each.service == "nodes")
    stray = replace(
        node,
        id="eni-stray",
        name="stray",
        address=IPv4Address("10.62.4.77"),
        stand_in=False,
        service=None,
        security_groups=(own,),
    )
    found = judged(replace(stands, interfaces=(*stands.interfaces, stray)), made)
    assert not found.ok
    assert any("stray" in each.message for each in found.findings)


def test_an_interface_of_the_control_plane_without_it_differs(made, stands):
    bare = replace(
        stands,
        interfaces=tuple(
            replace(each, security_groups=each.security_groups[1:])
            if each.id.startswith("eni-0")
            else each
            for each in stands.interfaces
        ),
    )
    assert not judged(bare, made).ok


def test_where_a_source_may_not_show_it_it_is_not_known_and_no_difference(made, stands):
    unseen = replace(
        stands,
        security_groups=tuple(each for each in stands.security_groups if not each.more_of),
        interfaces=made.network.interfaces[:0],
        unlisted=(Unlisted(kind="stack", name="other stacks", why="x", field="", runs=False),),
    )
    found = judged(unseen, made)
    about = [each for each in found.findings if "eks-cluster-sg" in each.message]
    assert [each.kind for each in about] == [FindingKind.UNDETERMINED]


def test_no_call_of_a_plan_makes_it(tmp_path, made):
    without = plan(topology_from(tmp_path, PODS.replace(", cluster: prod", "")), made.lock)
    before = Version(label="a", network=without.network, declaration=without.declaration)
    after = Version(label="b", network=made.network, declaration=made.declaration)
    assert [str(call) for step in steps(before, after).steps for call in step.calls] == []
