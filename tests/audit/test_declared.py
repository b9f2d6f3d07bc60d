"""What was declared is what judges: one judgement, causes first, and by places."""

from dataclasses import replace
from datetime import date
from ipaddress import ip_network

import pytest

from bulkhead.audit import ALL_CHECKS, Evidence, Outcome
from bulkhead.network import (
    NO_ENCRYPTION,
    CidrPeer,
    Direction,
    EncryptionMode,
    GroupRule,
    PortRange,
    Unmodelled,
    VpcEncryption,
)
from bulkhead.plan import plan
from bulkhead.sources import open_source
from tests.plan.test_quotas import loaded, served

CHECKS = {each.id: each for each in ALL_CHECKS}
PASS, FAIL, OPEN = Outcome.PASS, Outcome.FAIL, Outcome.NOT_DECIDED


@pytest.fixture(scope="module")
def planned():
    return open_source("topologies/trading.yaml").plan


def rule(group, cidr, port, way=Direction.INGRESS):
    return GroupRule(
        id=f"{group}/by-hand",
        direction=way,
        protocol=6,
        ports=PortRange(port, port),
        peer=CidrPeer(ip_network(cidr)),
    )


def changed(network, service, cidr, port):
    """With one rule more in the group of a service, and nothing in its NACLs that holds it back."""
    groups = tuple(
        replace(each, rules=(*each.rules, rule(service, cidr, port)))
        if each.service == service
        else each
        for each in network.security_groups
    )
    return replace(network, security_groups=groups)


def asked(check, planned, network=None, *, stands=True, **config):
    evidence = Evidence(
        network=network or planned.network, declaration=planned.declaration, stands=stands
    )
    return CHECKS[check](evidence, **config)


def outcomes(*args, **more):
    return {each.outcome for each in asked(*args, **more)}


FLOWS = [
    *("flows-declared", "flows-work", "inbound-from-untrusted-declared", "outbound-declared"),
    *("cde-inbound-declared", "cde-outbound-declared", "segments-apart", "each-layer-holds"),
]


@pytest.mark.parametrize("check", [*FLOWS, "as-planned"])
def test_a_network_that_is_exactly_as_declared_passes(check, planned):
    assert outcomes(check, planned) == {PASS}


@pytest.mark.parametrize("check", [*FLOWS, "as-planned"])
def test_without_a_declaration_it_is_not_decided(check, planned):
    found = CHECKS[check](Evidence(network=planned.network, stands=True))
    assert {each.outcome for each in found} == {OPEN}


@pytest.fixture(scope="module")
def site_to_broker(planned):
    """The exchange reaches the port of the gateway's prices at the broker: a rule by hand."""
    (site,) = planned.network.sites
    return changed(planned.network, "gateway", str(site.cidrs[0]), 5999)


def test_a_rule_by_hand_is_drift_and_a_layer_that_no_longer_holds(planned, site_to_broker):
    (found,) = asked("as-planned", planned, site_to_broker)
    assert found.outcome is FAIL
    assert "by-hand" in str(found.rules) or "5999" in found.message
    assert outcomes("each-layer-holds", planned, site_to_broker) == {FAIL}


def test_a_plan_does_not_say_what_stands_there(planned):
    assert outcomes("as-planned", planned, stands=False) == {OPEN}


@pytest.fixture(scope="module")
def opened(planned):
    """All of tcp 5999 within the VPC, in every group and NACL: between all segments."""
    network = planned.network
    (vpc,) = network.vpcs
    cidr = str(vpc.cidrs[0])
    groups = tuple(
        replace(
            each,
            rules=(
                *each.rules,
                rule(each.name, cidr, 5999),
                replace(rule(each.name, cidr, 5999, Direction.EGRESS), id=f"{each.name}/out"),
            ),
        )
        for each in network.security_groups
    )
    entry = replace(network.nacls[1].entries[0], ports=PortRange(0, 65535), cidr=vpc.cidrs[0])
    acls = tuple(
        replace(
            each,
            entries=(
                *each.entries,
                replace(entry, number=1, direction=Direction.INGRESS),
                replace(entry, number=1, direction=Direction.EGRESS),
            ),
        )
        for each in network.nacls
    )
    opened = replace(network, security_groups=groups, nacls=acls)
    return Evidence(network=opened, declaration=planned.declaration, stands=True)


