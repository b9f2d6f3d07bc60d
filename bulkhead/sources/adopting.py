"""What a VPC of others holds, and what prefix lists do, for the lock of a topology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

from bulkhead.intent import load
from bulkhead.intent.document import FileLine
from bulkhead.network import Network, Vpc
from bulkhead.observe import Wanted
from bulkhead.plan.adopted import Adopted
from bulkhead.plan.lists import HeldByLists, lists_of
from bulkhead.plan.lock import Lock, lock_path, read_lock
from bulkhead.plan.planner import plan
from bulkhead.plan.standing import astray
from bulkhead.plan.vpc_facts import BehindGateway, VpcFacts
from bulkhead.problems import InputError, Problem
from bulkhead.sources.opening import open_source
from bulkhead.sources.standing import NamedSubnets, StandingThere

_ALL_OF = {
    "subnets": "subnets",
    "vpn_gateways": "VPN gateways",
    "vpn_connections": "VPN connections",
    "route_tables": "route tables",
}
_NAME_IT = (
    "write `vpc: {existing: vpc-…}`, or a peer with `prefix-list:`, or nothing is there to be "
    "adopted"
)
_ASK_LISTS = (
    "ask the account itself, in the Region of the list, with the permissions of docs/observe.md; "
    "if the list is not there, write another"
)
_ASK_ALL = "ask the account itself, with the permissions of docs/observe.md"


def adopt(path: Path, source: str | None = None, stack: str | None = None) -> Adopted:
    """What the VPC of a topology holds now, after the topology was planned in it.

    `source` is where that is read, else the account in the topology's Region. Nothing is
    written. Raises InputError with all that does not fit, or observe.ObserveError.
    """
    topology = load(path)
    lists = lists_of(topology)
    if topology.vpc is None and not lists:
        what = "makes a VPC of its own, and no peer is in a prefix list"
        raise InputError([Problem(*topology.place_of("cidr"), what, _NAME_IT)])
    wanted = Wanted(lists=lists)
    if topology.vpc is not None:
        wanted = Wanted(
            topology=topology.name,
            vpcs=(topology.vpc.id,) if topology.vpc.id else (),
            tagged=tuple(sorted(topology.vpc.tags.items())),
            stack=stack,
            shared=True,
            lists=lists,
        )
    source = source or f"aws:{topology.region}"
    place = topology.place_of("vpc", "existing")
    network = open_source(source, wanted=wanted).network
    held = _held(
        network,
        {
            each.prefix_list: topology.place_of("peers", each.name, "prefix-list")
            for each in topology.peers.values()
            if each.prefix_list
        },
        source,
    )
    named = {
        name: NamedSubnets(
            each.subnets, topology.zones, topology.place_of("segments", name, "subnets")
        )
        for name, each in topology.segments.items()
        if each.stands_already
    }
    facts = None
    if topology.vpc is not None:
        found = _facts(network, source, place, topology.region)
        standing = StandingThere(network, found.id, named, source)
        facts = replace(found, standing=standing.facts())
        if problems := [*standing.problems()]:
            raise InputError([*problems, *astray(topology, facts.standing, known=True)])
    lock = lock_path(path)
    before = read_lock(lock) or Lock(topology=topology.name, first=True)
    planned = plan(topology, replace(before, vpc=facts or before.vpc, lists=held))
    ours = [each for each in planned.network.subnets if not planned.network.is_others(each.id)]
    return Adopted(facts=facts, lock=planned.lock, file=lock, subnets=len(ours))


def adopt_for(
    lock: Path,
    *,
    name: str | None,
    vpc: str | None,
    source: str,
    stack: str | None = None,
    lists: Sequence[str] = (),
    subnets: Mapping[str, Sequence[str]] | None = None,
) -> Adopted:
    """The same for a topology that only a program knows: by its lock, which need not be there.

    `name` is that of the topology and `vpc` the id, as the lock has them where they are not said;
    `lists` are prefix lists beside those that it has, and `subnets` by segment the ids of subnets
    of others that it is to stand in, in place of those that the lock has for it.
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
    asked = tuple(dict.fromkeys((*(before.lists if before else ()), *lists)))
    if vpc is None and not asked:
        what = "knows no VPC and no prefix list"
        raise InputError([Problem(*place, what, "say --vpc vpc-… or --list pl-…")])
    wanted = Wanted(lists=asked)
    if vpc is not None:
        wanted = Wanted(topology=name, vpcs=(vpc,), stack=stack, shared=True, lists=asked)
    network = open_source(source, wanted=wanted).network
    held = _held(network, dict.fromkeys(asked, place), source)
    facts = None
    if vpc is not None:
        facts = _facts(network, source, place)
        named = {**_named_in(before, place), **_named(subnets or {}, place)}
        standing = StandingThere(network, facts.id, named, source)
        if problems := [*standing.problems()]:
            raise InputError(problems)
        facts = replace(facts, standing=standing.facts())
    before = before or Lock(topology=name, first=True)
    return Adopted(facts=facts, lock=replace(before, vpc=facts, lists=held), file=lock)


def _named_in(lock: Lock | None, place: FileLine) -> Mapping[str, NamedSubnets]:
    """The subnets that segments of a lock stand in: by the tags by which they were found."""
    if lock is None or lock.vpc is None:
        return {}
    standing, zones = lock.vpc.standing, tuple(lock.zones.taken)
    return {
        name: NamedSubnets(
            standing.tags.get(name) or tuple(each.id for each in several), zones, place
        )
        for name, several in standing.subnets.items()
    }


def _named(subnets: Mapping[str, Sequence[str]], place: FileLine) -> Mapping[str, NamedSubnets]:
    return {name: NamedSubnets(tuple(ids), (), place) for name, ids in subnets.items()}


def _held(network: Network, asked: Mapping[str, FileLine], source: str) -> HeldByLists:
    """What the lists hold, by where somebody names them."""
    found = {each.prefix_list: each.cidrs for each in network.prefix_lists}
    if missing := [each for each in asked if each not in found]:
        raise InputError(
            Problem(*asked[each], f"{source} does not tell what {each} holds", _ASK_LISTS)
            for each in missing
        )
    return {each: found[each] for each in asked}


def _facts(network: Network, source: str, place: FileLine, region: str | None = None) -> VpcFacts:
    """What there is; `place` is where somebody asks for it, and `region` where it has to be."""
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
