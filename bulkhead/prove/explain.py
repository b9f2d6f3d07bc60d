"""One packet at a time: what each layer says to a request, and to its reply.

Written from the AWS documentation in the plainest way, and on purpose without
the prover's machinery: where the two disagree, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bulkhead.network import CLIENT_PORTS, Network, PortRange, Verdict, has_ports
from bulkhead.prove.crossing import Packet
from bulkhead.prove.endpoints import Endpoint
from bulkhead.prove.hops import Explanation, Hop
from bulkhead.prove.packets import request, travel


def explain(
    network: Network,
    source: Endpoint,
    destination: Endpoint,
    protocol: int,
    port: int = 0,
    *,
    client_ports: PortRange = CLIENT_PORTS,
) -> Explanation:
    """Send one request, answer it to every client port that makes a difference."""
    packet = Packet(source.address, destination.address, protocol, port)
    asked = tuple(request(network, packet, source, destination))
    answers = {
        ports: tuple(
            replace(hop, reply=True)
            for hop in travel(
                network,
                Packet(destination.address, source.address, protocol, ports.first),
                destination,
                source,
            )
        )
        for ports in _alike(network, (source, destination), protocol, client_ports)
    }
    refused = [ports for ports, hops in answers.items() if _word(hops) is False]
    shown = refused[0] if refused else next(iter(answers))
    blocking = [hop for hop in asked if hop.passes is False]
    for hops in answers.values():
        blocking.extend(hop for hop in hops if hop.passes is False)
    return Explanation(
        source=source,
        destination=destination,
        protocol=protocol,
        port=port,
        verdict=_verdict(asked, answers.values()),
        request=asked,
        reply=answers[shown],
        client_port=shown.first,
        lost=tuple(_merged(refused)) if has_ports(protocol) else (),
        blocking=tuple(dict.fromkeys(blocking)),
    )


def _word(hops: Iterable[Hop]) -> bool | None:
    """What the layers say together: one block decides, one doubt leaves it open."""
    words = {hop.passes for hop in hops}
    return False if False in words else None if None in words else True


def _verdict(asked: Iterable[Hop], answers: Iterable[Iterable[Hop]]) -> Verdict:
    arrives = _word(asked)
    if arrives is False:
        return Verdict.DENIED
    if arrives is None:
        return Verdict.UNDETERMINED
    words = {_word(hops) for hops in answers}
    if False in words:
        return Verdict.HALF_OPEN
    return Verdict.UNDETERMINED if None in words else Verdict.ALLOWED


def _alike(
    network: Network,
    ends: tuple[Endpoint, Endpoint],
    protocol: int,
    client_ports: PortRange,
) -> Iterator[PortRange]:
    """The client ports, cut where an entry of a NACL on the way back begins or ends."""
    if not has_ports(protocol):
        yield client_ports
        return
    starts = {client_ports.first}
    for end in ends:
        nacl = network.nacl.get(network.subnet[end.subnet].nacl) if end.subnet else None
        for entry in nacl.entries if nacl else ():
            starts.update({entry.ports.first, entry.ports.last + 1})
    cuts = sorted(port for port in starts if port in client_ports)
    for first, after in zip(cuts, [*cuts[1:], client_ports.last + 1], strict=True):
        yield PortRange(first, after - 1)


def _merged(ranges: Iterable[PortRange]) -> Iterator[PortRange]:
    current: PortRange | None = None
    for each in ranges:
        if current and current.last + 1 == each.first:
            current = PortRange(current.first, each.last)
            continue
        if current:
            yield current
        current = each
    if current:
        yield current
