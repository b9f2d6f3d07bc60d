"""The flow matrix: every sender and every socket, declared, proved and measured side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bulkhead.agree.comparison import Comparison, Parties
from bulkhead.agree.sharing import Sharing
from bulkhead.ends import EndpointKind, owner
from bulkhead.ends.beside import is_of_others
from bulkhead.ends.sockets import sockets_of
from bulkhead.network import Declaration, Flow, Listener, PortRange, Verdict
from bulkhead.network.addresses import AddressOrNetwork
from bulkhead.network.traffic import EVERYTHING, Passing, gathered
from bulkhead.prove import PARTLY, Column, Reach, Row, Summary, matrix, row_of
from bulkhead.prove.columns import AllColumns, in_order
from bulkhead.prove.finer import telling_apart
from bulkhead.prove.fold import Fold, folding
from bulkhead.twin import Measurement


class Status(StrEnum):
    """What there is to say of a pair, in the order in which a legend says it."""

    DECLARED = "declared and open"
    OPEN = "open"
    SHARED = "open with another socket of one range of ports"
    UNDECLARED = "open, not declared"
    MISSING = "declared, not open"
    HALF_OPEN = "half-open: replies are lost"
    PARTLY = "not for all replicas, zones or addresses alike"
    UNDETERMINED = "undetermined"

    @property
    def fine(self) -> bool:
        """Open, and nothing that was declared says otherwise."""
        return self in (Status.DECLARED, Status.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One sender and one socket. `declared` is None where nobody said what should be.

    `alone`: it was declared of some addresses of the sender and of no others, and whether it is
    proved so exactly; None where it was declared of all of them, or of none. `shared`: it is open
    as flows to other sockets ask that draw their ports from the same range.
    `as_proved` is False where some measurement of the pair contradicts the proof.
    """

    sender: str
    sender_kind: EndpointKind
    socket: str
    protocol: int
    ports: PortRange
    declared: bool | None
    proved: Summary | None
    measured: Summary | None
    address: AddressOrNetwork | None = None
    as_proved: bool = True
    alone: bool | None = None
    shared: bool = False

    @property
    def status(self) -> Status | None:
        """None where nothing is open, and nothing should be."""
        return Status.SHARED if self.shared else self._of_itself

    @property
    def _of_itself(self) -> Status | None:
        match self.proved:
            case Verdict.ALLOWED:
                declared = self.declared and self.alone is None
                return {True: Status.DECLARED, False: Status.UNDECLARED, None: Status.OPEN}[
                    declared
                ]
            case Verdict.HALF_OPEN:
                return Status.HALF_OPEN
            case Verdict.UNDETERMINED:
                return Status.UNDETERMINED
            case Verdict.DENIED:
                return Status.MISSING if self.declared else None
            case _ if self.proved == PARTLY:
                # Where nobody declared anything, open for one replica is open.
                told = Status.DECLARED if self.alone else Status.PARTLY
                return Status.UNDECLARED if self.declared is False else told
        return None

    @property
    def as_declared(self) -> bool:
        """Open where it was declared, closed where it was not: what a judge finds no fault in."""
        return self.declared is None or self.status in (Status.DECLARED, Status.SHARED, None)

    @property
    def as_it_should_be(self) -> bool:
        return self.as_declared and self.as_proved


