"""What filters packets at interfaces and subnets: security groups and network ACLs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bulkhead.network.addresses import IPNetwork
from bulkhead.network.aws_services import STAND_INS
from bulkhead.network.members import GroupMembers
from bulkhead.network.ports import PortRange
from bulkhead.network.traffic import traffic_of_rule


class Direction(StrEnum):
    """Seen from the interface (security group) or from the subnet (NACL)."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Action(StrEnum):
    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class CidrPeer:
    cidr: IPNetwork
    kind: Literal["cidr"] = "cidr"

    def __str__(self) -> str:
        return str(self.cidr)


@dataclass(frozen=True, slots=True)
class GroupPeer:
    """The private addresses of the interfaces that hold this group (when: docs/model.md)."""

    group: str
    kind: Literal["group"] = "group"

    def __str__(self) -> str:
        return self.group


Peer = CidrPeer | GroupPeer


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """One rule of a security group: allow this protocol and these ports with one peer.

    `protocol` is an IP protocol number, -1 for all. `ports` are destination ports
    of tcp and udp, message types and codes of icmp (`icmp_range`), elsewhere ALL_PORTS.
    A rule that is not `certain` is written as the widest that it can be: it lets pass
    nothing for sure, and perhaps what it says (docs/model.md, "What is in doubt").
    (docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)
    """

    id: str
    direction: Direction
    protocol: int
    ports: PortRange
    peer: Peer
    description: str = ""
    certain: bool = True
    prefix_list: str | None = field(default=None, compare=False, repr=False)
    """The list whose entry this is; it says what it lets pass without it."""

    @property
    def stands_in(self) -> bool:
        """Whether its peer stands for a prefix list of AWS's in a plan."""
        return self.prefix_list in STAND_INS

    def says(self, peer: object = None) -> str:
        """'tcp 5556 from sg-client': without its id; the peer by another name, if one is given."""
        way = "from" if self.direction is Direction.INGRESS else "to"
        listed = f"the prefix list of {self.prefix_list}" if self.stands_in else self.peer
        other = listed if peer is None else peer
        return f"{traffic_of_rule(self.protocol, self.ports)} {way} {other}{_doubt(self)}"

    def __str__(self) -> str:
        return f"{self.id}: {self.says()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReference:
    """A rule or a route by a prefix list, and how many it counts for.

    Of a customer's list that is the most entries that it may have, of one of AWS's what AWS
    publishes as its weight; None where nobody says. `entries` are as many as are known to be
    in it, `family` the one of all of them, None where that is not known. `direction` of a
    rule; None of a route.
    (docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html)
    """

    prefix_list: str
    direction: Direction | None = None
    family: int | None = None
    weight: int | None = None
    entries: int = 0

    @property
    def least(self) -> int:
        """For how many it counts for sure: a list may have one entry or more."""
        return max(1, self.entries) if self.weight is None else self.weight


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    id: str
    name: str
    vpc: str
    rules: tuple[GroupRule, ...]
    service: str | None = None
    default: bool = False
    """The one of its VPC that an interface holds where nobody names another."""
    members: GroupMembers | None = field(default=None, repr=False)
    """Of a service whose interfaces come and go; None: those that hold it are named."""
    more_of: str = ""
    """The service that holds it beside its own group, which has no room for more rules; '' of every
    other. Nobody's rule names it."""
    named_by: str = ""
    """The service whose rules name it, for all that hold it beside their own group because they
    need the same of that service; '' of every other. It has no rules."""
    lists: tuple[ListReference, ...] = field(default=(), compare=False, repr=False)
    """Its rules by prefix list, for quotas: what they let pass is in `rules`."""

    def towards(self, direction: Direction) -> tuple[GroupRule, ...]:
        return tuple(rule for rule in self.rules if rule.direction is direction)


@dataclass(frozen=True, slots=True, kw_only=True)
class AclEntry:
    """One numbered entry of a network ACL; the lowest number that matches decides.

    `cidr` is the source for ingress and the destination for egress; `ports` are
    always the packet's destination ports (of icmp, its types and codes: `icmp_range`).
    An entry that is not `certain` is written as the widest that it can be: it decides
    nothing for sure, neither an allow nor a deny (docs/model.md, "What is in doubt").
    (docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html)
    """

    number: int
    direction: Direction
    action: Action
    protocol: int
    ports: PortRange
    cidr: IPNetwork
    certain: bool = True

    def says(self) -> str:
        """'tcp 5556 from 10.0.1.0/24': of what it speaks, whether it lets that pass or not."""
        way = "from" if self.direction is Direction.INGRESS else "to"
        return f"{traffic_of_rule(self.protocol, self.ports)} {way} {self.cidr}{_doubt(self)}"

    def __str__(self) -> str:
        return f"{self.direction} {self.number}: {self.action} {self.says()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAcl:
    """Entries as written; the implicit deny at the end ('*') is never listed.

    `by_policy`: Firewall Manager keeps it as a policy says (`policies`), which decides no packet.
    """

    id: str
    name: str
    vpc: str
    entries: tuple[AclEntry, ...]
    default: bool = False
    by_policy: bool = field(default=False, repr=False)

    @property
    def place(self) -> str:
        """What a planned one stands before: 'feed', of 'feed' and of 'feed.2' in its place."""
        name, _, turn = self.name.rpartition(".")
        return name if name and turn.isdecimal() else self.name

    @property
    def turn(self) -> int:
        """Which one it is in its place, counted from 1."""
        return int(self.name.removeprefix(f"{self.place}.")) if self.place != self.name else 1

    def ordered(self, direction: Direction) -> tuple[AclEntry, ...]:
        return tuple(
            sorted(
                (entry for entry in self.entries if entry.direction is direction),
                key=lambda entry: entry.number,
            )
        )


def _doubt(rule: GroupRule | AclEntry) -> str:
    return "" if rule.certain else " (in doubt)"
