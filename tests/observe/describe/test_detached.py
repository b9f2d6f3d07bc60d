"""A gateway that is listed and serves no VPC is detached, which is not the same as not observed."""

from __future__ import annotations

import pytest


def led(account, target, name, **route):
    """Whether a route of subnet-b to a target is one that leads nowhere."""
    account.route(DestinationCidrBlock="172.16.0.0/12", **{target: name}, **route)
    network = account.observe()
    (found,) = [
        each
        for table in network.route_tables
        for each in table.routes
        if str(each.destination) == "172.16.0.0/12"
    ]
    return found.blackhole, [each for each in network.unmodelled if name in (each.id, each.scope)]


IGW = ("InternetGateways", "GatewayId", "igw-9", "InternetGatewayId", "Attachments")
VGW = ("VpnGateways", "GatewayId", "vgw-9", "VpnGatewayId", "VpcAttachments")
EIGW = (
    "EgressOnlyInternetGateways",
    "EgressOnlyInternetGatewayId",
    "eigw-9",
    "EgressOnlyInternetGatewayId",
    "Attachments",
)


@pytest.mark.parametrize(
    "attachments",
    [
        pytest.param([], id="detached"),
        pytest.param([{"VpcId": "vpc-1", "State": "detached"}], id="detached, and shown"),
        pytest.param([{"VpcId": "vpc-1", "State": "detaching"}], id="on its way"),
        pytest.param([{"VpcId": "vpc-other", "State": "attached"}], id="of another VPC"),
    ],
)
@pytest.mark.parametrize("gateway", [IGW, VGW, EIGW], ids=lambda each: each[2])
def test_a_route_to_a_detached_gateway_leads_nowhere_for_sure(account, gateway, attachments):
    key, target, name, known_as, where = gateway
    account.document.setdefault(key, []).append({known_as: name, where: attachments})
    assert led(account, target, name) == (True, [])


def test_of_a_gateway_that_does_not_say_what_it_serves_nothing_is_known(account):
    account.document["InternetGateways"].append({"InternetGatewayId": "igw-9"})
    blackhole, doubts = led(account, "GatewayId", "igw-9")
    assert not blackhole
    assert doubts


@pytest.mark.parametrize("code", ["deleted", "expired", "failed", "rejected"])
def test_a_route_to_a_peering_that_is_over_leads_nowhere(account, code):
    account.document["VpcPeeringConnections"] = [
        {
            "VpcPeeringConnectionId": "pcx-9",
            "Status": {"Code": code},
            "RequesterVpcInfo": {"VpcId": "vpc-1"},
            "AccepterVpcInfo": {"VpcId": "vpc-other"},
        }
    ]
    assert led(account, "VpcPeeringConnectionId", "pcx-9") == (True, [])


@pytest.mark.parametrize(
    ("key", "target", "name", "known_as"),
    [
        ("NatGateways", "NatGatewayId", "nat-9", "NatGatewayId"),
        ("TransitGateways", "TransitGatewayId", "tgw-9", "TransitGatewayId"),
    ],
)
def test_a_route_to_what_was_deleted_and_is_still_shown_leads_nowhere(
    account, key, target, name, known_as
):
    account.document.setdefault(key, []).append({known_as: name, "State": "deleted"})
    assert led(account, target, name) == (True, [])


def test_there_is_no_door_where_the_gateway_that_routes_name_is_detached(account):
    account.document["InternetGateways"] = [{"InternetGatewayId": "igw-1", "Attachments": []}]
    network = account.observe()
    assert network.internet_gateways == ()
    routes = [route for table in network.route_tables for route in table.routes]
    assert all(each.blackhole for each in routes if each.target_id == "igw-1")
    assert not [each for each in network.unmodelled if "igw-1" in (each.id, each.scope)]
