"""Private zones of Route 53, and what their records say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from bulkhead.network import AAAA, A, IPAddress, NameRecord, PrivateZone
from bulkhead.observe.record import Record, UnreadableError

_OF_THE_ZONE: Final = frozenset({"NS", "SOA"})
"""What Route 53 puts into every zone
(docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html)."""


def zones(by_vpc: Iterable[Record], by_zone: Iterable[Record]) -> Iterator[PrivateZone]:
    """Each zone that hosts of a VPC can ask, with its records where those were asked for."""
    records = {each.text("HostedZoneId"): each for each in by_zone}
    for asked in by_vpc:
        vpc = asked.text("VPCId")
        for zone in asked.records("HostedZoneSummaries"):
            known_as, domain = zone.text("HostedZoneId"), bare(zone.text("Name"))
            told = records.get(known_as)
            yield PrivateZone(
                id=known_as,
                domain=domain,
                vpc=vpc,
                records=tuple(_records(told, domain)) if told else (),
                asked=told is not None,
            )


def bare(name: str) -> str:
    """'ticker.trading.internal' of 'ticker.trading.internal.'."""
    return name.rstrip(".").lower()


def under(name: str, domain: str) -> str:
    """What a name is under a domain: 'ticker'; '' of the domain itself."""
    return bare(name).removesuffix(domain).rstrip(".")


def addresses_of(values: Iterable[str], kind: str) -> tuple[IPAddress, ...]:
    """The addresses of a record of this kind, in order. Raises UnreadableError."""
    made = IPv4Address if kind == A else IPv6Address
    try:
        return tuple(sorted(made(each) for each in values))
    except ValueError as error:
        raise UnreadableError(f"a record of the kind {kind} has no address: {error}") from None


def _records(told: Record, domain: str) -> Iterator[NameRecord]:
    for each in told.records("ResourceRecordSets"):
        name, kind = under(each.text("Name"), domain), each.text("Type")
        if kind in _OF_THE_ZONE and not name:
            continue
        values = [one.text("Value") for one in each.records("ResourceRecords")]
        ttl = each.values.get("TTL")
        alias, weights = each.inside("AliasTarget"), each.maybe("SetIdentifier")
        other = ""
        if alias is not None:
            other = f"whatever {bare(alias.text('DNSName'))} has"
        elif weights:
            other = f"one of several, {weights}"
        elif kind not in (A, AAAA):
            other = f"{kind} {', '.join(values)}"
        yield NameRecord(
            name=name,
            kind=kind,
            addresses=() if other else addresses_of(values, kind),
            seconds=ttl if isinstance(ttl, int) else None,
            other=other,
        )
