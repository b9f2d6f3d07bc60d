"""A VPC that is there and others': a plan in what is free of it, or all that does not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Network
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.plan.existing import free_part
from bulkhead.plan.lock import Lock, lock_of, lock_text
from bulkhead.plan.vpc_facts import BehindGateway, VpcFacts
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.shared_vpc import FACTS, TEXT, VPC, ours_of, planned_in, shared_topology

SITE = """
    sites:
      plant:
        cidrs: [10.0.200.0/24]
        gateway: { address: 203.0.113.10 }
        sockets: { s: { type: SUB, connect: ticker.ticks } }
"""


def refusals(folder, facts, text=TEXT):
    with pytest.raises(InputError) as told:
        planned_in(shared_topology(folder, text), facts)
    every = told.value.problems
    return [each.what for each in every], [each.remedy for each in every]


def test_all_of_a_plan_is_in_its_part_and_nothing_of_others_is_planned(tmp_path):
    planned = planned_in(shared_topology(tmp_path))
    network = planned.network
    part = IPv4Network("10.0.64.0/20")
    ours = ours_of(network)
    assert ours.subnets
    assert all(each.cidr.subnet_of(part) for each in ours.subnets)
    assert [each.cidrs for each in network.vpcs] == [FACTS.blocks]
    every = (*ours.nacls, *network.security_groups)
    assert not any(each.default for each in every)
    assert not any(each.main for each in network.route_tables)
    assert planned.existing == VPC


def test_what_others_have_moves_nothing_of_ours(tmp_path):
    topology = shared_topology(tmp_path)
    more = replace(FACTS, subnets={**FACTS.subnets, IPv4Network("10.0.2.0/24"): "subnet-0b"})
    one, other = planned_in(topology).network, planned_in(topology, more).network
    assert one != other
    assert ours_of(one) == ours_of(other)


def test_a_plan_takes_any_host_of_others_for_a_sender_and_proves_that_it_gets_nowhere(tmp_path):
    planned = planned_in(shared_topology(tmp_path))
    reach = prove(planned.network)
    assert "subnet-0web" in {each.subnet for each in reach.endpoints}
    assert judge(reach, planned.declaration).ok
    (feed,) = (each for each in planned.network.nacls if each.name == "feed")
    web = IPv4Network("10.0.1.0/24")
    wider = replace(feed, entries=tuple(replace(each, cidr=web) for each in feed.entries))
    nacls = tuple(wider if each is feed else each for each in planned.network.nacls)
    opened = judge(prove(replace(planned.network, nacls=nacls)), planned.declaration)
    told = [each.message for cause in opened.findings for each in cause.effects]
    assert any("let subnets behind (others) reach subnets behind feed" in each for each in told)


def test_what_leads_to_aws_leads_to_no_host_of_others(tmp_path):
    needing = TEXT.replace(
        "momentum: { segment: strat,", "momentum: { segment: strat, needs: [s3],"
    )
    planned = planned_in(shared_topology(tmp_path, needing))
    assert planned.network.gateway_endpoints
    assert judge(prove(planned.network), planned.declaration).findings == ()


def test_without_a_look_at_the_vpc_nothing_is_planned(tmp_path):
    what, remedy = refusals(tmp_path, None)
    assert what == [f"what {VPC} holds is not known"]
    assert remedy[0].startswith("run `bulkhead adopt`")
    what, _ = refusals(tmp_path, replace(FACTS, id="vpc-0ff"))
    assert what == [f"the lock knows what vpc-0ff holds, and nothing of {VPC}"]


def test_all_that_does_not_fit_is_told_at_once(tmp_path):
    crowded = {IPv4Network(f"10.0.{64 + number}.0/24"): f"subnet-{number}" for number in range(8)}
    small = islice(IPv4Network("10.0.80.0/20").subnets(new_prefix=28), 192)
    many = {each: f"subnet-{number}" for number, each in enumerate(small, start=8)}
    facts = replace(FACTS, subnets={**crowded, **many}, vpn_gateway="vgw-0web")
    what, remedy = refusals(tmp_path, facts, TEXT + SITE)
    assert {each.split(":")[0] for each in what} == {
        f"10.0.64.0/20 overlaps what others have in {VPC}",
        "what others have at vgw-0web is not known",
        f"10.0.200.0/24 of site plant overlaps 10.0.0.0/16 of {VPC}",
        f"{VPC} has 200 subnets of others and the plan 4, the quota is 200 per VPC",
    }
    assert any("such as 10.0.0.0/20" in each for each in remedy)
    assert "subnet-5 (10.0.69.0/24) and 2 more" in " ".join(what)


BEHIND = BehindGateway(
    routes={IPv4Network("10.9.0.0/16"): "vpn-0b"}, learning=("vpn-0c",), taught=()
)
AT_A_GATEWAY = replace(FACTS, vpn_gateway="vgw-0web", behind=BEHIND)


def test_sites_end_at_the_vpn_gateway_of_others_which_is_not_planned(tmp_path):
    elsewhere = TEXT + SITE.replace("10.0.200.0/24", "192.168.7.0/24")
    planned = planned_in(shared_topology(tmp_path, elsewhere), AT_A_GATEWAY)
    network = planned.network
    (gateway,) = network.vpn_gateways
    assert (gateway.id, network.is_others(gateway.id)) == ("vgw-0web", True)
    assert {each.vpn_gateway for each in network.vpn_connections} == {"vgw-0web"}
    assert judge(prove(network), planned.declaration).findings == ()
    (warning,) = planned.warnings
    assert "vpn-0c of others at vgw-0web learns its networks by BGP" in warning.what


def test_sites_that_would_touch_what_others_have_at_their_vpn_gateway_are_refused(tmp_path):
    behind = replace(BEHIND, taught=("rtb-0web",))
    what, remedy = refusals(
        tmp_path,
        replace(AT_A_GATEWAY, behind=behind),
        TEXT + SITE.replace("10.0.200.0/24", "10.9.3.0/24"),
    )
    assert what == [
        "rtb-0web of others learns the routes of vgw-0web: their hosts would get to the sites",
        "10.9.3.0/24 of site plant overlaps 10.9.0.0/16, where vpn-0b of others leads at vgw-0web",
    ]
    assert "a site behind a VPN connection of others is not supported yet" in remedy[-1]
    assert planned_in(shared_topology(tmp_path), AT_A_GATEWAY).network.vpn_gateways == ()


def test_a_part_that_is_none_of_the_vpc_is_refused_with_one_that_is_free(tmp_path):
    facts = replace(FACTS, blocks=(IPv4Network("10.7.0.0/16"),), subnets={})
    what, remedy = refusals(tmp_path, facts)
    assert what == [f"10.0.64.0/20 is no part of {VPC} (10.7.0.0/16)"]
    assert remedy == ["write a part of it that is free, such as 10.7.0.0/24"]


networks = st.builds(
    lambda start, prefix: IPv4Network((start, prefix), strict=False),
    st.integers(int(IPv4Network("10.0.0.0/16")[0]), int(IPv4Network("10.0.0.0/16")[-1])),
    st.integers(18, 28),
)


@examples(1)
@given(st.dictionaries(networks, st.just("subnet-0"), max_size=30))
def test_a_part_that_is_advised_is_free_and_where_none_is_none_is_advised(taken):
    facts = replace(FACTS, subnets=taken)
    found = free_part(facts, 20)
    parts = IPv4Network("10.0.0.0/16").subnets(new_prefix=20)
    free = [part for part in parts if not any(part.overlaps(each) for each in taken)]
    assert found == (str(free[0]) if free else "")


@examples(1)
@given(
    st.lists(networks, unique=True, max_size=3),
    st.dictionaries(networks, st.sampled_from(["subnet-0a", "subnet-0b"]), max_size=5),
    st.sampled_from(["", "vgw-0a"]),
    st.none()
    | st.builds(
        BehindGateway,
        routes=st.dictionaries(networks, st.just("vpn-0"), max_size=3),
        learning=st.sampled_from([(), ("vpn-0", "vpn-1")]),
        taught=st.sampled_from([(), ("rtb-0",)]),
    ),
)
def test_what_a_lock_knows_of_a_vpc_is_read_again(blocks, subnets, gateway, behind):
    facts = VpcFacts(
        id=VPC, blocks=tuple(blocks), subnets=subnets, vpn_gateway=gateway, behind=behind
    )
    text = lock_text(Lock(topology="demo", vpc=facts))
    again = lock_of("demo.lock.json", text.encode())
    assert lock_text(again) == text
    assert again.vpc is not None
    assert (again.vpc.subnets, set(again.vpc.blocks)) == (subnets, set(blocks))
    assert (again.vpc.id, again.vpc.vpn_gateway, again.vpc.behind) == (VPC, gateway, behind)


@pytest.mark.parametrize(
    "line",
    [
        {"vpc id": 7},
        {"vpc id": VPC, "vpc block 10.0.0.0": True, "vpc block x": True},
        {"vpc id": VPC, "vpc subnet 10.0.1.0/24": True},
        {"vpc id": VPC, "vpc peering": "pcx-1"},
        {"vpc subnet 10.0.1.0/24": "subnet-0"},
    ],
)
def test_a_line_that_says_nothing_of_a_vpc_is_refused(line):
    text = json.dumps({**line, "topology": "demo", "version": 2}, indent=1)
    with pytest.raises(InputError, match="vpc "):
        lock_of("demo.lock.json", text.encode())
