"""What runs on machines, for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from bulkhead.discover.host import (
    EdgeBecause,
    Greeted,
    HostEdge,
    HostGraph,
    HostListener,
    HostParty,
    HostRecord,
    HostSureness,
    RecordedProcess,
)
from bulkhead.report.console import print_indented
from bulkhead.report.words import MOST_SHOWN, count


def verdict(graph: HostGraph) -> str:
    """The answer in one sentence."""
    machines = count(len(graph.records), "machine")
    known = sum(bool(each.server.processes and each.client.processes) for each in graph.edges)
    said = (
        f"{count(len(graph.processes), 'process').replace('processs', 'processes')} of ZeroMQ on "
        f"{machines}, {count(len(graph.edges), 'edge')} ({known} with both ends known)"
    )
    return f"{said}{'' if graph.whole else '; not all could be read'}."


def print_host(console: Console, graph: HostGraph) -> None:
    """Every process with what it waits at, every edge, how far the reading came."""
    for machine, process in graph.processes[:MOST_SHOWN]:
        print_indented(console, 0, Text(process_said(machine, process), "bold"))
        print_indented(console, 4, Text(evidence_said(process), "dim"))
        waiting = [
            each
            for each in graph.listeners
            if each.machine == machine and process in each.processes
        ]
        for each in waiting[:MOST_SHOWN]:
            print_indented(console, 4, Text(f"waits at {listener_said(each)}"))
        _print_more(console, len(waiting))
        if not process.sockets_read:
            print_indented(console, 4, Text("its sockets could not be read", "magenta"))
    _print_more(console, len(graph.processes))
    nobodys = [each for each in graph.listeners if not each.processes]
    for each in nobodys[:MOST_SHOWN]:
        said = f"{each.machine}: a process that could not be read waits at {listener_said(each)}"
        print_indented(console, 0, Text(said))
    _print_more(console, len(nobodys))
    if graph.edges:
        console.print()
    for edge in graph.edges[:MOST_SHOWN]:
        print_indented(console, 0, Text(edge_said(edge)))
        if why := edge_doubts(edge):
            print_indented(console, 4, Text(why, "dim"))
    _print_more(console, len(graph.edges))
    for note in notes(graph):
        console.print(Text(note, "magenta"))
    console.print(Text(verdict(graph), "bold"))


def _print_more(console: Console, number: int) -> None:
    if number > MOST_SHOWN:
        console.print(f"  and {number - MOST_SHOWN} more (--json lists all)")


def process_said(machine: str, process: RecordedProcess) -> str:
    """'vm: router.py (pid 12, container 0123456789ab of docker)'."""
    parts = [f"pid {process.pid}"]
    if container := process.container:
        parts.append(
            f"container {container.short}"
            + (f" of {container.runtime}" if container.runtime else "")
            + (f", pod {container.pod}" if container.pod else "")
            + (f" ({process.host_name})" if process.host_name else "")
        )
    return f"{machine}: {process.called} ({', '.join(parts)})"


def evidence_said(process: RecordedProcess) -> str:
    """'loaded libzmq.so.5, _zmq.so'."""
    if not process.zeromq:
        return "nothing of libzmq; it greets as ZeroMQ does, or was asked for"
    kinds = dict.fromkeys(each.how for each in process.zeromq)
    return "; ".join(
        f"{how} {', '.join(each.what for each in process.zeromq if each.how == how)}"
        for how in kinds
    )


def listener_said(listener: HostListener) -> str:
    """'tcp 0.0.0.0:5555, ZMTP 3.1 NULL, a ROUTER'."""
    where = listener.path or _place(listener.address, listener.port)
    return f"{listener.transport} {where}{_greeting_said(listener.greeting)}"


def _greeting_said(greeting: Greeted | None) -> str:
    if greeting is None:
        return ""
    if greeting.zmtp is None:
        return ", says nothing to a greeting"
    if not greeting.zmtp:
        return ", no ZMTP"
    said = " ".join(filter(None, ["ZMTP", greeting.version, greeting.mechanism]))
    return f", {said}" + (f", a {greeting.socket_type}" if greeting.socket_type else "")


def _place(address: str | None, port: int | None) -> str:
    if address is None:
        return "?"
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def party_said(party: HostParty, *, port: bool) -> str:
    """'vm/router.py at 10.0.0.7:5555'."""
    who = ", ".join(dict.fromkeys(each.called for each in party.processes)) or "?"
    at = party.address and (_place(party.address, party.port) if port else party.address)
    return f"{party.machine or '?'}/{who}" + (f" at {at}" if at else "")


def edge_said(edge: HostEdge) -> str:
    """'a/worker.py at 10.0.0.8 -> b/router.py at 10.0.0.7:5555  tcp (3 connections)'."""
    times = f" ({edge.count} connections)" if edge.count > 1 else ""
    asking = ", asks and gets no answer" if edge.asking else ""
    path = f" {edge.path}" if edge.path else ""
    return (
        f"{party_said(edge.client, port=False)} -> {party_said(edge.server, port=True)}  "
        f"{edge.transport}{path}{_greeting_said(edge.greeting)}{times}{asking}"
    )


def edge_doubts(edge: HostEdge) -> str:
    """What is not sure about it, in words; '' where all is."""
    said = [] if edge.because is EdgeBecause.GREETED else [str(edge.because)]
    if edge.sure is HostSureness.TRANSLATED:
        said.append(str(edge.sure))
    for name, party in (("client", edge.client), ("server", edge.server)):
        if party.why:
            said.append(f"{name}: {party.why}")
    if not edge.opened_sure:
        said.append("who opened it is not sure: nothing is seen to listen at either end")
    return "; ".join(said)


def notes(graph: HostGraph) -> tuple[str, ...]:
    """How far the reading came, and what was not asked."""
    said = [each for record in graph.records for each in _unread(record)]
    silent = sum(each.greeting is not None for each in graph.unknown)
    if unasked := len(graph.unknown) - silent:
        said.append(
            f"{count(unasked, 'listener')} of processes that are not known to use ZeroMQ and were "
            "not asked: --greet recognises JeroMQ, NetMQ, programs of Go and Rust"
        )
    if silent:
        said.append(f"{count(silent, 'listener')} said nothing to a greeting: not decided")
    return tuple(said)


def _unread(record: HostRecord) -> Sequence[str]:
    counts, name = record.counts, record.host.name
    of = f"of {counts.processes} processes"
    said = []
    if counts.memory_unread:
        said.append(f"{name}: what {counts.memory_unread} {of} have loaded could not be read")
    if counts.sockets_unread:
        of_zeromq = f", {counts.zeromq_unread} of them of ZeroMQ" if counts.zeromq_unread else ""
        said.append(
            f"{name}: the sockets of {counts.sockets_unread} {of} could not be read{of_zeromq}"
        )
    if said and not record.privileged:
        said.append(f"{name}: it was read without privileges; as root all of it can be")
    if counts.namespaces_unread:
        said.append(f"{name}: in which network {counts.namespaces_unread} {of} are is not known")
    if counts.gone:
        said.append(f"{name}: {counts.gone} ended while they were read")
    if networks := [each for each in record.namespaces if not each.read]:
        said.append(f"{name}: the sockets of {count(len(networks), 'network')} could not be read")
    closed = [each for each in record.namespaces if not each.peers_read]
    if closed:
        said.append(f"{name}: of ipc in {count(len(closed), 'network')} the other end is not known")
    return said
