"""What came and went of sockets' ends in code, for people: on a console, and on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from bulkhead.report.console import print_indented
from bulkhead.report.documents.writing import Document
from bulkhead.report.markdown.escaping import escaped
from bulkhead.report.words import MOST_SHOWN

if TYPE_CHECKING:
    from bulkhead.discover.code.changes import CodeChanges, CodeEndChanged

MOST_LISTED: Final = 50


def changes_verdict(found: CodeChanges) -> str:
    """The answer in one sentence."""
    crossing, local = len(found.boundaries), len(found.new) - len(found.boundaries)
    if not found.new and not found.gone:
        return f"No end of a socket came or went since {found.since}."
    said = [f"{crossing} new {'boundary' if crossing == 1 else 'boundaries'}"]
    said += [f"{local} new within a host"] if local else []
    said += [f"{len(found.gone)} gone"] if found.gone else []
    return f"{', '.join(said)} in the code since {found.since}."


def end_said(each: CodeEndChanged) -> str:
    """'strategy: SUB market connects to tcp://ticker:5556 (strategy/main.py:4)'."""
    types = "/".join(each.socket.types) or "socket"
    name = f" {each.socket.name}" if each.socket.name else ""
    verb = "binds" if each.end.side == "bind" else "connects to"
    told = "; ".join(one.said for one in each.end.open_parts)
    open_ = f", {told}" if told else ""
    return f"{each.socket.program}: {types}{name} {verb} {each.end.text}{open_} ({each.end.place})"


def print_changes(console: Console, found: CodeChanges) -> None:
    """New boundaries first, then what stays on its host, then what went."""
    local = [each for each in found.new if not each.crosses]
    for title, some, style in (
        (f"new boundaries since {found.since}", found.boundaries, "bold red"),
        ("new within a host", local, "bold"),
        (f"gone since {found.since}", found.gone, "bold dim"),
    ):
        if some:
            console.print(Text(f"{title} ({len(some)})", style))
            for each in some[:MOST_SHOWN]:
                print_indented(console, 2, Text(end_said(each)))
            if len(some) > MOST_SHOWN:
                console.print(f"  and {len(some) - MOST_SHOWN} more (--json lists all)")
            console.print()
    console.print(Text(changes_verdict(found), "bold"))


def changes_markdown(found: CodeChanges) -> str:
    """The same for a comment on a pull request; nothing at all where nothing changed."""
    return "\n".join(_lines(found))


def _lines(found: CodeChanges) -> Iterator[str]:
    if not found.new and not found.gone:
        return
    yield f"#### Boundaries in the code ({escaped(changes_verdict(found))})"
    yield ""
    yield from _listed("new", found.new)
    yield from _listed("gone", found.gone)


def _listed(word: str, some: Iterable[CodeEndChanged]) -> Iterator[str]:
    some = tuple(some)
    for each in some[:MOST_LISTED]:
        local = "" if each.crosses else " (within a host)"
        yield f"- {word}{local}: {escaped(end_said(each))}"
    if len(some) > MOST_LISTED:
        yield f"- and {len(some) - MOST_LISTED} more {word}"


def changes_document(found: CodeChanges) -> Document:
    """The part of a document that tells them."""
    return {
        "since": found.since,
        "verdict": changes_verdict(found),
        "new": [_end(each) for each in found.new],
        "gone": [_end(each) for each in found.gone],
    }


def _end(each: CodeEndChanged) -> Document:
    return {
        "program": each.socket.program,
        "types": list(each.socket.types),
        "name": each.socket.name or None,
        "side": each.end.side,
        "endpoint": each.end.text,
        "default": each.end.default,
        "exposure": str(each.end.exposure),
        "file": each.end.place.file,
        "line": each.end.place.line,
    }
