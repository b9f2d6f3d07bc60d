"""VPC Block Public Access is the account's: what it denies of what is declared is said by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bulkhead.doubt import doubt
from bulkhead.explain.hops import Code
from bulkhead.judge import FindingKind, judge
from bulkhead.network import AccessBlock, AccessMode, Exclusion, PublicAccess, Verdict
from bulkhead.network.public_access import BY_POLICY
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.plan.test_peers import document
from tests.support.topologies import topology_from

IN = {"clients.ticks"}
OUT = {"router.out"}


@pytest.fixture(params=["regional", "zonal"])
def made(request, tmp_path):
    return plan(topology_from(tmp_path, {**document(), "nat": request.param}))


def left(network, access, excluded=()):
    """The same network in an account that leaves so much, but to the subnets of some NACLs."""
    return replace(
        network,
        subnets=tuple(
            each if each.nacl in excluded else replace(each, public_access=access)
            for each in network.subnets
        ),
    )


def missed(made, network):
    judged = judge(prove(network), made.declaration)
    assert {each.kind for each in judged.findings} <= {FindingKind.MISSING}
    for each in judged.findings:
        assert Code.VPC_BLOCK_PUBLIC_ACCESS_ENABLED in each.codes
        assert "block public access" in each.message
    return {each.source for each in judged.findings}


def test_what_blocks_ingress_lets_out_through_nat_and_lets_nobody_in(made):
    network = left(made.network, PublicAccess.EGRESS_ONLY)
    assert missed(made, network) == IN


def test_what_blocks_both_ways_lets_nothing_cross(made):
    network = left(made.network, PublicAccess.BLOCKED)
    assert missed(made, network) == IN | OUT


def test_an_exclusion_of_the_exposed_subnets_lets_those_be_reached(made):
    network = left(made.network, PublicAccess.EGRESS_ONLY, excluded=("acl/edge.gateway",))
    assert missed(made, network) == set()


@pytest.mark.parametrize(
    "access", [PublicAccess.EGRESS_ONLY, PublicAccess.OUTBOUND, PublicAccess.BLOCKED]
)
def test_no_second_method_finds_a_packet_that_contradicts_the_proof_of_it(made, access):
    network = left(made.network, access)
    assert doubt(network, prove(network), limit=1, packets=200).ok


# Of a topology that counts on it, or sets it.


def under(tmp_path, mode="block-ingress", **said):
    said = {"mode": mode, **said}
    return plan(topology_from(tmp_path, {**document(), "block-public-access": said}))


def found_in(whole, block=None, *, subnet=lambda each: each, told=True):
    """What is found where the Region has `block`, and subnets are as `subnet` has them."""
    vpcs = whole.network.vpcs
    if block is not None or not told:
        vpcs = tuple(replace(each, access_block=block) for each in vpcs)
    network = replace(whole.network, vpcs=vpcs, subnets=tuple(map(subnet, whole.network.subnets)))
    return judge(prove(network), whole.declaration)


def option(mode, **more):
    return AccessBlock(mode=AccessMode(mode), **more)


@pytest.mark.parametrize("manage", [True, False])
def test_what_is_as_planned_is_as_declared_whoever_set_it(tmp_path, manage):
    whole = under(tmp_path, manage=manage)
    assert found_in(whole).ok
    told = option("block-ingress", managed_by="account", exclusions_allowed=True)
    assert found_in(whole, told).ok


@pytest.mark.parametrize(("manage", "mend"), [(True, "pulumi up"), (False, "aws ec2 modify-vpc")])
def test_another_mode_is_found_at_the_line_that_counts_on_one(tmp_path, manage, mend):
    whole = under(tmp_path, manage=manage)
    (found,) = found_in(whole, option("off")).findings
    assert found.kind is FindingKind.DIFFERS
    assert found.message == "VPC Block Public Access in eu-west-1 is off, planned block-ingress"
    assert "A layer less" in found.why
    assert found.mend.startswith(mend)
    assert found.line == 1
    assert found.place == str(whole.origins.of("vpc/shop/public-access"))


def test_one_that_nobody_observed_satisfies_nobody_and_is_not_called_off(tmp_path):
    judgement = found_in(under(tmp_path), told=False)
    (found,) = judgement.findings
    assert judgement.undetermined
    assert found.verdict is Verdict.UNDETERMINED
    assert "it is not known what" in found.message
    assert "is off" not in found.message


def test_one_that_aws_is_changing_is_not_taken_for_done(tmp_path):
    judgement = found_in(under(tmp_path), option("block-ingress", settled=False))
    (found,) = judgement.findings
    assert judgement.undetermined
    assert "AWS is not done with that" in found.message


def test_what_a_policy_of_the_organisation_sets_no_stack_sets(tmp_path):
    by_policy = option("block-ingress", managed_by=BY_POLICY)
    assert found_in(under(tmp_path), by_policy).ok
    (found,) = found_in(under(tmp_path, manage=True), by_policy).findings
    assert "set by a policy of the organisation" in found.message
    assert not found.mend


def test_where_no_exclusion_is_allowed_those_that_are_planned_are_told_before_they_are_made(
    tmp_path,
):
    none = option("block-ingress", exclusions_allowed=False)
    (found,) = found_in(under(tmp_path), none).findings
    assert "allows no exclusions, and some are planned" in found.message


def of_gateway(each, **what):
    return replace(each, **what) if each.name.startswith("edge.gateway") else each


def test_an_exclusion_that_lacks_is_told_beside_the_flow_that_does_not_work(tmp_path):
    judgement = found_in(
        under(tmp_path),
        subnet=lambda each: of_gateway(
            each, excluded=Exclusion.NONE, public_access=PublicAccess.EGRESS_ONLY
        ),
    )
    kinds = [each.kind for each in judgement.findings]
    assert kinds == [FindingKind.MISSING, FindingKind.LACKING, FindingKind.LACKING]
    assert judgement.findings[1].about[1].startswith("edge.gateway")


def test_one_that_lacks_while_nothing_is_blocked_yet_is_told_too(tmp_path):
    judgement = found_in(
        under(tmp_path),
        option("off"),
        subnet=lambda each: of_gateway(
            each, excluded=Exclusion.NONE, public_access=PublicAccess.OPEN
        ),
    )
    assert [each.kind for each in judgement.findings] == [
        FindingKind.DIFFERS,
        FindingKind.LACKING,
        FindingKind.LACKING,
    ]


def test_one_that_no_plan_has_is_a_layer_less(tmp_path):
    judgement = found_in(
        under(tmp_path),
        subnet=lambda each: (
            replace(each, excluded=Exclusion.BOTH, public_access=PublicAccess.OPEN)
            if each.name == "core-eu-west-1a"
            else each
        ),
    )
    (found,) = judgement.findings
    assert found.kind is FindingKind.UNPLANNED
    assert "subnet core-eu-west-1a is excluded" in found.message


def test_exclusions_that_nobody_listed_are_not_called_absent(tmp_path):
    whole = under(tmp_path)
    judgement = found_in(whole, subnet=lambda each: replace(each, excluded=None))
    (found,) = judgement.findings
    assert judgement.undetermined
    assert found.message.startswith("it is not known whether subnets core-eu-west-1a, ")


def test_where_a_topology_says_nothing_whatever_there_is_is_fine_that_lets_its_flows(made):
    excluded = option("block-ingress", managed_by=BY_POLICY, exclusions_allowed=False)
    for block in (None, option("off"), excluded):
        vpcs = tuple(replace(each, access_block=block) for each in made.network.vpcs)
        network = replace(made.network, vpcs=vpcs)
        assert judge(prove(network), made.declaration).ok


@pytest.mark.parametrize("mode", ["block-ingress", "block-bidirectional"])
@pytest.mark.parametrize("nat", ["regional", "zonal"])
def test_no_second_method_finds_a_packet_that_contradicts_a_plan_under_it(tmp_path, mode, nat):
    said = {**document(), "nat": nat, "block-public-access": {"mode": mode}}
    network = plan(topology_from(tmp_path, said)).network
    assert doubt(network, prove(network), limit=1, packets=200).ok
