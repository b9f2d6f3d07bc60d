"""At which addresses sockets may wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from bulkhead.intent.complaints import Complain
from bulkhead.intent.rules.networks import NetworksByPrefix
from bulkhead.intent.wiring import Owner, ends_of
from bulkhead.intent.written import WrittenTopology

_KEY: Final = {"sites": "cidrs", "peers": "addresses"}


def _addresses_of(written: WrittenTopology, owner: Owner) -> Iterable[IPv4Network]:
    """Those of IPv4 of a site or of a peer; nothing where they could not be read."""
    site, peer = (written.sites or {}).get(owner.name), (written.peers or {}).get(owner.name)
    every = (peer and peer.addresses) or () if owner.is_peer else (site and site.cidrs) or ()
    return [each for each in every if isinstance(each, IPv4Network)]


def judge_bound_addresses(
    written: WrittenTopology, owners: Mapping[str, Owner], complain: Complain
) -> None:
    """A service's addresses are allocated by the plan; a site's are its own affair, and of IPv4
    (docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html)."""
    places: dict[str, NetworksByPrefix] = {}
    for end in ends_of(owners):
        for index, endpoint in enumerate(end.bind):
            literal = endpoint.literal
            elsewhere = endpoint.everywhere and not endpoint.to_one_by_norm
            if literal is None or elsewhere or endpoint.loopback:
                continue
            path = (*end.path, "bind", index)
            both = endpoint.ipv6 and endpoint.transport == "tcp" and not end.owner.outside
            # A SUB of norm does not look at the address, and libzmq takes no "*" of it.
            anywhere = "localhost" if endpoint.to_one_by_norm else "::" if both else "*"
            everywhere = endpoint.model_copy(update={"address": anywhere}).text
            if not end.owner.outside:
                what = f"{end.reference} binds {literal}, but a service's addresses are the plan's"
                complain(path, what, f'write "{everywhere}"')
                continue
            if not isinstance(literal, IPv4Address) and end.owner.is_peer:
                what = f"{end.reference} binds {literal}, and a socket at one address of IPv6 alone"
                complain(path, f"{what} is not planned yet", f'write "{everywhere}" for all')
                continue
            if not isinstance(literal, IPv4Address):
                what = f"{end.reference} binds {literal}, and site {end.owner.name} is"
                what += " behind a VPN gateway, which carries IPv4 alone"
                complain(path, what, f'write an IPv4 address, or "{everywhere}" for all of these')
                continue
            cidrs = _addresses_of(written, end.owner)
            if cidrs and end.owner.name not in places:
                places[end.owner.name] = NetworksByPrefix((end.owner.name, each) for each in cidrs)
            if cidrs and not any(places[end.owner.name].of(literal)):
                what = f"{end.reference} binds {literal}, which is not in {end.owner.noun}"
                remedy = (
                    f'write an address of its {_KEY[end.owner.kind]}, or "{everywhere}" for all'
                )
                complain(path, what, remedy)
