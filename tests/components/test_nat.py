"""NAT gateways in each zone, what leads to them and what waits for what; the way out by IPv6."""

from __future__ import annotations

import pytest

from bulkhead.components.fabric import build
from bulkhead.plan import plan
from tests.support.topologies import HEAD, topology_from

CURVE = {"mechanism": "CURVE", "zap": True, "exposure": {"why": "it is traded", "owner": "desk"}}
MARKET = {
    **HEAD,
    "nat": "zonal",
    "ipv6": "amazon",
    "segments": {"edge": {"purpose": "meets them"}},
    "peers": {
        "venue": {
            "addresses": ["198.51.100.7/32", "2001:db8:77::/64"],
            "sockets": {"in": {"type": "PULL", "bind": "tcp://*:6001", **CURVE}},
        }
    },
    "services": {
        "router": {
            "segment": "edge",
            "sockets": {"out": {"type": "PUSH", "connect": "venue.in", **CURVE}},
        }
    },
}


@pytest.fixture
def planned(tmp_path):
    return plan(topology_from(tmp_path, MARKET))


@pytest.fixture
def made(record, planned):
    return record(lambda: build(planned))


def waits_for(each):
    return {urn.rpartition("::")[2] for urn in each.dependencies}


def test_each_gateway_has_its_planned_address_in_its_subnet_and_one_of_its_own_outside(
    made, planned
):
    asked = {each.inputs["privateIp"] for each in made.of("NatGateway")}
    assert asked == {str(each.address) for each in planned.network.nat_gateways}
    assert len(asked) == len(made.of("Eip")) == 2
    assert {each.inputs["subnetId"] for each in made.of("NatGateway")} == {
        f"{each.name}-id" for each in made.of("Subnet") if each.name.startswith("shop-NAT-")
    }


def test_who_goes_out_has_a_table_in_each_zone_that_leads_to_the_gateway_there(made):
    led = {
        each.name: each.inputs["natGatewayId"]
        for each in made.of("Route")
        if each.inputs.get("natGatewayId")
    }
    assert led == {
        f"shop-edge-{zone}-route-198.51.100.7-32": f"shop-nat-{zone}-gateway-id"
        for zone in ("eu-west-1a", "eu-west-1b")
    }
    under = {
        each.name: each.inputs["routeTableId"]
        for each in made.of("RouteTableAssociation")
        if each.name.startswith("shop-edge-")
    }
    assert under == {
        f"shop-edge-{zone}-routes": f"shop-edge-{zone}-table-id"
        for zone in ("eu-west-1a", "eu-west-1b")
    }


def test_a_gateway_is_made_when_its_subnet_leads_out_and_a_subnet_routed_when_routes_stand(made):
    homes = {
        each.name
        for kind in ("RouteTableAssociation", "NetworkAclAssociation")
        for each in made.of(kind)
        if each.name.startswith("shop-NAT-")
    }
    assert len(homes) == 4
    assert all(homes <= waits_for(each) for each in made.of("NatGateway"))
    routes = {each.name for each in made.of("Route")}
    for each in made.of("RouteTableAssociation"):
        own = {name for name in routes if each.inputs["routeTableId"] in table_of(made, name)}
        assert own
        assert own <= waits_for(each)


def table_of(made, route):
    return {each.inputs["routeTableId"] for each in made.of("Route") if each.name == route}


def test_ipv6_goes_to_an_egress_only_gateway(made):
    (gateway,) = made.of("EgressOnlyInternetGateway")
    out = {
        each.inputs["destinationIpv6CidrBlock"]: each.inputs["egressOnlyGatewayId"]
        for each in made.of("Route")
        if "destinationIpv6CidrBlock" in each.inputs
    }
    assert out == {"2001:db8:77::/64": f"{gateway.name}-id"}
