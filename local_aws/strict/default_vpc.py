"""The VPC that an account begins with leads to the internet, by a gateway of its own.

https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
"""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.models.vpcs import VPCBackend

_CREATE: Final[Any] = VPCBackend.create_default_vpc


def create_default_vpc(cloud: Any) -> Any:
    """ "An internet gateway [...] connected to your default VPC", and "a route to the main route
    table that points all traffic (0.0.0.0/0) to the internet gateway"."""
    vpc = _CREATE(cloud)
    gateway = cloud.create_internet_gateway()
    cloud.attach_internet_gateway(gateway.id, vpc.id)
    table = next(
        each
        for each in cloud.route_tables.values()
        if each.vpc_id == vpc.id and each.main_association_id
    )
    cloud.create_route(table.id, "0.0.0.0/0", gateway_id=gateway.id)
    return vpc


MENDED: Final = ((VPCBackend, "create_default_vpc", create_default_vpc),)
