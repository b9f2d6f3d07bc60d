"""The ids by which AWS takes apart what belongs together."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.network import Association
from bulkhead.observe.describe.described import Described
from bulkhead.observe.describe.route_tables import associations as of_table
from bulkhead.observe.record import Gaps, Record


def associations(described: Described, gaps: Gaps) -> tuple[Association, ...]:
    """Every one that the answers name, in one order: AWS promises none."""
    found: set[Association] = set()
    for key, read in _READ.items():
        for record in described[key]:
            with gaps.needing(record):
                for name, of, to in read(record):
                    if name and of and to:
                        found.add(Association(id=name, of=of, to=to))
    return tuple(sorted(found, key=lambda each: (each.of, each.to, each.id)))


_Named = Iterator[tuple[str | None, str | None, str | None]]
"""Id, of what, to what; each None where it is not shown."""


def _of_acl(record: Record) -> _Named:
    for each in record.records("Associations"):
        yield (
            each.maybe("NetworkAclAssociationId"),
            each.maybe("SubnetId"),
            record.text("NetworkAclId"),
        )


def _of_route_table(record: Record) -> _Named:
    for each in of_table(record):
        of = record.maybe("VpcId") if each.flag("Main") else each.maybe("SubnetId")
        yield each.maybe("RouteTableAssociationId"), of, record.text("RouteTableId")


def _of_vpc(record: Record) -> _Named:
    for each in record.records("CidrBlockAssociationSet"):
        yield each.maybe("AssociationId"), record.text("VpcId"), each.maybe("CidrBlock")
    yield from _of_ipv6(record, "VpcId")


def _of_subnet(record: Record) -> _Named:
    yield from _of_ipv6(record, "SubnetId")


def _of_ipv6(record: Record, key: str) -> _Named:
    for each in record.records("Ipv6CidrBlockAssociationSet"):
        # A block of IPv6 may be written in several ways: here as the Network has it.
        block = str(each.network6("Ipv6CidrBlock")) if each.maybe("Ipv6CidrBlock") else None
        yield each.maybe("AssociationId"), record.text(key), block


def _of_interface(record: Record) -> _Named:
    for each in (record, *record.records("PrivateIpAddresses")):
        if (held := each.inside("Association")) is not None:
            name = record.maybe("NetworkInterfaceId")
            yield held.maybe("AssociationId"), name, held.maybe("PublicIp")


_READ = {
    "NetworkAcls": _of_acl,
    "RouteTables": _of_route_table,
    "Vpcs": _of_vpc,
    "Subnets": _of_subnet,
    "NetworkInterfaces": _of_interface,
}
