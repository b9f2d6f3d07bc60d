"""The ends outside VPCs: sites, the internet, and elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.ends.behind_vpn import Remote, served_by
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.cuts import NO_HOSTS, speaks_ipv6
from bulkhead.ends.prefixes import (
    ROOT,
    ROOT6,
    Prefix,
    PrefixTree,
    as_network,
    as_prefix,
    as_ranges,
    is_ipv6,
)
from bulkhead.network import ANY_CLIENT_PORTS, PRIVATE, Network
from bulkhead.network import tags as words

_NOBODY_SAYS: Final = (
    "hosts of a site may ask from any port unless `client-ports` of the site in the topology, or "
    f"the tag {words.CLIENT_PORTS} of its VPN connection, says which"
)


def sites(network: Network, tree: PrefixTree, remotes: Iterable[Remote]) -> Iterator[Endpoint]:
    """What lies behind VPN connections, in as many pieces as rules cut it into."""
    served = served_by(network)
    for each in sorted(remotes, key=lambda one: (one.name, one.id)):
        vpcs = {vpc for connection in each.connections for vpc in served.get(connection.id, ())}
        # A VPC's own addresses are never looked for at a site: its local routes win.
        hidden = {as_prefix(cidr) for vpc in network.vpcs if vpc.id in vpcs for cidr in vpc.cidrs}
        hidden.update(map(as_prefix, NO_HOSTS))
        known = [as_prefix(cidr) for cidr in each.cidrs]
        homes = sorted({home for own in known if _is_cut(tree, own) for home in tree.within(own)})
        pieces = [
            home for home in homes if tree.own_ranges(home) and hidden.isdisjoint(tree.chain(home))
        ]
        for home in pieces:
            asking = each.asks_from(as_network(home))
            yield Endpoint(
                kind=EndpointKind.SITE,
                id=each.id,
                thing=each.name,
                part="" if len(pieces) == 1 else str(as_network(home)),
                prefix=as_network(home),
                ranges=as_ranges(tree.own_ranges(home)),
                client_ports=asking,
                why_any_port=_NOBODY_SAYS if asking == ANY_CLIENT_PORTS else "",
            )


def _is_cut(tree: PrefixTree, prefix: Prefix) -> bool:
    """Whether the tree knows the prefix: not one of IPv6 where nobody speaks it."""
    return not is_ipv6(prefix) or prefix in tree.prefixes


def internet(network: Network, tree: PrefixTree) -> Iterator[Endpoint]:
    """Public addresses, in as many pieces as rules cut them into."""
    hidden = {as_prefix(block) for block in (*PRIVATE, *NO_HOSTS)}
    # A global IPv6 block of a VPC is nobody else's; a public IPv4 block may be.
    hidden.update(
        as_prefix(cidr) for vpc in network.vpcs for cidr in vpc.cidrs if cidr.version == 6
    )
    hidden.update(as_prefix(cidr) for each in network.subnets for cidr in each.ipv6_cidrs)
    roots = {ROOT: "", ROOT6: "IPv6"}
    known = {
        as_prefix(cidr): each.called for each in network.gateway_endpoints for cidr in each.cidrs
    }
    peers = {as_prefix(cidr): each.name for each in network.peers for cidr in each.cidrs}
    spoken = speaks_ipv6(network)
    for home in tree.prefixes:
        if is_ipv6(home) and not spoken:
            continue
        if tree.own_ranges(home) and hidden.isdisjoint(tree.chain(home)):
            peer = next((peers[each] for each in tree.chain(home) if each in peers), "")
            yield Endpoint(
                kind=EndpointKind.INTERNET,
                id="internet",
                thing=peer or "internet",
                part=roots.get(home, str(as_network(home))),
                prefix=as_network(home),
                ranges=as_ranges(tree.own_ranges(home)),
                known=peer or next((known[each] for each in tree.chain(home) if each in known), ""),
                peer=bool(peer),
            )


def elsewhere(network: Network, tree: PrefixTree, remotes: Iterable[Remote]) -> Iterator[Endpoint]:
    """Private addresses that are in no VPC, subnet or site here."""
    private = {as_prefix(block) for block in PRIVATE if block.version == 4 or speaks_ipv6(network)}
    ours = {as_prefix(cidr) for vpc in network.vpcs for cidr in vpc.cidrs}
    ours.update(as_prefix(cidr) for subnet in network.subnets for cidr in subnet.cidrs)
    ours.update(as_prefix(cidr) for site in remotes for cidr in site.cidrs)
    for home in tree.prefixes:
        chain = tree.chain(home)
        if not private.isdisjoint(chain) and ours.isdisjoint(chain) and tree.own_ranges(home):
            yield Endpoint(
                kind=EndpointKind.ELSEWHERE,
                id="elsewhere",
                thing="elsewhere",
                part=str(as_network(home)),
                prefix=as_network(home),
                ranges=as_ranges(tree.own_ranges(home)),
            )
