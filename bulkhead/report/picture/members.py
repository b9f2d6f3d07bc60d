"""Who is in a picture, and where: in which VPC, in which segment, or outside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import NamedTuple

from bulkhead.agree import FlowMatrix
from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.network import IPNetwork, Network, Subnet
from bulkhead.prove import Column, Reach, Row, row_of
from bulkhead.prove.fold import Fold, folding

_MOST_BLOCKS = 3


class Area(NamedTuple):
    """What a picture draws around some members: a segment, a subnet, or what one NACL guards."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One sender or receiver of the matrix: replicas and zones are folded."""

    row: Row
    vpc: str
    group: Area
    replicas: int
    coming: str = ""
    """Of a service whose interfaces come and go, how many there may be."""
    part: str = ""
    """Of a subnet whose free addresses the rules tell apart: which of them."""

    @property
    def id(self) -> str:
        return f"{self.row.kind}:{self.row.name}"

    @property
    def outside(self) -> bool:
        return not self.vpc

    @property
    def title(self) -> str:
        if self.row.kind is EndpointKind.STRANGER:
            return f"any other host {self.part}".strip()
        if self.row.kind is EndpointKind.ELSEWHERE:
            return "elsewhere (private addresses)"
        there = f"{self.row.name} x{self.replicas}" if self.replicas > 1 else self.row.name
        return f"{there} ({self.coming})" if self.coming else there


class Members:
    """All members of a proof, and those that were declared and have no address in it.

    `purposes` are those of segments, by name; `fold` is the one by which the matrix was made.
    """

    def __init__(
        self,
        reach: Reach,
        purposes: Mapping[str, str],
        matrix: FlowMatrix,
        fold: Fold | None = None,
    ) -> None:
        self.network = reach.network
        self._purposes = purposes
        fold = fold or folding(reach)
        members: dict[Row, list[Endpoint]] = {}
        self._owners: dict[str, Row] = {}
        for endpoint in reach.endpoints:
            row = row_of(endpoint, fold)
            members.setdefault(row, []).append(endpoint)
            owner = _owner(endpoint, fold)
            if owner is not None:
                self._owners.setdefault(owner, row)
        self._of = {row: self._member(row, some) for row, some in members.items()}
        for row in matrix.senders:
            self._of.setdefault(row, _absent(row))
        for socket in matrix.sockets:
            if socket.owner not in self._owners:
                row = Row(name=socket.owner, kind=EndpointKind.INTERFACE)
                self._owners[socket.owner] = row
                self._of.setdefault(row, _absent(row))
        self._types = {
            (each.owner, each.name, each.protocol, each.ports): each.type
            for each in reach.network.listeners
        }

    @property
    def every(self) -> tuple[Member, ...]:
        return tuple(self._of.values())

    def of(self, row: Row) -> Member:
        return self._of[row]

    def owner(self, socket: Column) -> Member:
        return self._of[self._owners[socket.owner]]

    def owns(self, socket: Column) -> bool:
        """Whether the owner of a socket is among them."""
        return socket.owner in self._owners

    def has(self, group: Area) -> bool:
        """Whether the network has what the area is named for."""
        return group.kind != "subnet" or group.id in self.network.subnet

    def vpc_called(self, name: str) -> str | None:
        """The id of the VPC of a name, where one alone has it."""
        ids = [each.id for each in self.network.vpcs if each.name == name]
        return ids[0] if len(ids) == 1 else None

    def socket_type(self, socket: Column) -> str:
        key = (socket.owner, socket.name, socket.protocol, socket.ports)
        return self._types.get(key, "")

    def named(self, word: str) -> tuple[Member, ...]:
        """The service, site or interface of this name, or all in the segment or VPC of it."""
        exact = tuple(each for each in self.every if each.row.name == word)
        if exact:
            return exact
        within = tuple(
            each
            for each in self.every
            if not each.outside
            and word in (self.group_title(each.group), each.vpc, self.vpc_title(each.vpc))
        )
        if within:
            return within
        known = sorted(
            {each.row.name for each in self.every}
            | {self.group_title(each.group) for each in self.every if not each.outside}
        )
        close = get_close_matches(word, known, n=3)
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        raise LookupError(f"no segment, service, site or VPC here is called {word}{hint}")

    def vpc_title(self, vpc: str) -> str:
        return self.network.vpc[vpc].name if vpc in self.network.vpc else "several VPCs"

    def vpc_lines(self, vpc: str) -> tuple[str, ...]:
        found = self.network.vpc.get(vpc)
        return (f"VPC {vpc}, {found.region}, {blocks(found.cidrs)}",) if found else ()

    def group_title(self, group: Area) -> str:
        kind, key = group
        match kind:
            case "subnet":
                return self.network.subnet[key].name
            case "nacl":
                return self.network.nacl[key].name if key in self.network.nacl else key
            case "several":
                return "several subnets"
        return key

    def group_lines(self, vpc: str, group: Area) -> tuple[str, ...]:
        """Purpose and blocks: the subnets of the segment, the subnet, those behind the NACL."""
        kind, key = group
        subnets = [each for each in self.network.subnets if _in(each, kind, key, vpc)]
        purpose = self._purposes.get(key, "") if kind == "segment" else ""
        zones = {each.zone for each in subnets}
        where = blocks(cidr for each in subnets for cidr in each.cidrs)
        if len(zones) > 1:
            where += f", {len(zones)} zones"
        return tuple(filter(None, (purpose, where)))

    def _member(self, row: Row, some: list[Endpoint]) -> Member:
        vpcs = {each.vpc for each in some if each.vpc is not None}
        there = self.network.interface
        standing_in = {each.id for each in some if each.id in there and there[each.id].stand_in}
        return Member(
            row=row,
            vpc="" if not vpcs else vpcs.pop() if len(vpcs) == 1 else "+".join(sorted(vpcs)),
            group=self._group(some) if row.kind in _INSIDE else Area("", ""),
            part=_part(row, some[0]),
            replicas=len({each.id for each in some if each.service} - standing_in),
            coming=self._coming(standing_in),
        )

    def _coming(self, standing_in: Collection[str]) -> str:
        """'2..40 come and go'."""
        groups = (self.network.interface[each].security_groups for each in standing_in)
        found = {
            each: self.network.security_group[each].members for held in groups for each in held
        }
        many = (f"{each} " if each.limit else "" for each in found.values() if each)
        return ", ".join(dict.fromkeys(f"{each}come and go" for each in many))

    def _group(self, some: list[Endpoint]) -> Area:
        segments = {each.segment for each in some if each.segment is not None}
        apart = any(each.segment is None for each in some)
        subnets = {each.subnet for each in some if each.subnet is not None}
        nacls = {self.network.subnet[each].nacl for each in subnets}
        if len(segments) == 1 and not apart:
            return Area("segment", segments.pop())
        if len(subnets) == 1:
            return Area("subnet", subnets.pop())
        return Area("nacl", nacls.pop()) if len(nacls) == 1 else Area("several", "")


