"""A plan under VPC Block Public Access: it excludes what its flows need, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import AccessMode, Exclusion, PublicAccess
from bulkhead.network.public_access import BY_ACCOUNT, access_left
from bulkhead.plan import plan
from bulkhead.plan.public_access import MOST, as_blocked, excluded_in
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.plan.test_peers import CURVE, WORD, document
from tests.support.examples import examples
from tests.support.shared_vpc import TEXT, planned_in, shared_topology
from tests.support.topologies import topology_from

PAGE = (Path(__file__).parents[2] / "docs" / "topology.md").read_text()
MODES = ("block-ingress", "block-bidirectional")
BOTH, EGRESS = Exclusion.BOTH, Exclusion.EGRESS


def under(mode: str, **more: Any) -> dict[str, Any]:
    said = {"mode": mode, **more.pop("said", {})}
    return {**document(), "block-public-access": said, **more}


def excluded(found):
    """By the unit of the subnets, or 'VPC'."""
    of = {each.id: each.nacl.removeprefix("acl/") for each in found.network.subnets}
    return {of.get(id_, "VPC"): each for id_, each in excluded_in(found.network)}


@pytest.mark.parametrize(
    ("mode", "nat", "expected"),
    [
        ("block-ingress", "regional", {"edge.gateway": BOTH}),
        ("block-ingress", "zonal", {"edge.gateway": BOTH}),
        ("block-bidirectional", "regional", {"edge.gateway": BOTH, "VPC": EGRESS}),
        (
            "block-bidirectional",
            "zonal",
            {"edge.gateway": BOTH, "edge": EGRESS, "NAT": EGRESS},
        ),
    ],
)
def test_only_the_ways_of_declared_flows_are_excluded(tmp_path, mode, nat, expected):
    found = plan(topology_from(tmp_path, under(mode, nat=nat)))
    assert excluded(found) == expected
    assert judge(prove(found.network), found.declaration).ok


def six(mode: str) -> dict[str, Any]:
    """The same over IPv6 alone, by an egress-only gateway and an internet gateway."""
    made = under(mode, ipv6="amazon")
    made["peers"]["venue"]["addresses"] = ["2001:db8:77::7/128"]
    made["peers"]["clients"]["addresses"] = ["2001:db8:78::/64"]
    return made


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("block-ingress", {"edge.gateway": BOTH}),
        ("block-bidirectional", {"edge.gateway": BOTH, "edge": EGRESS}),
    ],
)
def test_an_egress_only_gateway_is_closed_only_where_both_ways_are(tmp_path, mode, expected):
    found = plan(topology_from(tmp_path, six(mode)))
    assert excluded(found) == expected
    assert not found.network.nat_gateways
    assert judge(prove(found.network), found.declaration).ok


@pytest.mark.parametrize("mode", MODES)
def test_of_a_load_balancer_that_peers_meet_its_own_subnets_are_excluded(tmp_path, mode):
    made = under(mode, zones=2)
    socket = {"type": "ROUTER", "bind": "tcp://*:5556", **CURVE}
    made["services"]["gateway"]["sockets"]["tape"] = {**socket, "exposure": {**WORD, "via": "nlb"}}
    asks = {"type": "DEALER", "connect": "gateway.tape", **CURVE}
    made["peers"]["clients"]["sockets"]["ticks"] = asks
    del made["services"]["router"], made["peers"]["venue"]
    found = plan(topology_from(tmp_path, made))
    (behind,) = {each.nacl for each in found.network.subnets if each.segment == "edge"}
    of = excluded(found)
    assert {*of.values()} == {BOTH}
    assert behind.removeprefix("acl/") not in of
    assert judge(prove(found.network), found.declaration).ok


@pytest.mark.parametrize("mode", MODES)
def test_sites_endpoints_and_services_among_themselves_need_no_exclusion(tmp_path, mode):
    made = under(mode)
    del made["peers"], made["services"]["gateway"]["sockets"]["tape"], made["services"]["router"]
    made["services"]["brain"]["needs"] = ["s3", "ssm"]
    made["sites"] = {
        "plant": {
            "cidrs": ["192.168.10.0/24"],
            "gateway": {"address": "203.0.113.10"},
            "sockets": {"in": {"type": "PUSH", "connect": "gateway.in"}},
        }
    }
    made["quotas"] = {"entries-per-acl": 40}
    found = plan(topology_from(tmp_path, made))
    assert excluded(found) == {}
    left = access_left(AccessMode(mode))
    assert {each.public_access for each in found.network.subnets} == {left}
    assert judge(prove(found.network), found.declaration).ok


CASES = st.tuples(
    st.sampled_from(MODES),
    st.sampled_from(("regional", "zonal")),
    st.integers(1, 3),
    st.sampled_from((None, "amazon")),
    st.booleans(),
    st.booleans(),
)


@given(CASES)
@examples(6)
def test_every_flow_is_open_and_without_any_exclusion_one_is_not(tmp_path_factory, case):
    mode, nat, zones, ipv6, comes_in, goes_out = case
    made = under(mode, nat=nat, zones=zones, quotas={"addresses-per-region": 20})
    if ipv6:
        made["ipv6"] = ipv6
        made["peers"]["venue"]["addresses"] += ["2001:db8:77::7/128"]
    if not comes_in:
        del made["peers"]["clients"], made["services"]["gateway"]["sockets"]["tape"]
    if not goes_out:
        del made["peers"]["venue"], made["services"]["router"]
    made["services"]["gateway"]["replicas"] = 3
    if goes_out:
        made["services"]["router"]["replicas"] = 3
    if not made["peers"]:
        del made["peers"]
    found = plan(topology_from(tmp_path_factory.mktemp("t"), made))
    network, declared = found.network, found.declaration
    assert judge(prove(network), declared).ok
    (block,) = {each.access_block for each in network.vpcs}
    whole = {None} if block.excluded is EGRESS else set()
    for unit in {each.nacl for each in network.subnets if each.excluded is not Exclusion.NONE}:
        lacking = less(network, lambda each, unit=unit: each.nacl == unit)
        assert not judge(prove(lacking), declared).ok, unit
    if whole:
        block = replace(block, excluded=Exclusion.NONE)
        vpcs = tuple(replace(each, access_block=block) for each in network.vpcs)
        assert not judge(prove(less(replace(network, vpcs=vpcs), lambda _: False)), declared).ok


def less(network, lacks):
    """The network without the exclusions of some subnets, and what that leaves."""
    (vpc,) = network.vpcs

    def left(each):
        own = Exclusion.NONE if lacks(each) else each.excluded
        access = access_left(vpc.access_block.mode, vpc.access_block.excluded, own)
        return replace(each, excluded=own, public_access=access)

    return replace(network, subnets=tuple(map(left, network.subnets)))


@pytest.mark.parametrize("mode", MODES)
def test_where_nothing_may_be_excluded_each_flow_that_needs_it_is_refused(tmp_path, mode):
    made = under(mode, said={"exclusions": "not-allowed"})
    with pytest.raises(InputError) as refused:
        plan(topology_from(tmp_path, made))
    told = {each.what.partition(" crosses")[0] for each in refused.value.problems}
    inward, outward = "clients.ticks -> gateway.tape", "router.out -> venue.orders"
    assert told == {inward} if mode == "block-ingress" else {inward, outward}
    assert all(each.line > 1 and "sites:" in each.remedy for each in refused.value.problems)
    if mode == "block-ingress":
        (only,) = refused.value.problems
        assert f"{only.what};\n{only.remedy}`" in PAGE


def test_what_needs_no_exclusion_is_planned_where_none_is_allowed(tmp_path):
    made = under("block-ingress", said={"exclusions": "not-allowed"})
    del made["peers"]["clients"], made["services"]["gateway"]["sockets"]["tape"]
    assert excluded(plan(topology_from(tmp_path, made))) == {}


def test_more_exclusions_than_an_account_has_are_refused(tmp_path):
    made = under("block-ingress", zones=3, quotas={"addresses-per-region": 100})
    del made["peers"]["venue"], made["services"]["router"]
    for number in range(MOST // 3):
        name, port = f"open{number}", 6100 + number
        tape = {"type": "PUB", "bind": f"tcp://*:{port}", "exposure": WORD, **CURVE}
        made["services"][name] = {"segment": "core", "sockets": {"tape": tape}}
        made["peers"]["clients"]["sockets"][name] = {
            "type": "SUB",
            "connect": f"{name}.tape",
            **CURVE,
        }
    with pytest.raises(InputError, match=r"need 51 exclusions, an account has 50"):
        plan(topology_from(tmp_path, made))


def test_who_is_cut_off_meanwhile_keeps_his_exclusion(tmp_path):
    before = plan(topology_from(tmp_path, under("block-bidirectional", nat="zonal")))
    made = under("block-bidirectional", nat="zonal", quarantine=["router", "gateway"])
    made["quotas"] = {"entries-per-acl": 40}
    after = plan(topology_from(tmp_path, made))
    assert excluded(after) == excluded(before)


@pytest.mark.parametrize(("manage", "by"), [(True, BY_ACCOUNT), (False, "")])
def test_who_sets_it_is_said(tmp_path, manage, by):
    found = plan(topology_from(tmp_path, under("block-ingress", said={"manage": manage})))
    (vpc,) = found.network.vpcs
    assert (vpc.access_block.mode, vpc.access_block.managed_by) == (AccessMode.INGRESS, by)
    said = next(each for each in found.words if each.kind == "topology").setup
    who = "this stack, for all of its account and Region" if manage else "others"
    assert said["block-public-access"] == f"block-ingress, set by {who}"
    assert as_blocked(found.network).mode == "block-ingress"


def test_a_topology_that_says_nothing_is_planned_under_nothing(tmp_path):
    found = plan(topology_from(tmp_path, document()))
    assert {each.access_block for each in found.network.vpcs} == {None}
    assert {each.excluded for each in found.network.subnets} == {None}
    assert {each.public_access for each in found.network.subnets} == {PublicAccess.OPEN}
    assert as_blocked(found.network) is None
    assert not any("block-public-access" in str(each) for each in found.warnings)


def test_a_guest_in_a_vpc_of_others_may_count_on_it(tmp_path):
    text = TEXT + "\n    block-public-access: { mode: block-ingress }\n"
    found = planned_in(shared_topology(tmp_path, text))
    assert excluded(found) == {}
    assert {each.access_block.managed_by for each in found.network.vpcs} == {""}


@pytest.mark.parametrize(
    ("mode", "exclusions", "left"),
    [
        ("off", (), PublicAccess.OPEN),
        ("off", (EGRESS,), PublicAccess.OPEN),
        ("block-ingress", (), PublicAccess.EGRESS_ONLY),
        # "Since the account-level BPA is Ingress-only, Egress-only exclusions are ignored".
        ("block-ingress", (EGRESS,), PublicAccess.EGRESS_ONLY),
        ("block-ingress", (EGRESS, BOTH), PublicAccess.OPEN),
        ("block-bidirectional", (), PublicAccess.BLOCKED),
        ("block-bidirectional", (EGRESS,), PublicAccess.OUTBOUND),
        ("block-bidirectional", (EGRESS, BOTH), PublicAccess.OPEN),
    ],
)
def test_an_exclusion_exempts_as_far_as_it_says(mode, exclusions, left):
    """docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-example.html, scenarios 2 to 5."""
    assert access_left(AccessMode(mode), *exclusions) is left
