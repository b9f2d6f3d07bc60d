"""What a site asks of its tunnels, and no VPN gateway of a VPC has."""

from __future__ import annotations

from typing import Any, Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.written import WrittenTopology

_HUB: Final = "a transit gateway"
_HUBS: Final = "a transit gateway or Cloud WAN"
_NOT_YET: Final = "and a site ends at the VPN gateway of its VPC so far"
_REFUSED: Final[tuple[tuple[str, str, Any, str], ...]] = (
    # docs.aws.amazon.com/vpn/latest/s2svpn/accelerated-vpn.html
    ("acceleration", "acceleration", True, f"only {_HUB} accelerates a VPN connection, {_NOT_YET}"),
    # docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html, tunnel bandwidth
    ("bandwidth", "bandwidth", "large", f"tunnels of 5 Gbps are of {_HUBS}, {_NOT_YET}"),
    # docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html
    ("inside", "inside", "ipv6", f"IPv6 in a tunnel is of {_HUBS}, {_NOT_YET}"),
    ("outside", "outside", "ipv6", f"tunnels between addresses of IPv6 are of {_HUBS}, {_NOT_YET}"),
    # docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpnTunnelOptionsSpecification.html
    # has Phase1AdditionalKeyExchanges; pulumi-aws 7.51.1 has no argument for them.
    (
        "post_quantum",
        "post-quantum",
        True,
        "AWS exchanges keys by ML-KEM too, and no argument of pulumi-aws 7.51.1 asks for it",
    ),
)


def judge_tunnels(written: WrittenTopology, complain: Complain) -> None:
    """Refuse by name what a VPN gateway cannot do, and what no program can ask for."""
    for name, site in (written.sites or {}).items():
        tunnels = site.tunnels if site else None
        if tunnels is None:
            continue
        path = ("sites", name, "tunnels")
        for attribute, key, value, why in _REFUSED:
            if getattr(tunnels, attribute) == value:
                complain((*path, key), f"site {name}, tunnels, {key}: {why}", "remove it")
        if tunnels.logs == "none" and "log_retention" in tunnels.model_fields_set:
            what = f"site {name}, tunnels: log-retention is of logs: cloudwatch"
            complain((*path, "log-retention"), what, "remove it")
