"""All addresses, cut into classes that no rule can tell apart (docs/model.md, "Ends")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bulkhead.ends.behind_vpn import Remote, remotes_of
from bulkhead.ends.by_ipv6 import by_ipv6
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.cuts import prefixes_of, translates_ipv6
from bulkhead.ends.inside import interfaces, strangers
from bulkhead.ends.outside import elsewhere, internet, sites
from bulkhead.ends.prefixes import ROOT, ROOT6, Prefix, PrefixTree, as_prefix
from bulkhead.network import NAT64, Network, within


@dataclass(frozen=True)
class Partition:
    """All endpoints, in a fixed order, and the tree of prefixes that cut them."""

    endpoints: tuple[Endpoint, ...]
    homes: tuple[Prefix, ...]
    grounds: tuple[Prefix, ...]
    """Per endpoint the longest prefix around it that is in `ground`."""
    tree: PrefixTree
    ground: frozenset[Prefix]
    """The prefixes that more than the rules of security groups speak of: what routes and NACLs
    can tell apart. An account has many hosts for which a group has a rule, and few such."""
    remotes: tuple[Remote, ...]
    ipv4: Mapping[int, tuple[int, ...]]
    """Ends by whose addresses IPv6 calls hosts of IPv4, with those that have them (NAT64)."""


def partition(network: Network, cuts: Iterable[Network] = ()) -> Partition:
    """Cut all addresses by all prefixes in play, and by those of other networks to compare with.

    Raises ValueError where an interface or a subnet lies in something that the
    network does not contain: nothing could be said about it.
    """
    _check_places(network)
    cuts = tuple(cuts)
    remotes = tuple(remotes_of(network))
    every, apart = prefixes_of((network, *cuts))
    tree = PrefixTree(every)
    ground = frozenset({ROOT, ROOT6, *map(as_prefix, apart)})
    endpoints: tuple[Endpoint, ...] = (
        *interfaces(network, tree),
        *strangers(network, tree),
        *sites(network, tree, remotes),
        *internet(network, tree),
        *elsewhere(network, tree, remotes),
    )
    if as_prefix(NAT64) in tree and translates_ipv6((network, *cuts)):
        apart_from = tuple(each for each in endpoints if not _calls_ipv4(each))
        endpoints = (*apart_from, *by_ipv6(tree, endpoints))
    homes = tuple(as_prefix(each.prefix) for each in endpoints)
    grounds = tuple(next(each for each in tree.chain(home) if each in ground) for home in homes)
    places = {each: index for index, each in enumerate(endpoints)}
    ipv4 = {
        index: tuple(places[one] for one in each.ipv4)
        for index, each in enumerate(endpoints)
        if each.ipv4
    }
    return Partition(endpoints, homes, grounds, tree, ground, remotes, ipv4)


def _calls_ipv4(end: Endpoint) -> bool:
    """Whether it is of the internet by addresses that NAT gateways translate."""
    return end.kind is EndpointKind.INTERNET and within(end.prefix, NAT64)


def _check_places(network: Network) -> None:
    for subnet in network.subnets:
        if subnet.vpc not in network.vpc:
            raise ValueError(f"subnet {subnet.id} lies in VPC {subnet.vpc}, which is not there")
    for each in network.interfaces:
        if each.subnet not in network.subnet:
            raise ValueError(
                f"interface {each.id} lies in subnet {each.subnet}, which is not there"
            )
