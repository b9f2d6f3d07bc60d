"""A Network Load Balancer before the copies of a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.network import BalancedPort, Interface, LoadBalancer

_LONGEST: Final = 32
_DIGITS: Final = 8


class Balancer(Component):
    """A load balancer with an interface in each zone, and all copies of a service behind each of
    its ports, whichever zone they are in.

    Which packets arrive its group says, which is made before it (`Service`, without interfaces):
    one that is made without can never have any
    (docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html).
    Within the VPC it has the planned addresses; for peers on the internet an Elastic IP address in
    each zone, and private addresses that AWS chooses
    (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html).

    Produces: aws.lb.LoadBalancer, a TargetGroup and a Listener per port, a TargetGroupAttachment
    per copy behind each; for peers on the internet an Eip per zone.
    """

    arn: pulumi.Output[str]
    """ARN of the load balancer."""
    dns_name: pulumi.Output[str]
    """What AWS calls it in DNS."""
    public_addresses: Mapping[str, pulumi.Output[str]]
    """By zone the address to which peers on the internet connect; none within the VPC."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        balancer: LoadBalancer,
        interfaces: Sequence[Interface],
        targets: Mapping[str, pulumi.Input[str]],
        vpc_id: pulumi.Input[str],
        group_ids: Sequence[pulumi.Input[str]],
        subnet_ids: Mapping[str, pulumi.Input[str]],
        zones: Mapping[str, str],
        attached: Sequence[pulumi.Resource] = (),
        after: Sequence[pulumi.Resource] = (),
        was: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`interfaces` are its own as planned, `targets` the address of each planned one behind
        it; `subnet_ids` and `zones` give the id and the zone of each planned subnet. Public ones
        need the internet gateway `attached`, and all are made `after` what guards their subnets."""
        super().__init__(name, topology, opts, was=was)
        purpose = f"the load balancer before {balancer.name}"
        zoned = {zones[each.subnet]: each for each in interfaces}
        addresses = {
            zone: aws.ec2.Eip(
                self.key(zone, "address"),
                domain="vpc",
                tags=self.tags(each.name),
                opts=self.child(after=[*attached] or None),
            )
            for zone, each in zoned.items()
            if each.public_address is not None
        }
        created = aws.lb.LoadBalancer(
            self.key("nlb"),
            name=self._short("nlb", balancer.name),
            load_balancer_type="network",
            internal=not addresses,
            ip_address_type="ipv4",
            security_groups=[*group_ids],
            subnet_mappings=[
                aws.lb.LoadBalancerSubnetMappingArgs(
                    subnet_id=subnet_ids[each.subnet],
                    **(
                        {"allocation_id": addresses[zone].id}
                        if zone in addresses
                        else {"private_ipv4_address": str(each.address)}
                    ),
                )
                for zone, each in zoned.items()
            ],
            enable_cross_zone_load_balancing=any(one.crosses_zones for one in balancer.listeners),
            tags=self.word_tags(balancer.name, purpose=purpose),
            # Two cannot have the same addresses.
            opts=self.child(after=[*attached, *after] or None, delete_before_replace=True),
        )
        for port in balancer.listeners:
            self._listen(created, port, targets, vpc_id, balancer.name)
        self.arn, self.dns_name = created.id, created.dns_name
        self.public_addresses = {zone: each.public_ip for zone, each in addresses.items()}
        self.register_outputs(
            {
                "arn": self.arn,
                "dnsName": self.dns_name,
                **({"publicAddresses": self.public_addresses} if addresses else {}),
            }
        )

    def _listen(
        self,
        balancer: aws.lb.LoadBalancer,
        port: BalancedPort,
        targets: Mapping[str, pulumi.Input[str]],
        vpc_id: pulumi.Input[str],
        called: str,
    ) -> None:
        """At one port, with all copies behind it; each is asked at that very port whether it is
        there."""
        (behind,) = {number for _, number in port.targets}
        group = aws.lb.TargetGroup(
            self.key("tcp", port.port, "targets"),
            name=self._short(f"tcp-{port.port}", called),
            port=behind,
            protocol="TCP",
            target_type="ip",
            vpc_id=vpc_id,
            preserve_client_ip=str(port.keeps_client_address).lower(),
            health_check=aws.lb.TargetGroupHealthCheckArgs(protocol="TCP", port="traffic-port"),
            tags=self.tags(f"{called} tcp {port.port}"),
            opts=self.child(),
        )
        for interface, number in port.targets:
            aws.lb.TargetGroupAttachment(
                self.key("tcp", port.port, interface.partition("/")[2]),
                target_group_arn=group.id,
                target_id=targets[interface],
                port=number,
                opts=self.child(),
            )
        aws.lb.Listener(
            self.key("tcp", port.port),
            load_balancer_arn=balancer.id,
            port=port.port,
            protocol="TCP",
            tcp_idle_timeout_seconds=port.tcp_idle,
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.id)
            ],
            tags=self.tags(f"{called} tcp {port.port}"),
            opts=self.child(),
        )

    def _short(self, what: str, called: str) -> str:
        """A name that AWS takes, and nobody else of the account has: up to 32 letters, digits and
        dashes, of the Region alone
        (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html,
        API_CreateTargetGroup.html)."""
        whole = f"{pulumi.get_project()} {pulumi.get_stack()} {self.key(what)}"
        said = f"{called}-{what}"[: _LONGEST - _DIGITS - 1].strip("-")
        return f"{said}-{sha256(whole.encode()).hexdigest()[:_DIGITS]}"
