"""NAT gateways."""

from __future__ import annotations

from collections.abc import Collection

from bulkhead.network import NatGateway
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.record import Gaps


def nat_gateways(
    described: Described, subnets: Collection[str], gaps: Gaps
) -> tuple[NatGateway, ...]:
    """Those with a place in a subnet; a route to any other leads to something unknown."""
    found = []
    for record in described["NatGateways"]:
        with gaps.needing(record):
            gateway, subnet = record.text("NatGatewayId"), record.maybe("SubnetId")
            if record.maybe("State") == "deleted":
                continue
            addresses = record.records("NatGatewayAddresses")
            primary = next(
                (each for each in addresses if each.flag("IsPrimary")), next(iter(addresses), None)
            )
            if subnet not in subnets:
                # A regional one has no subnet at all
                # (docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html).
                where = f"its subnet {subnet} was not observed" if subnet else "it is in no subnet"
                why = f"{where}, which is not modelled"
                gaps.add("nat-gateway", gateway, gateway, why, unseen=bool(subnet))
                continue
            if primary is None or not primary.has("PrivateIp"):
                gaps.add("nat-gateway", gateway, gateway, "it shows no address")
                continue
            public = primary.has("PublicIp") and record.maybe("ConnectivityType") != "private"
            found.append(
                NatGateway(
                    id=gateway,
                    name=name_of(record, gateway),
                    vpc=record.text("VpcId"),
                    subnet=str(subnet),
                    address=primary.address("PrivateIp"),
                    public_address=primary.address("PublicIp") if public else None,
                    more_public=tuple(
                        each.address("PublicIp")
                        for each in addresses
                        if public and each is not primary and each.has("PublicIp")
                    ),
                    available=(record.maybe("State") or "available") == "available",
                )
            )
    return tuple(found)
