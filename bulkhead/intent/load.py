"""From a file to a Topology, or to everything that is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Final

from bulkhead.intent import rules
from bulkhead.intent.complaints import Complaints
from bulkhead.intent.defaults import fill_in
from bulkhead.intent.document import FileLine, KeyPath, read_bytes
from bulkhead.intent.expecting import Everybody, Expectations
from bulkhead.intent.flows import resolve_flows, warn_of_expired
from bulkhead.intent.including import Gathered, Reader, beside, gather
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.model import (
    AccountQuotas,
    Connection,
    ExistingVpc,
    ExposureSaid,
    FlowLogs,
    Gateway,
    InQuarantine,
    OwnVpc,
    Peer,
    PlainFlow,
    Proxy,
    Segment,
    Service,
    ServiceInterface,
    Site,
    Socket,
    Test,
    Topology,
    Tunnels,
)
from bulkhead.intent.presets import use_presets
from bulkhead.intent.quarantine import declared_ends, resolve_quarantine
from bulkhead.intent.wiring import End, Owner, Wire, ends_of, owners_of, wire
from bulkhead.intent.written import (
    WrittenService,
    WrittenSite,
    WrittenSocket,
    WrittenTopology,
    read_shape,
)
from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.reading import refuse_empty_values, set_all_aside
from bulkhead.problems import InputError, Problem
from bulkhead.uncollected import uncollected


def load(path: Path) -> Topology:
    """Read a topology, and what it includes. Raises InputError with every problem there is."""
    return topology_of(str(path), read_bytes(path), beside(path))


def topology_of(file: str, data: bytes, included: Reader | None = None) -> Topology:
    """The topology that a file of this name holds, wherever the bytes came from.

    `included` reads the files that it includes. Raises InputError with every problem
    that could be found.
    """
    with uncollected():
        return _resolved(FileLine(file, 1), gather(file, data, included))


def topology_in(whole: FileLine, gathered: Gathered) -> Topology:
    """The topology that values with their places spell, wherever those came from.

    `whole` is where all of it begins. Raises InputError with every problem that could be found.
    """
    with uncollected():
        return _resolved(whole, gathered)


def _resolved(whole: FileLine, gathered: Gathered) -> Topology:
    places = {(): whole, **gathered.root.places()}
    complain = Complaints(places, whole, gathered.problems)
    complain.warnings += gathered.warnings
    held = gathered.root.plain()
    refuse_empty_values(held, complain)
    set_all_aside(held, gathered.unreadable)
    use_presets(held, places, complain)
    fill_in(held, places, gathered, complain)
    if not gathered.complete:
        # Nobody can say that a name is not there: only what is written is judged, each by itself.
        read_shape({"segments": {}, "services": {}, **held}, complain)
        raise InputError(complain.mistakes)
    written = read_shape(held, complain)
    owners = owners_of(written)
    rules.check(written, owners, complain)
    zones = rules.resolve_zones(written, complain)
    wires = wire(owners, complain)
    rules.judge_ways_out(wires, complain)
    rules.judge_functions(wires, complain)
    rules.judge_security(written, owners.values(), wires, complain)
    warn_of_expired(owners, complain)
    rules.warn_of_lost_packets(written, complain)
    flows = resolve_flows(written, owners, places, complain)
    rules.judge_crossings(written, owners, wires, flows, complain)
    sure = not complain.mistakes
    rules.judge_exposures(written, owners, wires, flows, complain, whole=sure)
    rules.judge_balancers(owners, wires, complain, whole=sure)
    everybody = Everybody(owners, written.segments or (), wires, flows)
    tests = Expectations(written, everybody, complain).resolve(places)
    quarantine = resolve_quarantine(
        written, owners, declared_ends(owners, wires, flows), tests, complain
    )
    if complain.mistakes:
        raise InputError(complain.mistakes)
    connected = _connected(wires)
    told = {each.server.reference for each in wires if each.is_feedback}
    sockets = {
        end.reference: _socket(
            end,
            connected.get(end.reference, ()),
            _alone(written, end),
            feedback=end.reference in told,
        )
        for end in ends_of(owners)
    }
    return _topology(
        written,
        owners,
        zones=zones,
        sockets=sockets,
        wires=wires,
        flows=flows,
        tests=tests,
        quarantine=quarantine,
        places=places,
        file=whole.file,
        warnings=tuple(sorted(set(complain.warnings))),
    )


def _alone(written: WrittenTopology, end: End) -> IPv4Network | None:
    """The addresses of its site at which a socket is alone; of a peer that has one address, that
    where it binds: so who connects knows where."""
    peer = (written.peers or {}).get(end.owner.name) if end.owner.is_peer else None
    if peer is None or not end.bind or any(each.literal for each in end.bind):
        return end.at
    match peer.addresses or ():
        case (IPv4Network() as only,) if only.num_addresses == 1:
            return only
    return None


def _socket(
    end: End, connect: tuple[str, ...], at: IPv4Network | None, *, feedback: bool
) -> Socket:
    written = {
        field: getattr(end.written, field)
        for field in WrittenSocket.model_fields
        if field not in NOT_PLANNED
    }
    said = end.written.exposure
    zap = end.written.zap or end.written.mechanism is Mechanism.PLAIN
    return Socket.model_validate(
        {
            **written,
            "owner": end.owner.name,
            "answers": end.written.owner,
            "name": end.name,
            "connect": connect,
            "zap": zap,
            "feedback": feedback,
            "at": at,
            "exposure": said and ExposureSaid.model_validate(dict(said)),
            "interface": end.interface,
            "interfaces": {each: end.owner.called(each) for each in end.owner.interfaces},
        }
    )


def _connected(wires: Iterable[Wire]) -> Mapping[str, tuple[str, ...]]:
    """The sockets to which each connects, by their references: '*.metrics' means several."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in wires:
        if each.is_feedback:
            continue
        found[each.client.reference].append(each.server.reference)
    return {client: tuple(servers) for client, servers in found.items()}


