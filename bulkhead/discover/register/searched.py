"""What was looked at, in words: who hears "never seen" must know where nobody looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bulkhead.discover.code.found import CodeScan
from bulkhead.discover.host import HostGraph
from bulkhead.discover.register.from_wire import FlowSeen
from bulkhead.discover.wire import OnTheWire, ProbeAnswer


def searched_in(
    code: CodeScan | None,
    hosts: HostGraph | None,
    wire: OnTheWire | None,
    probes: Sequence[ProbeAnswer],
    flows: Sequence[FlowSeen] | None,
) -> tuple[str, ...]:
    """One sentence a piece of evidence."""
    said: list[str] = []
    if code is not None:
        files = sum(code.files.values())
        said.append(f"code in {', '.join(code.roots)}: {files} files, {len(code.sockets)} sockets")
    for record in hosts.records if hosts else ():
        how = "" if record.whole else ", not all of which could be read"
        said.append(
            f"host {record.host.name} at {record.time}{how}: a moment, and nothing before or after"
        )
    if wire is not None:
        said += [
            f"capture {each.name}: {each.packets} packets{_between(wire, each.name)}"
            for each in wire.captures
        ]
    for answer in probes:
        said.append(f"a probe of {answer.target}: {answer.answered}")
    if flows is not None:
        days = sorted(
            {each.first for each in flows if each.first}
            | {each.last for each in flows if each.last}
        )
        between = f", {days[0]} to {days[-1]}" if days else ""
        said.append(f"flow logs: {sum(each.records for each in flows)} records{between}")
    return tuple(said)


def _between(wire: OnTheWire, name: str) -> str:
    frames = [at for each in wire.connections for at in (each.first, each.last)]
    frames += [at for flow in wire.datagrams for at in (flow.first, flow.last)]
    times = [each.time for each in frames if each.file == name]
    if not times:
        return ", of ZeroMQ none"
    first, last = (_time(each) for each in (min(times), max(times)))
    return f", of ZeroMQ from {first} to {last}"


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def notes_of(
    code: CodeScan | None, hosts: HostGraph | None, wire: OnTheWire | None, unplaced: int
) -> tuple[str, ...]:
    """What of it was not read, and what was left out."""
    said = (_of_code(code), _of_hosts(hosts), _of_wire(wire), _of_flows(unplaced))
    return tuple(each for one in said for each in one)


def _of_code(code: CodeScan | None) -> Iterator[str]:
    if code is None:
        return
    if tests := sum(each.test for each in code.sockets):
        yield f"{tests} sockets of tests are left out"
    if endless := sum(not each.ends and not each.test for each in code.sockets):
        yield f"{endless} sockets in code bind and connect nowhere that could be read"
    if code.skipped:
        yield f"{len(code.skipped)} files of code could not be read (discover code names them)"
    yield from code.left_out


def _of_hosts(hosts: HostGraph | None) -> Iterator[str]:
    if hosts is None:
        return
    for record in hosts.records:
        if not record.whole:
            yield f"host {record.host.name}: not all of it was read (discover host says what)"
    if unasked := sum(each.greeting is None for each in hosts.unknown):
        yield f"{unasked} listeners on hosts were not asked whether they are of ZeroMQ"


def _of_wire(wire: OnTheWire | None) -> Iterator[str]:
    if wire is None:
        return
    yield from wire.unread
    if met_nobody := sum(each.alone is not None or each.empty for each in wire.connections):
        yield f"{met_nobody} connections in captures met no peer, and are no boundary"
    for what, number in wire.others.items():
        if what.startswith("TLS"):
            yield f"{number} connections in captures: {what}"


def _of_flows(unplaced: int) -> Iterator[str]:
    if unplaced:
        yield f"{unplaced} flows to ports of which no other evidence says that ZeroMQ waits there"
