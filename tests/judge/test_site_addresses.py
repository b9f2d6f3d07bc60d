"""A flow to a site's socket at some addresses alone is those: what opens another is undeclared."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from bulkhead.judge import FindingKind, ResidueKind, judge
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.support.shop import with_entry, with_rule, without_rule
from tests.support.topologies import sending_to_a_site, topology_from

HERE, BESIDE, ALL = "192.168.10.7/32", "192.168.10.8/32", "192.168.10.0/24"


@pytest.fixture
def made(tmp_path):
    document = sending_to_a_site(
        orders="tcp://192.168.10.7:6001", fills="tcp://192.168.10.9:6001", any="tcp://*:6009"
    )
    return plan(topology_from(tmp_path, document))


def judged(made, network):
    """By packets alone: what an account lets happen, whatever stands in it."""
    return judge(prove(network), replace(made.declaration, planned=None))


def said(judgement, kind):
    return [each.message for each in judgement.findings if each.kind is kind]


def test_the_plan_is_exactly_what_is_declared(made):
    judgement = judged(made, made.network)
    assert judgement.ok
    assert judgement.flows == 3
    sites = {each.destination for each in judgement.residue if each.kind is ResidueKind.ANY_HOST}
    assert sites == {"exchange", "exchange (192.168.10.7)", "exchange (192.168.10.9)"}


def opened(network, service, traffic, cidr):
    network = with_rule(network, f"sg/{service}", f"out {traffic} {cidr}")
    network = with_entry(network, "acl/feed", f"out 5000 allow {traffic} {cidr}")
    return with_entry(network, "acl/feed", f"in 5000 allow tcp 32768-60999 {cidr}")


def test_the_port_at_another_address_is_undeclared(made):
    found = judged(made, opened(made.network, "orders-sender", "tcp 6001", BESIDE))
    assert said(found, FindingKind.EXTRA) == [
        "orders-sender can reach exchange on tcp 6001 (beside exchange.fills at 192.168.10.9, "
        "exchange.orders at 192.168.10.7); nobody declared it"
    ]


def test_the_address_of_another_socket_is_that_socket(made):
    found = judged(made, opened(made.network, "orders-sender", "tcp 6001", "192.168.10.9/32"))
    assert said(found, FindingKind.EXTRA) == [
        "orders-sender can reach exchange.fills on tcp 6001; nobody declared it"
    ]


def test_the_port_at_all_addresses_is_told_by_socket_and_beside_them(made):
    found = judged(made, opened(made.network, "any-sender", "tcp 6001", ALL))
    assert said(found, FindingKind.EXTRA) == [
        "any-sender can reach exchange on tcp 6001 "
        "(among them exchange.fills, exchange.orders); nobody declared it",
        "any-sender can reach exchange on tcp 6001 (beside exchange.fills at 192.168.10.9, "
        "exchange.orders at 192.168.10.7); nobody declared it",
    ]


def test_another_port_of_the_address_is_undeclared(made):
    found = judged(made, opened(made.network, "orders-sender", "tcp 6002", HERE))
    assert said(found, FindingKind.EXTRA) == [
        "orders-sender can reach exchange on tcp 6002; nobody declared it"
    ]


@pytest.mark.parametrize("cidr", [BESIDE, ALL])
def test_a_group_alone_that_opens_another_address_is_a_weak_layer(made, cidr):
    wider = with_rule(made.network, "sg/orders-sender", f"out tcp 6001 {cidr}")
    (one,) = said(judged(made, wider), FindingKind.LAYER)
    assert f"alone lets it reach {cidr} on tcp 6001; nobody declared it" in one


@pytest.mark.parametrize("cidr", [BESIDE, ALL])
def test_a_nacl_alone_that_opens_another_address_is_a_weak_layer(made, cidr):
    wider = with_entry(made.network, "acl/feed", f"out 5000 allow tcp 6001 {cidr}")
    assert said(judged(made, wider), FindingKind.LAYER) == [
        "NACLs alone let subnets behind feed reach exchange on tcp 6001 (beside exchange.fills "
        "at 192.168.10.9, exchange.orders at 192.168.10.7); nobody declared it"
    ]


def test_replies_come_back_from_the_address_alone(tmp_path):
    made = plan(topology_from(tmp_path, sending_to_a_site(orders="tcp://192.168.10.7:6001")))
    network = with_entry(made.network, "acl/feed", f"in 5000 allow tcp 32768-60999 {ALL}")
    assert said(judged(made, network), FindingKind.LAYER) == [
        "NACLs alone let exchange reach subnets behind feed on tcp 32768-60999; nobody declared it"
    ]


def test_a_flow_that_is_closed_at_its_address_is_missing_though_open_beside_it(made):
    network = opened(made.network, "orders-sender", "tcp 6001", BESIDE)
    (rule,) = [
        each for each in network.security_group["sg/orders-sender"].rules if HERE in str(each)
    ]
    (one,) = said(
        judged(made, without_rule(network, "sg/orders-sender", rule.id)), FindingKind.MISSING
    )
    assert one.startswith(
        "orders-sender.out -> exchange.orders (tcp 192.168.10.7:6001): denied; security group"
    )


def test_an_address_that_the_site_does_not_have_here_is_missing(made):
    flow = made.flows[0]
    away = replace(flow.server, address=IPv4Address("192.168.99.7"))
    declared = replace(made.declaration, planned=None, flows=(replace(flow, server=away),))
    (one,) = said(judge(prove(made.network), declared), FindingKind.MISSING)
    assert one.endswith("192.168.99.7 is no address of exchange in this network")


@pytest.fixture
def in_floor(tmp_path):
    """A socket in a network of the site, and one at a host in it."""
    document = sending_to_a_site(orders="tcp://*:6001", fills="tcp://192.168.10.70:6002")
    exchange = document["sites"]["exchange"]
    exchange["hosts"] = {
        "floor": {"cidr": "192.168.10.64/26"},
        "rest": {"cidr": "192.168.10.128/25"},
    }
    exchange["sockets"]["orders"]["host"] = "floor"
    document["tests"] = [
        {"from": "orders-sender", "accept": ["exchange.orders"], "deny": ["exchange/floor", "*"]},
        {"from": "orders-sender", "deny": ["exchange/rest", "exchange/rest:6001"]},
        {"from": "fills-sender", "deny": ["exchange/floor:6001", "exchange:22"]},
    ]
    return plan(topology_from(tmp_path, document))


def test_a_socket_in_a_network_is_planned_there_and_nowhere_beside_it(in_floor):
    assert judged(in_floor, in_floor.network).ok


@pytest.mark.parametrize("beside", ["192.168.10.63/32", "192.168.10.128/25"])
def test_the_port_beside_its_network_is_undeclared(in_floor, beside):
    found = judged(in_floor, opened(in_floor.network, "orders-sender", "tcp 6001", beside))
    assert said(found, FindingKind.EXTRA) == [
        "orders-sender can reach exchange on tcp 6001 (beside exchange.orders at "
        "192.168.10.64/26); nobody declared it"
    ]


def test_a_test_of_a_network_fails_where_a_part_of_it_is_open(in_floor):
    network = opened(in_floor.network, "orders-sender", "tcp 6001", "192.168.10.200/32")
    found = said(judged(in_floor, network), FindingKind.EXPECTATION)
    assert [each.partition(" should be ")[0] for each in found] == [
        "orders-sender -> exchange at 192.168.10.128/25 (all traffic)",
        "orders-sender -> exchange at 192.168.10.128/25 (tcp 6001)",
    ]


def test_a_flow_that_is_closed_at_a_part_of_its_network_is_missing(in_floor):
    (rule,) = in_floor.network.security_group["sg/orders-sender"].rules
    network = without_rule(in_floor.network, "sg/orders-sender", rule.id)
    network = with_rule(network, "sg/orders-sender", "out tcp 6001 192.168.10.64/27")
    (one,) = said(judged(in_floor, network), FindingKind.MISSING)
    assert one.startswith(
        "orders-sender.out -> exchange.orders (tcp 192.168.10.64/26:6001): denied for 1 of "
    )


@pytest.mark.parametrize("tags", ["say all addresses", "say nothing"])
def test_what_stands_open_at_all_addresses_is_undeclared_beside_the_network(
    everywhere, in_floor, tags
):
    network = everywhere if tags == "say all addresses" else replace(everywhere, listeners=())
    assert said(judged(in_floor, network), FindingKind.EXTRA)[0] == (
        "orders-sender can reach exchange on tcp 6001 (beside exchange.orders at "
        "192.168.10.64/26); nobody declared it"
    )


def test_a_network_that_the_site_does_not_have_here_is_missing(in_floor):
    flow = next(each for each in in_floor.flows if each.server.socket == "orders")
    away = replace(flow.server, address=IPv4Network("192.168.99.64/26"))
    declared = replace(in_floor.declaration, planned=None, flows=(replace(flow, server=away),))
    (one,) = said(judge(prove(in_floor.network), declared), FindingKind.MISSING)
    assert one.endswith("192.168.99.64/26 is no address of exchange in this network")


@pytest.fixture
def everywhere(tmp_path):
    """What stands where the socket was declared, and built, for all addresses."""
    return plan(topology_from(tmp_path, sending_to_a_site(orders="tcp://*:6001"))).network


@pytest.fixture
def at_one(tmp_path):
    return plan(topology_from(tmp_path, sending_to_a_site(orders="tcp://192.168.10.7:6001")))


@pytest.mark.parametrize("tags", ["say all addresses", "say nothing"])
def test_what_stands_open_at_all_addresses_is_undeclared_beside_the_one(everywhere, at_one, tags):
    network = everywhere if tags == "say all addresses" else replace(everywhere, listeners=())
    found = judged(at_one, network)
    assert said(found, FindingKind.EXTRA) == [
        "orders-sender can reach exchange on tcp 6001 (beside exchange.orders at 192.168.10.7); "
        "nobody declared it"
    ]
    assert said(found, FindingKind.MISSING) == []
    assert {each.partition(" on ")[0] for each in said(found, FindingKind.LAYER)} == {
        "NACLs alone let subnets behind feed reach exchange",
        "NACLs alone let exchange reach subnets behind feed",
        *(
            "security group egress of orders-sender (orders-sender) alone lets it reach "
            f"192.168.{network}.0/24"
            for network in (10, 11)
        ),
    }


def test_every_consequence_is_told_under_a_cause_in_what_stands(everywhere, at_one):
    found = judge(prove(everywhere), at_one.declaration)
    assert found.findings
    assert all(each.kind in STATE for each in found.findings)
    told = {each.message for cause in found.findings for each in cause.effects}
    assert {each.message for each in judged(at_one, everywhere).findings} <= told


STATE = (FindingKind.UNPLANNED, FindingKind.LACKING, FindingKind.DIFFERS)
