"""What differs between two networks, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from bulkhead.compare import Change, ChangeKind, Delta
from bulkhead.report.words import MOST_SHOWN, count

_STYLE = {
    ChangeKind.OPENED: "red",
    ChangeKind.CLOSED: "yellow",
    ChangeKind.HALF_BROKEN: "red",
    ChangeKind.MENDED: "green",
    ChangeKind.UNDETERMINED: "magenta",
    ChangeKind.KNOWN: "cyan",
}


def verdict(before: str, after: str, delta: Delta) -> str:
    """The answer in one sentence."""
    if delta.same:
        kept = f"{count(delta.unchanged, 'open flow')} the same on both sides"
        return f"No flow differs between {before} and {after}: {kept}."
    counted = ", ".join(f"{delta.counts[kind]} {kind}" for kind in ChangeKind if delta.counts[kind])
    number = len(delta.changes)
    total = f"{number} kinds of flows" if delta.by_place else count(number, "flow")
    return (
        f"{total} {'differs' if number == 1 and not delta.by_place else 'differ'} "
        f"from {before} to {after}: {counted}; {delta.unchanged} unchanged."
    )


def surprises(delta: Delta) -> Iterator[str]:
    """What a reviewer would not guess from the table."""
    if delta.by_place:
        yield (
            "More differs than can be told host by host: a line is all that fares so between two "
            "places, and its rules are those of a few of its pairs. "
            "Of one VPC of a dump or an account: bulkhead diff A/VPC B/VPC"
        )
    staying = len(delta.living_on)
    if staying:
        are = "is" if staying == 1 else "are"
        yield (
            f"{count(staying, 'closed flow')} {are} cut for new connections only: "
            "established ones live on until they are idle."
        )
    if any(delta.unmodelled):
        yield (
            f"Not modelled: {delta.unmodelled[0]} things before, {delta.unmodelled[1]} after; "
            "flows that depend on them are undetermined."
        )


def print_delta(console: Console, before: str, after: str, delta: Delta) -> None:
    """Grouped by kind; each flow with the rules responsible and what it means for connections."""
    for kind in ChangeKind:
        changes = delta.of(kind)
        if not changes:
            continue
        console.print(Text(f"{kind} ({len(changes)})", f"bold {_STYLE[kind]}"))
        for change in changes[:MOST_SHOWN]:
            console.print(Text.assemble("  ", (headline(change), "bold")))
            for line in details(change):
                console.print(Text(f"      {line}", "dim"))
        if len(changes) > MOST_SHOWN:
            console.print(f"  and {len(changes) - MOST_SHOWN} more (--json lists all)")
        console.print()
    for name, ends in (("new", delta.appeared), ("gone", delta.vanished)):
        if ends:
            console.print(Text(f"{name}: {_some(ends)}", "dim"))
    for line in surprises(delta):
        console.print(Text(line))
    style = "bold green" if delta.same else "bold"
    console.print(Text(verdict(before, after, delta), style))


def headline(change: Change) -> str:
    """'a -> b.in  tcp 1: denied -> allowed'."""
    return f"{change.source.name} -> {change.to}  {change.traffic}: {_step(change)}"


def _step(change: Change) -> str:
    return f"{change.before} -> {outcome(change)}"


def outcome(change: Change) -> str:
    """What it is now, and for how many where not for all."""
    some = "" if change.hosts == change.of_hosts else f", {change.hosts} of {change.of_hosts} pairs"
    return f"{change.after}{some}"


def details(change: Change, causes: Sequence[str] | None = None) -> Iterator[str]:
    """What lies among its ports, the rules responsible, and what becomes of connections.

    `causes` where more is to be said of a rule than what it says.
    """
    if change.exposed:
        yield f"among these ports: {', '.join(change.exposed)}"
    yield from map(str, change.causes) if causes is None else causes
    if change.lost:
        yield f"no reply returns to client ports {', '.join(map(str, change.lost))}"
    if change.effect:
        yield str(change.effect)


def _some(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
