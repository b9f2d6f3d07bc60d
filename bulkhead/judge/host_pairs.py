"""Two names that a declaration speaks of, as the pairs of hosts behind them."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Explanation
from bulkhead.network import PortRange, Verdict
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of


@dataclass(frozen=True, slots=True)
class HostPair:
    """One client, one server (their places in the proof), and how they fare at one port."""

    source: int
    destination: int
    protocol: int
    port: int
    verdict: Verdict

    def explained(self, reach: Reach) -> Explanation:
        return explain(
            reach.network,
            reach.endpoints[self.source],
            reach.endpoints[self.destination],
            self.protocol,
            self.port,
            client_ports=reach.client_ports,
        )


def host_pairs(
    reach: Reach, sources: int, destinations: int, protocol: int, port: int
) -> tuple[HostPair, ...]:
    """Every pair of different hosts, with its verdict."""
    found = []
    for destination in bits_of(destinations):
        masks = reach.masks(destination, reach.protocol(protocol))
        (piece,) = masks.pieces(PortRange(port, port))
        end = reach.endpoints[destination]
        for source in bits_of(sources):
            other = reach.endpoints[source]
            if (other.kind, other.id) != (end.kind, end.id):
                found.append(HostPair(source, destination, protocol, port, piece.verdict(source)))
    return tuple(found)


def obstacles(said: Explanation) -> str:
    """What is in a packet's way, or may be."""
    if said.verdict is Verdict.UNDETERMINED:
        hops = [hop for hop in (*said.request, *said.reply) if hop.passes is None]
    else:
        hops = list(said.blocking)
    return "; ".join(map(str, hops))
