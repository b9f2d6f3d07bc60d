"""BIRD 2: static routes into the tunnels, and none past them.

bird.network.cz/doc/bird-6.html, "Static"
"""

from __future__ import annotations

from bulkhead.onsite.parts import Onsite


def bird(site: Onsite) -> str:
    """To be included: static protocols alone. That of the kernel, which exports them, is there."""
    lines = [
        f"# Site {site.site} of {site.topology}: routes to AWS by the tunnel that is up.",
        "# The last one drops: without it, packets for the VPC would take the default route, in",
        "# the clear, while no tunnel is up. Protocol kernel has to export them (RTS_STATIC).",
    ]
    for each in site.tunnels:
        way = f'via "{each.interface}"'
        lines += _static(f"{_name(site)}_{each.number}", 220 - 10 * each.number, site, way)
    lines += _static(f"{_name(site)}_none", 10, site, "blackhole")
    return "\n".join(lines) + "\n"


def _static(name: str, preference: int, site: Onsite, way: str) -> list[str]:
    routes = [f"  route {network} {way};" for network in site.beyond]
    return [
        "",
        f"protocol static {name} {{",
        f"  ipv4 {{ preference {preference}; }};",
        "  check link yes;",
        *routes,
        "}",
    ]


def _name(site: Onsite) -> str:
    return f"{site.topology}_{site.site}".replace("-", "_")
