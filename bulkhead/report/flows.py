"""What flow logs showed, for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from rich.console import Console
from rich.text import Text

from bulkhead.discover.flows import (
    ENCRYPTED,
    PATHS,
    FlowEdge,
    FlowOutcome,
    FlowsHeld,
    FlowsSeen,
    NamedBy,
    OpenedBy,
    UnseenFlow,
)
from bulkhead.network import protocol_name
from bulkhead.report.console import print_indented
from bulkhead.report.words import MOST_SHOWN, count

_DAYS_NAMED = 4


def verdict(seen: FlowsSeen, held: FlowsHeld | None = None) -> str:
    """The answer in one sentence."""
    if held is None:
        open_ = [each for each in seen.edges if each.outcome is FlowOutcome.ACCEPTED]
        said = f"{count(len(open_), 'edge')} that carried traffic"
        if others := len(seen.edges) - len(open_):
            said += f", {others} that did not"
        return f"{said}, in {count(seen.records, 'record')} of {period(seen)}."
    flows = len(held.seen) + len(held.never) + len(held.unrecorded)
    parts = [f"{len(held.seen)} of {count(flows, 'flow')} declared and seen"]
    parts += [f"{len(held.never)} never seen"] if held.never else []
    parts += [f"{len(held.unrecorded)} not decided"] if held.unrecorded else []
    shadows = count(len(held.shadows), "edge")
    parts.append(f"{shadows} seen and never declared" if held.shadows else "nothing undeclared")
    return f"{', '.join(parts)}; {count(seen.records, 'record')} of {period(seen)}."


def period(seen: FlowsSeen) -> str:
    """'30 days (2026-11-01 to 2026-11-30)'."""
    if not seen.days:
        return "no day"
    span = f"{seen.days[0]} to {seen.days[-1]}" if len(seen.days) > 1 else f"{seen.days[0]}"
    return f"{count(len(seen.days), 'day')} ({span})"


def print_flows(console: Console, seen: FlowsSeen, held: FlowsHeld | None = None) -> None:
    """What matters first: shadows, what was refused, what is stale; then all of it."""
    for title, style, edges in sections(seen, held):
        if not edges:
            continue
        console.print(Text(f"{title} ({len(edges)})", style))
        for each in edges[:MOST_SHOWN]:
            print_indented(console, 2, Text(edge_said(each)))
            print_indented(console, 6, Text(details(each, seen.days), "dim"))
        _print_more(console, len(edges))
        console.print()
    if held is not None:
        _print_missing(console, "declared, never seen", held.never)
        _print_missing(console, "declared, and nobody can tell", held.unrecorded)
    for note in notes(seen, held):
        console.print(Text(note, "magenta"))
    style = "bold" if held is None else "bold green" if held.ok else "bold red"
    console.print(Text(verdict(seen, held), style))


def sections(
    seen: FlowsSeen, held: FlowsHeld | None
) -> tuple[tuple[str, str, Sequence[FlowEdge]], ...]:
    """A title, a style, edges."""
    if held is None:
        accepted = [each for each in seen.edges if each.outcome is FlowOutcome.ACCEPTED]
        attempts = [each for each in seen.edges if each.outcome is not FlowOutcome.ACCEPTED]
        return (
            ("carried traffic", "bold", accepted),
            ("attempts that came to nothing", "bold yellow", attempts),
        )
    return (
        ("seen, never declared", "bold red", held.shadows),
        ("not declared, as far as anybody can tell", "bold magenta", held.undecided),
        ("declared, and refused or not answered", "bold yellow", held.blocked),
        ("attempts of what nobody declared", "bold yellow", held.attempts),
        ("declared and seen", "bold", [edge for each in held.seen for edge in each.edges]),
    )


def _print_missing(console: Console, title: str, flows: Sequence[UnseenFlow]) -> None:
    if not flows:
        return
    console.print(Text(f"{title} ({len(flows)})", "bold yellow"))
    for each in flows[:MOST_SHOWN]:
        print_indented(console, 2, Text(f"{each.flow}"))
        if each.why:
            print_indented(console, 6, Text(each.why, "dim"))
    _print_more(console, len(flows))
    console.print()


def _print_more(console: Console, number: int) -> None:
    if number > MOST_SHOWN:
        console.print(f"  and {number - MOST_SHOWN} more (--json lists all)")


def edge_said(edge: FlowEdge) -> str:
    """'gateway-1 -> broker-1  tcp 5561'."""
    clients = f" ({edge.clients} addresses)" if edge.clients > 1 else ""
    servers = f" ({edge.servers} addresses)" if edge.servers > 1 else ""
    return f"{edge.client.name}{clients} -> {edge.server.name}{servers}  {traffic_said(edge)}"


def traffic_said(edge: FlowEdge) -> str:
    """'tcp 5561', 'icmp', 'tcp at 97 ports'."""
    protocol = protocol_name(edge.protocol)
    if edge.port is not None:
        return f"{protocol} {edge.port}"
    return f"{protocol} at {count(edge.ports, 'port')}" if edge.ports > 1 else protocol


def details(edge: FlowEdge, observed: Sequence[date]) -> str:
    """How often, how much, when, and by what it is known who opened it."""
    said = [*counts_said(edge), days_said(edge.days, observed), times_said(edge)]
    said += ["" if edge.opened_by.sure else f"who opened it: {edge.opened_by}"]
    for name, end in (("client", edge.client), ("server", edge.server)):
        if end.changed:
            said.append(f"{name}: the address changed hands on one day")
        elif end.named_by is NamedBy.SUBNET:
            said.append(f"{name}: by its subnet")
    if edge.paths:
        said.append(f"by {', '.join(PATHS.get(each, f'path {each}') for each in edge.paths)}")
    if edge.encryption:
        said.append(", ".join(ENCRYPTED.get(each, str(each)) for each in edge.encryption))
    return "; ".join(filter(None, said))


def counts_said(edge: FlowEdge) -> Iterable[str]:
    """What became of it, with its records."""
    outcome = edge.outcome
    if outcome is not FlowOutcome.ACCEPTED:
        where = f" at {', '.join(edge.refused_at)}" if edge.refused_at else ""
        why = f" ({', '.join(edge.reasons)})" if edge.reasons else ""
        yield f"{outcome}{where}{why}"
    yield count(edge.records, "record")
    if outcome is FlowOutcome.ACCEPTED and edge.rejected:
        yield f"{edge.rejected} refused"
    yield f"{size_said(edge.size)} in {count(edge.packets, 'packet')}"


def size_said(size: int) -> str:
    """'1.2 MB'."""
    value, units = float(size), ["B", "kB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{value:.0f} {units[0]}" if units[0] == "B" else f"{value:.1f} {units[0]}"


def days_said(days: Sequence[date], observed: Sequence[date]) -> str:
    """'on each of 30 days', 'on 2 of 30 days: 2026-10-01, 2026-11-01'."""
    if len(days) == len(observed):
        return f"on each of {len(days)} days" if len(days) > 1 else f"on {days[0]}"
    named = f": {', '.join(map(str, days))}" if len(days) <= _DAYS_NAMED else ""
    return f"on {len(days)} of {len(observed)} days{named}"


def times_said(edge: FlowEdge) -> str:
    """'2026-11-01 00:00 to 2026-11-30 23:59 UTC'."""
    return f"{_minute(edge.first)} to {_minute(edge.last)} UTC"


def _minute(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M")


def notes(seen: FlowsSeen, held: FlowsHeld | None = None) -> tuple[str, ...]:
    """What is not known, and what was left out."""
    said = []
    if seen.skipped:
        said.append(
            f"{count(seen.skipped, 'window')} with SKIPDATA: records were lost there, so what is "
            "not here may have been"
        )
    if seen.nodata:
        said.append(f"{count(seen.nodata, 'window')} with NODATA: nothing passed there")
    said += [f"a field is missing: {each}" for each in seen.missing]
    if seen.carried:
        said.append(
            f"{count(seen.carried, 'record')} of gateways, which carry packets of others, are "
            "counted and not told"
        )
    unsure = sum(each.opened_by is OpenedBy.UNSURE for each in seen.edges)
    if unsure:
        said.append(f"who opened it is not known of {count(unsure, 'edge')}: no first packet")
    if held is not None and held.beside:
        said.append(
            f"{count(len(held.beside), 'edge')} between others are no matter of {held.topology}"
        )
    if seen.passed_over:
        said.append(f"{count(len(seen.passed_over), 'file')} passed over, none of a flow log")
    said.append(NEVER_RECORDED)
    return tuple(said)


NEVER_RECORDED = (
    "flow logs never have: the DNS server of the VPC, 169.254.169.254 and .123, DHCP, Windows "
    "activation, mirrored traffic, the addresses of routers"
)
"""docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html."""
