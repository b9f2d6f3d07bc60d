"""BIRD 2: routes into the tunnels, static or by BGP, and none past them.

bird.network.cz/doc/bird-6.html, "Static", "BGP", "Pipe"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from bulkhead.onsite.parts import (
    HOLD_TIME,
    KEEPALIVE,
    Onsite,
    OnsiteTunnel,
    Speaking,
    preference,
)


def bird(site: Onsite) -> str:
    """To be included: its own protocols alone. That of the kernel, which exports routes, is
    there."""
    return "\n".join(_routes(site) if site.bgp is None else _bgp(site, site.bgp)) + "\n"


def _routes(site: Onsite) -> Iterator[str]:
    yield f"# Site {site.site} of {site.topology}: routes to AWS by the tunnel that is up."
    yield "# The last one drops: without it, packets for the VPC would take the default route, in"
    yield "# the clear, while no tunnel is up. Protocol kernel has to export them (RTS_STATIC)."
    for each in site.tunnels:
        way = f'via "{each.interface}"'
        yield from _static(f"{_name(site)}_{each.number}", 220 - 10 * each.number, site, way)
    yield from _static(f"{_name(site)}_none", 10, site, "blackhole")


def _static(name: str, preference: int, site: Onsite, way: str) -> Iterator[str]:
    yield ""
    yield f"protocol static {name} {{"
    yield f"  ipv4 {{ preference {preference}; }};"
    yield "  check link yes;"
    yield from (f"  route {network} {way};" for network in site.beyond)
    yield "}"


def _bgp(site: Onsite, speaking: Speaking) -> Iterator[str]:
    name = _name(site)
    yield f"# Site {site.site} of {site.topology}: BGP with AWS through both tunnels."
    yield "# What drops is for when no tunnel is up: without it, packets for the VPC would take the"
    yield "# default route, in the clear. Protocol kernel has to export both (RTS_STATIC, RTS_BGP)."
    yield from _static(f"{name}_none", 10, site, "blackhole")
    yield ""
    yield "# In a table of its own, so that what is announced is exactly this, whatever else the"
    yield "# device knows, and what others announce to it stays theirs."
    yield f"ipv4 table {name};"
    yield ""
    yield f"protocol static {name}_own {{"
    yield f"  ipv4 {{ table {name}; }};"
    yield from (f"  route {network} unreachable;" for network in speaking.announces)
    yield "}"
    yield ""
    yield f"protocol pipe {name}_learned {{"
    yield "  table master4;"
    yield f"  peer table {name};"
    yield "  import where source = RTS_BGP;"
    yield "  export none;"
    yield "}"
    for each in site.tunnels:
        yield ""
        yield from _session(f"{name}_{each.number}", name, speaking, each)


def _session(called: str, table: str, speaking: Speaking, tunnel: OnsiteTunnel) -> Iterator[str]:
    yield f"protocol bgp {called} {{"
    yield f'  description "{tunnel.interface}";'
    yield f"  local {tunnel.inside.ip} as {speaking.own};"
    yield f"  neighbor {tunnel.beyond} as {speaking.aws};"
    yield "  check link yes;"
    yield f"  hold time {HOLD_TIME};"
    yield f"  keepalive time {KEEPALIVE};"
    yield f"  connect retry time {KEEPALIVE};"
    yield "  # Without this it waits for minutes with a tunnel that came back."
    yield "  connect delay time 1;"
    yield f"  error wait time 2, {HOLD_TIME};"
    yield "  # Kept routes of a tunnel that is gone would hide that the other one is there."
    yield "  graceful restart off;"
    yield "  ipv4 {"
    yield f"    table {table};"
    yield "    import filter {"
    yield f"      if net !~ [ {_set(speaking.accepts)} ] then reject;"
    if tunnel.number > 1:
        yield "      # Of two equal ways the first tunnel; where AWS prefers one, as while it"
        yield "      # replaces the end of the other, that one."
        yield "      if defined(bgp_med) then bgp_med = bgp_med + 1; else bgp_med = 1;"
    yield "      accept;"
    yield "    };"
    yield "    export filter {"
    yield f"      if source != RTS_STATIC || net !~ [ {_set(speaking.announces)} ] then reject;"
    yield f"      bgp_med = {preference(tunnel.number)};"
    yield "      accept;"
    yield "    };"
    yield "  };"
    yield "}"


def _set(networks: Iterable[IPv4Network]) -> str:
    return ", ".join(map(str, networks))


def _name(site: Onsite) -> str:
    return f"{site.topology}_{site.site}".replace("-", "_")