class TestBetweenSegments:
    def test_flows_that_nobody_declared_fail_with_whom_they_join(self, opened):
        found = CHECKS["flows-declared"](opened)
        assert {each.outcome for each in found} == {FAIL}
        assert all(" -> " in each.resource for each in found)

    def test_they_are_flows_between_segments_and_none_from_outside(self, opened):
        def said(check):
            return {each.outcome for each in CHECKS[check](opened)}

        assert FAIL in said("segments-apart")
        assert said("inbound-from-untrusted-declared") == {PASS}
        assert said("outbound-declared") == {PASS}

    def test_the_segments_with_cardholder_data_are_those_that_were_named(self, opened):
        check = CHECKS["cde-inbound-declared"]
        assert {each.outcome for each in check(opened)} == {PASS}
        found = check(opened, segments=("archive",))
        assert {each.outcome for each in found} == {FAIL}
        into = {each.resource.partition(" -> ")[2] for each in found}
        assert all("ticker" not in each for each in into)


def test_what_may_let_through_more_is_no_pass(planned):
    doubt = Unmodelled(kind="rule", id="sg/gateway", scope="sg/gateway", why="half of it is new")
    network = replace(planned.network, unmodelled=(doubt,))
    assert outcomes("flows-declared", planned, network) == {OPEN}


def test_each_flow_has_to_say_why_it_is_needed(planned):
    (found,) = asked("flows-justified", planned)
    without = [each for each in planned.flows if not each.why]
    assert found.outcome is (OPEN if without else PASS)
    reasons = tuple(replace(each, why="x") for each in planned.flows)
    declaration = replace(planned.declaration, flows=reasons)
    evidence = Evidence(network=planned.network, declaration=declaration)
    assert {each.outcome for each in CHECKS["flows-justified"](evidence)} == {PASS}


def doubted(network, service, which):
    """With some rules of the group of a service in doubt."""
    groups = tuple(
        replace(
            each,
            rules=tuple(
                replace(rule, certain=False) if which(rule) else rule for rule in each.rules
            ),
        )
        if each.service == service
        else each
        for each in network.security_groups
    )
    return replace(network, security_groups=groups)


def test_a_declared_flow_of_which_nobody_can_tell_is_not_decided_and_no_failure(planned):
    unsure = doubted(planned.network, "risk", lambda rule: rule.direction is Direction.INGRESS)
    assert outcomes("flows-work", planned, unsure) == {OPEN}


def test_no_layer_passes_where_a_rule_of_it_is_in_doubt(planned):
    more = changed(planned.network, "risk", "10.20.0.0/16", 9999)
    unsure = doubted(more, "risk", lambda rule: rule.id == "risk/by-hand")
    assert outcomes("each-layer-holds", planned, unsure) == {OPEN}


def declared_as(planned, **said):
    """The same flows with another mechanism, and the network as it was planned."""
    flows = tuple(replace(each, **said) for each in planned.flows)
    return replace(planned, flows=flows)


@pytest.mark.parametrize(
    ("said", "crossings", "every"),
    [
        ({"mechanism": "NULL"}, {PASS}, {FAIL}),
        ({"mechanism": "PLAIN"}, {PASS}, {FAIL}),
        ({"mechanism": ""}, {PASS}, {FAIL}),
        ({"mechanism": "", "tls": True}, {PASS}, {PASS}),
        ({"mechanism": "GSSAPI"}, {PASS}, {OPEN}),
        ({"mechanism": "CURVE"}, {PASS}, {PASS}),
        ({"mechanism": "TLS"}, {PASS}, {PASS}),
    ],
)
def test_encryption_is_decided_by_what_sockets_declare_and_by_tunnels(
    planned, said, crossings, every
):
    declared = declared_as(planned, **said)
    assert outcomes("crossings-encrypted", declared) == crossings
    assert outcomes("flows-encrypted", declared) == every


