"""The words of it: what is there in blocks, each flow with the rules that let it through above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from bulkhead.discover.register.writing import comment
from bulkhead.explain import Explanation, Layer, explain
from bulkhead.network import ANY_CLIENT_PORTS, LINUX_PORTS, PortRange, Vpc
from bulkhead.present.flows import PresentFlow, host_name
from bulkhead.present.named import LeftOut, PresentSegment, PresentService, PresentSite
from bulkhead.present.opening import PresentOpening
from bulkhead.prove import Reach

_FILTERS: Final = (
    Layer.GROUP_EGRESS,
    Layer.ACL_EGRESS,
    Layer.ACL_INGRESS,
    Layer.GROUP_INGRESS,
)

_MOST_SHOWN: Final = 6
"""Pieces of evidence that stand above a flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentDraft:
    """What a text is made of."""

    name: str
    region: str
    blocks: tuple[str, ...]
    zones: tuple[str, ...]
    source: str
    vpc: Vpc
    segments: tuple[PresentSegment, ...]
    services: tuple[PresentService, ...]
    sites: tuple[PresentSite, ...] = ()
    flows: tuple[PresentFlow, ...] = ()
    days: tuple[str, ...] | None = None
    """Those of the records that alone are written; None where there are none."""
    searched: tuple[str, ...] | None = None
    """What the register was made from that alone is written; None where there is none."""
    widen: bool = False
    """Whether network ACLs may be wider than what is declared."""


def text_of(draft: PresentDraft) -> str:
    """The topology alone, as it is tried."""
    return "\n".join(lines_of(draft)) + "\n"


def lines_of(draft: PresentDraft, reach: Reach | None = None) -> Iterator[str]:
    """The topology; with a proof also which rules let each flow through."""
    yield comment(f"What {draft.vpc.id} of {draft.source} lets through now, from the proof.")
    yield "# It is of a network of its own: nothing of what stands there is changed by it."
    yield from _evidence(draft)
    yield "# TODO stands where a person must decide."
    yield f"name: {draft.name}"
    yield f"region: {draft.region}"
    there = tuple(str(each) for each in draft.vpc.cidrs if each.version == 4)
    own = "those of what stands there" if draft.blocks == there else "those there are refused"
    yield f"cidr: [{', '.join(draft.blocks)}]  # TODO: addresses that nobody else has; {own}"
    yield f"zones: [{', '.join(draft.zones)}]"
    if draft.widen:
        yield "# Exact entries of network ACLs are more than their quota: groups alone are exact."
        yield "nacl-overflow: widen  # TODO: is that enough? bulkhead plan says what it costs"
    yield ""
    yield "segments:" if draft.segments else "segments: { first: { purpose: 'TODO: say why' } }"
    for segment in draft.segments:
        yield comment(f"subnets {', '.join(segment.subnets)}", 2)
        if segment.open:
            yield "  # TODO: their network ACL lets the whole VPC through today, and so does this"
            yield "  # one: exact entries for all of these flows are more than its quota."
        also = ", isolation: none" if segment.open else ""
        yield f'  {segment.name}: {{ purpose: "TODO: say why it exists"{also} }}'
    yield ""
    if draft.sites:
        yield "sites:"
        for site in draft.sites:
            yield from _site(site, draft.flows)
        yield ""
    yield "services:" if draft.services else "services: {}"
    for service in draft.services:
        yield from _service(service)
    if draft.flows:
        yield ""
        yield "flows:"
        for flow in draft.flows:
            yield from _flow(flow, reach)


def _evidence(draft: PresentDraft) -> Iterator[str]:
    """What alone is written, where evidence was given."""
    if draft.days is not None:
        during = f", {min(draft.days)} to {max(draft.days)}" if draft.days else ""
        yield f"# Of that only what records show: days of records {len(draft.days)}{during}."
    if draft.searched is not None:
        also = "And" if draft.days is not None else "Of that only"
        yield f"# {also} what a register of boundaries has, which knows ZeroMQ alone:"
        yield from (comment(f"- {each}") for each in draft.searched)
    if draft.days is not None or draft.searched is not None:
        yield "# What is allowed and was not seen stands in comments. It may be due tomorrow."


