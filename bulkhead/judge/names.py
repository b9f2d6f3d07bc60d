"""The names that a topology gives its hosts, held against those that a private zone has.

No packet depends on them: a name says to which address a program sends, and what is let there
the flows say. But who is told another address connects to another host.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.network import AAAA, A, Declaration, NameRecord, Network, Origin, PrivateZone
from bulkhead.network.inventory import Listed

_MEND: Final = "pulumi up --refresh"


@dataclass(frozen=True, slots=True)
class NamesHeld:
    """What is not as declared, and what nobody knows."""

    findings: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()


def names_held(
    declaration: Declaration,
    planned: PrivateZone,
    found: Listed[PrivateZone],
    network: Network,
) -> NamesHeld:
    """Every name of a plan, looked for among what hosts of its VPC can ask."""
    domain = planned.domain
    here = {each.id for each in network.vpcs if not each.neighbour}
    ours = [each for each in found if each.domain == domain and each.vpc in here]
    why = [each.why for each in found.unread if not each.beyond]
    if why or any(not each.asked for each in ours):
        why = why or ["nobody asked for the records"]
        return NamesHeld(unknown=(f"which names hosts have in {domain}: {'; '.join(why)}",))
    if not ours:
        elsewhere = sorted({each.vpc for each in found if each.domain == domain})
        return NamesHeld((_no_zone(declaration, planned, elsewhere),))
    (zone, *_) = ours
    differ = [*_not_told(declaration, planned, ours, network)]
    differ += [*_records(declaration, planned, zone)]
    hide = _hiding(declaration, planned, [each for each in found if each.vpc in here])
    return NamesHeld((*differ, *hide))


def _no_zone(declaration: Declaration, planned: PrivateZone, elsewhere: list[str]) -> Finding:
    where = f": it answers hosts of {', '.join(elsewhere)}" if elsewhere else ""
    return Finding(
        kind=FindingKind.LACKING,
        message=f"private zone {planned.domain} is not there for hosts of the VPC{where}",
        why="None of its names has an address: who connects by one never gets there.",
        mend=_MEND,
        about=("private zone", planned.domain, ""),
    ).at(declaration.origins.whole)


def _not_told(
    declaration: Declaration,
    planned: PrivateZone,
    ours: Iterable[PrivateZone],
    network: Network,
) -> Iterator[Finding]:
    """Of several VPCs those whose hosts cannot ask it."""
    told = {each.vpc for each in ours}
    for vpc in network.vpcs if planned.more_vpcs else ():
        if not vpc.neighbour and vpc.id not in told:
            yield Finding(
                kind=FindingKind.LACKING,
                message=f"private zone {planned.domain} is not there for hosts of {vpc.name}",
                why="None of its names has an address there: who connects by one never gets there.",
                mend=_MEND,
                about=("private zone", planned.domain, vpc.name),
            ).at(declaration.origins.whole)


def _records(
    declaration: Declaration, planned: PrivateZone, zone: PrivateZone
) -> Iterator[Finding]:
    there = {(each.name, each.kind): each for each in zone.records}
    wanted = {(each.name, each.kind): each for each in planned.records}
    for key, record in wanted.items():
        other = there.get(key) or _instead(record, zone.records)
        yield from _difference(declaration, planned, record, other)
    taken = {each.name for each in planned.records}
    for key, record in there.items():
        if key in wanted or (record.name in taken and record.kind not in (A, AAAA)):
            continue
        whole = _whole(record.name, planned.domain)
        yield Finding(
            kind=FindingKind.UNPLANNED,
            message=f"name {whole} has {_says(record)}, and no plan has it",
            why="Hosts of the VPC that ask for it are sent there.",
            mend=_deletion(zone, record),
            about=("DNS name", whole, record.kind),
        ).at(_origin(declaration, record))


def _instead(record: NameRecord, there: Iterable[NameRecord]) -> NameRecord | None:
    """What stands where a name should be and is of another kind: beside a CNAME nothing can."""
    others = (each for each in there if each.name == record.name)
    return next((each for each in others if each.kind not in (A, AAAA)), None)


def _difference(
    declaration: Declaration,
    planned: PrivateZone,
    record: NameRecord,
    there: NameRecord | None,
) -> Iterator[Finding]:
    whole, about = _whole(record.name, planned.domain), "DNS name"
    origin = _origin(declaration, record)
    if there is None:
        yield Finding(
            kind=FindingKind.LACKING,
            message=f"name {whole} ({record.kind}) is not there",
            why="It has no address: who connects by it never gets there.",
            mend=_MEND,
            about=(about, whole, record.kind),
        ).at(origin)
        return
    if there.other or sorted(there.addresses, key=int) != sorted(record.addresses, key=int):
        yield Finding(
            kind=FindingKind.DIFFERS,
            message=f"name {whole} has {_says(there)}, planned {_says(record)}",
            why="Who connects by it is sent to another host, if the flows let it there.",
            mend=_MEND,
            about=(about, whole, f"{record.kind} addresses"),
        ).at(origin)
    elif there.seconds not in (None, planned.seconds):
        yield Finding(
            kind=FindingKind.DIFFERS,
            message=f"name {whole} ({record.kind}) is remembered for {there.seconds} s, "
            f"planned {planned.seconds} s",
            why="Whoever has another address is found that much later or sooner.",
            mend=_MEND,
            about=(about, whole, f"{record.kind} seconds"),
        ).at(origin)


def _hiding(
    declaration: Declaration, planned: PrivateZone, here: Iterable[PrivateZone]
) -> Iterator[Finding]:
    """Zones whose names are longer: hosts are answered by the most specific one.

    (docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html)
    """
    for zone in here:
        if not zone.domain.endswith(f".{planned.domain}"):
            continue
        hidden = [
            name
            for name in planned.names
            if name == zone.domain or name.endswith(f".{zone.domain}")
        ]
        if hidden:
            yield Finding(
                kind=FindingKind.UNPLANNED,
                message=f"private zone {zone.domain} ({zone.id}) answers for {', '.join(hidden)}",
                why="Hosts of the VPC are answered by the zone with the longest name, and no plan "
                "says what this one has.",
                mend=f"aws route53 disassociate-vpc-from-hosted-zone --hosted-zone-id {zone.id} "
                f"--vpc VPCRegion={_region(declaration)},VPCId={zone.vpc}",
                about=("private zone", zone.domain, ""),
            ).at(declaration.origins.whole)


def _region(declaration: Declaration) -> str:
    return declaration.planned.vpcs[0].region if declaration.planned else ""


def _whole(name: str, domain: str) -> str:
    return f"{name}.{domain}" if name else domain


def _says(record: NameRecord) -> str:
    """'10.20.0.4, 10.20.1.4'."""
    return record.other or ", ".join(map(str, sorted(record.addresses, key=int)))


def _origin(declaration: Declaration, record: NameRecord) -> Origin | None:
    """The line of the service: 'router' of '1.eth1.router'."""
    owners, whole = declaration.origins.owners, declaration.origins.whole
    return owners.get(record.name.rpartition(".")[2], whole)


def _deletion(zone: PrivateZone, record: NameRecord) -> str:
    """The call that takes a record away, for which AWS has to be told all of it
    (docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html)."""
    if record.other or record.seconds is None:
        return ""
    said = {
        "Name": _whole(record.name, zone.domain),
        "Type": record.kind,
        "TTL": record.seconds,
        "ResourceRecords": [{"Value": str(each)} for each in record.addresses],
    }
    batch = json.dumps({"Changes": [{"Action": "DELETE", "ResourceRecordSet": said}]})
    return (
        f"aws route53 change-resource-record-sets --hosted-zone-id {zone.id} "
        f"--change-batch {shlex.quote(batch)}"
    )
