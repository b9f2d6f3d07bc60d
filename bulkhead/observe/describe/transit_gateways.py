"""Transit gateways and what is attached to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.network import AttachmentKind, Subnet, TransitAttachment, TransitGateway, Vpc
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.record import Gaps, Record

KIND: Final = "transit-gateway-attachment"
_KINDS: Final[Mapping[str, AttachmentKind]] = {
    "vpc": AttachmentKind.VPC,
    "vpn": AttachmentKind.VPN,
    "peering": AttachmentKind.PEERING,
    "tgw-peering": AttachmentKind.PEERING,
}
_CARRIES: Final = (None, "available", "modifying")
_GONE: Final = ("deleted", "deleting")


def transit_gateways(
    described: Described, region: str, attachments: Iterable[TransitAttachment], gaps: Gaps
) -> tuple[TransitGateway, ...]:
    """Every one that was described, and stand-ins for others that attachments name."""
    found: dict[str, TransitGateway] = {}
    for record in described["TransitGateways"]:
        with gaps.needing(record):
            gateway = record.text("TransitGatewayId")
            if record.maybe("State") in _GONE:
                continue
            options = record.inside("Options")
            arn = (record.maybe("TransitGatewayArn") or "").split(":")
            found[gateway] = TransitGateway(
                id=gateway,
                name=name_of(record, gateway),
                region=(arn[3] if len(arn) > 3 else "") or region,
                # Off unless it was switched on: answers from before 2024 do not name it
                # (docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html).
                references=options is not None and _on(options, "SecurityGroupReferencingSupport"),
            )
    reason = described.missing.get("TransitGateways", "no answer mentions it")
    for gateway in sorted({each.gateway for each in attachments} - set(found)):
        why = f"something is attached to it, and it was not observed ({reason})"
        gaps.add("transit-gateway", gateway, gateway, why, unseen=True)
        found[gateway] = TransitGateway(id=gateway, name=gateway, region=region)
    return tuple(found[each] for each in sorted(found))


def _on(options: Record, key: str, *, default: bool = False) -> bool:
    value = options.maybe(key)
    return default if value is None else value == "enable"


@dataclass(frozen=True, slots=True)
class Associations:
    """Which table routes what comes in by an attachment, as far as the answers tell."""

    tables: Mapping[tuple[str, str], str]
    """(gateway, attachment) -> table."""
    unsettled: Collection[tuple[str, str]]
    """Those that are being associated or disassociated."""
    told: Collection[tuple[str, str]]
    """Those of which the answers would show a table if there were one."""
    policies: Mapping[tuple[str, str], str]
    """Those of which a policy table chooses the route table: (gateway, attachment) -> it."""

    def of(self, gateway: str, attachment: str) -> tuple[str | None, bool]:
        """Its table, and whether that is certain."""
        place = (gateway, attachment)
        if place in self.unsettled:
            return None, False
        if place in self.tables:
            return self.tables[place], True
        return None, place in self.told

    def why_unknown(self, gateway: str, attachment: str) -> str:
        """Why `of` has no certain table of it."""
        if policy := self.policies.get((gateway, attachment)):
            return f"policy table {policy} chooses the route table for each packet"
        return f"the route table of {attachment} is not shown"


def associations(described: Described, gaps: Gaps) -> Associations:
    """From the attachments themselves, and from the tables."""
    gateway_of = {
        each.text("TransitGatewayRouteTableId"): each.maybe("TransitGatewayId") or ""
        for each in described["TransitGatewayRouteTables"]
    }
    owned = set(gateway_of.values())
    tables: dict[tuple[str, str], str] = {}
    unsettled: set[tuple[str, str]] = set()
    told: set[tuple[str, str]] = set()
    policies: dict[tuple[str, str], str] = {}
    for record in described["TransitGatewayAttachments"]:
        with gaps.needing(record):
            gateway = record.maybe("TransitGatewayId") or ""
            place = (gateway, record.text("TransitGatewayAttachmentId"))
            association = record.inside("Association")
            # Only the owner of a gateway is shown its tables, and what they are for.
            if gateway in owned:
                told.add(place)
            if association is None:
                continue
            state = association.maybe("State") or "associated"
            if state == "associated" and association.has("TransitGatewayRouteTableId"):
                tables[place] = association.text("TransitGatewayRouteTableId")
            elif state != "disassociated":
                unsettled.add(place)
                if policy := association.maybe("TransitGatewayPolicyTableId"):
                    policies[place] = policy
    for record in described["TransitGatewayAssociations"]:
        table = record.text("TransitGatewayRouteTableId")
        for each in record.records("Associations"):
            with gaps.needing(each):
                place = (gateway_of.get(table, ""), each.text("TransitGatewayAttachmentId"))
                state = each.maybe("State") or "associated"
                if state == "associated":
                    tables.setdefault(place, table)
                elif state != "disassociated":
                    unsettled.add(place)
    return Associations(tables, unsettled, told, policies)


def transit_attachments(
    described: Described,
    region: str,
    vpcs: Iterable[Vpc],
    subnets: Iterable[Subnet],
    gaps: Gaps,
) -> tuple[TransitAttachment, ...]:
    """Everything attached, of every kind, as three answers together describe it."""
    tied = associations(described, gaps)
    found: dict[tuple[str, str], TransitAttachment] = {}
    told_of: set[tuple[str, str]] = set()
    for record in described["TransitGatewayAttachments"]:
        with gaps.needing(record):
            each = _listed(record)
            found[each.gateway, each.id] = each
    for record in described["TransitGatewayVpcAttachments"]:
        with gaps.needing(record):
            each = _of_vpc(record)
            before = found.get((each.gateway, each.id))
            named = before.name if before and each.name == each.id else each.name
            found[each.gateway, each.id] = replace(each, name=named)
            if record.has("SubnetIds"):
                told_of.add((each.gateway, each.id))
    for record in described["TransitGatewayPeeringAttachments"]:
        with gaps.needing(record):
            for each in _of_peering(record, region, described, found):
                before = found.get((each.gateway, each.id))
                named = before.name if before and each.name == each.id else each.name
                found[each.gateway, each.id] = replace(each, name=named)
    here = {each.id for each in vpcs}
    seen = {each.id for each in subnets}
    kept = []
    for place, each in sorted(_without_former(found).items()):
        table, certain = tied.of(*place)
        if not certain:
            # A name that no table has: what comes in is routed by something unknown.
            table = f"{each.id}/unknown-route-table"
            gaps.add(KIND, table, table, tied.why_unknown(*place))
        kept.append(replace(each, table=table))
        if each.available and each.kind is AttachmentKind.VPC:
            _doubt(each, place in told_of, vpcs=here, subnets=seen, described=described, gaps=gaps)
    return tuple(kept)


def _doubt(
    each: TransitAttachment,
    told_of: bool,
    *,
    vpcs: Collection[str],
    subnets: Collection[str],
    described: Described,
    gaps: Gaps,
) -> None:
    """By which subnets a packet enters or leaves must be known."""
    unseen = True
    if each.resource not in vpcs:
        why = f"{each.resource}, which it leads into, was not observed"
    elif not told_of:
        unseen = False
        reason = described.missing.get("TransitGatewayVpcAttachments", "no answer says")
        why = f"{reason}, so it is not known by which subnets it leads into {each.resource}"
    elif missing := sorted(set(each.subnets) - set(subnets)):
        why = f"it leads into {', '.join(missing)}, and that was not observed"
    else:
        return
    gaps.add(KIND, each.id, each.id, why, unseen=unseen)


def _listed(record: Record) -> TransitAttachment:
    """Of describe-transit-gateway-attachments: of every kind, and without particulars."""
    name = record.text("TransitGatewayAttachmentId")
    kind = _KINDS.get(record.maybe("ResourceType") or "", AttachmentKind.OTHER)
    resource = record.maybe("ResourceId") or ""
    peer = resource if kind is AttachmentKind.PEERING and resource.startswith("tgw-") else None
    return TransitAttachment(
        id=name,
        name=name_of(record, name),
        gateway=record.text("TransitGatewayId"),
        kind=kind,
        resource=name if kind is AttachmentKind.PEERING else resource,
        table=None,
        available=record.maybe("State") in _CARRIES,
        peer_gateway=peer,
    )


def _of_vpc(record: Record) -> TransitAttachment:
    name = record.text("TransitGatewayAttachmentId")
    options = record.inside("Options") or Record(record.where, {})
    return TransitAttachment(
        id=name,
        name=name_of(record, name),
        gateway=record.text("TransitGatewayId"),
        kind=AttachmentKind.VPC,
        resource=record.text("VpcId"),
        table=None,
        subnets=record.texts("SubnetIds"),
        available=record.maybe("State") in _CARRIES,
        references=_on(options, "SecurityGroupReferencingSupport", default=True),
        appliance_mode=_on(options, "ApplianceModeSupport"),
    )


def _of_peering(
    record: Record,
    region: str,
    described: Described,
    found: Mapping[tuple[str, str], TransitAttachment],
) -> Iterator[TransitAttachment]:
    """Our side of it; both, where both gateways are here."""
    name = record.text("TransitGatewayAttachmentId")
    asked = record.inside("RequesterTgwInfo") or Record(record.where, {})
    asking = record.inside("AccepterTgwInfo") or Record(record.where, {})
    other_name = record.maybe("AccepterTransitGatewayAttachmentId") or name
    known = {each.text("TransitGatewayId") for each in described["TransitGateways"]}
    for own, far, at, there in (
        (asked, asking, name, other_name),
        (asking, asked, other_name, name),
    ):
        gateway = own.maybe("TransitGatewayId")
        if gateway is None:
            continue
        here = gateway in known or (gateway, at) in found
        if here or (not known and own.maybe("Region") == region):
            yield TransitAttachment(
                id=at,
                name=name_of(record, at),
                gateway=gateway,
                kind=AttachmentKind.PEERING,
                resource=there,
                table=None,
                available=record.maybe("State") in _CARRIES,
                peer_gateway=far.maybe("TransitGatewayId"),
            )


def _without_former(
    found: Mapping[tuple[str, str], TransitAttachment],
) -> dict[tuple[str, str], TransitAttachment]:
    """AWS goes on listing an attachment that was deleted, also beside the one that follows it."""
    live: dict[tuple[str, str], int] = defaultdict(int)
    for each in found.values():
        live[each.gateway, each.resource] += each.available
    return {
        place: each
        for place, each in found.items()
        if each.available or not live[each.gateway, each.resource]
    }