def _site(site: PresentSite, flows: Iterable[PresentFlow]) -> Iterator[str]:
    yield f"  {site.name}:"
    yield f"    cidrs: [{', '.join(map(str, site.cidrs))}]"
    yield f"    gateway: {{ address: {site.gateway}, asn: {site.asn} }}"
    if site.trusted:
        yield "    trust: trusted"
    if site.client_ports != ANY_CLIENT_PORTS:
        yield f"    client-ports: {_range(site.client_ports)}"
    hosts = dict.fromkeys(
        network for flow in flows for one, network in flow.hosts if one.name == site.name
    )
    if hosts:
        yield "    hosts:"
        yield from (f"      {host_name(each)}: {_host(each)}" for each in hosts)


def _host(network: IPv4Network) -> str:
    if network.prefixlen == network.max_prefixlen:
        return f"{{ address: {network.network_address} }}"
    return f"{{ cidr: {network} }}"


def _service(service: PresentService) -> Iterator[str]:
    yield from (comment(each, 2) for each in service.because)
    said = [f"segment: {service.segment}"]
    if service.replicas != "1":
        said.append(f"replicas: {service.replicas}")
    if service.members is not None:
        said.append("interfaces: none")
    if service.client_ports != LINUX_PORTS:
        said.append(f"client-ports: {_range(service.client_ports)}")
    yield f"  {service.name}: {{ {', '.join(said)} }}"


def _range(ports: PortRange) -> str:
    return f"{ports.first}-{ports.last}"


def _flow(flow: PresentFlow, reach: Reach | None) -> Iterator[str]:
    if reach is not None:
        yield from (comment(each, 2) for each in _grounds(flow, reach))
        yield from (comment(each, 2) for each in _seen(flow))
    ends = f"from: {_some(flow.clients)}, to: {_some(flow.servers)}"
    why = 'why: "TODO: say what it is needed for"'
    yield f"  - {{ name: {flow.name}, {ends}, traffic: {_some(flow.traffic)}, {why} }}"


def _some(several: Sequence[str]) -> str:
    return several[0] if len(several) == 1 else f"[{', '.join(several)}]"


def _seen(flow: PresentFlow) -> Iterator[str]:
    """What shows that it is used."""
    shown = flow.shown
    yield from (f"seen: {each}" for each in shown[:_MOST_SHOWN])
    if len(shown) > _MOST_SHOWN:
        yield f"seen: {len(shown) - _MOST_SHOWN} more (--json has all)"


def _grounds(flow: PresentFlow, reach: Reach) -> Iterator[str]:
    """The rules that let the first packet of it through."""
    first = flow.openings[0]
    said = walked(reach, first)
    of = f"of {said.source.name} to {said.destination.name}"
    for hop in said.request:
        if hop.layer in _FILTERS and hop.rules:
            yield f"{of}: {hop.layer} of {hop.name}: {hop.grounds}"


def remarks(*titled: tuple[str, Sequence[LeftOut]]) -> Iterator[str]:
    """What it does not say, as comments behind it."""
    for title, several in titled:
        if several:
            yield ""
            yield f"# {title}"
            yield from (comment(f"- {each}") for each in several)


def walked(reach: Reach, opening: PresentOpening) -> Explanation:
    """Between the first two ends of it that are not of one host."""
    servers, clients = _bits(opening.server.ends), _bits(opening.client.ends)
    server, client = next(
        (server, client)
        for server in servers
        for client in clients
        if not reach.same_host(server) >> client & 1
    )
    ends = reach.endpoints
    return explain(reach.network, ends[client], ends[server], opening.protocol, opening.ports.first)


def _bits(mask: int) -> list[int]:
    return [index for index in range(mask.bit_length()) if mask >> index & 1]
