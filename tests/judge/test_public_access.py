"""VPC Block Public Access is the account's: what it denies of what is declared is said by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bulkhead.doubt import doubt
from bulkhead.explain.hops import Code
from bulkhead.judge import FindingKind, judge
from bulkhead.network import PublicAccess
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


@pytest.mark.parametrize("access", [PublicAccess.EGRESS_ONLY, PublicAccess.BLOCKED])
def test_no_second_method_finds_a_packet_that_contradicts_the_proof_of_it(made, access):
    network = left(made.network, access)
    assert doubt(network, prove(network), limit=1, packets=200).ok
