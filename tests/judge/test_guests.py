"""Services of ours in subnets of others: who else is there is told, and never called declared."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from bulkhead.doubt import doubt
from bulkhead.judge import judge
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    CidrPeer,
    Direction,
    GroupRule,
    Interface,
    PortRange,
    SecurityGroup,
)
from bulkhead.prove import prove
from tests.support.shared_vpc import planned_in, shared_topology
from tests.support.standing import IN_THEIRS, IN_VPC, ONE

ANYBODY = CidrPeer(IPv4Network("0.0.0.0/0"))


def rule(id_, direction, peer=ANYBODY, protocol=ANY_PROTOCOL, ports=ALL_PORTS):
    return GroupRule(id=id_, direction=direction, protocol=protocol, ports=ports, peer=peer)


@pytest.fixture
def planned(tmp_path):
    return planned_in(shared_topology(tmp_path, IN_THEIRS), IN_VPC)


@pytest.fixture
def network(planned):
    """What is planned, and a host of others beside ours that lets in, and out, whoever asks."""
    group = SecurityGroup(
        id="sg-0web",
        name="web",
        vpc=planned.network.vpcs[0].id,
        rules=tuple(rule(f"sgr-{each}", each) for each in Direction),
    )
    web = Interface(
        id="eni-0web",
        name="web",
        subnet=ONE,
        address=IPv4Address("10.0.1.9"),
        security_groups=(group.id,),
    )
    return replace(
        planned.network,
        interfaces=(*planned.network.interfaces, web),
        security_groups=(*planned.network.security_groups, group),
        beside=(*planned.network.beside, web.id, group.id),
    )


def messages(judged):
    every = [each for cause in judged.findings for each in (cause, *cause.effects)]
    return [each.message for each in every]


def opened(network, service, more):
    groups = [
        replace(each, rules=(*each.rules, more)) if each.service == service else each
        for each in network.security_groups
    ]
    return replace(network, security_groups=tuple(groups))


def test_what_nacls_have_to_let_through_to_a_host_of_others_is_residue(planned, network):
    judged = judge(prove(network), planned.declaration)
    assert judged.findings == ()
    beside = {
        (each.source, each.destination, str(each.ports))
        for each in judged.residue
        if str(each.kind) == "beside"
    }
    assert beside == {
        ("any host in strat", f"others in {ONE}", "5556"),
        (f"others in {ONE}", "any host in strat", "32768-60999"),
    }


def test_a_host_of_others_that_our_group_lets_in_is_a_finding(planned, network):
    ssh = rule(
        "more", Direction.INGRESS, CidrPeer(IPv4Network("10.0.1.0/24")), 6, PortRange(22, 22)
    )
    judged = judge(prove(opened(network, "ticker", ssh)), planned.declaration)
    assert any("web can reach ticker on tcp 22" in each for each in messages(judged))


def test_a_service_of_ours_that_may_open_something_to_it_is_a_finding(planned, network):
    web = CidrPeer(IPv4Network("10.0.1.9/32"))
    more = rule("more", Direction.EGRESS, web, 6, PortRange(443, 443))
    judged = judge(prove(opened(network, "ticker", more)), planned.declaration)
    assert any("ticker can reach web on tcp 443" in each for each in messages(judged))


def test_services_of_ours_that_share_their_subnet_are_judged_as_anywhere(planned, network):
    momentum = planned.network.security_group["sg/momentum"]
    (declared,) = momentum.towards(Direction.EGRESS)
    closed = replace(
        network,
        security_groups=tuple(
            replace(each, rules=()) if each.id == momentum.id else each
            for each in network.security_groups
        ),
    )
    judged = judge(prove(closed), planned.declaration)
    assert declared.ports == PortRange(5556, 5556)
    assert any("momentum" in each for each in messages(judged))


def test_what_is_proved_there_no_second_method_doubts(network):
    reach = prove(network)
    assert doubt(network, reach).ok
