"""A packet under way: what it met, how it looks, and how it arrives.

A passage says which NACLs and firewalls a packet meets, with which source
address; not what they answer, which depends on protocol and ports.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from ipaddress import IPv4Address
from typing import NamedTuple

from bulkhead.ends.prefixes import Prefix
from bulkhead.network import ANY_CLIENT_PORTS, Direction, PortRange
from bulkhead.prove.sets.standing import Standing


class GroupReferences(IntEnum):
    """In which rules a reference to a security group still counts on this way."""

    NONE = 0
    INGRESS = 1
    BOTH = 2


class Exit(StrEnum):
    """How a packet left a VPC, where the reply has to come back the same way."""

    OTHER = "other"
    INTERNET_GATEWAY = "internet gateway"
    EGRESS_ONLY_GATEWAY = "egress-only gateway"
    GATEWAY_ENDPOINT = "gateway endpoint"


class SentOn(NamedTuple):
    """A NAT gateway, and with which of its addresses it sent a packet on.

    A regional one shows no private address, but the zone in which it did so.
    """

    gateway: str
    address: IPv4Address | None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class AclCheck:
    """A NACL asked in one direction about one address."""

    nacl: str
    direction: Direction
    about: Prefix
    translated: bool = False
    """Whether it sees a packet of IPv4 that is one of IPv6 elsewhere on its way (NAT64)."""


@dataclass(frozen=True, slots=True)
class FirewallCheck:
    """A Network Firewall asked about one packet."""

    firewall: str
    endpoint: str
    source: Prefix
    destination: Prefix
    client_ports: PortRange
    """Those that it may come from; of a reply they say nothing."""
    translated: bool = False
    """As of a NACL."""


LayerCheck = AclCheck | FirewallCheck


Outlets = frozenset[tuple[str, str, str]]
"""(gateway, attachment, subnet), each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A packet under way: where it came from, what it met, how it looks.

    `known` False: nobody knows what happens behind the checks. `sure` False: nobody knows
    whether it is sent at all, and what it meets is asked all the same.
    """

    source: Prefix
    public: bool
    reply: bool
    origin: str | None
    """The subnet that it started in."""
    client_ports: PortRange = ANY_CLIENT_PORTS
    """Those that it may come from; of a reply they say nothing."""
    checks: tuple[LayerCheck, ...] = ()
    references: GroupReferences = GroupReferences.BOTH
    nat: SentOn | None = None
    from_ipv6: bool = False
    """Whether a NAT gateway made a packet of IPv4 of it, or is to make one of IPv6 (NAT64)."""
    receiver: int | None = None
    """Who has the address of IPv4 to which it goes then: the first end of the standing."""
    exit: Exit = Exit.OTHER
    asked_by: Exit = Exit.OTHER
    """Of a reply: how its request left the VPC to which it returns."""
    transit: bool = False
    """Whether it came in over a transit gateway."""
    visited: frozenset[str] = frozenset()
    known: bool = True
    sure: bool = True
    at_unseen_peer: bool = False
    """Whether it is unknown because it went to a peer that was not observed."""
    tunnels: tuple[str, ...] = ()
    behind: str | None = None
    """Of an end that is no site: the site behind whose tunnel it is all the same."""
    held: Outlets = frozenset()
    """By which subnets attachments in appliance mode let it out; of a reply, its request."""

    @property
    def firewalls(self) -> frozenset[str]:
        """The firewall endpoints on the way: a reply must come by the same ones."""
        return frozenset(each.endpoint for each in self.checks if isinstance(each, FirewallCheck))

    def meets(self, nacl: str, direction: Direction, about: Prefix) -> Passage:
        check = AclCheck(nacl, direction, about, self.from_ipv6)
        return replace(self, checks=(*self.checks, check))

    def unknown(self) -> Passage:
        return replace(self, known=False)

    def uninspected(self) -> Passage:
        return replace(
            self, checks=tuple(each for each in self.checks if isinstance(each, AclCheck))
        )

    def limited(self, references: GroupReferences) -> Passage:
        return replace(self, references=min(self.references, references))

    def through(self, gateway: str) -> Passage:
        return replace(self, visited=self.visited | {gateway})


@dataclass(frozen=True, slots=True)
class Handed:
    """A packet that something handed to a subnet, from where it goes on."""

    packet: Passage
    subnet: str
    transit: str | None = None
    """The transit gateway that did so, to this subnet of an attachment."""
    target: Standing | None = None
    """Whom it is for from there on, where that is another address (NAT64)."""


@dataclass(frozen=True, slots=True)
class Abroad:
    """A packet on the internet, on its way into another VPC."""

    packet: Passage


Candidates = tuple[Passage | None, ...]
"""All must pass to be sure, one to be possible; None is one that is dropped."""

Outcomes = tuple[Passage | Handed | Abroad | None, ...]
"""Candidates of which some are not at their end yet."""

Options = tuple[Candidates, ...]
"""Of these the sender may choose: one is enough."""

DROPPED: Candidates = (None,)
