"""From what somebody names to evidence that was read, and to the networks it is laid out on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bulkhead.cli.discover.host import read_records, this_host
from bulkhead.cli.discover.tracking import only_tracked
from bulkhead.discover.code import scan
from bulkhead.discover.host import HostGraph, join
from bulkhead.discover.register import (
    BoundaryRegister,
    EvidenceGiven,
    Ground,
    Grounds,
    ServiceNames,
    deployments,
    flows_seen,
    read_register,
    register_of,
    service_said,
)
from bulkhead.discover.wire import OnTheWire, probe, read_captures, targets
from bulkhead.network import Network
from bulkhead.problems import InputError, Problem
from bulkhead.report.console import progress
from bulkhead.sources.flow_logs import seen_in


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceNamed:
    """What somebody named as evidence of boundaries: registers that were kept, and what they are
    made from."""

    registers: Sequence[Path] = ()
    code: Sequence[Path] = ()
    records: Sequence[Path] = ()
    captures: Sequence[Path] = ()
    services: Sequence[str] = ()

    @property
    def direct(self) -> bool:
        """Whether any of it is yet to be joined."""
        return bool(self.code or self.records or self.captures)

    def __bool__(self) -> bool:
        return bool(self.registers) or self.direct


def registered_in(named: EvidenceNamed, network: Network, source: str) -> BoundaryRegister | None:
    """All of it as one register, None where nothing is named. Raises InputError with all that is
    wrong with registers, or with the rest."""
    if not named:
        return None
    found: list[BoundaryRegister] = []
    problems: list[Problem] = []
    for each in dict.fromkeys(named.registers):
        try:
            found.append(read_register(each))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    if named.direct:
        given = gathered(
            code=named.code,
            records=named.records,
            here=False,
            captures=named.captures,
            probes=(),
            flows=(),
            services=named.services,
            network=network,
            grounds=grounds_of(network, source),
        )
        found.append(register_of(given))
    return BoundaryRegister(
        boundaries=tuple(each for one in found for each in one.boundaries),
        searched=tuple(dict.fromkeys(each for one in found for each in one.searched)),
        notes=tuple(dict.fromkeys(each for one in found for each in one.notes)),
    )


def gathered(
    *,
    code: Sequence[Path],
    records: Sequence[Path],
    here: bool,
    captures: Sequence[Path],
    probes: Sequence[str],
    flows: Sequence[str],
    services: Sequence[str],
    network: Network,
    grounds: Grounds,
    tracked: bool = False,
) -> EvidenceGiven:
    """All of it, read. Raises InputError with what is wrong."""
    said = tuple(service_said(each) for each in services)
    greeted = targets(probes)
    with progress("reading evidence") as say:
        only = only_tracked(code, tracked)
        found = scan(code, only=only, progress=say) if code else None
        names = ServiceNames(said, deployments(code, only), tuple(map(str, code)))
        return EvidenceGiven(
            code=found,
            hosts=_hosts(records, here=here),
            wire=_wire(captures),
            probes=tuple(probe(each) for each in greeted),
            flows=flows_seen(seen_in(flows, network, progress=say)) if flows else None,
            grounds=grounds,
            names=names,
        )


def _hosts(records: Sequence[Path], *, here: bool) -> HostGraph | None:
    found = read_records(list(records))
    if here:
        found.append(this_host(Path("/proc"), [], greet=False))
    return join(found) if found else None


def _wire(captures: Sequence[Path]) -> OnTheWire | None:
    return read_captures(captures) if captures else None


def grounds_of(network: Network, source: str) -> Grounds:
    """The subnets, VPCs and sites of a network, and what has an address there."""
    vpcs = {each.id: each.name for each in network.vpcs}
    subnets = [
        Ground(block=block, segment=each.segment or each.name, vpc=vpcs.get(each.vpc, each.vpc))
        for each in network.subnets
        for block in each.cidrs
    ]
    wholes = [Ground(block=block, vpc=each.name) for each in network.vpcs for block in each.cidrs]
    sites = [Ground(block=block, site=each.name) for each in network.sites for block in each.cidrs]
    hosts = {
        str(address): each.service
        for each in network.interfaces
        if each.service and not each.stand_in
        for address in each.addresses
    }
    return Grounds(blocks=(*subnets, *wholes, *sites), hosts=hosts, source=source)
