"""What a VPC of others holds, for the lock of a topology that is to be built in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

from bulkhead.intent import load
from bulkhead.intent.document import FileLine
from bulkhead.network import Network, Vpc
from bulkhead.observe import Wanted
from bulkhead.plan.adopted import Adopted
from bulkhead.plan.existing import BehindGateway, VpcFacts
from bulkhead.plan.lock import Lock, lock_path, read_lock
from bulkhead.plan.planner import plan
from bulkhead.problems import InputError, Problem
from bulkhead.sources.opening import open_source

_ALL_OF = {
    "subnets": "subnets",
    "vpn_gateways": "VPN gateways",
    "vpn_connections": "VPN connections",
    "route_tables": "route tables",
}
_NAME_IT = "write `vpc: {existing: vpc-…}`, or nothing is there to be adopted"
_ASK_ALL = "ask the account itself, with the permissions of docs/observe.md"


def adopt(path: Path, source: str | None = None, stack: str | None = None) -> Adopted:
    """What the VPC of a topology holds now, after the topology was planned in it.

    `source` is where that is read, else the account in the topology's Region. Nothing is
    written. Raises InputError with all that does not fit, or observe.ObserveError.
    """
    topology = load(path)
    if topology.vpc is None:
        what = "makes a VPC of its own"
        raise InputError([Problem(*topology.place_of("cidr"), what, _NAME_IT)])
    wanted = Wanted(
        topology=topology.name,
        vpcs=(topology.vpc.id,) if topology.vpc.id else (),
        tagged=tuple(sorted(topology.vpc.tags.items())),
        stack=stack,
        shared=True,
    )
    place = topology.place_of("vpc", "existing")
    facts = _facts(wanted, source or f"aws:{topology.region}", place, topology.region)
    lock = lock_path(path)
    before = read_lock(lock) or Lock(topology=topology.name, first=True)
    planned = plan(topology, replace(before, vpc=facts))
    ours = [each for each in planned.network.subnets if not planned.network.is_others(each.id)]
    return Adopted(facts=facts, lock=planned.lock, file=lock, subnets=len(ours))


def adopt_for(
    lock: Path, *, name: str | None, vpc: str | None, source: str, stack: str | None = None
) -> Adopted:
    """The same for a topology that only a program knows: by its lock, which need not be there.

    `name` is that of the topology and `vpc` the id, as the lock has them where they are not said.
    """
    before, place = read_lock(lock), FileLine(str(lock), 0)
    if before is None and name is None:
        what, remedy = "is not there, and so does not say of which topology it is", "say --name"
        raise InputError([Problem(*place, what, remedy)])
    name = name or (before.topology if before else "")
    if before is not None and before.topology != name:
        what = f"belongs to the topology {before.topology!r}, not to {name!r}"
        raise InputError([Problem(*place, what, "say the name that it has")])
    vpc = vpc or (before.vpc.id if before and before.vpc else None)
    if vpc is None:
        raise InputError([Problem(*place, "knows no VPC", "say --vpc vpc-…")])
    wanted = Wanted(topology=name, vpcs=(vpc,), stack=stack, shared=True)
    facts = _facts(wanted, source, place)
    before = before or Lock(topology=name, first=True)
    return Adopted(facts=facts, lock=replace(before, vpc=facts), file=lock)


def _facts(wanted: Wanted, source: str, place: FileLine, region: str | None = None) -> VpcFacts:
    """What there is; `place` is where somebody asks for it, and `region` where it has to be."""
    network = open_source(source, wanted=wanted).network
    (vpc,) = (each for each in network.vpcs if not each.neighbour)
    if wrong := list(_unusable(network, vpc, source, place, region)):
        raise InputError(wrong)
    gateways = (each.id for each in network.vpn_gateways if each.vpc == vpc.id)
    gateway = next((each for each in gateways if network.is_others(each)), "")
    return VpcFacts(
        id=vpc.id,
        blocks=tuple(sorted(each for each in vpc.cidrs if isinstance(each, IPv4Network))),
        subnets={
            each.cidr: each.id
            for each in network.subnets
            if each.vpc == vpc.id
            and network.is_others(each.id)
            and isinstance(each.cidr, IPv4Network)
        },
        vpn_gateway=gateway,
        behind=_behind(network, gateway) if gateway else None,
    )


def _behind(network: Network, gateway: str) -> BehindGateway:
    connections = [
        each
        for each in network.vpn_connections
        if each.vpn_gateway == gateway and network.is_others(each.id)
    ]
    taught = (
        each.id
        for each in network.route_tables
        if network.is_others(each.id)
        and (
            gateway in each.learns_from
            or any(route.propagated and route.target_id == gateway for route in each.routes)
        )
    )
    return BehindGateway(
        routes={
            to: each.id for each in connections for to in each.routes if isinstance(to, IPv4Network)
        },
        learning=tuple(sorted(each.id for each in connections if each.learns)),
        taught=tuple(sorted(taught)),
    )


def _unusable(
    network: Network, vpc: Vpc, source: str, place: FileLine, region: str | None
) -> Iterator[Problem]:
    if region is not None and vpc.region != region:
        what = f"{vpc.id} is in {vpc.region}, and the topology in {region}"
        yield Problem(*place, what, f"write region: {vpc.region}, or another VPC")
    for kind, called in _ALL_OF.items():
        if why := network.why_more(kind, vpc.id):
            what = f"{source} does not tell all {called} of {vpc.id}: {why}"
            yield Problem(*place, what, _ASK_ALL)
