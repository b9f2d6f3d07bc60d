"""Routes that a VPN gateway propagates into the tables of its VPC, beside those that were written.

A table has those of every gateway that it takes them of, as long as that is attached. "If any
propagated routes overlap with static routes [...] the static route takes priority":
https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html#route-tables-priority
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from moto.ec2.models.route_tables import Route, RouteTable

from local_aws.strict.gateways import vpn_connections_of
from local_aws.strict.networks import vpcs_of_vpn_gateway
from local_aws.strict.rules import Request, Result, answers, refusal


class Propagated(Route):
    """One that nobody wrote. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html"""

    origin = "EnableVgwRoutePropagation"


_MAKE: Final[Any] = Propagated  # which moto calls abstract, and makes all the same


def taken_of(table: Any) -> list[str]:
    """Ids of the gateways whose routes a table takes."""
    held: list[str] = table.__dict__.setdefault("_taken_of", [])
    return held


def attached_ones(table: Any) -> list[str]:
    cloud = table.ec2_backend
    return [
        name
        for name in taken_of(table)
        if name in cloud.vpn_gateways and table.vpc_id in vpcs_of_vpn_gateway(cloud, name)
    ]


def asked(request: Request) -> tuple[Any, str]:
    table = request.cloud.get_route_table(request.params["RouteTableId"])
    gateway = request.cloud.get_vpn_gateway(request.params["GatewayId"])
    return table, str(gateway.id)


@answers("EnableVgwRoutePropagation")
def enable(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableVgwRoutePropagation.html

    "The virtual private gateway that is attached to a VPC": the table's.
    """
    table, gateway = asked(request)
    if table.vpc_id not in vpcs_of_vpn_gateway(request.cloud, gateway):
        raise refusal(
            "Gateway.NotAttached",
            f"resource {gateway} is not attached to the network {table.vpc_id} of {table.id}",
        )
    if gateway not in taken_of(table):
        taken_of(table).append(gateway)
    return {}


@answers("DisableVgwRoutePropagation")
def disable(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisableVgwRoutePropagation.html"""
    table, gateway = asked(request)
    if gateway in taken_of(table):
        taken_of(table).remove(gateway)
    return {}


def propagated(table: Any) -> Iterator[Any]:
    """The static routes of VPN connections; no device calls, so none is learned by BGP."""
    cloud = table.ec2_backend
    said = {route.destination_cidr_block for route in table._routes.values()}
    for name in attached_ones(table):
        for connection in vpn_connections_of(cloud, name):
            for route in connection.routes:
                block = route["DestinationCidrBlock"]
                if block not in said:
                    said.add(block)
                    yield _MAKE(table, block, None, gateway=cloud.vpn_gateways[name])


MENDED: Final = (
    (RouteTable, "routes", property(lambda table: [*table._routes.values(), *propagated(table)])),
    (
        RouteTable,
        "propagating_vgws",
        property(lambda table: [{"GatewayId": name} for name in attached_ones(table)]),
    ),
)
