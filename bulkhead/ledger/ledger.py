"""From a topology, its plan and the proof of that to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from bulkhead.ends import Endpoint
from bulkhead.ends.labels import owner
from bulkhead.explain import explain
from bulkhead.intent import Topology
from bulkhead.intent.mechanisms import protections
from bulkhead.ledger.entries import Boundary, BoundaryKind, FlowEntry, Ledger
from bulkhead.network import Flow, Listener, Network, Tunnel, is_of_family
from bulkhead.plan import Plan
from bulkhead.plan.aws_needs import calls_of, is_of_aws
from bulkhead.plan.balancers import with_balancers
from bulkhead.plan.lists import with_lists
from bulkhead.plan.units import units_of
from bulkhead.prove import Reach

_Key = tuple[BoundaryKind, str, str]


def ledger(topology: Topology, plan: Plan, reach: Reach) -> Ledger:
    """Every declared flow, explained in the proved network, under the boundary it crosses.

    `reach` is the proof of the plan's network.
    """
    topology = with_balancers(with_lists(topology, plan.lock.lists))
    places = _places(topology)
    owners = topology.owners
    ends = _by_owner(reach.endpoints)
    found: dict[_Key, list[FlowEntry]] = defaultdict(list)
    for flow in plan.flows:
        told = tuple(
            explain(plan.network, *pair, flow.server.protocol, flow.server.ports.first)
            for pair in _pairs(ends, flow)
        )
        found[_key(topology, places, flow)].append(
            FlowEntry(
                flow=flow,
                owner=flow.owner or owners[flow.client],
                told=told,
                protected=protections(
                    flow.mechanism,
                    tls=flow.tls,
                    by_vpc=flow.vpc_encrypts,
                    tunnelled=not topology.sites.keys().isdisjoint(
                        (flow.client, flow.server.owner)
                    ),
                ),
            )
        )
    declared = (*plan.flows, *(flow for each in plan.quarantine for flow in each.cut))
    crossing = {(each.client_name, each.server.name) for each in declared}
    reached: dict[object, set[Listener]] = defaultdict(set)
    for each in declared:
        reached[each.server.owner, each.server.protocol].add(each.server)
    return Ledger(
        topology=topology,
        boundaries=tuple(
            _boundary(plan.network, key, found[key]) for key in sorted(found, key=_from_outside_in)
        ),
        local=tuple(each for each in topology.connections if crossing.isdisjoint(each.between)),
        idle=tuple(
            each
            for each in plan.network.listeners
            if not any(_meet(each, other) for other in reached[each.owner, each.protocol])
        ),
        sharing=_sharing(plan.network.listeners),
        quarantine=plan.quarantine,
    )


def _meet(one: Listener, other: Listener) -> bool:
    """Whether who may connect to one of two of an owner may connect to the other, at some port."""
    places = one.address == other.address or None in (one.address, other.address)
    return places and one.ports.overlap(other.ports) is not None


def _sharing(listeners: Iterable[Listener]) -> tuple[tuple[Listener, ...], ...]:
    """Sockets that draw their ports from one range."""
    together: dict[object, list[Listener]] = defaultdict(list)
    for each in listeners:
        together[each.owner, each.protocol, each.ports, each.address].append(each)
    return tuple(tuple(several) for several in together.values() if len(several) > 1)


def _from_outside_in(key: _Key) -> tuple[int, str, str]:
    kind, one, other = key
    return tuple(BoundaryKind).index(kind), one, other


def _places(topology: Topology) -> Mapping[str, str]:
    """The unit of each service, and each site and service of AWS as itself."""
    units = {each.name: unit.name for unit in units_of(topology) for each in unit.interfaces}
    services = {name: name for _, name in calls_of(topology)}
    return {**units, **services, **{name: name for name in topology.outside}}


def _key(topology: Topology, places: Mapping[str, str], flow: Flow) -> _Key:
    one, other = places[flow.client], places[flow.server.owner]
    if flow.client in topology.peers or flow.server.owner in topology.peers:
        kind = BoundaryKind.PEER
    elif flow.client in topology.sites or flow.server.owner in topology.sites:
        kind = BoundaryKind.SITE
    elif is_of_aws(flow.server.owner):
        kind = BoundaryKind.AWS
    elif topology.vpc_of(flow.client) != topology.vpc_of(flow.server.owner):
        kind = BoundaryKind.VPCS
    else:
        kind = BoundaryKind.WITHIN if one == other else BoundaryKind.BETWEEN
    return kind, one, other


def _by_owner(endpoints: Iterable[Endpoint]) -> Mapping[str, list[Endpoint]]:
    found: dict[str, list[Endpoint]] = defaultdict(list)
    for each in endpoints:
        if (name := owner(each)) is not None:
            found[name].append(each)
    return found


def _pairs(ends: Mapping[str, list[Endpoint]], flow: Flow) -> Iterator[tuple[Endpoint, Endpoint]]:
    """One host at each end, over each family that both have and the protocol is of: replicas hold
    the same groups behind the same NACL.

    In two subnets where some are: within one no NACL speaks.
    """
    pairs = [
        (one, other)
        for other in ends[flow.server.owner]
        if other.is_at(flow.server.address)
        for one in ends[flow.client]
        if not flow.clients_at or any(one.lies_in(each) for each in flow.clients_at)
        if one.id != other.id and one.version == other.version
        if is_of_family(flow.server.protocol, one.version)
    ]
    for version in (4, 6):
        if alike := [pair for pair in pairs if pair[0].version == version]:
            yield min(alike, key=lambda pair: pair[0].subnet == pair[1].subnet)


def _boundary(network: Network, key: _Key, flows: Iterable[FlowEntry]) -> Boundary:
    kind, one, other = key
    return Boundary(
        kind=kind,
        source=one,
        destination=other,
        encryption=_encryption(network, one, other) if kind is BoundaryKind.SITE else "",
        flows=tuple(flows),
    )


def _encryption(network: Network, *ends: str) -> str:
    """What the tunnels of the site at one end may negotiate."""
    return "; ".join(
        dict.fromkeys(
            _said(tunnel)
            for each in network.vpn_connections
            if each.site in ends
            for tunnel in each.tunnels
        )
    )


def _said(tunnel: Tunnel) -> str:
    groups = "/".join(map(str, tunnel.phase2_dh_groups))
    names = "/".join((*tunnel.ike_versions, *tunnel.phase2_encryption))
    return f"IPsec {names}, {'/'.join(tunnel.phase2_integrity)}, DH groups {groups}"
