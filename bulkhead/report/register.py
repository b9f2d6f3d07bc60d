"""The register of boundaries, for people: each edge with what shows it, and how sure that is."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.text import Text

from bulkhead.discover.register import (
    BoundaryRegister,
    BoundaryStanding,
    Certainty,
    CrossingKind,
    HeldAgainst,
    SeenBoundary,
    StandingKind,
)
from bulkhead.report.console import print_indented
from bulkhead.report.words import MOST_SHOWN, count

MOST_EVIDENCE: Final = 6
_STYLES: Final = {
    CrossingKind.INTERNET: "bold red",
    CrossingKind.SITE: "bold yellow",
    CrossingKind.VPCS: "bold yellow",
}


def verdict(register: BoundaryRegister) -> str:
    """The answer in one sentence."""
    if not register.boundaries:
        return "No boundary of ZeroMQ was found in what was searched."
    sure = sum(each.certainty is Certainty.SURE for each in register.bound)
    local = sum(each.local for each in register.bound)
    within = f", {local} within one host" if local else ""
    open_ = f"; {count(len(register.unbound), 'socket')} with one end" if register.unbound else ""
    bound = len(register.bound)
    return (
        f"{bound} {'boundary' if bound == 1 else 'boundaries'} ({sure} sure{within}) between "
        f"{len(register.parties)} programs{open_}."
    )


def boundary_said(each: SeenBoundary) -> str:
    """'momentum -> ticker  tcp 5556, SUB to PUB, CURVE'."""
    types = [each.client_types, each.server_types]
    said = " to ".join("/".join(one) or "?" for one in types) if any(types) else ""
    mechanism = "/".join(each.mechanisms)
    more = "".join(f", {one}" for one in (said, mechanism) if one)
    return f"{each}{more}"


def print_register(console: Console, register: BoundaryRegister) -> None:
    """Edges by what they cross, the farthest first; then ends alone; then what was searched."""
    for kind in reversed(CrossingKind):
        found = [each for each in register.bound if each.crosses is kind]
        if not found:
            continue
        title = (
            f"{kind} ({len(found)})"
            if kind is not CrossingKind.UNKNOWN
            else f"crosses: not known ({len(found)})"
        )
        console.print(Text(title, _STYLES.get(kind, "bold")))
        for each in found[:MOST_SHOWN]:
            print_boundary(console, each)
        print_more(console, len(found))
        console.print()
    if register.unbound:
        console.print(Text(f"one end alone ({len(register.unbound)})", "bold"))
        for each in register.unbound[:MOST_SHOWN]:
            print_boundary(console, each)
        print_more(console, len(register.unbound))
        console.print()
    print_searched(console, register)
    console.print(Text(verdict(register), "bold"))


def print_boundary(console: Console, each: SeenBoundary) -> None:
    """One edge with its evidence and why it is as sure as it is."""
    print_indented(console, 2, Text(boundary_said(each)))
    if each.unbound:
        print_indented(console, 6, Text(each.unbound, "magenta"))
    print_indented(console, 6, Text(f"{each.certainty}: {'; '.join(each.why)}", "dim"))
    if not each.unbound:
        print_indented(console, 6, Text(f"crosses: {each.crosses} ({each.crosses_why})", "dim"))
    for one in each.evidence[:MOST_EVIDENCE]:
        print_indented(console, 6, Text(str(one), "dim"))
    if len(each.evidence) > MOST_EVIDENCE:
        print_indented(console, 6, Text(f"and {len(each.evidence) - MOST_EVIDENCE} more", "dim"))


def print_more(console: Console, number: int) -> None:
    """That there are more than are shown."""
    if number > MOST_SHOWN:
        console.print(f"  and {number - MOST_SHOWN} more (--json lists all)")


def print_searched(console: Console, register: BoundaryRegister) -> None:
    """What was looked at, and what of it was not read."""
    for each in register.searched:
        console.print(Text(f"searched: {each}", "dim"))
    for each in register.notes:
        console.print(Text(each, "magenta"))


_STANDING: Final = {
    StandingKind.SHADOW: "bold red",
    StandingKind.DIFFERS: "bold red",
    StandingKind.UNTOLD: "bold yellow",
    StandingKind.UNSEEN: "bold yellow",
    StandingKind.LOCAL: "bold dim",
    StandingKind.AS_DECLARED: "bold green",
}


def held_verdict(held: HeldAgainst) -> str:
    """The answer in one sentence."""
    numbers = {each: len(held.of(each)) for each in StandingKind}
    said = ", ".join(f"{number} {kind}" for kind, number in numbers.items() if number)
    start = "As declared" if held.ok else "Not as declared"
    return f"{start} by {held.topology}: {said or 'nothing was found, and nothing is declared'}."


def standing_said(each: BoundaryStanding) -> str:
    """What it is about and both places: 'a -> b ... (a.py:4; topology.yaml:12)'."""
    code = each.boundary.places("client") + each.boundary.places("server") if each.boundary else ()
    places = [str(code[0])] if code else []
    if each.declared_at:
        places.append(f"{each.declared_at.file}:{each.declared_at.line}")
    differs = f"{each.differs}: " if each.differs else ""
    return f"{differs}{each.what}" + (f" ({'; '.join(places)})" if places else "")


def print_held(console: Console, held: HeldAgainst, register: BoundaryRegister) -> None:
    """The worst first; of what is as declared one line each."""
    for kind in StandingKind:
        found = held.of(kind)
        if not found:
            continue
        question = (
            " (stale? it may also run where nobody looked)" if kind is StandingKind.UNSEEN else ""
        )
        console.print(Text(f"{kind} ({len(found)}){question}", _STANDING[kind]))
        for each in found[:MOST_SHOWN]:
            _print_standing(console, each)
        print_more(console, len(found))
        console.print()
    if held.plain:
        said = count(held.plain, "declared connection")
        console.print(Text(f"{said} of plain TCP: no evidence here is of those", "dim"))
    print_searched(console, register)
    console.print(Text(held_verdict(held), "bold"))


def _print_standing(console: Console, each: BoundaryStanding) -> None:
    print_indented(console, 2, Text(standing_said(each)))
    if each.unsure:
        print_indented(console, 6, Text(f"unsure: {'; '.join(each.matched)}", "magenta"))
    if each.kind in (StandingKind.AS_DECLARED, StandingKind.LOCAL):
        return
    if each.boundary and each.boundary.unbound:
        print_indented(console, 6, Text(each.boundary.unbound, "dim"))
    for one in each.boundary.evidence[:MOST_EVIDENCE] if each.boundary else ():
        print_indented(console, 6, Text(str(one), "dim"))
    if each.remedy:
        print_indented(console, 6, Text(each.remedy, "dim"))
