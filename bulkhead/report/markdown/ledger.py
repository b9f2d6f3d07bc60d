"""The ledger of flows as Markdown that stands in a repository beside its topology.

One flow is one line, and nothing in it depends on when or by whom it was written: so a
change of flows is what a comparison of two versions shows, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote

from bulkhead.explain import Hop, Layer, RuleRef
from bulkhead.intent import Peer, Site, Topology
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.model import Service
from bulkhead.ledger import Boundary, BoundaryKind, FlowEntry, Ledger
from bulkhead.network import Flow, GroupRule, Verdict
from bulkhead.network.ipv6_blocks import STAND_IN
from bulkhead.plan.aws_needs import is_endpoint
from bulkhead.report.markdown.escaping import escaped
from bulkhead.report.quarantine import quarantine_lines
from bulkhead.report.words import count

_NOBODY: Final = "-"


def ledger(found: Ledger, *, topology: str, command: str, picture: str) -> str:
    """A page with all of a topology's boundaries.

    `topology` and `picture` are paths from the page, `command` is what writes it again.
    """
    return "\n".join(_page(found, topology, command, picture)).rstrip() + "\n"


def _page(found: Ledger, topology: str, command: str, picture: str) -> Iterator[str]:
    yield f"# Flows of {found.topology.name}"
    yield ""
    yield (
        f"What crosses the network, as [{escaped(topology)}]({quote(topology)}) declares "
        f"it and its plan lets it. Written by `{command}`; `--check` tells when it is no longer "
        "true."
    )
    yield ""
    yield f"![Flows of {found.topology.name}]({quote(picture)})"
    yield ""
    yield from _counts(found)
    yield from _quarantine(found)
    for each in found.boundaries:
        yield from _boundary(each, found.topology)
    yield from _local(found)
    yield from _sharing(found)
    yield from _idle(found)
    yield from _segments(found.topology)
    yield from _services(found.topology)
    yield from _sites(found.topology.sites.values())
    yield from _peers(found.topology.peers.values())


def _counts(found: Ledger) -> Iterator[str]:
    flows = len(found.flows)
    yield f"- {count(flows, 'flow')} over {_boundaries(len(found.boundaries))}"
    yield f"- without a reason (`why`): {len(found.unexplained)} of {flows}"
    by_vpc = len(found.encrypted_by_vpc)
    hosts = f"; from host to host by the VPC: {by_vpc} of these" if by_vpc else ""
    yield f"- not encrypted from program to program: {len(found.unencrypted)} of {flows}{hosts}"
    everybody = len(found.topology.owners)
    nobody = f" ({', '.join(found.unowned)})" if found.unowned else ""
    yield f"- without an owner: {len(found.unowned)} of {everybody}{nobody}"
    if (wanted := found.topology.ipv6) is not None:
        block = wanted.cidr or f"{STAND_IN}, which stands for the block that AWS gives the VPC"
        yield f"- IPv6 beside IPv4: in {block}"
    yield ""


def _boundaries(number: int) -> str:
    return f"{number} boundar{'y' if number == 1 else 'ies'}"


def _boundary(boundary: Boundary, topology: Topology) -> Iterator[str]:
    yield f"## {_title(boundary)}"
    yield ""
    yield _what(boundary, topology)
    yield ""
    yield from _table(
        ("from", "to", "traffic", "encryption", "why", "owner"),
        (_entry(each, topology) for each in boundary.flows),
    )
    yield from _exposed(boundary)
    yield from _rules(boundary)


def _exposed(boundary: Boundary) -> Iterator[str]:
    """Why it may cross the internet, who answers for that, and until when."""
    said = [(each.flow, each.flow.exposure) for each in boundary.flows if each.flow.exposure]
    if said:
        yield from _table(
            ("exposed", "why", "owner", "until"),
            (
                (
                    f"{flow.client_name} → {flow.server.name}",
                    escaped(word.why),
                    escaped(word.owner),
                    str(word.until or "nobody says"),
                )
                for flow, word in said
            ),
        )


def _title(boundary: Boundary) -> str:
    if boundary.kind is BoundaryKind.WITHIN:
        return f"Within {boundary.source}"
    return f"{boundary.source} → {boundary.destination}"


def _what(boundary: Boundary, topology: Topology) -> str:
    match boundary.kind:
        case BoundaryKind.PEER:
            return _peer(boundary, topology)
        case BoundaryKind.SITE:
            sides = (boundary.source, boundary.destination)
            site = next(topology.sites[each] for each in sides if each in topology.sites)
            return (
                f"Site {site.name} ({site.trust}) over its VPN connection, both tunnels: "
                f"{escaped(boundary.encryption)}. Layers: VPN, route, NACL, security group."
            )
        case BoundaryKind.AWS:
            if is_endpoint(boundary.destination):
                return (
                    "Inside the VPC, to interfaces of AWS. "
                    "Layers: NACL and security group, at both ends, policy of the endpoint."
                )
            return (
                "Over the network of AWS, by a gateway endpoint of the VPC. Layers: route, NACL "
                "(which cannot name whom it is for), security group, policy of the endpoint."
            )
        case BoundaryKind.VPCS | BoundaryKind.BETWEEN:
            return _between(boundary, topology)
        case BoundaryKind.WITHIN:
            return (
                "Inside the VPC, behind one NACL, not encrypted by the network. "
                "Layers: security groups, at both ends."
            )


def _between(boundary: Boundary, topology: Topology) -> str:
    if boundary.kind is BoundaryKind.BETWEEN:
        where, layers = "Inside the VPC", "NACL and security group"
    else:
        units = (boundary.source, boundary.destination)
        one, other = (topology.segments[each.partition("/")[0]].vpc for each in units)
        where = f"From VPC {one} into VPC {other} by a VPC peering connection"
        layers = "route, NACL and security group"
    return f"{where}, not encrypted by the network. Layers: {layers}, at both ends."


def _peer(boundary: Boundary, topology: Topology) -> str:
    name = boundary.source if boundary.source in topology.peers else boundary.destination
    addresses = ", ".join(map(str, topology.peers[name].cidrs))
    hops = (hop for each in boundary.flows for told in each.told for hop in told.request)
    translated = any(hop.layer is Layer.NAT for hop in hops)
    way = "a NAT gateway, which lets nobody in" if translated else "the internet gateway"
    return (
        f"Peer {name} ({addresses}), over the internet by {way}. "
        "Layers: gateway, route, NACL, security group."
    )


def _entry(entry: FlowEntry, topology: Topology) -> tuple[str, ...]:
    flow = entry.flow
    traffic = flow.server.traffic
    if entry.verdict is not Verdict.ALLOWED:
        traffic += f" **{entry.verdict}**"
    return (
        f"{_client(flow)}{_copies(topology, flow.client)}",
        f"{flow.server.name} ({flow.server.type}){_copies(topology, flow.server.owner)}",
        traffic,
        _encryption(entry),
        escaped(flow.why) + _until(flow) or _NOBODY,
        escaped(entry.owner) or _NOBODY,
    )


def _client(flow: Flow) -> str:
    return f"{flow.client_said} ({flow.client_type})" if flow.client_socket else flow.client_said


def _until(flow: Flow) -> str:
    return f" (until {flow.until})" if flow.until else ""


def _encryption(entry: FlowEntry) -> str:
    """'CURVE, tunnel'; of what asks nobody who may connect, that it does not."""
    anybody = entry.flow.mechanism == Mechanism.CURVE and not entry.flow.zap
    return f"{', '.join(entry.protected)}{' (any client key)' * anybody}"


def _rules(boundary: Boundary) -> Iterator[str]:
    """Each once: what lets several flows over is one rule."""
    rules = dict.fromkeys(_let(hop) for each in boundary.flows for hop in each.hops)
    yield f"<details><summary>{count(len(rules), 'rule')} let them</summary>"
    yield ""
    yield from (f"- {each}" for each in rules)
    yield ""
    yield "</details>"
    yield ""


def _copies(topology: Topology, name: str) -> str:
    if name not in topology.interfaces:
        return ""
    said = _replicas(topology.service_of(name))
    return "" if said in ("", "1") else f" x{said}"


def _replicas(service: Service) -> str:
    """'3', where they come and go '2..40'; '' of a function, which nobody counts."""
    if service.is_function:
        return ""
    if service.comes_and_goes and service.fewest < service.replicas:
        return f"{service.fewest}..{service.replicas}"
    return str(service.replicas)


def _let(hop: Hop) -> str:
    reply = "reply: " if hop.reply else ""
    rules = "; ".join(map(_said, hop.rules))
    return escaped(f"{reply}{hop.layer} {hop.name}: {rules}")


def _said(ref: RuleRef) -> str:
    """A rule of a group has an id that says the same again."""
    return ref.rule.says() if isinstance(ref.rule, GroupRule) else ref.text


def _quarantine(found: Ledger) -> Iterator[str]:
    if not found.quarantine:
        return
    yield "## In quarantine"
    yield ""
    for each in found.quarantine:
        said, *more = map(escaped, quarantine_lines(each))
        yield f"- {said}"
        yield from (f"  - {line.strip()}" for line in more)
    yield ""


def _local(found: Ledger) -> Iterator[str]:
    if not found.local:
        return
    yield "## Never leaves a host"
    yield ""
    yield from _table(
        ("from", "to", "transport", "why"),
        (
            (
                str(each.client_socket),
                str(each.server_socket),
                each.transport,
                escaped(each.why) or _NOBODY,
            )
            for each in found.local
        ),
    )


def _sharing(found: Ledger) -> Iterator[str]:
    if not found.sharing:
        return
    yield "## Draw from one range: who may connect to one may connect to all"
    yield ""
    yield from _table(
        ("sockets", "traffic"),
        ((", ".join(each.name for each in some), some[0].traffic) for some in found.sharing),
    )


def _idle(found: Ledger) -> Iterator[str]:
    if not found.idle:
        return
    yield "## Listens, and nobody may connect"
    yield ""
    yield from _table(("socket", "traffic"), ((each.name, each.traffic) for each in found.idle))


_BEHIND: Final = {
    "segment": "the segment",
    "service": "each service",
    "none": "the segment, and it lets the whole VPC through",
}


def _segments(topology: Topology) -> Iterator[str]:
    yield "## Segments"
    yield ""
    yield from _table(
        ("segment", "purpose", "owner", "data", "behind a NACL of its own"),
        (
            (
                each.name,
                escaped(each.purpose),
                escaped(each.owner or "") or _NOBODY,
                escaped(each.data or "") or _NOBODY,
                _BEHIND[each.isolation],
            )
            for each in topology.segments.values()
        ),
    )


def _services(topology: Topology) -> Iterator[str]:
    yield "## Services"
    yield ""
    yield from _table(
        ("service", "segment", "replicas", "purpose", "owner", "data"),
        (
            (
                each.name,
                each.segment,
                _replicas(topology.services[each.service]) or _NOBODY,
                escaped(topology.purpose_of(each)) or _NOBODY,
                escaped(topology.owners[each.name]) or _NOBODY,
                escaped(topology.classifications[each.name]) or _NOBODY,
            )
            for each in topology.interfaces.values()
        ),
    )


def _sites(sites: Iterable[Site]) -> Iterator[str]:
    sites = tuple(sites)
    if not sites:
        return
    yield "## Sites"
    yield ""
    yield from _table(
        ("site", "trust", "networks", "VPN device", "purpose", "owner", "data"),
        (
            (
                each.name,
                each.trust,
                ", ".join(map(str, each.cidrs)),
                str(each.gateway.address),
                escaped(each.purpose or "") or _NOBODY,
                escaped(each.owner or "") or _NOBODY,
                escaped(each.data or "") or _NOBODY,
            )
            for each in sites
        ),
    )


def _peers(peers: Iterable[Peer]) -> Iterator[str]:
    peers = tuple(peers)
    if not peers:
        return
    yield "## Peers on the internet"
    yield ""
    yield from _table(
        ("peer", "addresses", "purpose", "owner"),
        (
            (
                each.name,
                _where(each),
                escaped(each.purpose or "") or _NOBODY,
                escaped(each.owner or "") or _NOBODY,
            )
            for each in peers
        ),
    )


def _where(peer: Peer) -> str:
    addresses = ", ".join(map(str, peer.cidrs))
    return f"{addresses} ({peer.prefix_list})" if peer.prefix_list else addresses


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{' --- |' * len(heading)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
