"""An account as `aws ec2 describe-*` shows it: indexed, each thing once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bulkhead.network import tags as words
from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, KEYS, Call
from bulkhead.observe.describe.detached import Serving, serving
from bulkhead.observe.record import IN_DOUBT, Gaps, Record, UnreadableError, as_records
from bulkhead.problems import printable

_BY_VPC: Final = (
    "Subnets",
    "NetworkInterfaces",
    "SecurityGroups",
    "NetworkAcls",
    "RouteTables",
    "NatGateways",
    "VpcEndpoints",
    "TransitGatewayVpcAttachments",
    "LoadBalancers",
    "VpcEncryptionControls",
)
_ATTACHED: Final = {
    "InternetGateways": "Attachments",
    "VpnGateways": "VpcAttachments",
    "EgressOnlyInternetGateways": "Attachments",
}
_BY_TRANSIT_GATEWAY: Final = ("TransitGateways", "TransitGatewayRouteTables")
_VOLATILE: Final = frozenset(
    {"AvailableIpAddressCount", "VgwTelemetry", "UpdateToken", "AdditionalRoutesAvailable"}
)
"""What may differ between two answers about a thing that did not change."""

_ALSO_CALLED: Final = {
    # As Batfish keeps snapshots of AWS (github.com/batfish/batfish).
    "Listeners": "LoadBalancerListeners",
    "TargetHealth": "LoadBalancerTargetHealth",
}


@dataclass(frozen=True, slots=True)
class Described:
    """The records of each kind, and why the kinds that are not there are not there.

    `missing` holds also kinds of which only a part is there. `unasked` are the
    missing ones that nobody is known to have asked for.
    """

    records: Mapping[str, tuple[Record, ...]]
    missing: Mapping[str, str]
    unasked: frozenset[str] = frozenset()
    public_access: Record | None = None
    serving: Serving = field(default_factory=dict)
    """Of all gateways that were listed, also for VPCs that are not kept."""
    neighbours: frozenset[str] = frozenset()
    """VPCs that are kept only because they are joined to one that was asked for."""
    own: frozenset[str] | None = None
    """What is the topology's own in a VPC that is others'; None where VPCs are judged whole."""

    def __getitem__(self, key: str) -> tuple[Record, ...]:
        return self.records.get(key, ())

    @property
    def unobserved(self) -> tuple[str, ...]:
        """The fields of a Network of which not all may be here."""
        return tuple(
            sorted({call.field for key, call in KEYS.items() if key in self.missing and call.field})
        )

    def ids(self, key: str) -> frozenset[str]:
        return frozenset(identity(record, KEYS[key].id) for record in self[key])

    def around(self, vpcs: frozenset[str]) -> Described:
        """Only these VPCs and their neighbours: what they exchange depends on both."""
        beside = neighbours(self, vpcs)
        return replace(self.within(vpcs | beside), neighbours=beside)

    def within(self, vpcs: frozenset[str]) -> Described:
        """Only these VPCs, what lies in them and what is attached to them."""
        kept = dict(self.records)
        kept["Vpcs"] = tuple(each for each in self["Vpcs"] if each.text("VpcId") in vpcs)
        for key in _BY_VPC:
            kept[key] = tuple(each for each in self[key] if each.maybe("VpcId") in vpcs)
        kept["Reservations"] = tuple(_less(each, vpcs) for each in self["Reservations"])
        # A group may be associated with other VPCs than its own
        # (docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html).
        held = {
            each.maybe("GroupId")
            for interface in kept["NetworkInterfaces"]
            for each in interface.records("Groups")
        }
        kept["SecurityGroups"] = tuple(
            each
            for each in self["SecurityGroups"]
            if each.maybe("VpcId") in vpcs or each.maybe("GroupId") in held
        )
        for key, attachments in _ATTACHED.items():
            kept[key] = tuple(each for each in self[key] if attached(each, attachments) in vpcs)
        # One that does not say what it serves may serve any of these.
        gateways = {each.text("VpnGatewayId") for each in kept["VpnGateways"]} | {
            each.maybe("VpnGatewayId")
            for each in self["VpnConnections"]
            if each.maybe("VpnGatewayId") not in self.serving
        }
        transit = {
            each.maybe("TransitGatewayId")
            for each in self["TransitGatewayAttachments"]
            if each.maybe("ResourceId") in vpcs
        } | {each.maybe("TransitGatewayId") for each in kept["TransitGatewayVpcAttachments"]}
        kept["TransitGatewayAttachments"] = tuple(
            each
            for each in self["TransitGatewayAttachments"]
            if each.maybe("ResourceId") in vpcs
            or (each.maybe("ResourceType") != "vpc" and each.maybe("TransitGatewayId") in transit)
        )
        for key in _BY_TRANSIT_GATEWAY:
            kept[key] = tuple(
                each for each in self[key] if each.maybe("TransitGatewayId") in transit
            )
        kept["VpnConnections"] = tuple(
            each
            for each in self["VpnConnections"]
            if {each.maybe("VpnGatewayId"), each.maybe("TransitGatewayId")}
            & (gateways | transit) - {None}
        )
        # AWS goes on listing a connection that was deleted: nothing leads anywhere through it.
        remote = {
            each.maybe("CustomerGatewayId")
            for each in kept["VpnConnections"]
            if each.maybe("State") not in ("deleted", "deleting")
        }
        kept["CustomerGateways"] = tuple(
            each for each in self["CustomerGateways"] if each.text("CustomerGatewayId") in remote
        )
        kept["VpcPeeringConnections"] = tuple(
            each for each in self["VpcPeeringConnections"] if vpcs & set(peered(each))
        )
        kept["Firewalls"] = tuple(
            each
            for each in self["Firewalls"]
            if (inside := each.inside("Firewall")) and inside.maybe("VpcId") in vpcs
        )
        balanced = {each.maybe("LoadBalancerArn") for each in kept["LoadBalancers"]}
        kept["Listeners"] = tuple(
            each for each in self["Listeners"] if each.maybe("LoadBalancerArn") in balanced
        )
        return replace(self, records=kept)


def described(
    document: Mapping[str, object], missing: Mapping[str, str], gaps: Gaps, *, strict: bool
) -> Described:
    """Index a describe-shaped document: {"Vpcs": [...], "Subnets": [...], ...}.

    Without `strict`, also an essential kind may be missing.
    """
    records: dict[str, tuple[Record, ...]] = {}
    absent = dict(missing)
    unasked: set[str] = set()
    for call in KEYS.values():
        with gaps.needing():
            found = list(_records(document, call.key))
            if found or call.key in document or _ALSO_CALLED.get(call.key) in document:
                records[call.key] = _once(call, found, gaps)
                continue
        if call.key not in absent:
            absent[call.key] = f"no answer to {call.operation} is there"
            unasked.add(call.key)
        if call.core and strict:
            gaps.spoil(f"{call.key} are missing: {absent[call.key]}")
    options: Record | None = None
    with gaps.needing():
        options = Record("", document).inside(BLOCK_PUBLIC_ACCESS.key)
    served: Serving = {}
    with gaps.needing():
        served = serving(records)
    return Described(records, absent, frozenset(unasked), options, served)


def unknown_keys(document: Mapping[str, object]) -> list[str]:
    """Answers of which nobody here has heard, and that are not empty."""
    known = {*KEYS, *_ALSO_CALLED.values(), BLOCK_PUBLIC_ACCESS.key}
    return sorted(printable(key) for key in document.keys() - known if document[key])


def _records(document: Mapping[str, object], key: str) -> Iterator[Record]:
    for name in (key, _ALSO_CALLED.get(key, key)):
        for record in as_records(document.get(name), name):
            # {"LoadBalancerArn": …, "Listeners": [...]}: the answers themselves, one by one.
            if key == "Listeners" and "Listeners" in record.values:
                yield from record.records("Listeners")
            else:
                yield record
        if _ALSO_CALLED.get(key, key) == key:
            return


def _less(reservation: Record, vpcs: frozenset[str]) -> Record:
    """Without the instances of other VPCs."""
    kept = [
        each.values
        for each in reservation.records("Instances")
        if each.maybe("VpcId") is None or each.maybe("VpcId") in vpcs
    ]
    return replace(reservation, values={**reservation.values, "Instances": kept})


def _once(call: Call, every: list[Record], gaps: Gaps) -> tuple[Record, ...]:
    """Each thing once, also where pages overlap or two answers each tell a part of it."""
    found: dict[tuple[str, str], Record] = {}
    for record in every:
        with gaps.needing(record):
            name = identity(record, call.id)
            place = (name, (record.maybe(call.also) or "") if call.also else "")
            before = found.get(place)
            if before is not None and (differing := _differing(before, record)):
                why = f"it is described twice, and differently ({', '.join(differing)})"
                gaps.add("contradiction", name, name, why)
                if call.key == "SecurityGroupRules":
                    # Which of them is there nobody knows: each may be.
                    found[place] = _doubted(before, name)
                    place = (name, str(len(found)))
                    found[place] = _doubted(record, f"{name}/{len(found)}")
                    continue
            values = {**before.values, **record.values} if before else record.values
            found[place] = Record(f"{call.key} {name}", values)
    return tuple(found[place] for place in sorted(found))


def _doubted(rule: Record, known_as: str) -> Record:
    values = {**rule.values, "SecurityGroupRuleId": known_as, IN_DOUBT: True}
    return Record(f"SecurityGroupRules {known_as}", values)


def identity(record: Record, alternatives: str) -> str:
    """The id that one of 'A.B|C' leads to."""
    *others, last = alternatives.split("|")
    for path in others:
        *outer, name = path.split(".")
        inside: Record | None = record
        for step in outer:
            inside = inside.inside(step) if inside else None
        if inside is not None and (found := inside.maybe(name)):
            return found
    return record.text(last)


def _differing(one: Record, other: Record) -> list[str]:
    return sorted(
        key
        for key in (one.values.keys() & other.values.keys()) - _VOLATILE
        if one.values[key] != other.values[key]
    )


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


def neighbours(described: Described, vpcs: frozenset[str]) -> frozenset[str]:
    """The VPCs of this document that are joined to some of these, by peerings in use or by
    transit gateways, also over a peering of those."""
    joined: set[str] = set()
    for each in described["VpcPeeringConnections"]:
        status = each.inside("Status")
        if vpcs & set(peered(each)) and (status is None or status.maybe("Code") == "active"):
            joined.update(peered(each))
    attached_to = _attachments(described)
    gateways = {gateway for vpc, gateway in attached_to if vpc in vpcs}
    for one, other in _peered_gateways(described):
        if gateways & {one, other}:
            gateways |= {one, other}
    joined |= {vpc for vpc, gateway in attached_to if gateway in gateways}
    return frozenset((joined & described.ids("Vpcs")) - vpcs)


def _attachments(described: Described) -> set[tuple[str, str]]:
    """(VPC, transit gateway), as either of the two answers has it."""
    found = {
        (each.maybe("ResourceId"), each.maybe("TransitGatewayId"))
        for each in described["TransitGatewayAttachments"]
        if each.maybe("ResourceType") == "vpc"
    }
    found |= {
        (each.maybe("VpcId"), each.maybe("TransitGatewayId"))
        for each in described["TransitGatewayVpcAttachments"]
    }
    return {(vpc, gateway) for vpc, gateway in found if vpc and gateway}


def _peered_gateways(described: Described) -> set[tuple[str, str]]:
    found = set()
    for each in described["TransitGatewayPeeringAttachments"]:
        sides = (each.inside("RequesterTgwInfo"), each.inside("AccepterTgwInfo"))
        named = [side.maybe("TransitGatewayId") for side in sides if side]
        if len(named) == 2 and all(named):
            found.add((str(named[0]), str(named[1])))
    return found


def topologies(described: Described) -> dict[str, str]:
    """VPC -> the topology it says it was built from."""
    found = {each.text("VpcId"): each.tags().get(words.TOPOLOGY) for each in described["Vpcs"]}
    return {vpc: topology for vpc, topology in found.items() if topology}


def stacks(described: Described) -> dict[str, str]:
    """VPC -> the stack that it says it belongs to."""
    found = {each.text("VpcId"): each.tags().get(words.STACK) for each in described["Vpcs"]}
    return {vpc: stack for vpc, stack in found.items() if stack}


def homes(described: Described) -> dict[str, str]:
    """VPC -> what tells its names apart: its topology; among VPCs of one topology their stack.

    Where neither does, the VPC itself. Several VPCs that one stack was built in are one home.
    """
    topology, stack = topologies(described), stacks(described)
    every = [each.text("VpcId") for each in described["Vpcs"]]
    several = {each.text("VpcId") for each in described["Vpcs"] if each.tags().get(words.VPC)}
    found = {vpc: topology.get(vpc, vpc) for vpc in every}
    for told_by in (stack, {}):
        known: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for vpc, home in found.items():
            whole = (topology.get(vpc, ""), stack.get(vpc, ""))
            known[home].add(whole if vpc in several else (vpc,))
        found = {
            vpc: home if len(known[home]) == 1 else told_by.get(vpc, vpc)
            for vpc, home in found.items()
        }
    return found


_OWN_IDS: Final = ("SubnetId", "GroupId", "NetworkInterfaceId", "VpnConnectionId")


def _own_id(record: Record) -> str | None:
    """The id of a thing that people name; an interface names its subnet too."""
    if record.maybe("NetworkInterfaceId"):
        return record.maybe("NetworkInterfaceId")
    return next((found for key in _OWN_IDS if (found := record.maybe(key))), None)


class NamesApart:
    """What people of a neighbour call their things, told apart from what is asked about.

    A service `ticker` of a neighbour `staging` is 'staging/ticker': a topology that
    speaks of `ticker` does not mean it.
    """

    def __init__(self, described: Described) -> None:
        self._homes = homes(described) if described.neighbours else {}
        self._neighbours = described.neighbours
        self._own = described.own

    def of(self, vpc: str | None, name: str, record: Record | None = None) -> str:
        """`record` is what has the name: in a VPC that is others' its tags tell whose it is."""
        if vpc is None or not name:
            return name
        if vpc in self._neighbours:
            return f"{self._homes.get(vpc, vpc)}/{name}"
        if record is None or self._own is None or _own_id(record) in self._own:
            return name
        tags = record.tags()
        team, stack = tags.get(words.TOPOLOGY) or vpc, tags.get(words.STACK)
        return f"{team}/{stack}/{name}" if stack else f"{team}/{name}"


def name_of(record: Record, *fallbacks: str | None) -> str:
    """What people call it: its Name tag, or the first fallback that says something."""
    candidates = (record.tags().get(words.NAME), *fallbacks)
    for candidate in candidates:
        if candidate:
            return candidate
    raise UnreadableError(f"{record.where} has nothing to be called by")
