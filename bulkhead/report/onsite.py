"""The other side of a site, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from rich.console import Console
from rich.text import Text

from bulkhead.network.traffic import traffic
from bulkhead.onsite import Onsite, OnsiteTunnel
from bulkhead.onsite.swanctl import esp_proposal, ike_proposal


def print_onsite(console: Console, found: Onsite) -> None:
    """Its tunnels, its routes, and what may pass."""
    trust = "trusted" if found.trusted else "untrusted"
    of = f"  {trust} site of {found.topology}, device {found.device.address}"
    console.print(Text.assemble((found.site, "bold"), of))
    for tunnel in found.tunnels:
        console.print()
        console.print(Text.assemble((f"tunnel {tunnel.number}", "bold"), f"  {tunnel.interface}"))
        for line in _tunnel(tunnel):
            console.print(Text(f"  {line}"))
    console.print()
    console.print(Text("routes", "bold"))
    for line in _routes(found):
        console.print(Text(f"  {line}"))
    console.print()
    console.print(Text("what may pass", "bold"))
    for each in found.passages:
        inside, beyond = _some(each.inside), _some(each.beyond)
        ends = f"{inside} -> {beyond}" if each.outward else f"{beyond} -> {inside}"
        console.print(Text(f"  {traffic(each.protocol, (each.ports,))}  {ends}"))
        for flow in each.flows:
            console.print(Text(f"    {flow}", "dim"))
    if not found.passages:
        console.print(Text("  nothing: no flow has an end there"))


def _routes(found: Onsite) -> Iterator[str]:
    if found.bgp is None:
        ways = ", then ".join(each.interface for each in found.tunnels)
        yield from (f"{network}  by {ways}; else dropped" for network in found.beyond)
        return
    yield f"BGP of AS {found.bgp.own} with AWS's AS {found.bgp.aws}, through each tunnel"
    yield f"  announced  {_some(found.bgp.announces)}, and nothing else"
    yield f"  accepted   {_some(found.bgp.accepts)}, and nothing else"
    way = "by the one that AWS prefers, else by aws1, then aws2; else dropped"
    yield from (f"{network}  {way}" for network in found.beyond)


def _tunnel(each: OnsiteTunnel) -> Iterator[str]:
    yield f"AWS      {each.outside or 'an address that it gives with the connection'}"
    yield f"inside   {each.inside}, AWS's {each.beyond}"
    yield f"IKE      {ike_proposal(each.options)}"
    yield f"ESP      {esp_proposal(each.options)}"
    yield f"key      {each.key or 'in no file of ours'}"


def _some(networks: Iterable[IPv4Network]) -> str:
    return ", ".join(
        str(each.network_address if each.prefixlen == each.max_prefixlen else each)
        for each in networks
    )
