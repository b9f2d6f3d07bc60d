"""A segment (or one service of an isolated one): subnets behind one NACL and one route table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.ipv6 import Ipv6Block, by_family, made
from bulkhead.components.public_access import exclusion
from bulkhead.components.zones import asked_in
from bulkhead.network import (
    AclEntry,
    Direction,
    Exclusion,
    NetworkAcl,
    RouteTable,
    SaidOf,
    Subnet,
    TargetKind,
    has_types,
    in_a_rule,
    protocol_name,
    tags,
)

_LED_TO: Final[Mapping[TargetKind, str]] = {
    TargetKind.VPN_GATEWAY: "gateway_id",
    TargetKind.INTERNET_GATEWAY: "gateway_id",
    TargetKind.NAT_GATEWAY: "nat_gateway_id",
    TargetKind.EGRESS_ONLY_GATEWAY: "egress_only_gateway_id",
    TargetKind.PEERING: "vpc_peering_connection_id",
}
"""How the engine calls what a route leads to."""


@dataclass(frozen=True, slots=True)
class _Table:
    id: pulumi.Output[str]
    routes: list[pulumi.Resource]


class Segment(Component):
    """Subnets, one per zone, that share a NACL and a route table, or have one each.

    Produces: aws.ec2.NetworkAcl and a NetworkAclRule per entry, RouteTable and a
    Route per destination, and for each zone a Subnet with its
    NetworkAclAssociation and RouteTableAssociation, and where it is planned with one a
    VpcBlockPublicAccessExclusion.
    """

    route_table_ids: Mapping[str, pulumi.Output[str]]
    """Id of the route table, or of that of each zone, by its planned id."""
    subnet_ids: Mapping[str, pulumi.Output[str]]
    """Id of each subnet, by its planned id."""
    ipv6_cidrs: dict[str, pulumi.Output[str]]
    """The block of IPv6 of each that has one, by its planned id."""
    guards: dict[str, list[pulumi.Resource]]
    """What puts each subnet under the segment's NACL and table, by its planned id: until then the
    VPC's own count."""
    exclusions: list[pulumi.Resource]
    """Those of its subnets from VPC Block Public Access: they stand before that is turned on."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        subnets: Sequence[Subnet],
        acl: NetworkAcl,
        route_table: RouteTable | Sequence[RouteTable],
        vpc_id: pulumi.Input[str],
        gateway_ids: Mapping[str, pulumi.Input[str]] | None = None,
        ipv6: Ipv6Block | None = None,
        after: Sequence[pulumi.Resource] = (),
        words: SaidOf | None = None,
        was: Sequence[str] = (),
        zones_were: Mapping[str, str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """The subnets of one `acl` and one `route_table`, or one for each, as planned.
        `gateway_ids` gives the id of each planned target of its routes, `ipv6` the block of the VPC
        that the planned ones are made in, `after` what gives the VPC the block that its subnets are
        in, where that is not its first; `words` become tags; `zones_were` is what zones were called
        before, and the children that are called after one: one whose id is said now, where its name
        was."""
        super().__init__(name, topology, opts, words=words, was=was)
        self._ipv6, self._after = ipv6, [*after]
        self._zones_were = zones_were or {}
        self._segment_tag = {tags.SEGMENT: subnets[0].segment or name}
        acl_id, entries = self._acl(acl, vpc_id)
        self._vpc_id, self._gateway_ids = vpc_id, gateway_ids or {}
        tables = [route_table] if isinstance(route_table, RouteTable) else [*route_table]
        zone_of = {each.route_table: each.zone for each in subnets} if len(tables) > 1 else {}
        made = {each.id: self._table(each, zone_of.get(each.id, "")) for each in tables}
        self.route_table_ids = {id_: each.id for id_, each in made.items()}
        self.guards = {}
        self.exclusions = []
        self.ipv6_cidrs = {}
        only = next(iter(made.values())) if len(made) == 1 else None
        self.subnet_ids = {
            subnet.id: self._subnet(
                subnet, vpc_id, acl_id, only or made[subnet.route_table], entries
            )
            for subnet in subnets
        }
        self.register_outputs(
            {
                "networkAclId": acl_id,
                **(
                    {"routeTableId": only.id}
                    if only
                    else {"routeTableIds": {zone_of[id_]: each.id for id_, each in made.items()}}
                ),
                "subnetIds": {each.zone: self.subnet_ids[each.id] for each in subnets},
            }
        )

    def _table(self, planned: RouteTable, zone: str) -> _Table:
        """With its routes; of one for a `zone` alone all are called after that."""
        within = (zone,) if zone else ()
        table = aws.ec2.RouteTable(
            self.key(*within, "table") if zone else self.key("routes"),
            vpc_id=self._vpc_id,
            tags=self.word_tags(planned.name, self._segment_tag),
            opts=self.child(was=self._were(zone, "table")),
        )
        made: list[pulumi.Resource] = []
        for route in planned.routes:
            if route.target is TargetKind.GATEWAY_ENDPOINT:
                continue  # AWS puts it there for the endpoint, which is made for several tables
            if route.target not in _LED_TO:
                raise ValueError(f"a segment routes to {', '.join(_LED_TO)} only, not to {route}")
            leads_to = {_LED_TO[route.target]: self._gateway_ids[route.target_id]}
            made.append(
                aws.ec2.Route(
                    self.key(*within, "route", route.destination),
                    route_table_id=table.id,
                    **leads_to,
                    **by_family(
                        route.destination,
                        self._ipv6,
                        v4="destination_cidr_block",
                        v6="destination_ipv6_cidr_block",
                    ),
                    opts=self.child(was=self._were(zone, "route", route.destination)),
                )
            )
        return _Table(table.id, made)

    def _acl(
        self, acl: NetworkAcl, vpc_id: pulumi.Input[str]
    ) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
        # One in the place of another, and what it holds, is another resource: made first.
        own = ("acl",) if acl.turn == 1 else ("acl", acl.turn)
        created = aws.ec2.NetworkAcl(
            self.key(*own),
            vpc_id=vpc_id,
            tags=self.word_tags(acl.name, self._segment_tag),
            opts=self.child(),
        )
        made: dict[AclEntry, pulumi.Resource] = {}
        for entry in acl.entries:
            # What comes before it and decides otherwise of the same packets is made before it,
            # and goes after it: at no moment is somebody refused, or let, by half of the two.
            before = [other for each, other in made.items() if _decides_otherwise(each, entry)]
            made[entry] = aws.ec2.NetworkAclRule(
                self.key(*own, *_what_it_says(entry)),
                network_acl_id=created.id,
                rule_number=entry.number,
                egress=entry.direction is Direction.EGRESS,
                protocol=str(entry.protocol),
                rule_action=entry.action.value,
                **by_family(entry.cidr, self._ipv6, v4="cidr_block", v6="ipv6_cidr_block"),
                **_of_its_protocol(entry),
                # What an entry says is its name, so it is replaced only when someone
                # changed it by hand, and AWS refuses a second one of its number.
                opts=self.child(after=before or None, delete_before_replace=True),
            )
        return created.id, [*made.values()]

    def _subnet(
        self,
        subnet: Subnet,
        vpc_id: pulumi.Input[str],
        acl_id: pulumi.Input[str],
        table: _Table,
        entries: list[pulumi.Resource],
    ) -> pulumi.Output[str]:
        created = aws.ec2.Subnet(
            self.key(subnet.zone),
            vpc_id=vpc_id,
            **asked_in(subnet.zone),
            cidr_block=str(subnet.cidr),
            **self._of_ipv6(subnet),
            map_public_ip_on_launch=bool(subnet.public_on_launch),
            assign_ipv6_address_on_creation=bool(subnet.ipv6_on_launch),
            tags=self.word_tags(subnet.name, self._segment_tag),
            opts=self.child(after=self._after or None, was=self._were(subnet.zone)),
        )
        # A subnet starts under the (closed) default NACL; it moves under its own
        # once all entries stand, so that it never runs on half of them, and so with routes.
        association = aws.ec2.NetworkAclAssociation(
            self.key(subnet.zone, "acl"),
            network_acl_id=acl_id,
            subnet_id=created.id,
            opts=self.child(after=entries, was=self._were(subnet.zone, "acl")),
        )
        routed = aws.ec2.RouteTableAssociation(
            self.key(subnet.zone, "routes"),
            route_table_id=table.id,
            subnet_id=created.id,
            opts=self.child(after=table.routes or None, was=self._were(subnet.zone, "routes")),
        )
        self.guards[subnet.id] = [association, routed]
        if subnet.excluded not in (None, Exclusion.NONE):
            self.exclusions.append(
                exclusion(
                    self,
                    subnet.name,
                    subnet.excluded,
                    key=(subnet.zone, "exclusion"),
                    was=self._were(subnet.zone, "exclusion"),
                    subnet_id=created.id,
                )
            )
        if subnet.ipv6_cidrs:
            self.ipv6_cidrs[subnet.id] = created.ipv6_cidr_block
        return created.id

    def _were(self, zone: str, *words: object) -> list[str]:
        """What a child that is called after a zone was called before."""
        return [self.key(was, *words) for was in (self._zones_were.get(zone),) if was]

    def _of_ipv6(self, subnet: Subnet) -> dict[str, Any]:
        (block,) = subnet.ipv6_cidrs or (None,)
        return {"ipv6_cidr_block": made(block, self._ipv6)} if block else {}


def _decides_otherwise(first: AclEntry, entry: AclEntry) -> bool:
    """Whether an entry that is asked before another says the contrary of some packet."""
    return (
        first.direction is entry.direction
        and first.action is not entry.action
        and first.number < entry.number
        and first.cidr.overlaps(entry.cidr)
    )


def _of_its_protocol(entry: AclEntry) -> dict[str, Any]:
    """Ports, of icmp type and code, of other protocols neither
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html)."""
    said = in_a_rule(entry.protocol, entry.ports)
    if said is None:
        return {}
    keys = ("icmp_type", "icmp_code") if has_types(entry.protocol) else ("from_port", "to_port")
    return dict(zip(keys, said, strict=True))


def _what_it_says(entry: AclEntry) -> tuple[object, ...]:
    """An entry's identity is its content: another content is another resource, made first."""
    return entry.direction, entry.action, protocol_name(entry.protocol), entry.ports, entry.cidr
