"""An account as `aws ec2 describe-*` shows it: indexed, each thing once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.network import tags as words
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, CALLS, PREFIX_LIST_ENTRIES, Call
from bulkhead.observe.record import Gaps, Record, UnreadableError, as_records

_BY_VPC: Final = ("Subnets", "NetworkInterfaces", "SecurityGroups", "NetworkAcls", "RouteTables")
_ATTACHED: Final = {"InternetGateways": "Attachments", "VpnGateways": "VpcAttachments"}


@dataclass(frozen=True, slots=True)
class Described:
    """The records of each kind, and why the kinds that are not there are not there."""

    records: Mapping[str, tuple[Record, ...]]
    missing: Mapping[str, str]
    public_access: str = "off"

    def __getitem__(self, key: str) -> tuple[Record, ...]:
        return self.records.get(key, ())

    def ids(self, key: str) -> frozenset[str]:
        name = _ID[key]
        return frozenset(record.text(name) for record in self[key])

    def within(self, vpcs: frozenset[str]) -> Described:
        """Only these VPCs, what lies in them and what is attached to them."""
        kept = dict(self.records)
        kept["Vpcs"] = tuple(each for each in self["Vpcs"] if each.text("VpcId") in vpcs)
        for key in _BY_VPC:
            kept[key] = tuple(each for each in self[key] if each.maybe("VpcId") in vpcs)
        for key, attachments in _ATTACHED.items():
            kept[key] = tuple(each for each in self[key] if attached(each, attachments) in vpcs)
        gateways = {each.text("VpnGatewayId") for each in kept["VpnGateways"]}
        kept["TransitGatewayVpcAttachments"] = tuple(
            each for each in self["TransitGatewayVpcAttachments"] if each.maybe("VpcId") in vpcs
        )
        gateways |= {each.text("TransitGatewayId") for each in kept["TransitGatewayVpcAttachments"]}
        kept["VpnConnections"] = tuple(
            each
            for each in self["VpnConnections"]
            if {each.maybe("VpnGatewayId"), each.maybe("TransitGatewayId")} & gateways
        )
        remote = {each.maybe("CustomerGatewayId") for each in kept["VpnConnections"]}
        kept["CustomerGateways"] = tuple(
            each for each in self["CustomerGateways"] if each.text("CustomerGatewayId") in remote
        )
        kept["VpcPeeringConnections"] = tuple(
            each for each in self["VpcPeeringConnections"] if vpcs & set(peered(each))
        )
        return replace(self, records=kept)


_ID: Final = {call.key: call.id for call in (*CALLS, PREFIX_LIST_ENTRIES)}


def described(document: Mapping[str, object], missing: Mapping[str, str], gaps: Gaps) -> Described:
    """Index a describe-shaped document: {"Vpcs": [...], "Subnets": [...], ...}.

    Where pages overlap, the later record of an id stands.
    """
    records: dict[str, tuple[Record, ...]] = {}
    absent = dict(missing)
    for call in (*CALLS, PREFIX_LIST_ENTRIES):
        if call.key not in document:
            absent.setdefault(call.key, f"no answer to {call.operation} is there")
            if call.core:
                gaps.faults.append(f"{call.key} are missing: {absent[call.key]}")
            continue
        with gaps.needing():
            records[call.key] = _once(call, document[call.key], gaps)
    mode = "off"
    with gaps.needing():
        options = Record("", document).inside(BLOCK_PUBLIC_ACCESS.key)
        if options is not None:
            mode = options.maybe("InternetGatewayBlockMode") or "off"
    return Described(records, absent, mode)


def _once(call: Call, value: object, gaps: Gaps) -> tuple[Record, ...]:
    found: dict[str, Record] = {}
    for record in as_records(value, call.key):
        with gaps.needing():
            name = record.text(call.id)
            found[name] = Record(f"{call.key} {name}", record.values)
    return tuple(found[name] for name in sorted(found))


def attached(record: Record, key: str) -> str | None:
    """The VPC that a gateway is attached to, if any."""
    for attachment in record.records(key):
        if attachment.maybe("State") not in ("detached", "detaching"):
            return attachment.maybe("VpcId")
    return None


def peered(record: Record) -> tuple[str, ...]:
    """Both VPCs of a peering connection."""
    sides = (record.inside("AccepterVpcInfo"), record.inside("RequesterVpcInfo"))
    return tuple(vpc for side in sides if side and (vpc := side.maybe("VpcId")))


def topologies(described: Described) -> dict[str, str]:
    """VPC -> the topology it says it was built from."""
    found = {each.text("VpcId"): each.tags().get(words.TOPOLOGY) for each in described["Vpcs"]}
    return {vpc: topology for vpc, topology in found.items() if topology}


def label(record: Record, *fallbacks: str | None) -> str:
    """What people call it: its Name tag, or the first fallback that says something."""
    candidates = (record.tags().get(words.NAME), *fallbacks)
    for candidate in candidates:
        if candidate:
            return candidate
    raise UnreadableError(f"{record.where} has nothing to be called by")
