"""Two names that a declaration speaks of, as the pairs of hosts behind them."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Explanation
from bulkhead.network import PortRange, Verdict, is_of_family
from bulkhead.network.traffic import merge
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of


@dataclass(frozen=True, slots=True)
class HostPair:
    """One client, one server (their places in the proof), and how they fare at some ports."""

    source: int
    destination: int
    protocol: int
    ports: tuple[PortRange, ...]
    """Of those asked about the ones with this verdict."""
    verdict: Verdict

    def explained(self, reach: Reach) -> Explanation:
        return explain(
            reach.network,
            reach.endpoints[self.source],
            reach.endpoints[self.destination],
            self.protocol,
            self.ports[0].first,
        )


def host_pairs(
    reach: Reach, ends: tuple[int, int], protocol: int, ports: PortRange, *, meant: bool = True
) -> tuple[HostPair, ...]:
    """Every pair of different hosts, with its verdict: of each two hosts all their addresses.

    Where ports of the range differ, the pair is there once for each verdict.
    `ends`: senders and destinations, as bits. An address of IPv4 and one of IPv6 are no pair where
    the hosts have another; nor, where the traffic is `meant` to pass, are two of a family of which
    its protocol is not.
    """
    sources, destinations = ends
    found: list[HostPair] = []
    mixed: list[HostPair] = []
    for destination in bits_of(destinations):
        masks = reach.masks(destination, reach.protocol(protocol))
        pieces = masks.pieces(ports)
        end = reach.endpoints[destination]
        for source in bits_of(sources):
            other = reach.endpoints[source]
            if (other.kind, other.id) != (end.kind, end.id):
                spoken = not meant or is_of_family(protocol, end.version)
                into = found if spoken and other.version == end.version else mixed
                fares: dict[Verdict, list[PortRange]] = {}
                for piece in pieces:
                    fares.setdefault(piece.verdict(source), []).append(piece.ports)
                into.extend(
                    HostPair(source, destination, protocol, merge(some), verdict)
                    for verdict, some in fares.items()
                )
    joined = {_hosts(reach, each) for each in found}
    return (*found, *(each for each in mixed if _hosts(reach, each) not in joined))


def _hosts(reach: Reach, pair: HostPair) -> tuple[object, ...]:
    ends = (reach.endpoints[pair.source], reach.endpoints[pair.destination])
    return tuple((each.kind, each.id) for each in ends)


def obstacles(said: Explanation) -> str:
    """What is in a packet's way, or may be."""
    if said.verdict is Verdict.UNDETERMINED:
        hops = [hop for hop in (*said.request, *said.reply) if hop.passes is None]
    else:
        hops = list(said.blocking)
    return "; ".join(map(str, hops))
