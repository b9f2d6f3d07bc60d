"""A packet under way: what it looks like, what it has met, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from ipaddress import IPv4Address

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.hops import Code, Hop, Layer
from bulkhead.explain.rules import RuleRef
from bulkhead.network import IPAddress, NatGateway, PortRange, Subnet, TargetKind

Word = bool | None
"""Passes, blocks, or nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """Addresses as they are at this point of the way.

    `ports` are the destination ports (icmp: messages) of which each must pass:
    one, or all those that a NAT gateway may have chosen. `client_ports` are
    the source ports it may have.
    """

    source: IPAddress
    destination: IPAddress
    protocol: int
    ports: PortRange
    client_ports: PortRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Whom a packet is for: an end of the cell, or the NAT gateway that hands it on."""

    kind: EndpointKind
    id: str
    subnet: str | None
    vpc: str | None
    public: bool
    """Whether an internet gateway translates for its address."""
    ipv4: tuple[Endpoint, ...] = ()
    """Those of IPv4 whom IPv6 calls so (NAT64)."""
    by_public: bool = False
    """Whether it is sent to by its public address, which nothing but the internet leads to."""


class Reference(Enum):
    """Whose rules may name the other end by its security group."""

    BOTH = "both"
    INGRESS = "ingress"
    NEITHER = "neither"


# Where a packet may stand.


@dataclass(frozen=True, slots=True)
class InSubnet:
    """About to leave a subnet. `fresh`: not yet looked for within the subnet itself."""

    subnet: Subnet
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class OutOfTransit:
    """Handed by a transit gateway to one of an attachment's subnets."""

    subnet: Subnet
    gateway: str
    others: tuple[str, ...] = ()
    """The attachment's other subnets, whose tables the packet does not see."""


@dataclass(frozen=True, slots=True)
class IntoTransit:
    """About to be looked up in the table of a transit gateway attachment."""

    gateway: str
    attachment: str
    zone: str | None


class OverInternet(Enum):
    """On the internet, on its way into another VPC."""

    HERE = "here"


@dataclass(frozen=True, slots=True)
class SentOn:
    """A NAT gateway that a packet came through, and the address that it left with.

    A regional one shows no private address, but the zone in which it sent the packet on.
    """

    gateway: NatGateway
    address: IPv4Address | None
    zone: str = ""


class Ended(Enum):
    ARRIVED = "arrived"
    DROPPED = "dropped"
    BEYOND = "beyond"
    """Gone where nobody can follow it."""


