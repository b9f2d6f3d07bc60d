"""What changed on a machine from one look to the next, for people: a line a thing."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from bulkhead.discover.host.watching import HostChange, HostSnapshot
from bulkhead.report.console import print_indented
from bulkhead.report.host import edge_said, listener_said, process_said


def print_change(console: Console, change: HostChange) -> None:
    """The time, what brought the look about, what came (+) and what went (-)."""
    because = f"  after {', '.join(map(str, change.events))}" if change.events else ""
    console.print(Text(f"{change.time}{because}", "bold"))
    if not change:
        print_indented(console, 2, Text("nothing of ZeroMQ changed", "dim"))
    for sign, some, style in (("+", change.came, "green"), ("-", change.went, "red")):
        for said in things_said(some):
            print_indented(console, 2, Text(f"{sign} {said}", style))


def things_said(some: HostSnapshot) -> Iterator[str]:
    """Processes, then sockets that wait, then edges."""
    for machine, process in some.processes.values():
        yield process_said(machine, process)
    for each in some.listeners.values():
        who = ", ".join(dict.fromkeys(one.called for one in each.processes)) or "?"
        yield f"{each.machine}/{who} waits at {listener_said(each)}"
    for edge in some.edges.values():
        yield edge_said(edge)
