"""Sites that speak BGP: what they announce is in nobody's hands, and the plan is exact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bulkhead.doubt import doubt
from bulkhead.intent.values import AMAZON_ASN as ASN_OF_THE_LANGUAGE
from bulkhead.judge import judge
from bulkhead.network import AMAZON_ASN, SiteRouting
from bulkhead.plan import plan
from bulkhead.plan.vpc_facts import BehindGateway
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.shared_vpc import FACTS, TEXT, planned_in, shared_topology
from tests.support.topologies import topology_from

ALONE = """
    name: plant
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    amazon-asn: 64520
    segments: { left: { purpose: one side } }
    sites:
      exchange:
        cidrs: [192.168.10.0/24, 192.168.11.0/24]
        gateway: { address: 203.0.113.10, asn: 65010 }
        routing: bgp
        sockets:
          prices: { type: PUSH, connect: gateway.prices }
          orders: { type: PULL, bind: "tcp://*:6001" }
    services:
      gateway:
        segment: left
        sockets:
          prices: { type: PULL, bind: "tcp://*:5560" }
          out:    { type: PUSH, connect: exchange.orders }
"""
BESIDE = ALONE.replace("routing: bgp", "routing: bgp\n        trust: trusted").replace(
    "    services:",
    """      depot:
        cidrs: [192.168.20.0/24]
        gateway: { address: 203.0.113.20, asn: 65020 }
        routing: bgp
        trust: trusted
        sockets: { stock: { type: PUSH, connect: gateway.prices } }
      office:
        cidrs: [192.168.30.0/24]
        gateway: { address: 203.0.113.30 }
        sockets: { plans: { type: PUSH, connect: gateway.prices } }
    services:""",
)


def planned(folder, text=ALONE, lock=None):
    return plan(topology_from(folder, text), lock)


@pytest.mark.parametrize("text", [ALONE, BESIDE], ids=["alone", "beside others"])
def test_the_plan_is_exactly_what_is_declared_and_nobody_can_doubt_it(tmp_path, text):
    made = planned(tmp_path, text)
    reach = prove(made.network)
    judged = judge(reach, made.declaration)
    assert judged.ok
    assert not judged.undetermined
    doubted = doubt(made.network, reach, packets=300)
    assert doubted.ok
    assert doubted.complete


def test_tables_lead_to_the_gateway_for_declared_networks_alone_and_learn_nothing(tmp_path):
    network = planned(tmp_path).network
    for table in network.route_tables:
        assert table.learns_from == ()
        assert not any(each.propagated for each in table.routes)
    (table,) = (each for each in network.route_tables if each.routes)
    assert [str(each.destination) for each in table.routes] == [
        "192.168.10.0/24",
        "192.168.11.0/24",
    ]


def test_only_an_untrusted_one_may_lead_to_more_than_is_known(tmp_path):
    (alone,) = planned(tmp_path).network.vpn_connections
    assert (alone.routing, alone.learns) == (SiteRouting.BGP, True)
    found = {each.name: each for each in planned(tmp_path, BESIDE).network.vpn_connections}
    assert {name: (each.routing, each.learns) for name, each in found.items()} == {
        "exchange": (SiteRouting.BGP, False),
        "depot": (SiteRouting.BGP, False),
        "office": (SiteRouting.STATIC, False),
    }


def test_what_is_taken_on_trust_beside_others_is_said(tmp_path):
    assert planned(tmp_path).warnings == ()
    said = [each.what for each in planned(tmp_path, BESIDE).warnings]
    assert [each.partition(",")[0] for each in said] == [
        "site exchange speaks BGP beside sites depot",
        "site depot speaks BGP beside sites exchange",
    ]


def test_aws_has_the_number_that_it_is_given_and_else_its_own(tmp_path):
    (gateway,) = planned(tmp_path).network.vpn_gateways
    assert gateway.asn == 64520
    (gateway,) = planned(tmp_path, ALONE.replace("amazon-asn: 64520", "")).network.vpn_gateways
    assert gateway.asn == AMAZON_ASN == ASN_OF_THE_LANGUAGE


def test_another_routing_is_another_connection_that_can_stand_beside_the_old_one(tmp_path):
    static = planned(tmp_path, ALONE.replace("routing: bgp", ""))
    bgp = planned(tmp_path, lock=static.lock)
    (was,), (now,) = static.network.vpn_connections, bgp.network.vpn_connections
    assert was.id != now.id
    inside = {each.inside_cidr for each in (*was.tunnels, *now.tunnels)}
    assert len(inside) == 4
    back = planned(tmp_path, ALONE.replace("routing: bgp", ""), bgp.lock)
    assert inside.isdisjoint(each.inside_cidr for each in back.network.vpn_connections[0].tunnels)


def test_a_site_of_another_name_keeps_its_tunnels(tmp_path):
    before = planned(tmp_path)
    text = ALONE.replace("  exchange:", "  venue:\n        was: exchange").replace(
        "exchange.orders", "venue.orders"
    )
    after = planned(tmp_path, text, before.lock)
    (was,), (now,) = before.network.vpn_connections, after.network.vpn_connections
    assert was.tunnels == now.tunnels


def test_more_networks_than_aws_takes_routes_are_refused(tmp_path):
    many = ", ".join(f"192.168.{each}.0/24" for each in range(101))
    with pytest.raises(InputError) as told:
        planned(tmp_path, ALONE.replace("192.168.10.0/24, 192.168.11.0/24", many))
    assert "101 cidrs, a VPN connection takes 100 routes" in str(told.value)


def test_at_a_gateway_of_others_it_is_refused_by_name(tmp_path):
    text = (
        TEXT
        + """
    sites:
      exchange:
        cidrs: [192.168.10.0/24]
        gateway: { address: 203.0.113.10, asn: 65010 }
        routing: bgp
        sockets: { prices: { type: SUB, connect: ticker.ticks } }
"""
    )
    facts = replace(FACTS, vpn_gateway="vgw-0web", behind=BehindGateway())
    with pytest.raises(InputError) as told:
        planned_in(shared_topology(tmp_path, text), facts)
    assert "site exchange cannot speak BGP at vgw-0web of others yet" in str(told.value)
