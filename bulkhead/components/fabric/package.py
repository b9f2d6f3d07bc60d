"""The fabric as programs in other languages have it: what a component package says of itself.

Pulumi reads the schema from the annotations and the texts of these classes, as they are: hence no
annotations from the future here, and plain shapes alone.
"""

import sys
from importlib import metadata
from typing import Any, NotRequired, TypedDict

import pulumi
from pulumi.errors import InputPropertyError
from pulumi.provider import ConstructResult, main
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from bulkhead.components.fabric.fabric import Fabric as FabricOfPython


class FabricArgs(TypedDict):
    """What a fabric is made of."""

    topology: str
    """The file that says which network there is to be; a path starts where the program runs."""
    lock: NotRequired[str]
    """The file that remembers what was allotted, to be committed; beside the topology if none."""


class Fabric(pulumi.ComponentResource):
    """The network of a topology: its VPC, subnets, security groups, NACLs and VPNs."""

    vpc_id: pulumi.Output[str]
    """Id of the VPC, of several the first one's."""
    vpc_ids: pulumi.Output[dict[str, str]]
    """Id of each of several VPCs, by its name; of one alone by the topology's."""
    peering_ids: pulumi.Output[dict[str, str]]
    """Id of each VPC peering connection, by the names of both VPCs ('core-market')."""
    subnet_ids: pulumi.Output[dict[str, dict[str, str]]]
    """Id of each subnet by segment and zone; of what is isolated by service, 'segment.service'."""
    service_subnet_ids: pulumi.Output[dict[str, dict[str, str]]]
    """The same by service and zone: where what holds the service's group belongs."""
    group_ids: pulumi.Output[dict[str, str]]
    """Id of the security group of each service."""
    held_group_ids: pulumi.Output[dict[str, list[str]]]
    """All that whoever runs a service holds: several groups where its rules are many."""
    interface_ids: pulumi.Output[dict[str, dict[str, str]]]
    """Id of each interface by service and replica ('ticker-1')."""
    ipv6_cidr_block: pulumi.Output[str]
    """The VPC's block of IPv6; empty where it has none."""
    subnet_ipv6_cidr_blocks: pulumi.Output[dict[str, dict[str, str]]]
    """That of each subnet that has one, by segment and zone."""
    interface_addresses: pulumi.Output[dict[str, dict[str, list[str]]]]
    """The private addresses of each interface by service and replica, that of IPv4 first."""
    vpc_endpoint_ids: pulumi.Output[dict[str, str]]
    """Id of each endpoint by the service of AWS ('s3')."""
    vpn_connection_ids: pulumi.Output[dict[str, str]]
    """Id of the VPN connection of each site."""
    vpn_addresses: pulumi.Output[dict[str, list[str]]]
    """By site, the public addresses of AWS's ends of its two tunnels."""
    public_addresses: pulumi.Output[dict[str, str]]
    """By replica the public address to which peers on the internet connect."""
    nat_addresses: pulumi.Output[dict[str, str]]
    """By zone the public address by which peers know what connects to them."""
    load_balancer_dns_names: pulumi.Output[dict[str, str]]
    """By load balancer what AWS calls it in DNS ('NLB-broker')."""
    load_balancer_addresses: pulumi.Output[dict[str, dict[str, str]]]
    """By load balancer for peers on the internet, and zone, the address to which they connect."""
    dns_names: pulumi.Output[dict[str, str]]
    """Of a topology with a domain, the name of each service and of each of its copies."""
    endpoints: pulumi.Output[dict[str, Any]]
    """By service or site, what its programs bind, connect to and set; a secret."""

    def __init__(
        self, name: str, args: FabricArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("bulkhead:index:Fabric", name, {}, opts)
        made = FabricOfPython(
            name,
            topology=args["topology"],
            lock=args.get("lock"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        for output in Fabric.__annotations__:
            setattr(self, output, pulumi.Output.from_input(getattr(made, output)))
        self.register_outputs({})


class Package(ComponentProvider):
    """What serves it; a mistake in a topology is one of the program's, and told without a trace."""

    def construct(self, *said: Any, **more: Any) -> ConstructResult:
        """As the engine asks for it. Raises InputPropertyError."""
        try:
            return super().construct(*said, **more)
        except ComponentInitError as error:
            if isinstance(error.inner, pulumi.RunError):
                raise InputPropertyError("topology", str(error.inner)) from None
            raise


def package() -> Package:
    """The package, of the version that is installed."""
    return Package([Fabric], name="bulkhead", namespace=None, version=metadata.version("bulkhead"))


def serve() -> None:
    """What the `__main__.py` beside a PulumiPlugin.yaml does, until the engine goes."""
    main(package(), sys.argv[1:])
