"""Peers whose addresses a prefix list holds: what is in it, as somebody read it into the lock.

A NACL names no list (docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html), and a rule that
does would open more on the day when somebody adds to the list. So a plan is made of what the list
held when `bulkhead adopt` looked: what comes into it later is let by nothing until somebody looks
again, and that is a change like every other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, collapse_addresses
from typing import Final

from bulkhead.intent import Peer, Topology
from bulkhead.intent.rules.networks import overlapping
from bulkhead.intent.values import is_public
from bulkhead.network import IPNetwork, PrefixList
from bulkhead.problems import InputError, Problem

HeldByLists = Mapping[str, tuple[IPNetwork, ...]]
"""What is in each list, by its id."""

_ADOPT: Final = "run `bulkhead adopt` on the topology's file"
_APART: Final = "give them separate addresses"


def lists_of(topology: Topology) -> tuple[str, ...]:
    """The lists in which peers are, each once."""
    return tuple(
        dict.fromkeys(each.prefix_list for each in topology.peers.values() if each.prefix_list)
    )


def prefix_lists(topology: Topology, held: HeldByLists) -> tuple[PrefixList, ...]:
    """The same, with what was in them."""
    return tuple(PrefixList(prefix_list=each, cidrs=held[each]) for each in lists_of(topology))


def with_lists(topology: Topology, held: HeldByLists) -> Topology:
    """The topology with its peers where the lists have them; itself where none is in one.

    Raises InputError with everything in them that no peer can have.
    """
    if not lists_of(topology):
        return topology
    if problems := [*_unfit(topology, held), *_together(topology, held)]:
        raise InputError(problems)
    peers = {
        name: peer.model_copy(update={"cidrs": _of(peer, held)}) if peer.prefix_list else peer
        for name, peer in topology.peers.items()
    }
    return topology.but(peers=peers)


def _of(peer: Peer, held: HeldByLists) -> tuple[IPv4Network, ...]:
    """In as few networks as can be, in the order of their addresses."""
    there = held.get(peer.prefix_list, ())
    return tuple(collapse_addresses(each for each in there if isinstance(each, IPv4Network)))


def _unfit(topology: Topology, held: HeldByLists) -> Iterator[Problem]:
    for peer in topology.peers.values():
        if not peer.prefix_list:
            continue
        place = topology.place_of("peers", peer.name, "prefix-list")
        named, other = peer.prefix_list, "name a list of the peer's own, or write addresses:"
        if named not in held:
            new = f"{_ADOPT} (of one in Python, on its lock, with --list {named})"
            yield Problem(*place, f"what {named} holds is not known", new)
            continue
        if not held[named]:
            yield Problem(*place, f"{named} holds nothing, so peer {peer.name} is nowhere", other)
        for each in held[named]:
            if not isinstance(each, IPv4Network):
                what = f"{named} holds {each}, and peers of IPv6 are planned by addresses: alone"
                yield Problem(*place, what, "write these there, or name a list of IPv4")
            elif each.prefixlen == 0:
                yield Problem(*place, f"{named} holds {each}, which is everybody", other)
            elif not is_public(each):
                what = f"{named} holds {each}, which is not public: nothing leads there over the"
                yield Problem(*place, f"{what} internet", "describe it as a site")
        there = _of(peer, held)
        for socket in peer.sockets.values():
            for index, endpoint in enumerate(socket.bind):
                at = endpoint.literal
                if at is None or endpoint.loopback or any(at in each for each in there):
                    continue
                yield Problem(
                    *topology.place_of("peers", peer.name, "sockets", socket.name, "bind", index),
                    f"{socket.reference} binds {at}, which is not in {named}",
                    f"write an address that it holds, or * for all; if it has come, {_ADOPT}",
                )


def _together(topology: Topology, held: HeldByLists) -> Iterator[Problem]:
    """What lies in two places at once, one of which a list says."""
    blocks = (topology.cidr, *topology.more_cidrs)
    every: list[tuple[str, IPNetwork, str]] = [("the VPC", each, "") for each in blocks]
    every += [
        (f"site {each.name}", one, "") for each in topology.sites.values() for one in each.cidrs
    ]
    for peer in topology.peers.values():
        there = _of(peer, held) if peer.prefix_list else peer.cidrs
        every += [(f"peer {peer.name}", one, peer.prefix_list and peer.name) for one in there]
    for first, second in overlapping([network for _, network, _ in every]):
        (other, taken, theirs), (who, network, ours) = every[first], every[second]
        if name := ours or theirs:
            place = topology.place_of("peers", name, "prefix-list")
            yield Problem(*place, f"{network} of {who} overlaps {taken} of {other}", _APART)
