"""What a scan of code found, for people: by program, each socket with where it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from bulkhead.discover.code.found import (
    CodeFinding,
    CodeFindingKind,
    CodeScan,
    EndInCode,
    OpenTo,
    SocketInCode,
)
from bulkhead.lint import Severity
from bulkhead.report.console import print_indented
from bulkhead.report.words import MOST_SHOWN

SEVERITIES: Final = {
    CodeFindingKind.PICKLE: Severity.HIGH,
    CodeFindingKind.SECRET: Severity.HIGH,
    CodeFindingKind.UNENCRYPTED: Severity.MEDIUM,
    CodeFindingKind.UNAUTHENTICATED: Severity.MEDIUM,
    CodeFindingKind.PLAIN: Severity.MEDIUM,
    CodeFindingKind.MISTAKEN: Severity.LOW,
}
_STYLES: Final = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "yellow",
    Severity.NOTE: "bold dim",
}
_EXPOSED: Final = {
    OpenTo.NETWORK: "other hosts",
    OpenTo.HOST: "this host",
    OpenTo.PROCESS: "this process",
    OpenTo.UNTOLD: "",
}


def verdict(scan: CodeScan) -> str:
    """The answer in one sentence."""
    where = ", ".join(scan.roots)
    files = sum(scan.files.values())
    looked = f"{files:,} file{'s' * (files != 1)}, {scan.lines:,} lines"
    if not scan.sockets:
        return f"No ZeroMQ socket is made in {where} ({looked})."
    ends = scan.ends
    bound = sum(each.side == "bind" for each in ends)
    still = sum(bool(each.open_parts) for each in ends)
    open_ = f", {still} of these with a part that only the running program knows" if still else ""
    return (
        f"{_count(len(scan.sockets), 'socket')} in {_count(len(scan.programs), 'program')}: "
        f"{_count(bound, 'bind')}, {_count(len(ends) - bound, 'connect')}{open_} ({looked})."
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def print_code(console: Console, scan: CodeScan) -> None:
    """All sockets, the configuration that feeds them, the findings, and what was not read."""
    for program in sorted(scan.programs):
        of = [each for each in scan.sockets if each.program == program]
        languages = ", ".join(dict.fromkeys(each.language for each in of))
        console.print(Text(f"{program} ({languages})", "bold"))
        for each in of:
            _print_socket(console, each)
        console.print()
    if scan.configured:
        console.print(Text("configuration", "bold"))
        for one in scan.configured[:MOST_SHOWN]:
            print_indented(console, 2, Text(f"{one.text}  {one.key}, {one.kind}  at {one.place}"))
            if one.read_by:
                readers = ", ".join(map(str, one.read_by[:MOST_SHOWN]))
                print_indented(console, 6, Text(f"for {readers}", "dim"))
        _more(console, len(scan.configured))
        console.print()
    _print_findings(console, scan.findings)
    _print_unread(console, scan)
    console.print(Text(verdict(scan), "bold"))


def _print_socket(console: Console, socket: SocketInCode) -> None:
    types = " or ".join(socket.types) or "type not told"
    part = f" ({socket.part})" if socket.part else ""
    name = f" {socket.name}" if socket.name else ""
    within = f" in {socket.within}" if socket.within else ""
    test = ", a test" if socket.test else ""
    made = "" if socket.made else ", made elsewhere"
    head = Text.assemble(
        (types, "bold"), f"{part}{name}", (f"  {socket.place}{within}{made}{test}", "dim")
    )
    print_indented(console, 2, head)
    for each in socket.ends:
        print_indented(console, 6, Text(_end(each)))
        for step in each.steps[:3]:
            print_indented(console, 10, Text(f"by {step}", "dim"))
    options = [
        each.name + ("" if each.value is None else f"={each.value}") for each in socket.options
    ]
    if options:
        print_indented(console, 6, Text(f"sets {', '.join(dict.fromkeys(options))}", "dim"))
    for danger in socket.deserialised:
        print_indented(
            console, 6, Text(f"takes messages for objects: {danger.call} at {danger.place}", "dim")
        )


def _end(end: EndInCode) -> str:
    side = "binds" if end.side == "bind" else "connects"
    told = "; ".join(each.said for each in end.open_parts)
    exposed = _EXPOSED[end.exposure] if end.side == "bind" else ""
    more = ", ".join(each for each in (told, f"for {exposed}" if exposed else "") if each)
    return f"{side} {end.text}" + (f"  ({more})" if more else "")


def _print_findings(console: Console, findings: Iterable[CodeFinding]) -> None:
    by_kind: dict[CodeFindingKind, list[CodeFinding]] = {}
    for each in findings:
        by_kind.setdefault(each.kind, []).append(each)
    for kind, found in by_kind.items():
        severity = SEVERITIES[kind]
        console.print(Text(f"{severity}: {kind} ({len(found)})", _STYLES[severity]))
        for each in found[:MOST_SHOWN]:
            print_indented(console, 2, Text(f"{each.place}: {each.what}"))
        print_indented(console, 6, Text(found[0].why, "dim"))
        _more(console, len(found))
        console.print()


def _more(console: Console, count: int) -> None:
    if count > MOST_SHOWN:
        console.print(f"  and {count - MOST_SHOWN} more (--json lists all)")


def _print_unread(console: Console, scan: CodeScan) -> None:
    reasons = Counter(each.reason for each in scan.skipped)
    for reason, count in reasons.most_common():
        names = [each.file for each in scan.skipped if each.reason is reason]
        shown = ", ".join(names[:3]) + (", …" if count > 3 else "")
        console.print(Text(f"skipped: {_count(count, 'file')}, {reason}: {shown}", "dim"))
    if scan.ignored:
        console.print(
            Text(
                f"left out: {scan.ignored} files and folders that git ignores or tools installed "
                "(--everything reads them)",
                "dim",
            )
        )
    for left in scan.left_out:
        console.print(Text(f"left out: {left}", "dim"))
    languages = ", ".join(f"{name} {count}" for name, count in scan.files.items())
    if languages:
        console.print(Text(f"looked at: {languages}", "dim"))
