"""What watches the tunnels of sites: beside the Network, as no packet depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TUNNEL_METRICS: Final = "AWS/VPN"
TUNNEL_STATE: Final = "TunnelState"
"""Of a static connection 0 is down and 1 up; with BGP 1 is ESTABLISHED, and all below is not
(docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html): below 1 is an alarm for
both."""
VPN_DIMENSION: Final = "VpnId"
TUNNEL_DIMENSION: Final = "TunnelIpAddress"
METRIC_PERIOD: Final = 300
"""Seconds: what CloudWatch gathers for a tunnel by itself (same page)."""
REFUSED_PROPOSALS: Final = '"No Proposal"'
"""What a log of a tunnel says where a device offers nothing that the tunnel may negotiate: 'No
Proposal Match Found by AWS', of either phase
(docs.aws.amazon.com/vpn/latest/s2svpn/log-contents.html)."""
OWN_METRICS: Final = "Bulkhead/VPN"
"""Of the metric that is counted from the logs; its name has topology and site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelMonitoring:
    """An alarm for each tunnel of these sites, one for proposals that AWS refused where tunnels
    log, a rule for what AWS Health says of their connections, and a dashboard of them all.

    `notify` is the ARN of the SNS topic that is told.
    """

    name: str
    notify: str
    sites: tuple[str, ...]
    logged: tuple[str, ...] = ()
    """Those of these sites whose tunnels log, one or both."""
