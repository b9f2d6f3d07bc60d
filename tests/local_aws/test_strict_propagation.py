"""A table has what a VPN gateway of its VPC propagates, beside what is written in it."""

from __future__ import annotations

from typing import Any

import pytest

HQ, LAB = "192.168.10.0/24", "192.168.11.0/24"


@pytest.fixture
def place(ec2: Any) -> dict[str, str]:
    """A VPC with a gateway, at which a device is that has one network behind it."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=vpc)
    device = ec2.create_customer_gateway(BgpAsn=65010, IpAddress="203.0.113.10", Type="ipsec.1")
    connection = ec2.create_vpn_connection(
        CustomerGatewayId=device["CustomerGateway"]["CustomerGatewayId"],
        VpnGatewayId=gateway,
        Type="ipsec.1",
        Options={"StaticRoutesOnly": True},
    )["VpnConnection"]["VpnConnectionId"]
    ec2.create_vpn_connection_route(VpnConnectionId=connection, DestinationCidrBlock=HQ)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    return {"vpc": vpc, "gateway": gateway, "connection": connection, "table": table}


def shown(ec2: Any, place: dict[str, str]) -> Any:
    return ec2.describe_route_tables(RouteTableIds=[place["table"]])["RouteTables"][0]


def beyond(ec2: Any, place: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Origin and target of what leads out of the VPC, by destination."""
    return {
        each["DestinationCidrBlock"]: (each["Origin"], each["GatewayId"])
        for each in shown(ec2, place)["Routes"]
        if each["GatewayId"] != "local"
    }


def enable(ec2: Any, place: dict[str, str]) -> None:
    ec2.enable_vgw_route_propagation(GatewayId=place["gateway"], RouteTableId=place["table"])


def test_what_is_behind_a_connection_comes_and_goes_with_it(ec2, place):
    assert beyond(ec2, place) == {}
    enable(ec2, place)
    enable(ec2, place)
    propagated = ("EnableVgwRoutePropagation", place["gateway"])
    assert shown(ec2, place)["PropagatingVgws"] == [{"GatewayId": place["gateway"]}]
    assert beyond(ec2, place) == {HQ: propagated}
    which = {"VpnConnectionId": place["connection"]}
    ec2.create_vpn_connection_route(**which, DestinationCidrBlock=LAB)
    assert beyond(ec2, place) == {HQ: propagated, LAB: propagated}
    ec2.delete_vpn_connection_route(**which, DestinationCidrBlock=HQ)
    assert beyond(ec2, place) == {LAB: propagated}
    ec2.delete_vpn_connection(**which)
    assert beyond(ec2, place) == {}


def test_a_written_route_hides_what_propagates_and_leaves_it_when_it_goes(ec2, place, refused):
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=place["vpc"])
    ec2.create_route(RouteTableId=place["table"], DestinationCidrBlock=HQ, GatewayId=internet)
    enable(ec2, place)
    assert beyond(ec2, place) == {HQ: ("CreateRoute", internet)}
    ec2.delete_route(RouteTableId=place["table"], DestinationCidrBlock=HQ)
    assert beyond(ec2, place) == {HQ: ("EnableVgwRoutePropagation", place["gateway"])}
    written = {"RouteTableId": place["table"], "DestinationCidrBlock": HQ}
    assert refused(ec2.delete_route, **written).startswith("InvalidRoute.NotFound")
    ec2.create_route(**written, GatewayId=internet)
    assert beyond(ec2, place) == {HQ: ("CreateRoute", internet)}


def test_nothing_propagates_from_a_gateway_that_is_not_attached(ec2, place, refused):
    other = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    asked = {"RouteTableId": place["table"], "GatewayId": other}
    assert refused(ec2.enable_vgw_route_propagation, **asked) == "Gateway.NotAttached"
    enable(ec2, place)
    ec2.detach_vpn_gateway(VpnGatewayId=place["gateway"], VpcId=place["vpc"])
    assert (beyond(ec2, place), shown(ec2, place)["PropagatingVgws"]) == ({}, [])


def test_it_ends_when_it_is_disabled(ec2, place):
    enable(ec2, place)
    asked = {"RouteTableId": place["table"], "GatewayId": place["gateway"]}
    ec2.disable_vgw_route_propagation(**asked)
    ec2.disable_vgw_route_propagation(**asked)
    assert beyond(ec2, place) == {}
