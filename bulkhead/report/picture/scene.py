"""Who is drawn, where each belongs, and which flows are drawn as one.

Replicas are one node. What is too much for one picture is folded: services into
their segments, segments into their VPCs. Every flow is in exactly one tap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Final

from bulkhead.agree import FlowMatrix, Status
from bulkhead.ends import EndpointKind
from bulkhead.network import Network
from bulkhead.prove import Column, Reach
from bulkhead.report.grid import Grid
from bulkhead.report.openings import LineStatus, Opening, Turn, openings, traffic_of, turn
from bulkhead.report.overlay import by_name
from bulkhead.report.picture.members import Area, BothMembers, Member, Members, blocks
from bulkhead.report.unmodelled import nothing_reached
from bulkhead.report.words import count

MOST_NODES: Final = 60
MOST_TAPS: Final = 260
"""What one picture shows before it folds: more cannot be read."""

_MOST_IDLE: Final = 3


class Scale(IntEnum):
    """What one box stands for."""

    SERVICE = 0
    SEGMENT = 1
    VPC = 2


class NodeKind(StrEnum):
    SERVICE = "service"
    STRANGER = "stranger"
    OUTSIDE = "outside"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box with the flows at its edge. `lines` say more of it; `hidden` is for a tooltip."""

    id: str
    title: str
    kind: NodeKind
    lines: tuple[str, ...] = ()
    hidden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """All flows of one node into one net."""

    node: str
    label: str
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """What flows to one node in one status: at full detail, to one socket."""

    node: str
    label: str
    status: LineStatus
    taps: tuple[Tap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A segment; in an account that knows none, a subnet. Without a title, a mere row."""

    title: str
    lines: tuple[str, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A VPC."""

    title: str
    lines: tuple[str, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that a picture shows, before anybody says where."""

    title: str
    notes: tuple[str, ...]
    outside: tuple[Node, ...]
    frames: tuple[Frame, ...]
    nets: tuple[Net, ...]
    scale: Scale
    counts: Mapping[LineStatus, int] = field(default_factory=dict)

    @property
    def nodes(self) -> tuple[Node, ...]:
        inside = (node for frame in self.frames for group in frame.groups for node in group.nodes)
        return (*self.outside, *inside)


@dataclass(frozen=True, slots=True)
class _Line:
    """A flow between two members. `sockets` are those that are drawn as one with it."""

    source: Member
    target: Member
    opening: Opening
    sockets: tuple[Column, ...]


def scene(
    title: str,
    reach: Reach,
    matrix: FlowMatrix,
    *,
    purposes: Mapping[str, str] | None = None,
    only: str | None = None,
    notes: Sequence[str] = (),
) -> Scene:
    """What to draw of a proof; with `only`, the flows of one segment, service, site or VPC.
    `notes` are told beside it.

    Raises LookupError where nothing has the name in `only`.
    """
    everybody = Members(reach, purposes or {}, matrix)
    together = {socket: sockets for sockets in matrix.alike for socket in sockets}
    lines = [
        _Line(everybody.of(each.sender), everybody.owner(each.socket), each, together[each.socket])
        for each in openings(matrix)
    ]
    members = everybody.every
    if only is not None:
        named = everybody.named(only)
        lines = [each for each in lines if {each.source, each.target} & set(named)]
        ends = [end for each in lines for end in (each.source, each.target)]
        members = tuple(dict.fromkeys((*named, *ends)))
        title = f"{title}: {only}"
    drawn = _drawn(title, matrix, everybody, members, lines)
    return replace(drawn, notes=(*notes, *drawn.notes))


def changed(
    title: str,
    reaches: tuple[Reach, Reach],
    grid: Grid,
    *,
    purposes: Mapping[str, str] | None = None,
) -> Scene:
    """What to draw of two proofs, before and after: each flow with what became of it.

    The grid is of both, by name (`report.overlay`). Of one that tells only what differs those
    are drawn whom it is about, else all.
    """
    # Whoever a grid names is in one of the proofs: nobody is declared who has no address.
    matrix = FlowMatrix(
        senders=(), sockets=(), pairs={}, drilled=False, protocols=reaches[1].protocols
    )
    before, after = (Members(reach, purposes or {}, matrix, by_name) for reach in reaches)
    everybody = BothMembers(before, after)
    lines = [
        _Line(
            everybody.of(sender),
            everybody.owner(socket),
            Opening(
                sender=sender,
                socket=socket,
                status=turn(square.first, square.second, square.moved),
            ),
            line.sockets,
        )
        for line in grid.lines
        for sender, square in line.squares.items()
        if square.open
        for socket in line.sockets
    ]
    ends = dict.fromkeys(end for each in lines for end in (each.source, each.target))
    members = everybody.every if grid.whole else tuple(ends)
    return _drawn(title, matrix, everybody, members, lines)


def _drawn(
    title: str,
    matrix: FlowMatrix,
    everybody: Members | BothMembers,
    members: Sequence[Member],
    lines: Sequence[_Line],
) -> Scene:
    network = everybody.network
    scale = next((each for each in Scale if _fits(lines, each)), Scale.VPC)
    drawing = _Drawing(everybody, network, matrix, scale, lines)
    counted = Counter(each.opening.status for each in lines)
    return Scene(
        title=title,
        notes=tuple(_notes(network, scale, lines, members)),
        outside=tuple(drawing.outside(members)),
        frames=tuple(drawing.frames(members)),
        nets=tuple(drawing.nets()),
        scale=scale,
        counts={each: counted[each] for each in (*Status, *Turn) if counted[each]},
    )


def _fits(lines: Sequence[_Line], scale: Scale) -> bool:
    nodes = {_node_id(end, scale) for each in lines for end in (each.source, each.target)}
    return len(nodes) <= MOST_NODES and len({_tap(each, scale) for each in lines}) <= MOST_TAPS


def _node_id(member: Member, scale: Scale) -> str:
    if member.outside or scale is Scale.SERVICE:
        return member.id
    return f"{member.vpc}/{member.group}" if scale is Scale.SEGMENT else member.vpc


def _net(line: _Line, scale: Scale) -> tuple[object, ...]:
    """What lines must have in common to be one net."""
    sockets = line.sockets if scale is Scale.SERVICE else ()
    return _node_id(line.target, scale), sockets, line.opening.status


def _tap(line: _Line, scale: Scale) -> tuple[object, ...]:
    return _node_id(line.source, scale), *_net(line, scale)


def _notes(
    network: Network, scale: Scale, lines: Sequence[_Line], members: Sequence[Member]
) -> Iterator[str]:
    services = sum(1 for each in members if each.row.kind is EndpointKind.INTERFACE)
    if scale is not Scale.SERVICE:
        yield (
            f"{services} services with {len(lines)} flows, summed up by {scale.name.lower()}: "
            "--only NAME shows one segment or service in full"
        )
    if network.unmodelled:
        things = count(len({(each.kind, each.id) for each in network.unmodelled}), "thing")
        yield f"{things} of this network not modelled: what depends on them is undetermined"
    if not lines:
        yield nothing_reached(network)


class _Drawing:
    def __init__(
        self,
        members: Members | BothMembers,
        network: Network,
        matrix: FlowMatrix,
        scale: Scale,
        lines: Sequence[_Line],
    ) -> None:
        self._members = members
        self._network = network
        self._matrix = matrix
        self._scale = scale
        self._lines = lines
        self._active = {end for each in lines for end in (each.source, each.target)}

    def outside(self, members: Iterable[Member]) -> Iterator[Node]:
        """Sites; the internet and private addresses elsewhere where they have a flow."""
        for each in members:
            if each.outside and (each in self._active or each.row.kind is EndpointKind.SITE):
                site = self._network.site.get(each.row.name)
                trust = "trusted" if site and site.trusted else "untrusted"
                lines = (f"{trust} site, {blocks(site.cidrs)}",) if site else ()
                if each.row.kind is EndpointKind.INTERFACE:
                    lines = ("no address here",)
                yield Node(id=each.id, title=each.title, kind=NodeKind.OUTSIDE, lines=lines)

    def frames(self, members: Iterable[Member]) -> Iterator[Frame]:
        by_vpc: dict[str, list[Member]] = {each.id: [] for each in self._network.vpcs}
        for each in members:
            stranger = each.row.kind is EndpointKind.STRANGER
            if not each.outside and (each in self._active or not stranger):
                by_vpc.setdefault(each.vpc, []).append(each)
        for vpc, inside in by_vpc.items():
            if inside:
                yield Frame(
                    title=self._members.vpc_title(vpc),
                    lines=self._members.vpc_lines(vpc),
                    groups=tuple(self._groups(vpc, inside)),
                )

    def _groups(self, vpc: str, inside: Sequence[Member]) -> Iterator[Group]:
        if self._scale is Scale.VPC:
            yield Group(title="", lines=(), nodes=(_folded(vpc, "all hosts", (), inside),))
            return
        by_group: dict[Area, list[Member]] = {}
        for each in inside:
            by_group.setdefault(each.group, []).append(each)
        for group, some in by_group.items():
            title = self._members.group_title(group)
            lines = self._members.group_lines(vpc, group)
            if self._scale is Scale.SERVICE:
                yield Group(title=title, lines=lines, nodes=tuple(self._nodes(some)))
            else:
                node = _folded(f"{vpc}/{group}", title, lines, some)
                yield Group(title="", lines=(), nodes=(node,))

    def _nodes(self, some: Sequence[Member]) -> Iterator[Node]:
        idle = [each for each in some if each not in self._active]
        for each in some:
            if each in self._active or len(idle) <= _MOST_IDLE:
                stranger = each.row.kind is EndpointKind.STRANGER
                kind = NodeKind.STRANGER if stranger else NodeKind.SERVICE
                yield Node(id=each.id, title=each.title, kind=kind)
        if len(idle) > _MOST_IDLE:
            yield Node(
                id=f"idle:{idle[0].id}",
                title=f"{len(idle)} more without a flow",
                kind=NodeKind.FOLDED,
                hidden=", ".join(each.title for each in idle),
            )

    def nets(self) -> Iterator[Net]:
        """The flows by where they end."""
        by_net: dict[tuple[object, ...], list[_Line]] = {}
        for each in self._lines:
            by_net.setdefault(_net(each, self._scale), []).append(each)
        for some in by_net.values():
            taps: dict[str, list[_Line]] = {}
            for each in some:
                taps.setdefault(_node_id(each.source, self._scale), []).append(each)
            yield Net(
                node=_node_id(some[0].target, self._scale),
                label=self._at(some),
                status=some[0].opening.status,
                taps=tuple(
                    Tap(
                        node=node,
                        label=self._towards(ours),
                        openings=tuple(each.opening for each in ours),
                    )
                    for node, ours in taps.items()
                ),
            )

    def _at(self, some: Sequence[_Line]) -> str:
        """What stands where a net ends, of a change with its sign."""
        status = some[0].opening.status
        sign = status.sign if isinstance(status, Turn) else ""
        return f"{sign} {self._arriving(some)}".strip()

    def _arriving(self, some: Sequence[_Line]) -> str:
        if self._scale is not Scale.SERVICE:
            sockets = dict.fromkeys(each.opening.socket for each in some)
            return f"{count(len(sockets), 'port')}: {traffic_of(self._matrix, sockets)}"
        column = some[0].opening.socket
        if not column.declared:
            return f"{traffic_of(self._matrix, some[0].sockets)}, no socket"
        words = (column.socket, self._members.socket_type(column), some[0].opening.traffic)
        return " ".join(filter(None, words))

    def _towards(self, ours: Sequence[_Line]) -> str:
        """What stands where a flow begins."""
        target, socket = ours[0].target, ours[0].opening.socket
        match self._scale:
            case Scale.SERVICE:
                return f"{socket.called} {traffic_of(self._matrix, ours[0].sockets)}"
            case Scale.SEGMENT if not target.outside:
                where = self._members.group_title(target.group)
            case _:
                where = target.title if target.outside else self._members.vpc_title(target.vpc)
        sockets = dict.fromkeys(each.opening.socket for each in ours)
        return f"{where}: {count(len(ours), 'flow')}, {traffic_of(self._matrix, sockets)}"


def _folded(key: str, title: str, lines: tuple[str, ...], some: Sequence[Member]) -> Node:
    services = [each.title for each in some if each.row.kind is EndpointKind.INTERFACE]
    return Node(
        id=key,
        title=f"{title} ({count(len(services), 'service')})",
        kind=NodeKind.FOLDED,
        lines=lines,
        hidden=", ".join(services),
    )
