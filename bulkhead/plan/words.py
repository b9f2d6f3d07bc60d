"""What a topology says of its parts, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bulkhead.intent import Topology
from bulkhead.intent.model import ExposureSaid, Service, Socket
from bulkhead.network import SaidOf, Spoken, SpokenOf
from bulkhead.plan.existing import vpc_name
from bulkhead.plan.flow_logs import recorded

SaidBy = Mapping[tuple[Spoken, str], SaidOf]
"""What is said of each segment, service and site, by its kind and name."""


def words_of(topology: Topology, encryption: str = "") -> Iterator[SpokenOf]:
    """Of the whole, and of every segment, service, site, socket and line of `flows:`.

    `encryption` is what the plan has the VPC make sure of, in words.
    """
    yield SpokenOf(
        kind="topology",
        name=topology.name,
        purpose=recorded(topology),
        setup={
            "dns": topology.dns,
            "vpc-encryption": encryption,
            "block-public-access": _counted_on(topology),
            "vpcs": ", ".join(topology.vpcs),
            "joins": ", ".join("-".join(pair) for pair in topology.peerings),
        },
    )
    for vpc in topology.vpcs.values():
        name = vpc_name(topology, vpc.name)
        yield SpokenOf(kind="vpc", name=name, purpose=vpc.purpose or "")
    for segment in topology.segments.values():
        yield SpokenOf(
            kind="segment",
            name=segment.name,
            purpose=segment.purpose,
            owner=segment.owner or "",
            data=segment.data or "",
        )
    for end in topology.interfaces.values():
        service = topology.services[end.service]
        yield SpokenOf(
            kind="service",
            name=end.name,
            purpose=topology.purpose_of(end),
            owner=topology.owners[end.name],
            data=topology.classifications[end.name],
            inherited="" if service.owner else end.segment,
            classified="" if service.data else end.segment,
            setup=_setup(service) if end.name == service.name else {},
        )
    for site in topology.sites.values():
        yield SpokenOf(
            kind="site",
            name=site.name,
            purpose=site.purpose or "",
            owner=site.owner or "",
            data=site.data or "",
        )
    for peer in topology.peers.values():
        yield SpokenOf(
            kind="peer", name=peer.name, purpose=peer.purpose or "", owner=peer.owner or ""
        )
    for socket in topology.sockets.values():
        yield SpokenOf(
            kind="socket",
            name=socket.reference,
            purpose=socket.why or "",
            owner=socket.answers or "",
            until=str(socket.until or ""),
            setup={
                "published": ", ".join(_published(socket)),
                "largest-message": str(socket.largest_message or ""),
                "exposure": _word(socket.exposure),
            },
        )
    for flow in {each.entry: each for each in topology.flows}.values():
        yield SpokenOf(
            kind="flow",
            name=flow.entry,
            purpose=flow.why,
            owner=flow.owner,
            until=str(flow.until or ""),
            setup={"exposure": _word(flow.exposure)},
        )


def _word(exposure: ExposureSaid | None) -> str:
    """'clients read it (sales, until 2027-01-31)'."""
    if exposure is None:
        return ""
    last = f", until {exposure.until}" if exposure.until else ""
    return f"{exposure.why} ({exposure.owner}{last})"


def said_by(topology: Topology, words: Iterable[SpokenOf]) -> SaidBy:
    """The same as tags carry it: of a service its segment's words, where it has none of its own."""
    said: dict[tuple[Spoken, str], SaidOf] = {
        (each.kind, each.name): SaidOf(purpose=each.purpose, owner=each.owner, data=each.data)
        for each in words
        if each.kind not in ("socket", "flow", "topology")
    }
    for end in topology.interfaces.values():
        own, around = said["service", end.name], topology.segments[end.segment]
        said["service", end.name] = SaidOf(
            purpose=own.purpose or around.purpose, owner=own.owner, data=own.data
        )
    return said


def _setup(service: Service) -> Mapping[str, str]:
    """Of the whole service, which is told once, however many interfaces it has."""
    return {
        "replicas": "" if service.is_function else _copies(service),
        "instance": service.instance,
        "interfaces": _interfaces(service),
        "runs-on": service.runs_on,
        "cluster": service.cluster,
    }


def _interfaces(service: Service) -> str:
    """'none' where they come and go; by name where each copy has several."""
    if service.comes_and_goes:
        return "none"
    joined = [f"{each.interface} in {each.segment}" for each in service.ends]
    return ", ".join(joined) if service.several else ""


def _copies(service: Service) -> str:
    """As it is written: '3', or '2..10'."""
    same = service.fewest == service.replicas
    return str(service.replicas) if same else f"{service.fewest}..{service.replicas}"


def _published(socket: Socket) -> Iterator[str]:
    """What its program binds, and by which port others reach that: 'tcp://*:28335 as 29335'."""
    for each in socket.bind:
        if each.published is not None:
            first, last = each.published
            yield f"{each.text} as {first}" + (f"-{last}" if last > first else "")


_HERE = "this stack, for all of its account and Region"


def _counted_on(topology: Topology) -> str:
    """'block-ingress, set by others': what it has of VPC Block Public Access."""
    wanted = topology.block_public_access
    if wanted is None:
        return ""
    none = ", with no exclusions" * (wanted.exclusions == "not-allowed")
    return f"{wanted.mode}{none}, set by {_HERE if wanted.manage else 'others'}"