NOT_PLANNED: Final = (
    *("include", "defaults", "use", "peers", "exposure", "hosts", "host", "joins"),
)
"""Keys that no model has: of them nothing is left, they are resolved, or they were refused."""


def _said(written: Written | None) -> dict[str, Any]:
    """What is written, less what only tells how the rest is written."""
    return {name: value for name, value in written or () if name not in NOT_PLANNED}


def _by_owner(sockets: Mapping[str, Socket]) -> Mapping[str, dict[str, Socket]]:
    owned: dict[str, dict[str, Socket]] = defaultdict(dict)
    for each in sockets.values():
        owned[each.owner][each.name] = each
    return owned


def _topology(
    written: WrittenTopology,
    owners: Mapping[str, Owner],
    *,
    zones: tuple[str, ...],
    sockets: Mapping[str, Socket],
    wires: Iterable[Wire],
    flows: tuple[PlainFlow, ...],
    tests: tuple[Test, ...],
    quarantine: tuple[InQuarantine, ...],
    places: Mapping[KeyPath, FileLine],
    file: str,
    warnings: tuple[Problem, ...],
) -> Topology:
    """The resolved topology. Nothing is None here: a problem would have been raised."""
    owned = _by_owner(sockets)
    vpcs = {
        name: OwnVpc(name=name, cidrs=each.cidr, purpose=each.purpose)
        for name, each in (written.vpcs or {}).items()
        if each is not None and each.cidr is not None
    }
    cidrs = written.cidr or tuple(block for each in vpcs.values() for block in each.cidrs)
    return Topology.model_validate(
        {
            **_said(written),
            "cidr": cidrs[0],
            "more_cidrs": cidrs[1:],
            "vpcs": vpcs,
            "peerings": tuple(each.peering for each in written.joins or () if each is not None),
            "vpc": written.vpc and ExistingVpc.model_validate(_said(written.vpc)),
            "zones": zones,
            "zones_were": rules.former_zones(written),
            "quotas": AccountQuotas.model_validate(dict(written.quotas or ())),
            "monitoring": written.monitoring and dict(written.monitoring),
            "flow_logs": _flow_logs(written),
            "vpc_encryption": written.vpc_encryption and dict(written.vpc_encryption),
            "block_public_access": written.block_public_access
            and dict(written.block_public_access),
            "segments": {
                name: Segment.model_validate({**_said(segment), "name": name})
                for name, segment in (written.segments or {}).items()
            },
            "sites": {
                name: Site.model_validate(
                    {
                        **_said(site),
                        "name": name,
                        "gateway": Gateway.model_validate(dict((site and site.gateway) or ())),
                        "tunnels": _tunnels(site),
                        "sockets": owned[name],
                        "hosts": {
                            each: said.network
                            for each, said in ((site and site.hosts) or {}).items()
                            if said is not None
                        },
                        "host_purposes": {
                            each: said.purpose
                            for each, said in ((site and site.hosts) or {}).items()
                            if said is not None and said.purpose is not None
                        },
                        "vlans": {
                            each: said.vlan
                            for each, said in ((site and site.hosts) or {}).items()
                            if said is not None and said.vlan is not None
                        },
                        "host_ports": {
                            each: said.client_ports
                            for each, said in ((site and site.hosts) or {}).items()
                            if said is not None and said.client_ports is not None
                        },
                    }
                )
                for name, site in (written.sites or {}).items()
            },
            "services": {
                name: _service(service, owners[name], owned[name])
                for name, service in (written.services or {}).items()
                if service is not None
            },
            "peers": {
                name: Peer(
                    name=name,
                    cidrs=peer.addresses or (),
                    prefix_list=peer.prefix_list or "",
                    sockets=owned[name],
                    purpose=peer.purpose,
                    owner=peer.owner,
                )
                for name, peer in (written.peers or {}).items()
                if peer is not None
            },
            "flows": flows,
            "tests": tests,
            "quarantine": quarantine,
            "connections": tuple(_connection(each, sockets) for each in wires),
            "file": file,
            "places": places,
            "warnings": warnings,
        }
    )


