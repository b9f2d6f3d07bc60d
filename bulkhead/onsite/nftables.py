"""nftables: what the device lets through between the site and the VPC, and what a host of it.

wiki.nftables.org; what is not to or from the VPC is left to whoever else has rules there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Network, collapse_addresses
from typing import Final

from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, ICMP, PortRange, has_ports, protocol_name
from bulkhead.onsite.parts import DevicePassage, Onsite, OnsiteHost


def nftables(site: Onsite) -> str:
    """For `nft -f` on the device: only what flows need, only by a tunnel, with its replies.

    It holds for the device itself as for hosts behind it. Loaded again it replaces itself at once.
    """
    table = f"inet {_table(site)}"
    tunnels = ", ".join(f'"{each.interface}"' for each in site.tunnels)
    lines = [
        f"# Site {site.site} of {site.topology}: what may pass between it and the VPC.",
        "# Written from the topology; change that and write it again, rather than this file.",
        f"define tunnels = {{ {tunnels} }}",
        f"table {table}",
        f"delete table {table}",
        f"table {table} {{",
        *_set("vpc", site.beyond),
        "  chain passing {",
        "    type filter hook forward priority filter; policy accept;",
        "    oifname $tunnels tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu",
        "    jump bulkhead",
        "  }",
        "  chain arriving {",
        "    type filter hook input priority filter; policy accept;",
        "    jump bulkhead",
        "  }",
        "  chain leaving {",
        "    type filter hook output priority filter; policy accept;",
        "    jump bulkhead",
        "  }",
        "  chain bulkhead {",
        "    oifname $tunnels goto to_vpc",
        "    iifname $tunnels goto from_vpc",
        '    ip daddr @vpc counter drop comment "past the tunnels, to the VPC"',
        '    ip saddr @vpc counter drop comment "past the tunnels, from the VPC"',
        "  }",
        *_both_ways(site.passages, _speaking(site)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _speaking(site: Onsite) -> Iterator[tuple[bool, str]]:
    """BGP between the two ends of each tunnel, whichever of them begins."""
    for each in site.tunnels if site.bgp else ():
        own = each.inside.ip
        for outward, at, source, to in (
            (True, "oifname", own, each.beyond),
            (False, "iifname", each.beyond, own),
        ):
            yield (
                outward,
                (
                    f'{at} "{each.interface}" ip saddr {source} ip daddr {to} tcp dport 179 '
                    'ct state new counter accept comment "BGP with AWS"'
                ),
            )


def nftables_of_host(site: Onsite, host: OnsiteHost) -> str:
    """The same for a host of the site, or each host of a network of it, by itself."""
    table = f"inet {_table(site)}"
    vlan = f", VLAN {host.vlan}" if host.vlan else ""
    lines = [
        f"# {site.site}/{host.name} ({_places((host.at,))}{vlan}) of {site.topology}: what it may"
        " exchange with the VPC.",
        "# Written from the topology; change that and write it again, rather than this file.",
        f"table {table}",
        f"delete table {table}",
        f"table {table} {{",
        *_set("vpc", site.beyond),
        "  chain arriving {",
        "    type filter hook input priority filter; policy accept;",
        "    ip saddr @vpc goto from_vpc",
        "  }",
        "  chain leaving {",
        "    type filter hook output priority filter; policy accept;",
        "    ip daddr @vpc goto to_vpc",
        "  }",
        *_both_ways([_cut(each, host) for each in site.at_host(host)]),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _cut(passage: DevicePassage, host: OnsiteHost) -> DevicePassage:
    """Its part of one host, so that another that takes its file gets nothing by it."""
    inside = (
        each if each.subnet_of(host.at) else host.at
        for each in passage.inside
        if each.overlaps(host.at)
    )
    return replace(passage, inside=tuple(collapse_addresses(inside)))


def _set(name: str, networks: Iterable[IPv4Network]) -> Iterator[str]:
    yield f"  set {name} {{"
    yield "    type ipv4_addr"
    yield "    flags interval"
    yield f"    elements = {{ {_places(networks)} }}"
    yield "  }"


def _both_ways(
    passages: Sequence[DevicePassage], more: Iterable[tuple[bool, str]] = ()
) -> Iterator[str]:
    """The chain of each direction: replies, and the errors that speak of them (among these that a
    packet is too large), then what is declared, and nothing else."""
    further = tuple(more)
    for way, outward in (("to", True), ("from", False)):
        yield f"  chain {way}_vpc {{"
        yield "    ct state established,related counter accept"
        yield '    ct state invalid counter drop comment "of no connection that is known"'
        yield from (f"    {_rule(each)}" for each in passages if each.outward is outward)
        yield from (f"    {rule}" for out, rule in further if out is outward)
        yield f'    counter drop comment "undeclared, {way} the VPC"'
        yield "  }"


def _rule(passage: DevicePassage) -> str:
    here, there = _some(passage.inside), _some(passage.beyond)
    source, destination = (here, there) if passage.outward else (there, here)
    what = _traffic(passage.protocol, passage.ports)
    return (
        f"ip saddr {source} ip daddr {destination} {what}ct state new counter accept "
        f'comment "{_comment(passage.flows)}"'
    )


def _traffic(protocol: int, ports: PortRange) -> str:
    """As nft says it, with a blank behind; '' for all of it."""
    if protocol == ANY_PROTOCOL:
        return ""
    if has_ports(protocol):
        name = protocol_name(protocol)
        return f"meta l4proto {name} " if ports == ALL_PORTS else f"{name} dport {ports} "
    if protocol == ICMP and ports != ALL_PORTS:
        kind, code = divmod(ports.first, 256)
        return f"icmp type {kind} " + (f"icmp code {code} " if len(ports) == 1 else "")
    return f"meta l4proto {protocol_name(protocol)} "


def _some(networks: Sequence[IPv4Network]) -> str:
    return _places(networks) if len(networks) == 1 else f"{{ {_places(networks)} }}"


def _places(networks: Iterable[IPv4Network]) -> str:
    return ", ".join(
        str(each.network_address if each.prefixlen == each.max_prefixlen else each)
        for each in networks
    )


_LONGEST: Final = 120
"""Bytes of a comment; nft takes 128 (NFTNL_UDATA_COMMENT_MAXLEN of libnftnl)."""


def _comment(flows: Sequence[str]) -> str:
    whole = "; ".join(flows)
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 3]}..."


def _table(site: Onsite) -> str:
    return f"bulkhead_{site.topology}_{site.site}".replace("-", "_")