Stage = InSubnet | OutOfTransit | IntoTransit | OverInternet | Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    packet: Packet
    aim: Aim
    stage: Stage
    reply: bool = False
    start: str | None = None
    """The subnet that it set out from, if it was in one."""
    hops: tuple[Hop, ...] = ()
    visited: frozenset[str] = frozenset()
    nats: tuple[SentOn, ...] = ()
    as_ipv4: Endpoint | None = None
    """Whom it reaches after a NAT gateway made it a packet of IPv4 (NAT64)."""
    firewalls: tuple[str, ...] = ()
    """Endpoints of Network Firewalls that it passed."""
    transits: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    """(gateway, id) of the transit gateway attachments by which it came and went."""
    exit: TargetKind | None = None
    """What led it out of a VPC to the internet."""
    asked_by: TargetKind | None = None
    """Of a reply: what led its request out to the internet."""
    behind: str | None = None
    """Of an end that is no site: the site behind whose tunnel it is all the same."""
    flows_by: tuple[tuple[str, str, str], ...] = ()
    """(gateway, attachment, subnet) by which it, or the request, came out in appliance mode."""
    reference: Reference = Reference.BOTH
    unreferenced: Code | None = None
    """Why security groups may not name the other end."""

    def note(
        self,
        layer: Layer,
        ids: str | tuple[str, ...],
        name: str,
        passes: Word = True,
        *,
        rules: tuple[RuleRef, ...] = (),
        code: Code | None = None,
        also: tuple[Code, ...] = (),
        why: str = "",
        source: IPAddress | None = None,
    ) -> Journey:
        """One more layer's word; no id is nothing that has one."""
        known = ids if isinstance(ids, tuple) else (ids,) if ids else ()
        hop = Hop(
            layer=layer,
            ids=known,
            name=name,
            passes=passes,
            rules=rules,
            code=code,
            also=tuple(dict.fromkeys(also)),
            why=why,
            reply=self.reply,
            source=source,
        )
        return replace(self, hops=(*self.hops, hop))

    def arrive(self) -> Journey:
        return replace(self, stage=Ended.ARRIVED)

    def drop(
        self,
        layer: Layer,
        ids: str | tuple[str, ...],
        name: str,
        code: Code,
        why: str,
        *,
        rules: tuple[RuleRef, ...] = (),
        also: tuple[Code, ...] = (),
    ) -> Journey:
        noted = self.note(layer, ids, name, False, rules=rules, code=code, also=also, why=why)
        return replace(noted, stage=Ended.DROPPED)

    def vanish(
        self,
        layer: Layer,
        id_: str,
        name: str,
        why: str,
        *,
        code: Code = Code.UNKNOWN_RESOURCE,
        rules: tuple[RuleRef, ...] = (),
    ) -> Journey:
        """Go where nobody can follow: nothing after it is asked."""
        noted = self.note(layer, id_, name, None, rules=rules, code=code, why=why)
        return replace(noted, stage=Ended.BEYOND)

    def unreferable(self, code: Code = Code.SG_REFERENCES_NOT_PRESERVED) -> Journey:
        """No longer the direct way: no rule may name the other end by its group."""
        return replace(self, reference=Reference.NEITHER, unreferenced=self.unreferenced or code)

    @property
    def word(self) -> Word:
        return together(hop.passes for hop in self.hops)


class Rule(Enum):
    """What several ways say together."""

    EACH = "each"
    """Whoever forwards may choose any: sure is only what all do."""
    CHOICE = "choice"
    """The sender may choose: one that passes is enough."""


@dataclass(frozen=True, slots=True)
class Fork:
    rule: Rule
    branches: tuple[Tree, ...]


Tree = Journey | Fork


@dataclass(slots=True)
class Walk:
    """One packet's ways to the end."""

    tree: Tree
    _leaves: tuple[Journey, ...] = field(default=())

    def leaves(self) -> tuple[Journey, ...]:
        if not self._leaves:
            self._leaves = tuple(leaves(self.tree))
        return self._leaves


def leaves(tree: Tree) -> Iterator[Journey]:
    """Every way to the end; of a choice that passes, or may, only what does."""
    if isinstance(tree, Journey):
        yield tree
        return
    branches = tree.branches
    if tree.rule is Rule.CHOICE:
        words = {each: value(each, lambda one: one.word) for each in branches}
        best = next(word for word in (True, None, False) if word in words.values())
        branches = tuple(each for each in branches if words[each] is best)
    for branch in branches:
        yield from leaves(branch)


def all_ways(tree: Tree) -> Iterator[Journey]:
    """Every way to the end, whatever its sender would choose."""
    if isinstance(tree, Journey):
        yield tree
        return
    for branch in tree.branches:
        yield from all_ways(branch)


def value(tree: Tree, of: Callable[[Journey], Word]) -> Word:
    """What all ways say together."""
    if isinstance(tree, Journey):
        return of(tree)
    words = {value(branch, of) for branch in tree.branches}
    if tree.rule is Rule.CHOICE and True in words:
        return True
    return words.pop() if len(words) == 1 else None


def together(words: Iterable[Word]) -> Word:
    """What layers in a row say: one block decides, one doubt leaves it open."""
    said = set(words)
    return False if False in said else None if None in said else True
