"""Names of services in DNS, for hosts of the VPC alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.ipv6 import Ipv6Block
from bulkhead.components.ipv6 import made as ipv6_made
from bulkhead.network import A, PrivateZone


class PrivateNames(Component):
    """A private zone of a VPC or several, and a record for each name in it.

    Produces: aws.route53.Zone and Record.
    """

    zone_id: pulumi.Output[str]
    """Id of the zone."""
    names: Mapping[str, pulumi.Output[str]]
    """The whole of each name, by what it is under the domain: ['1.ticker']."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        zone: PrivateZone,
        vpc_id: pulumi.Input[str],
        more_vpc_ids: Sequence[pulumi.Input[str]] = (),
        ipv6: Ipv6Block | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`ipv6` is the block of the VPC in which addresses of IPv6 are, planned and given;
        `more_vpc_ids` are those of other VPCs whose hosts can ask for names too."""
        super().__init__(name, topology, opts)
        made = aws.route53.Zone(
            self.key("zone"),
            name=zone.domain,
            comment=f"hosts of {topology}",
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=each) for each in (vpc_id, *more_vpc_ids)],
            tags=self.word_tags(zone.domain, purpose="names of hosts, for their VPC alone"),
            opts=self.child(),
        )
        records = {
            (each.name, each.kind): aws.route53.Record(
                self.key(each.name, *(() if each.kind == A else (each.kind,))),
                zone_id=made.zone_id,
                name=f"{each.name}.{zone.domain}",
                type=each.kind,
                ttl=zone.seconds,
                records=[ipv6_made(address, ipv6) for address in each.addresses],
                # A zone takes no second record of one name and type.
                opts=self.child(delete_before_replace=True),
            )
            for each in zone.records
        }
        self.zone_id = made.zone_id
        self.names = {name: each.fqdn for (name, kind), each in records.items() if kind == A}
        self.register_outputs({"zoneId": self.zone_id, "names": self.names})
