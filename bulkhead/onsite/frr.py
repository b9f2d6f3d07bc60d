"""FRR: static routes into the tunnels, and none past them.

docs.frrouting.org/en/latest/static.html
"""

from __future__ import annotations

from bulkhead.onsite.parts import Onsite


def frr(site: Onsite) -> str:
    """For `vtysh -f`: the first tunnel that is up, then the other, then nothing at all."""
    lines = [
        f"! Site {site.site} of {site.topology}: routes to AWS by the tunnel that is up.",
        "! The last route drops: without it, packets for the VPC would take the default route, in",
        "! the clear, while both tunnels are down.",
    ]
    for network in site.beyond:
        for each in site.tunnels:
            lines.append(f"ip route {network} {each.interface} {10 * each.number}")
        lines.append(f"ip route {network} blackhole 250")
    return "\n".join(lines) + "\n"