_At = tuple[Row, Column]
_NAMED: Final = (EndpointKind.INTERFACE, EndpointKind.SITE)
_OUTSIDE: Final = (EndpointKind.SITE, EndpointKind.INTERNET, EndpointKind.ELSEWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowMatrix:
    """All pairs, socket by socket, in the order of `senders`."""

    senders: tuple[Row, ...]
    sockets: tuple[Column, ...]
    pairs: Mapping[tuple[Row, Column], Pair]
    drilled: bool
    protocols: tuple[int, ...] = ()
    """All that could be asked about."""

    def traffic(self, sockets: Iterable[Column]) -> Passing:
        """What may come to some sockets: everything, where all their owners are that open."""
        by_owner: dict[str, dict[int, list[PortRange]]] = {}
        together: dict[int, list[PortRange]] = {}
        for each in sockets:
            for ranges in (by_owner.setdefault(each.owner, {}), together):
                ranges.setdefault(each.protocol, []).append(each.ports)
        if all(gathered(each, self.protocols) == EVERYTHING for each in by_owner.values()):
            return EVERYTHING if by_owner else ()
        return gathered(together)

    @property
    def alike(self) -> tuple[tuple[Column, ...], ...]:
        """Every socket alone; undeclared ports of one owner together where all fare alike."""
        found: dict[tuple[object, ...], list[Column]] = {}
        for socket in self.sockets:
            pairs = (self.pairs[sender, socket] for sender in self.senders)
            fares = tuple((each.proved, each.measured) for each in pairs)
            key = (socket,) if socket.declared else (socket.owner, fares)
            found.setdefault(key, []).append(socket)
        return tuple(map(tuple, found.values()))


def tabulate(
    reach: Reach,
    declaration: Declaration | None = None,
    comparison: Comparison | None = None,
    fold: Fold | None = None,
) -> FlowMatrix:
    """Put declaration, proof and measurement of every pair beside each other.

    `fold` names the ends, where another name is wanted than the one that this network alone
    gives them: two networks can be laid over each other only by names that both have.
    """
    if declaration:
        reach = telling_apart(reach, declaration)
    fold = fold or folding(reach)
    flows = declaration.flows if declaration else ()
    proved = matrix(reach, sockets_of(reach.network, (each.server for each in flows)), fold)
    is_declared = _is_declared(reach, declaration, fold)
    alone = _of_some_addresses(reach, flows, fold)
    drill = comparison.drill if comparison else None
    of = _pairs_of(reach, fold, proved.columns)
    measured: dict[_At, set[bool]] = {}
    for each in drill.measurements if drill else ():
        for at in of(each):
            measured.setdefault(at, set()).add(each.allowed)
    disagreements = comparison.disagreements if comparison else ()
    contradicted = {at for each in disagreements for at in of(each.measurement)}
    absent = _absent(reach, flows, proved.rows)
    denied: tuple[Summary | None, ...] = (Verdict.DENIED,) * len(proved.columns)
    filled = dict(zip(proved.rows, proved.entries, strict=True)) | dict.fromkeys(absent, denied)
    senders = tuple(sorted(filled, key=in_order))
    sharing = Sharing(reach, flows)
    pairs = {
        (row, column): _with_sharing(
            sharing,
            row,
            column,
            Pair(
                sender=row.name,
                sender_kind=row.kind,
                socket=column.name,
                protocol=column.protocol,
                ports=column.ports,
                declared=is_declared(row, column),
                proved=entry,
                measured=_entry(measured.get((row, column), set())),
                address=column.address,
                as_proved=(row, column) not in contradicted,
                alone=alone.get((row, column)),
            ),
        )
        for row in senders
        for column, entry in zip(proved.columns, filled[row], strict=True)
    }
    return FlowMatrix(
        senders=senders,
        sockets=proved.columns,
        pairs=pairs,
        drilled=drill is not None,
        protocols=reach.protocols,
    )


def _with_sharing(sharing: Sharing, row: Row, column: Column, pair: Pair) -> Pair:
    if pair.as_declared or row.kind not in _NAMED or not sharing.is_all(row, column):
        return pair
    return replace(pair, shared=True)


def _absent(reach: Reach, flows: Iterable[Flow], rows: Iterable[Row]) -> tuple[Row, ...]:
    """Who was declared to send and has no address here: nothing of it arrives anywhere."""
    peers = _peers(reach)
    there = {each.name for each in rows if each.kind in _NAMED or each.name in peers}
    return tuple(
        Row(
            name=name,
            kind=EndpointKind.SITE
            if name in reach.network.site
            else EndpointKind.INTERNET
            if name in peers
            else EndpointKind.INTERFACE,
        )
        for name in dict.fromkeys(each.client for each in flows)
        if name not in there
    )


def _peers(reach: Reach) -> frozenset[str]:
    """Whom on the internet a declaration speaks of by name."""
    return frozenset(each.name for each in reach.network.peers)


def _socket(server: Listener) -> tuple[str, int, PortRange, AddressOrNetwork | None]:
    return server.name, server.protocol, server.ports, server.address


def _door(column: Column) -> tuple[str, int, PortRange, AddressOrNetwork | None]:
    return column.name, column.protocol, column.ports, column.address


def _of_some_addresses(reach: Reach, flows: Iterable[Flow], fold: Fold) -> Mapping[_At, bool]:
    """Where flows are for some addresses of their client alone: whether just those get through."""
    flows = tuple(flows)
    if not any(each.clients_at for each in flows):
        return {}
    meant: dict[tuple[object, ...], int] = {}
    for index, end in enumerate(reach.endpoints):
        for flow in flows:
            there = not flow.clients_at or any(end.lies_in(each) for each in flow.clients_at)
            if owner(end) == flow.client and there:
                key = (flow.client, *_socket(flow.server))
                meant[key] = meant.get(key, 0) | 1 << index
    narrowed = {(each.client, *_socket(each.server)) for each in flows if each.clients_at}
    columns = AllColumns(reach, sockets_of(reach.network, (each.server for each in flows)), fold)
    found: dict[_At, bool] = {}
    for filled in columns:
        if not filled.column.declared:
            break  # those of sockets come first
        for row, members in columns.rows.items():
            key = (row.name, *_door(filled.column))
            if key in narrowed and (some := meant.get(key, 0)) != members:
                allowed, denied = (
                    filled.found[each] & members for each in (Verdict.ALLOWED, Verdict.DENIED)
                )
                found[row, filled.column] = (allowed, denied) == (some, members & ~some)
    return found


def _is_declared(
    reach: Reach, declaration: Declaration | None, fold: Fold
) -> Callable[[Row, Column], bool | None]:
    """Whether somebody declared that a sender connects to a socket; None: nobody spoke of it.

    A declaration speaks of the `senders` that the proof names for an end: of what
    any other host may send to a site or a service of AWS it says nothing, for no group holds that
    back; nor of what a neighbour exchanges with anybody but the VPC that was asked for.
    """
    if declaration is None:
        return lambda _row, _column: None
    wanted = {(each.client, *_socket(each.server)) for each in declaration.flows}
    sites = {each.id for each in reach.endpoints if each.kind is EndpointKind.SITE}
    sites |= {each.known for each in reach.endpoints if each.known}
    peers = _peers(reach)
    beside = {fold(each) for each in reach.endpoints if is_of_others(reach.network, each)}

    def is_declared(row: Row, column: Column) -> bool | None:
        if column.owner in beside and (row.name in beside or row.kind in _OUTSIDE):
            return None
        named = row.kind in _NAMED or row.name in peers
        flow = (row.name, *_door(column))
        if named and flow in wanted:
            return True
        spoken_of = row.kind is EndpointKind.INTERFACE or column.owner not in sites
        return False if spoken_of else None

    return is_declared


def _pairs_of(
    reach: Reach, fold: Fold, columns: Iterable[Column]
) -> Callable[[Measurement], list[_At]]:
    """Which pairs of the matrix a measurement belongs to."""
    parties = Parties(reach)
    at: dict[tuple[str, int], list[Column]] = {}
    for each in columns:
        at.setdefault((each.owner, each.protocol), []).append(each)

    def of(measurement: Measurement) -> list[_At]:
        source, target = map(parties.endpoint, (measurement.source, measurement.target))
        row = row_of(source, fold)
        socket = measurement.listener.name if measurement.listener else None
        there = [
            column
            for column in at.get((fold(target), measurement.protocol), ())
            if measurement.port in column.ports and target.is_at(column.address)
        ]
        declared = [each for each in there if each.declared]
        # Undeclared ports are those of an end where no socket has them.
        return [
            (row, column)
            for column in declared or there
            if not column.declared or socket in (column.name, None)
        ]

    return of


def _entry(measured: Collection[bool]) -> Summary | None:
    if len(measured) > 1:
        return PARTLY
    return {True: Verdict.ALLOWED, False: Verdict.DENIED}[all(measured)] if measured else None