def test_what_is_not_zeromq_is_told_what_its_own_programs_can_do(planned):
    (one, *_) = planned.flows
    ping = replace(one, client_socket="", mechanism="", server=replace(one.server, protocol=1))
    http = replace(one, client_socket="", mechanism="")
    found = asked("flows-encrypted", replace(planned, flows=(ping, http)))
    failing = {each.message: each.remedy for each in found if each.outcome is FAIL}
    assert [*failing] == [
        "plain icmp encrypts nothing, and its tunnel ends at the VPN gateway",
        "plain tcp encrypts nothing, and its tunnel ends at the VPN gateway",
    ]
    assert "CURVE" not in "".join(failing.values())


def test_a_site_without_a_tunnel_is_no_pass_for_what_is_in_clear_text(planned):
    bare = replace(
        planned.network,
        sites=tuple(replace(each, vpn_connection=None) for each in planned.network.sites),
    )
    assert FAIL in outcomes("crossings-encrypted", replace(planned, network=bare))


def test_what_nobody_declared_is_not_known_to_be_encrypted(planned):
    declared = declared_as(planned, mechanism="CURVE")
    network = changed(planned.network, "ticker", "0.0.0.0/0", 4505)
    assert outcomes("flows-encrypted", declared, network) == {PASS, OPEN}
    evidence = Evidence(network=planned.network)
    assert {each.outcome for each in CHECKS["flows-encrypted"](evidence)} == {OPEN}


def test_a_flow_that_was_needed_until_a_day_is_not_to_be_declared_after_it(planned):
    (flow, *others) = planned.flows
    until = replace(flow, until=date(2027, 1, 31))
    declaration = replace(planned.declaration, flows=(until, *others))
    for today, outcome in ((date(2027, 1, 31), PASS), (date(2027, 2, 1), FAIL)):
        evidence = Evidence(network=planned.network, declaration=declaration, today=today)
        (found,) = CHECKS["flows-needed-still"](evidence)
        assert found.outcome is outcome
        assert (str(flow) in found.message) is (outcome is FAIL)


def test_where_exact_entries_of_nacls_do_not_fit_no_layer_is_said_to_hold_alone():
    wide = plan(loaded({**served(ports=12), "nacl-overflow": "widen"}))
    assert wide.widened
    found = asked("each-layer-holds", wide)
    assert {each.outcome for each in found} == {FAIL}
    assert any("exact entries do not fit" in each.message for each in found)
    assert outcomes("segments-apart", wide) == {PASS}


def observed(planned, control):
    network = planned.network
    vpcs = tuple(replace(each, encryption=control) for each in network.vpcs)
    return replace(network, vpcs=vpcs)


@pytest.mark.parametrize(
    ("control", "every"),
    [
        (VpcEncryption(mode=EncryptionMode.ENFORCE), PASS),
        (VpcEncryption(mode=EncryptionMode.MONITOR), FAIL),
        (VpcEncryption(mode=EncryptionMode.ENFORCE, settled=False), OPEN),
        (NO_ENCRYPTION, FAIL),
        (None, OPEN),
    ],
    ids=str,
)
def test_a_flow_that_its_vpc_encrypts_passes_where_it_was_observed_that_it_does(
    planned, control, every
):
    declared = declared_as(planned, mechanism="NULL", encrypted=False, vpc_encrypts=True)
    assert outcomes("flows-encrypted", declared, observed(planned, control)) == {every}
    safe = declared_as(planned, mechanism="CURVE", encrypted=True, vpc_encrypts=True)
    assert outcomes("flows-encrypted", safe, observed(planned, control)) == {PASS}
