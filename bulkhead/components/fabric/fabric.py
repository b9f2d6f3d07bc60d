"""A whole network in one component: what a topology says, for a program of one's own."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from ipaddress import IPv6Network
from pathlib import Path
from typing import Any

import pulumi

from bulkhead.components.base import Component
from bulkhead.components.fabric.build import Built, build
from bulkhead.components.fabric.planning import PlannedFabric, planned
from bulkhead.components.fabric.region import provider_in, region_by, region_by_default
from bulkhead.components.fabric.sdk import short_traces, wait_for_registrations_first
from bulkhead.components.fabric.standing import expect_standing
from bulkhead.components.ipv6 import Ipv6Block
from bulkhead.network import Service as PlannedService
from bulkhead.network import is_planned_balancer
from bulkhead.plan import Plan, is_endpoint
from bulkhead.problems import InputError
from bulkhead.topology import Topology


class Fabric(Component):
    """The network of a topology: its VPC, segments, services and sites.

        fabric = Fabric("trading", topology=Path("topologies/trading.yaml"))
        aws.ec2.Instance(
            "ticker",
            subnet_id=fabric.service_subnet_ids["ticker"]["eu-west-1a"],
            vpc_security_group_ids=fabric.held_group_ids["ticker"],
            ...
        )

    All of it is judged before anything is registered: what cannot be planned ends the program
    with `pulumi.RunError`, one line a mistake, each with the file and the line. The lock of what
    is allotted is written by an update, never by a preview, and stays as it is where CI is set.
    """

    plan: Plan
    """What is built: `plan.network`, `plan.flows`, `plan.lock`."""
    vpc_id: pulumi.Output[str]
    """Id of the VPC, of several the first one's."""
    vpc_ids: Mapping[str, pulumi.Output[str]]
    """Id of each of several VPCs, by its name: ['market']; of one alone by the topology's."""
    peering_ids: Mapping[str, pulumi.Output[str]]
    """Id of each VPC peering connection, by the names of both VPCs: ['core-market']."""
    subnet_ids: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """Id of each subnet by segment and zone: ['feed']['eu-west-1a']. Services of a segment with
    `isolation: service` have subnets each: ['risk.limits']['eu-west-1a']."""
    service_subnet_ids: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """The same by service and zone: where something that holds the service's group belongs."""
    group_ids: Mapping[str, pulumi.Output[str]]
    """Id of the security group of each service, by which rules name it; of one with several network
    interfaces of each of these: ['router'], ['router.eth1']."""
    held_group_ids: Mapping[str, Sequence[pulumi.Output[str]]]
    """The same, and after it the ids of groups that have more of its rules, where those are more
    than one group holds: whoever runs there holds them all."""
    interface_ids: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """Id of each interface by service and replica: ['ticker']['ticker-1']."""
    ipv6_cidr_block: pulumi.Output[str]
    """The VPC's block of IPv6; '' where it has none."""
    subnet_ipv6_cidr_blocks: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """That of each subnet that has one, by segment and zone as `subnet_ids`."""
    interface_addresses: Mapping[str, Mapping[str, Sequence[pulumi.Input[str]]]]
    """The private addresses of each interface by service and replica, that of IPv4 first:
    ['ticker']['ticker-1']."""
    vpc_endpoint_ids: Mapping[str, pulumi.Output[str]]
    """Id of each endpoint by the service of AWS that it leads to: ['s3'], ['ecr-api']."""
    vpn_connection_ids: Mapping[str, pulumi.Output[str]]
    """Id of the VPN connection of each site."""
    vpn_addresses: Mapping[str, Sequence[pulumi.Output[str]]]
    """By site, the public addresses of AWS's ends of its two tunnels: what its device dials."""
    public_addresses: Mapping[str, pulumi.Output[str]]
    """By replica the public address to which peers on the internet connect: ['gateway-1']."""
    nat_addresses: Mapping[str, pulumi.Output[str]]
    """By zone the public address by which peers know what connects to them: ['eu-west-1a']."""
    load_balancer_dns_names: Mapping[str, pulumi.Output[str]]
    """What AWS calls each load balancer in DNS: ['NLB-broker'] within the VPC, and for peers on the
    internet ['public-NLB-broker']."""
    load_balancer_addresses: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """By load balancer for peers on the internet, and zone, the address to which they connect."""
    dns_names: Mapping[str, pulumi.Output[str]]
    """Of a topology with `dns:`, what services and each of their copies are called, by the part
    under its domain: ['ticker'], ['1.ticker']."""

    def __init__(
        self,
        name: str,
        *,
        topology: Path | str | Topology,
        lock: Path | str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`topology` is a file, or one made by `bulkhead.topology`. `lock` is the file that
        remembers what is allotted: beside a file as `bulkhead plan` has it, beside a program
        '<name of the topology>.lock.json'. Paths start where the program runs.

        Raises pulumi.RunError.
        """
        provider = provider_in(opts)
        try:
            found = planned(topology, lock)
            if provider is None:
                found.expect_region(region_by_default())
            expect_standing(found.topology, found.plan, str(found.lock), provider)
            found.keep()
        except InputError as error:
            raise _ended(name, error) from None
        super().__init__(name, found.plan.topology, opts)
        for warning in found.plan.warnings:
            pulumi.log.warn(str(warning), self)
        self.plan = found.plan
        with short_traces():
            built = build(found.plan, name, pulumi.ResourceOptions(parent=self))
        wait_for_registrations_first()
        self._found, self._block = found, next(iter(built.vpcs.values())).ipv6
        self._hand_out(found, built)
        self.register_outputs(
            {
                "topology": found.plan.topology,
                "region": _expected(name, found, provider) if provider else found.topology.region,
                "vpcId": self.vpc_id,
                "subnetIds": self.subnet_ids,
                "groupIds": self.group_ids,
                "interfaceIds": self.interface_ids,
                "vpcEndpointIds": self.vpc_endpoint_ids,
                "vpnConnectionIds": self.vpn_connection_ids,
                "vpnAddresses": self.vpn_addresses,
                **{
                    key: told
                    for key, told in {
                        "publicAddresses": self.public_addresses,
                        "natAddresses": self.nat_addresses,
                        "dnsNames": self.dns_names,
                        "loadBalancerDnsNames": self.load_balancer_dns_names,
                        "loadBalancerAddresses": self.load_balancer_addresses,
                        "heldGroupIds": self._with_several_groups(),
                        "vpcIds": self.vpc_ids if len(self.vpc_ids) > 1 else {},
                        "peeringIds": self.peering_ids,
                    }.items()
                    if told
                },
                **(self._of_ipv6() if found.plan.ipv6_pool is not None else {}),
            }
        )

    def _hand_out(self, found: PlannedFabric, built: Built) -> None:
        network = found.plan.network
        vpc = next(iter(built.vpcs.values()))
        self.vpc_id = vpc.vpc_id
        self.vpc_ids = {name or found.plan.topology: one.vpc_id for name, one in built.vpcs.items()}
        self.peering_ids = {name: each.peering_id for name, each in built.peerings.items()}
        placed = _placed(found.plan, built)
        self.subnet_ids = {
            name: {
                network.subnet[id_].zone: _after(placed[id_], each)
                for id_, each in segment.subnet_ids.items()
            }
            for name, segment in built.segments.items()
        }
        for name, zones in built.guests.subnet_ids.items() if built.guests else ():
            planned = found.plan.standing[name]
            self.subnet_ids[name] = {
                zone: _after(placed[planned[zone]], each) for zone, each in zones.items()
            }
        self.service_subnet_ids = {
            each.name: self.subnet_ids[_unit(each, built)] for each in network.services
        }
        block = vpc.ipv6
        self.ipv6_cidr_block = block.given if block else pulumi.Output.from_input("")
        self.subnet_ipv6_cidr_blocks = {
            name: {network.subnet[id_].zone: each for id_, each in segment.ipv6_cidrs.items()}
            for name, segment in built.segments.items()
            if segment.ipv6_cidrs
        }
        self.interface_addresses = {name: each.addresses for name, each in built.services.items()}
        self.group_ids = {name: each.security_group_id for name, each in built.services.items()}
        self.held_group_ids = {
            name: each.security_group_ids for name, each in built.services.items()
        }
        self.interface_ids = {name: each.interface_ids for name, each in built.services.items()}
        self.vpc_endpoint_ids = {
            **{name: each.endpoint_id for name, each in built.endpoints.items()},
            **{
                name.removeprefix("AWS "): each.endpoint_id
                for name, each in built.interface_endpoints.items()
            },
        }
        self.vpn_connection_ids = {
            name: each.vpn_connection_id for name, each in built.sites.items()
        }
        self.vpn_addresses = {name: each.tunnel_addresses for name, each in built.sites.items()}
        self.public_addresses = {
            name: address
            for each in built.services.values()
            for name, address in each.public_addresses.items()
        }
        self.nat_addresses = {
            zone: address for each in built.nats for zone, address in each.addresses.items()
        }
        self.load_balancer_dns_names = {
            name: each.dns_name for name, each in built.balancers.items()
        }
        self.load_balancer_addresses = {
            name: each.public_addresses
            for name, each in built.balancers.items()
            if each.public_addresses
        }
        self.dns_names = built.names.names if built.names else {}

    @cached_property
    def endpoints(self) -> Mapping[str, pulumi.Output[dict[str, Any]]]:
        """By service or site, what its programs bind, connect to and set, as `bulkhead endpoints
        --format json` has it; secret, because who has it has the map of the network."""
        return dict(_told(self._found, self._block))

    def _with_several_groups(self) -> Mapping[str, Sequence[pulumi.Output[str]]]:
        return {name: each for name, each in self.held_group_ids.items() if len(each) > 1}

    def _of_ipv6(self) -> dict[str, Any]:
        """What is told of a fabric that has it, and of no other."""
        return {
            "ipv6CidrBlock": self.ipv6_cidr_block,
            "subnetIpv6CidrBlocks": self.subnet_ipv6_cidr_blocks,
            "interfaceAddresses": self.interface_addresses,
        }


def _secret(plain: pulumi.Input[str]) -> pulumi.Output[dict[str, Any]]:
    """As one text until it is asked for: of a mapping each single value becomes an output."""
    told: pulumi.Output[dict[str, Any]] = pulumi.Output.secret(plain).apply(json.loads)
    return told


def _told(
    found: PlannedFabric, block: Ipv6Block | None
) -> Iterator[tuple[str, pulumi.Output[dict[str, Any]]]]:
    """What each service and site is told: with addresses of IPv6 once AWS has given them."""
    planned = found.endpoints()
    if block is None:
        yield from ((name, _secret(json.dumps(told))) for name, told in planned.items())
        return

    every = cache(lambda given: found.endpoints(IPv6Network(given)))

    def one(given: str, name: str) -> str:
        return json.dumps(every(given)[name])

    for name in planned:
        yield name, _secret(block.given.apply(partial(one, name=name)))


def _placed(plan: Plan, built: Built) -> Mapping[str, Sequence[pulumi.Output[str]]]:
    """By planned subnet, what tells that an interface has its address in it."""
    placed: defaultdict[str, list[pulumi.Output[str]]] = defaultdict(list)
    for each in plan.network.interfaces:
        if each.service is None or each.stand_in:
            continue
        if not (is_endpoint(each.service) or is_planned_balancer(each.service)):
            placed[each.subnet].append(built.services[each.service].interface_urns[each.name])
    return placed


def _after(placed: Sequence[pulumi.Output[str]], id_: pulumi.Output[str]) -> pulumi.Output[str]:
    """The id of a subnet once all planned addresses in it are taken.

    AWS gives what a program launches there any that is free. By URNs, so that a preview of one
    more replica knows the id of a subnet that stands.
    """
    return pulumi.Output.all(id_, *placed).apply(lambda every: str(every[0]))


def _unit(service: PlannedService, built: Built) -> str:
    """What a service's subnets stand behind: its segment, or what its segment has of its own."""
    of_its_own = f"{service.segment}.{service.name}"
    return of_its_own if of_its_own in built.segments else str(service.segment)


def _expected(
    name: str, found: PlannedFabric, provider: pulumi.ProviderResource
) -> pulumi.Output[str | None]:
    """The Region of a provider, which is known only once it is registered."""

    def expect(region: str | None) -> str | None:
        try:
            found.expect_region(region)
        except InputError as error:
            raise pulumi.RunError(f"fabric {name} cannot be made:\n{error}") from None
        return region

    return region_by(provider).apply(expect)


def _ended(name: str, error: InputError) -> pulumi.RunError:
    """What the engine shows as it is, without a traceback."""
    return pulumi.RunError(f"nothing of fabric {name} was changed:\n{error}")
