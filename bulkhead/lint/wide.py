"""Network ACLs that let every address pass, by one entry or by several together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bulkhead.lint.smell import Severity, Smell, SmellKind
from bulkhead.lint.together import is_for, slices
from bulkhead.lint.world import Range, is_much, is_world, outside, part_of_the_world, span_of
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    TOO_LARGE,
    AclEntry,
    Action,
    Direction,
    IPNetwork,
    Network,
    NetworkAcl,
    TargetKind,
    is_private,
)

_AS_MADE: Final = {4: 100, 6: 101}
"""Numbers of the entries that AWS gives the default NACL of a VPC, for each family
(docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html)."""


def wide_open(network: Network, doubted: frozenset[str]) -> Iterator[Smell]:
    """Every NACL in use; the one that AWS makes with a VPC, and nobody changed, is no fault."""
    used = {subnet.nacl for subnet in network.subnets}
    for nacl in network.nacls:
        if nacl.id in used and nacl.id not in doubted:
            for direction in Direction:
                for version in (4, 6):
                    if entries := _for_everybody(nacl.ordered(direction), version):
                        yield _smell(nacl, direction, entries, _by_endpoint(network, nacl))


def _for_everybody(entries: Sequence[AclEntry], version: int) -> tuple[AclEntry, ...]:
    """Entries that let most public addresses pass, alone or with others for the same traffic."""
    # What tells that a packet is too large comes from any router, which nobody can name.
    own = [
        each
        for each in entries
        if each.certain
        and each.cidr.version == version
        and (each.protocol, each.ports) not in TOO_LARGE
    ]
    if not is_world((span_of(each.cidr) for each in own if each.action is Action.ALLOW), version):
        return ()
    found: set[AclEntry] = set()
    for match in slices(own):
        passing = list(let_pass(each for each in own if is_for(each, match)))
        if is_world((span for _, spans in passing for span in spans), version):
            found.update(entry for entry, spans in passing if is_much(spans, version))
    return tuple(each for each in own if each in found)


def let_pass(entries: Iterable[AclEntry]) -> Iterator[tuple[AclEntry, list[Range]]]:
    """The addresses that each lets pass, and no entry before it decided about."""
    decided: list[IPNetwork] = []
    for each in entries:
        if each.action is Action.ALLOW:
            yield each, outside(each.cidr, decided)
        decided.append(each.cidr)


def _by_endpoint(network: Network, nacl: NetworkAcl) -> str:
    """The services of AWS to which its subnets have a route, and the few public addresses beside:
    'AWS s3, 198.51.100.7/32'; '' where there is no such service, or a route to most others."""
    tables = {each.route_table for each in network.subnets if each.nacl == nacl.id}
    public = [
        route
        for table in network.route_tables
        if table.id in tables
        for route in table.routes
        if not is_private(route.destination.network_address)
    ]
    led = {each.target_id for each in public if each.target is TargetKind.GATEWAY_ENDPOINT}
    others = [each.destination for each in public if each.target_id not in led]
    if not led or any(is_world([span_of(each)], each.version) for each in others):
        return ""
    called = {each.called for each in network.gateway_endpoints if each.id in led}
    return ", ".join((*sorted(called), *map(str, others)))


def _smell(
    nacl: NetworkAcl, direction: Direction, entries: tuple[AclEntry, ...], endpoints: str
) -> Smell:
    way = "from" if direction is Direction.INGRESS else "to"
    as_made = nacl.default and all(map(_is_as_made, entries))
    whom = part_of_the_world(span_of(each.cidr) for each in entries)
    return Smell(
        kind=SmellKind.WIDE,
        component=nacl.id,
        name=f"NACL {nacl.name}",
        rules=entries,
        why=f"packets {way} {whom} pass: security groups hold alone"
        + (", as in every VPC whose NACL nobody has written" if as_made else "")
        + (f"; routes lead to no public address but those of {endpoints}" if endpoints else ""),
        advice="leave it: a NACL cannot name the prefix list of a service"
        if endpoints
        else "name the blocks of the subnets and sites that need it",
        grave=Severity.NOTE if as_made or endpoints else Severity.LOW,
    )


def _is_as_made(entry: AclEntry) -> bool:
    return (
        entry.number == _AS_MADE[entry.cidr.version]
        and entry.protocol == ANY_PROTOCOL
        and entry.ports == ALL_PORTS
        and entry.cidr.prefixlen == 0
    )
