"""What a VPC of others holds, for the lock of a topology that is to be built in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

from bulkhead.intent import Topology, load
from bulkhead.network import Network, Vpc
from bulkhead.observe import Wanted
from bulkhead.plan.existing import VpcFacts
from bulkhead.plan.lock import Lock, lock_path, read_lock
from bulkhead.plan.planner import Plan, plan
from bulkhead.problems import InputError, Problem
from bulkhead.sources.opening import open_source

_NAME_IT = "write `vpc: {existing: vpc-…}`, or nothing is there to be adopted"
_ASK_ALL = "ask the account itself, with the permissions of docs/observe.md"


def adopt(path: Path, source: str | None = None, stack: str | None = None) -> Plan:
    """The plan of a topology with what its VPC holds now, which its lock remembers.

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
    source = source or f"aws:{topology.region}"
    network = open_source(source, wanted=wanted).network
    before = read_lock(lock_path(path)) or Lock(topology=topology.name, first=True)
    return plan(topology, replace(before, vpc=_facts(topology, network, source)))


def _facts(topology: Topology, network: Network, source: str) -> VpcFacts:
    (vpc,) = (each for each in network.vpcs if not each.neighbour)
    if wrong := list(_unusable(topology, network, vpc, source)):
        raise InputError(wrong)
    gateways = (each.id for each in network.vpn_gateways if each.vpc == vpc.id)
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
        vpn_gateway=next((each for each in gateways if network.is_others(each)), ""),
    )


def _unusable(topology: Topology, network: Network, vpc: Vpc, source: str) -> Iterator[Problem]:
    place = topology.place_of("vpc", "existing")
    if vpc.region != topology.region:
        what = f"{vpc.id} is in {vpc.region}, and the topology in {topology.region}"
        yield Problem(*place, what, f"write region: {vpc.region}, or another VPC")
    for kind, called in (("subnets", "subnets"), ("vpn_gateways", "VPN gateways")):
        if why := network.why_more(kind, vpc.id):
            what = f"{source} does not tell all {called} of {vpc.id}: {why}"
            yield Problem(*place, what, _ASK_ALL)
