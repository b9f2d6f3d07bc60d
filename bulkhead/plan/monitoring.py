"""What watches the tunnels of a topology."""

from __future__ import annotations

from bulkhead.intent import Topology
from bulkhead.network import Network, TunnelMonitoring


def monitoring_of(topology: Topology, network: Network) -> TunnelMonitoring | None:
    """None where the topology does not ask for it."""
    wanted = topology.monitoring
    if wanted is None:
        return None
    logging = {
        each.site for each in network.vpn_connections if any(one.logs for one in each.tunnels)
    }
    sites = tuple(topology.sites)
    return TunnelMonitoring(
        name=topology.name,
        notify=wanted.notify,
        sites=sites,
        logged=tuple(each for each in sites if each in logging),
    )
