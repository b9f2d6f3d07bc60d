"""A delta for people (console), for a pull request (Markdown) and for programs (JSON)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from bulkhead.compare import Cause, Change, ChangeKind, Delta, Fate
from bulkhead.ends import EndpointKind, Label
from bulkhead.network import PortRange, has_ports, has_types
from bulkhead.report.documents_parts import protocol

MOST_SHOWN: Final = 20
"""Lines of one kind on a console."""

COMMENT_LIMIT: Final = 65_536
"""Characters that GitHub takes in one comment
(github.com/orgs/community/discussions/27190)."""

MARKER: Final = "<!-- bulkhead-diff -->"
"""Invisible: by it a workflow finds the comment of an earlier run and replaces it."""

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
        kept = f"{_count(delta.unchanged, 'open flow')} the same on both sides"
        return f"No flow differs between {before} and {after}: {kept}."
    counted = ", ".join(f"{delta.counts[kind]} {kind}" for kind in ChangeKind if delta.counts[kind])
    total = _count(len(delta.changes), "flow")
    return (
        f"{total} {'differs' if len(delta.changes) == 1 else 'differ'} "
        f"from {before} to {after}: {counted}; {delta.unchanged} unchanged."
    )


def surprises(delta: Delta) -> Iterator[str]:
    """What a reviewer would not guess from the table: closed flows whose connections stay."""
    closed = [each for each in delta.changes if each.effect and each.before is not each.after]
    staying = [each for each in closed if each.effect and each.effect.fate is Fate.LIVES_ON]
    if staying:
        are = "is" if len(staying) == 1 else "are"
        yield (
            f"{_count(len(staying), 'closed flow')} {are} cut for new connections only: "
            "established ones live on until they are idle."
        )
    if any(delta.unmodelled):
        yield (
            f"Not modelled: {delta.unmodelled[0]} things before, {delta.unmodelled[1]} after; "
            "flows that depend on them are undetermined."
        )


# Console


def print_delta(console: Console, before: str, after: str, delta: Delta) -> None:
    """Grouped by kind; each flow with the rules responsible and what it means for connections."""
    for kind in ChangeKind:
        changes = delta.of(kind)
        if not changes:
            continue
        console.print(Text(f"{kind} ({len(changes)})", f"bold {_STYLE[kind]}"))
        for change in changes[:MOST_SHOWN]:
            console.print(Text.assemble("  ", (_headline(change), "bold")))
            for line in _details(change):
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


def _headline(change: Change) -> str:
    return f"{change.source.name} -> {change.to}  {change.traffic}: {_step(change)}"


def _step(change: Change) -> str:
    return f"{change.before} -> {_outcome(change)}"


def _outcome(change: Change) -> str:
    some = "" if change.hosts == change.of_hosts else f", {change.hosts} of {change.of_hosts} pairs"
    return f"{change.after}{some}"


def _details(change: Change) -> Iterator[str]:
    if change.exposed:
        yield f"among these ports: {', '.join(change.exposed)}"
    yield from map(str, change.causes)
    if change.lost:
        yield f"no reply returns to client ports {', '.join(map(str, change.lost))}"
    if change.effect:
        yield str(change.effect)


def _some(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


# Markdown


def markdown(before: str, after: str, delta: Delta, limit: int = COMMENT_LIMIT) -> str:
    """A comment within the limit: the sentence always, then the table, then the details.

    What does not fit is left out from the end and counted: details first, then
    rows of the table, never the verdict.
    """
    head = [MARKER, f"**{_escaped(verdict(before, after, delta))}**", ""]
    head += [f"{_escaped(line)}\n" for line in surprises(delta)]
    if delta.same:
        return "\n".join(head).rstrip() + "\n"
    between = [each for each in delta.changes if not _stranger(each)]
    strangers = [each for each in delta.changes if _stranger(each)]
    budget = _Budget(limit - 400)
    body = budget.take(head)
    body += budget.table(between, "Flow")
    details = [line for each in between for line in _folded(each)]
    body += budget.fold("Rules responsible", details)
    rows = [row for each in strangers for row in (_row(each),)]
    if rows:
        title = "What NACLs and routes alone let pass, for hosts in no security group"
        body += budget.fold(title, [*_HEADER, *rows])
    return "\n".join(body).rstrip() + "\n"


_HEADER = ("| | from | to | traffic | was | is |", "| --- | --- | --- | --- | --- | --- |")


class _Budget:
    """What is left of the characters of a comment."""

    def __init__(self, characters: int) -> None:
        self.left = characters

    def take(self, lines: Sequence[str]) -> list[str]:
        """As many of the lines as fit, from the first."""
        taken = []
        for line in lines:
            if len(line) + 1 > self.left:
                break
            self.left -= len(line) + 1
            taken.append(line)
        return taken

    def table(self, changes: Sequence[Change], what: str) -> list[str]:
        if not changes:
            return []
        rows = [_row(each) for each in changes]
        # A third stays for the details: a row without its rules explains nothing.
        reserve = self.left // 3
        self.left -= reserve
        taken = self.take([*_HEADER, *rows])
        self.left += reserve
        missing = len(rows) + len(_HEADER) - len(taken)
        if missing:
            taken.append(f"\n{what}s left out for want of space: {missing}.")
        return [*taken, ""]

    def fold(self, title: str, lines: Sequence[str]) -> list[str]:
        """A folded section with as much as fits; nothing where not even a line does."""
        opening = [f"<details><summary>{title}</summary>", ""]
        frame = sum(len(line) + 1 for line in opening) + len("</details>") + 80
        if not lines or self.left < frame + len(lines[0]):
            return []
        self.left -= frame
        taken = self.take(lines)
        if len(taken) < len(lines):
            taken.append(f"\n{len(lines) - len(taken)} lines left out for want of space.")
        return [*opening, *taken, "", "</details>", ""]


def _row(change: Change) -> str:
    cells = (
        f"**{change.kind}**",
        _escaped(change.source.name),
        _escaped(change.to),
        _escaped(change.traffic),
        str(change.before),
        _outcome(change),
    )
    return f"| {' | '.join(cells)} |"


def _folded(change: Change) -> Iterator[str]:
    yield f"- {_escaped(_headline(change))}"
    for line in _details(change):
        yield f"  - {_escaped(line)}"


def _stranger(change: Change) -> bool:
    kinds = {change.source.kind, change.destination.kind}
    return bool(kinds & {EndpointKind.STRANGER, EndpointKind.ELSEWHERE})


def _escaped(text: str) -> str:
    """Names come from tags that anybody may write: they must not become markup."""
    for each in "\\`*_[]<>|#@":
        text = text.replace(each, f"\\{each}" if each not in "<>@" else _ENTITY[each])
    return " ".join(text.split())


_ENTITY = {"<": "&lt;", ">": "&gt;", "@": "&#64;"}


# JSON


def document(before: str, after: str, delta: Delta) -> dict[str, Any]:
    """`bulkhead.diff/1`: every flow that differs."""
    return {
        "schema": "bulkhead.diff/1",
        "before": before,
        "after": after,
        "verdict": "no flow differs" if delta.same else "flows differ",
        "counts": {str(kind): delta.counts.get(kind, 0) for kind in ChangeKind},
        "unchanged": delta.unchanged,
        "changes": [_change(each) for each in delta.changes],
        "appeared": list(delta.appeared),
        "vanished": list(delta.vanished),
        "not_modelled": {"before": delta.unmodelled[0], "after": delta.unmodelled[1]},
    }


def _change(change: Change) -> dict[str, Any]:
    effect = change.effect
    return {
        "kind": str(change.kind),
        "from": _side(change.source),
        "to": _side(change.destination),
        "socket": change.socket,
        "exposed": list(change.exposed),
        "protocol": None if change.protocol is None else protocol(change.protocol),
        "ports": _ports(change.protocol, change.ports),
        "before": str(change.before),
        "after": str(change.after),
        "hosts": change.hosts,
        "of_hosts": change.of_hosts,
        "example": {"from": change.example[0], "to": change.example[1]},
        "lost_client_ports": [[each.first, each.last] for each in change.lost],
        "causes": [_cause(each) for each in change.causes],
        "established": None
        if effect is None
        else {"fate": str(effect.fate), "idle_seconds": effect.seconds, "why": effect.why},
    }


def _side(side: Label) -> dict[str, str]:
    return {"name": side.name, "kind": str(side.kind)}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "kind": str(cause.kind),
        "layer": None if cause.layer is None else str(cause.layer),
        "component": cause.component,
        "rule": cause.rule,
        "was": cause.was or None,
        "reply": cause.reply,
    }


def _ports(protocol: int | None, ports: tuple[PortRange, ...]) -> list[list[int]] | None:
    if protocol is None or not (has_ports(protocol) or has_types(protocol)):
        return None
    return [[each.first, each.last] for each in ports]
