"""What watches the tunnels of a topology."""

from __future__ import annotations

from bulkhead.intent import Topology
from bulkhead.network import Network, TunnelMonitoring
from bulkhead.network.inventory import Listed, NotRead, TunnelAlarm


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


def alarms_as_listed(monitoring: TunnelMonitoring | None, network: Network) -> Listed[TunnelAlarm]:
    """The same as it is read back of an account: all there is. As nobody knows addresses yet, the
    alarms of both tunnels of a connection are one that goes by the lower of both. Where a topology
    asks for none, others may still watch its tunnels."""
    if monitoring is None:
        return Listed((), (NotRead(why="the topology asks for no monitoring: others may watch"),))
    alarms = (
        TunnelAlarm(id=f"alarm/{each.site}", connection=each.id, lowest=True, tells=True)
        for each in network.vpn_connections
        if each.site in monitoring.sites
    )
    return Listed(tuple(alarms), ())
