"""Peers on the internet, and what services need of AWS: each by itself, as it is written."""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.values import BY_GATEWAY, PUBLIC_INTERNET, is_public, parse_name
from bulkhead.intent.written import WrittenPeer, WrittenTopology
from bulkhead.intent.wrong import Wrong, alternatives, quoted

_AS_A_SITE: Final = "describe it as a site, which is reached through a VPN"
STANDS_FOR_OURS: Final = IPv6Network("2001:db8:a::/56")
"""Of the addresses for documentation (RFC 3849) those that stand in a plan for the VPC's own."""


def judge_outside(written: WrittenTopology, complain: Complain) -> None:
    """Peers by name and address, and services of AWS that are needed."""
    for name, peer in (written.peers or {}).items():
        _judge_name(written, name, complain)
        if peer is not None:
            _judge_peer(name, peer, complain)
    if written.peers and written.vpc is not None:
        what = "peers: a VPC of others may have an internet gateway and NAT gateways already, and "
        complain(("peers",), f"{what}none of others' is used yet", "ask for a VPC of its own")
    for name, service in (written.services or {}).items():
        if written.vpc is None or service is None:
            continue
        if needs := [each for each in service.needs or () if each not in BY_GATEWAY]:
            what = f"service {name} needs {alternatives(needs).replace(' or ', ' and ')}"
            remedy = f"ask its owner for them, or name {alternatives(BY_GATEWAY)} alone"
            complain(
                ("services", name, "needs"),
                f"{what}, and a VPC of others may have these endpoints already",
                remedy,
            )


def _judge_name(written: WrittenTopology, name: str, complain: Complain) -> None:
    try:
        parse_name(name)
    except Wrong as wrong:
        complain(("peers", name), f"peer: {wrong.what}", wrong.remedy)
    for noun, others in (("site", written.sites or {}), ("service", written.services or {})):
        if name in others:
            what = f"{quoted(name)} names a {noun} and a peer"
            complain(("peers", name), what, "choose another name for one of them")
    if name == PUBLIC_INTERNET:
        what = f"'{PUBLIC_INTERNET}' is the name of everybody outside"
        complain(("peers", name), what, "choose another name")


def _judge_peer(name: str, peer: WrittenPeer, complain: Complain) -> None:
    path: KeyPath = ("peers", name)
    if peer.addresses == () and peer.prefix_list == "":
        complain(path, f"peer {name} is nowhere", "add addresses: [198.51.100.7/32]")
    elif peer.addresses and peer.prefix_list:
        what = f"peer {name} has addresses, and a prefix list that holds them"
        complain((*path, "prefix-list"), what, "write one of them; two peers may well be one firm")
    for index, each in enumerate(peer.addresses or ()):
        if not is_public(each):
            what = f"{each} of peer {name} is not public, so nothing leads there over the internet"
            remedy = "write its public ones" if each.version == 6 else _AS_A_SITE
            complain((*path, "addresses", index), what, remedy)
        elif isinstance(each, IPv6Network) and each.overlaps(STANDS_FOR_OURS):
            what = f"{each} of peer {name} overlaps {STANDS_FOR_OURS}, which stands in a plan for "
            complain((*path, "addresses", index), f"{what}the VPC's own", "write its real ones")