class BothMembers:
    """The members of two proofs. Who is in both is where the second has it."""

    def __init__(self, before: Members, after: Members) -> None:
        self._before = before
        self._after = after
        there = {each.row for each in after.every}
        self._gone = {
            each.row: replace(each, vpc=after.vpc_called(before.vpc_title(each.vpc)) or each.vpc)
            for each in before.every
            if each.row not in there
        }

    @property
    def network(self) -> Network:
        """The second."""
        return self._after.network

    @property
    def every(self) -> tuple[Member, ...]:
        return (*self._after.every, *self._gone.values())

    def of(self, row: Row) -> Member:
        return self._gone[row] if row in self._gone else self._after.of(row)

    def owner(self, socket: Column) -> Member:
        side = self._after if self._after.owns(socket) else self._before
        return self.of(side.owner(socket).row)

    def socket_type(self, socket: Column) -> str:
        return self._after.socket_type(socket) or self._before.socket_type(socket)

    def vpc_title(self, vpc: str) -> str:
        return self._knowing(vpc).vpc_title(vpc)

    def vpc_lines(self, vpc: str) -> tuple[str, ...]:
        return self._knowing(vpc).vpc_lines(vpc)

    def group_title(self, group: Area) -> str:
        side = self._after if self._after.has(group) else self._before
        return side.group_title(group)

    def group_lines(self, vpc: str, group: Area) -> tuple[str, ...]:
        return self._after.group_lines(vpc, group) or self._before.group_lines(vpc, group)

    def _knowing(self, vpc: str) -> Members:
        return self._after if self._after.vpc_lines(vpc) else self._before


def _absent(row: Row) -> Member:
    return Member(row=row, vpc="", group=Area("", ""), replicas=0)


def _part(row: Row, endpoint: Endpoint) -> str:
    free = row.kind is EndpointKind.STRANGER and not endpoint.segment
    return endpoint.part if free else ""


_INSIDE = (EndpointKind.INTERFACE, EndpointKind.STRANGER)


def blocks(cidrs: Iterable[IPNetwork]) -> str:
    """'10.20.0.0/23, 10.20.4.0/24 and 2 more': neighbours joined, IPv4 first."""
    every = list(cidrs)
    joined = [
        *collapse_addresses(each for each in every if isinstance(each, IPv4Network)),
        *collapse_addresses(each for each in every if isinstance(each, IPv6Network)),
    ]
    text = ", ".join(map(str, joined[:_MOST_BLOCKS]))
    more = len(joined) - _MOST_BLOCKS
    return f"{text} and {more} more" if more > 0 else text


def _in(subnet: Subnet, kind: str, key: str, vpc: str) -> bool:
    if subnet.vpc != vpc:
        return False
    return key == {"segment": subnet.segment, "subnet": subnet.id, "nacl": subnet.nacl}.get(kind)


def _owner(endpoint: Endpoint, fold: Fold) -> str | None:
    """The name by which a column of the matrix speaks of an endpoint."""
    match endpoint.kind:
        case EndpointKind.INTERFACE:
            return endpoint.service or fold(endpoint)
        case EndpointKind.SITE:
            return endpoint.id
    return endpoint.known or None
