"""Names of services in DNS, for hosts of the VPC alone."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.network import PrivateZone


class PrivateNames(Component):
    """A private zone of a VPC, and a record for each name in it.

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
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, topology, opts)
        made = aws.route53.Zone(
            self.key("zone"),
            name=zone.domain,
            comment=f"hosts of {topology}",
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=vpc_id)],
            tags=self.word_tags(zone.domain, purpose="names of hosts, for their VPC alone"),
            opts=self.child(),
        )
        records = {
            each.name: aws.route53.Record(
                self.key(each.name),
                zone_id=made.zone_id,
                name=f"{each.name}.{zone.domain}",
                type=aws.route53.RecordType.A,
                ttl=zone.seconds,
                records=[str(address) for address in each.addresses],
                # A zone takes no second record of one name and type.
                opts=self.child(delete_before_replace=True),
            )
            for each in zone.records
        }
        self.zone_id = made.zone_id
        self.names = {name: each.fqdn for name, each in records.items()}
        self.register_outputs({"zoneId": self.zone_id, "names": self.names})
