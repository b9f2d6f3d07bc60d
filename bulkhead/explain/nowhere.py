"""A request from or to an address that no host can have."""

from __future__ import annotations

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.nowhere import why_nowhere
from bulkhead.explain.hops import Code, Explanation, Hop, Layer, Path
from bulkhead.network import Network, PortRange, Verdict


def explain_nowhere(
    network: Network,
    source: Endpoint,
    destination: Endpoint,
    protocol: int,
    port: int,
    *,
    client_ports: PortRange,
) -> Explanation:
    """A request of which one end, or both, are nowhere: why that blocks it."""
    hops = tuple(
        Hop(
            layer=Layer.INTERFACE,
            ids=(each.id,),
            name=each.name,
            passes=False,
            code=Code.NO_PATH,
            why=why_nowhere(network, each),
        )
        for each in (source, destination)
        if each.kind is EndpointKind.NOWHERE
    )
    return Explanation(
        source=source,
        destination=destination,
        protocol=protocol,
        port=port,
        verdict=Verdict.DENIED,
        request=hops,
        reply=(),
        client_ports=client_ports,
        client_port=client_ports.first,
        lost=(),
        blocking=hops,
        paths=(Path(request=hops, reply=(), passes=False, returns=False),),
    )
