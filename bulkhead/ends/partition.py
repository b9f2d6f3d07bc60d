"""All addresses, cut into classes that no rule can tell apart (docs/model.md, "Ends")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bulkhead.ends.behind_vpn import Remote, remotes_of
from bulkhead.ends.classes import Endpoint
from bulkhead.ends.cuts import prefixes_of
from bulkhead.ends.inside import interfaces, strangers
from bulkhead.ends.outside import elsewhere, internet, sites
from bulkhead.ends.prefixes import ROOT, ROOT6, Prefix, PrefixTree, as_prefix
from bulkhead.network import Network


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


def partition(network: Network, cuts: Iterable[Network] = ()) -> Partition:
    """Cut all addresses by all prefixes in play, and by those of other networks to compare with.

    Raises ValueError where an interface or a subnet lies in something that the
    network does not contain: nothing could be said about it.
    """
    _check_places(network)
    remotes = tuple(remotes_of(network))
    every, apart = prefixes_of((network, *cuts))
    tree = PrefixTree(every)
    ground = frozenset({ROOT, ROOT6, *map(as_prefix, apart)})
    endpoints = (
        *interfaces(network, tree),
        *strangers(network, tree),
        *sites(network, tree, remotes),
        *internet(network, tree),
        *elsewhere(network, tree, remotes),
    )
    homes = tuple(as_prefix(each.prefix) for each in endpoints)
    grounds = tuple(next(each for each in tree.chain(home) if each in ground) for home in homes)
    return Partition(endpoints, homes, grounds, tree, ground, remotes)


def _check_places(network: Network) -> None:
    for subnet in network.subnets:
        if subnet.vpc not in network.vpc:
            raise ValueError(f"subnet {subnet.id} lies in VPC {subnet.vpc}, which is not there")
    for each in network.interfaces:
        if each.subnet not in network.subnet:
            raise ValueError(
                f"interface {each.id} lies in subnet {each.subnet}, which is not there"
            )