def _flow_logs(written: WrittenTopology) -> FlowLogs:
    said = _said(written.flow_logs)
    return FlowLogs.model_validate({key: each for key, each in said.items() if each is not None})


def _tunnels(site: WrittenSite | None) -> Mapping[str, Any]:
    """What is said of them, less what no VPN gateway does: rules refused that."""
    said = _said(site.tunnels if site else None)
    known = Tunnels.model_fields
    return {key: each for key, each in said.items() if key in known and each is not None}


def _service(written: WrittenService, owner: Owner, sockets: Mapping[str, Socket]) -> Service:
    name = owner.name
    fewest, most = written.copies
    return Service.model_validate(
        {
            **_said(written),
            "name": name,
            "replicas": most,
            "fewest": fewest,
            "comes_and_goes": written.comes_and_goes,
            "held_to_encrypt": owner.held_to_encrypt,
            **({"client_ports": "any"} if written.is_function else {}),
            "proxy": written.proxy and Proxy.model_validate(_said(written.proxy)),
            "interfaces": {
                each: ServiceInterface(
                    service=name,
                    interface=each,
                    name=owner.called(each),
                    segment=segment,
                    purpose=(said and said.purpose) or "",
                )
                for each, segment in owner.interfaces.items()
                for said in ((written.interfaces or {})[each],)
            },
            "sockets": sockets,
        }
    )


def _connection(found: Wire, sockets: Mapping[str, Socket]) -> Connection:
    return Connection(
        client=found.client.owner.name,
        client_socket=sockets[found.client.reference],
        server=found.server.owner.name,
        server_socket=sockets[found.server.reference],
        transport=found.transport,
        leaves_host=bool(found.endpoints),
        path=found.path,
    )
