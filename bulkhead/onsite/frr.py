"""FRR: routes into the tunnels, static or by BGP, and none past them.

docs.frrouting.org/en/latest/static.html, docs.frrouting.org/en/latest/bgp.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from bulkhead.onsite.parts import HOLD_TIME, KEEPALIVE, Onsite, Speaking, preference


def frr(site: Onsite) -> str:
    """For `vtysh -f`: one tunnel while it is up, else the other, else nothing at all."""
    lines = _static(site) if site.bgp is None else _bgp(site, site.bgp)
    return "\n".join(lines) + "\n"


def _static(site: Onsite) -> Iterator[str]:
    yield f"! Site {site.site} of {site.topology}: routes to AWS by the tunnel that is up."
    yield from _WHY_IT_DROPS
    for network in site.beyond:
        for each in site.tunnels:
            yield f"ip route {network} {each.interface} {10 * each.number}"
        yield f"ip route {network} blackhole 250"


_WHY_IT_DROPS = (
    "! The last route drops: without it, packets for the VPC would take the default route, in",
    "! the clear, while both tunnels are down.",
)


def _bgp(site: Onsite, speaking: Speaking) -> Iterator[str]:
    name = f"{site.topology}-{site.site}"
    yield f"! Site {site.site} of {site.topology}: BGP with AWS through both tunnels."
    yield from _WHY_IT_DROPS
    yield from (f"ip route {network} blackhole 250" for network in site.beyond)
    yield "! The site's own networks out, the blocks of the VPC in, and nothing else either way."
    yield from _prefixes(f"{name}-out", speaking.announces)
    yield from _prefixes(f"{name}-in", speaking.accepts)
    for each in site.tunnels:
        # Of two equal ways the first tunnel; where AWS prefers one, as while it replaces the end
        # of the other, that one.
        yield f"route-map {name}-in-{each.number} permit 10"
        yield f" match ip address prefix-list {name}-in"
        yield from [" set metric +1"] * (each.number > 1)
        yield "exit"
        yield f"route-map {name}-out-{each.number} permit 10"
        yield f" match ip address prefix-list {name}-out"
        yield f" set metric {preference(each.number)}"
        yield "exit"
    yield f"router bgp {speaking.own}"
    yield f" bgp router-id {site.tunnels[0].inside.ip}"
    yield " no bgp default ipv4-unicast"
    yield " no bgp network import-check"
    yield " ! Kept routes of a tunnel that is gone would hide that the other is there. (FRR takes"
    yield " ! graceful-restart-disable once, not when this is loaded again.)"
    yield " bgp graceful-restart stalepath-time 1"
    for each in site.tunnels:
        yield f" neighbor {each.beyond} remote-as {speaking.aws}"
        yield f" neighbor {each.beyond} description {name} {each.interface}"
        yield f" neighbor {each.beyond} timers {KEEPALIVE} {HOLD_TIME}"
        yield f" neighbor {each.beyond} timers connect {KEEPALIVE}"
    yield " address-family ipv4 unicast"
    yield "  maximum-paths 1"
    yield from (f"  network {network}" for network in speaking.announces)
    for each in site.tunnels:
        yield f"  neighbor {each.beyond} activate"
        yield f"  neighbor {each.beyond} route-map {name}-in-{each.number} in"
        yield f"  neighbor {each.beyond} route-map {name}-out-{each.number} out"
    yield " exit-address-family"
    yield "exit"


def _prefixes(name: str, networks: Iterable[IPv4Network]) -> Iterator[str]:
    yield f"no ip prefix-list {name}"
    for number, network in enumerate(networks, start=1):
        yield f"ip prefix-list {name} seq {10 * number} permit {network}"
