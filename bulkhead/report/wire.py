"""What captures and probes showed, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from bulkhead.discover.wire import (
    Answered,
    OnTheWire,
    Opener,
    ProbeAnswer,
    Shown,
    Sureness,
    WireConnection,
    WireDatagrams,
    WireFinding,
    WireFindingKind,
    WireJudged,
    WireSecrecy,
)
from bulkhead.report.console import print_indented
from bulkhead.report.words import MOST_SHOWN, count


def verdict(seen: OnTheWire, judged: WireJudged) -> str:
    """The answer in one sentence."""
    met = [each for each in seen.connections if each.alone is None]
    servers = {(each.server.address, each.server.port) for each in met}
    if not seen.connections and not seen.datagrams:
        found = "No ZeroMQ was recognised"
    else:
        found = f"{count(len(met), 'connection')} of ZeroMQ to {count(len(servers), 'server')}"
        if unsure := sum(each.sure is not Sureness.SURE for each in met):
            found += f" ({unsure} of them likely)"
        if alone := len(seen.connections) - len(met):
            found += f", {alone} in which one side alone greets"
        if seen.datagrams:
            found += f", {count(len(seen.datagrams), 'flow')} of datagrams that may be"
    secrecy = Counter(each.secrecy for each in met)
    told = ", ".join(f"{secrecy[each]} {_CALLED[each]}" for each in WireSecrecy if secrecy[each])
    faults = [each for each in judged.findings if each.fault]
    more = f": {told}" if told else ""
    more += f"; {count(len(faults), 'finding')}" if faults else ""
    if judged.asked and judged.unread:
        more += "; not all of it was read, so NOT DECIDED"
    return f"{found}{more}."


_CALLED = {
    WireSecrecy.PLAINTEXT: "in plaintext",
    WireSecrecy.ENCRYPTED: "encrypted",
    WireSecrecy.UNKNOWN: "of which that is not known",
}


def print_wire(console: Console, seen: OnTheWire, judged: WireJudged) -> None:
    """The findings, then every connection, what was not read, the verdict."""
    for kind in WireFindingKind:
        _print_findings(console, kind, [each for each in judged.findings if each.kind is kind])
    _print_connections(console, seen.connections)
    for flow in seen.datagrams[:MOST_SHOWN]:
        print_indented(console, 0, Text(datagrams_said(flow)))
        print_indented(console, 4, Text(f"{flow.because}; from {flow.first}", "dim"))
    _print_more(console, len(seen.datagrams))
    for each in notes(seen, judged):
        console.print(Text(each, "magenta"))
    passed = judged.ok and judged.asked
    console.print(Text(verdict(seen, judged), "bold green" if passed else "bold"))


_TITLES = {
    WireFindingKind.CREDENTIALS: ("passwords in the clear", "bold red"),
    WireFindingKind.PLAINTEXT: ("plaintext across a network that is not trusted", "bold red"),
    WireFindingKind.UNDECIDED: ("not decided", "bold magenta"),
    WireFindingKind.ACROSS: ("plaintext between subnets", "bold yellow"),
    WireFindingKind.FOREIGN: ("another protocol to a peer of ZMTP", "bold dim"),
}


def _print_findings(console: Console, kind: WireFindingKind, found: list[WireFinding]) -> None:
    if not found:
        return
    title, style = _TITLES[kind]
    console.print(Text(f"{title} ({len(found)})", style))
    for each in found[:MOST_SHOWN]:
        print_indented(console, 2, Text(finding_said(each)))
        print_indented(console, 6, Text(each.why, "dim"))
        print_indented(console, 6, Text(f"at {', '.join(map(str, each.frames))}", "dim"))
    _print_more(console, len(found))
    console.print()


def finding_said(finding: WireFinding) -> str:
    """'10.0.1.7 -> 10.0.2.9:5555/tcp (3 connections)'."""
    place = _place(finding.server, finding.port)
    times = f" ({count(finding.count, 'connection')})" if finding.count > 1 else ""
    return f"{finding.client} -> {place}/{finding.transport}{times}"


def _place(address: str, port: int | None) -> str:
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _print_connections(console: Console, connections: Sequence[WireConnection]) -> None:
    for each in connections[:MOST_SHOWN]:
        print_indented(console, 0, Text(f"{each.client} -> {each.server}  {said(each)}"))
        details = [f"{each.first} to {each.last}", count(each.packets, "packet"), traffic(each)]
        if each.opened is Opener.PORT:
            details.insert(0, f"who opened it is {each.opened}")
        if each.sure is not Sureness.SURE:
            details.insert(0, f"{each.sure}: {each.because}")
        print_indented(console, 4, Text("; ".join(details), "dim"))
    _print_more(console, len(connections))


def _print_more(console: Console, number: int) -> None:
    if number > MOST_SHOWN:
        console.print(f"  and {number - MOST_SHOWN} more (--json lists all)")


def said(connection: WireConnection) -> str:
    """'ZMTP 3.1 NULL DEALER to ROUTER, plaintext'."""
    what = "ws" if connection.transport == "ws" else f"ZMTP {connection.version or '?'}"
    types = " to ".join(each.shown.socket_type or "?" for each in connection.sides)
    parts = [what, connection.mechanism or "", "" if types == "? to ?" else types]
    said = " ".join(filter(None, parts))
    if connection.alone:
        side = "client" if connection.alone is connection.client else "server"
        return f"{said}, the {side} alone greets"
    agreed = {True: "", False: ", no handshake", None: ", handshake not captured"}
    refused = next((each.shown.error for each in connection.sides if each.shown.error), None)
    error = f" (error {refused})" if refused else ""
    return f"{said}, {connection.secrecy}{agreed[connection.agreed]}{error}"


def traffic(connection: WireConnection) -> str:
    """'12 messages there, 0 back'; 'at least' where some bytes are not in the capture."""
    there, back = (each.shown for each in connection.sides)
    least = "at least " if there.at_least or back.at_least else ""
    if there.sealed or back.sealed:
        return f"{least}{count(there.sealed, 'encrypted frame')} there, {back.sealed} back"
    return f"{least}{count(there.messages, 'message')} there, {back.messages} back"


def datagrams_said(flow: WireDatagrams) -> str:
    """'10.0.1.7 -> 239.0.0.1:7000  epgm, likely, 12 packets'."""
    groups = f", groups {', '.join(flow.groups)}" if flow.groups else ""
    place = _place(flow.target, flow.port)
    said = f"{flow.transport}, {flow.sure}, {count(flow.packets, 'packet')}"
    return f"{flow.sender} -> {place}  {said}{groups}"


def notes(seen: OnTheWire, judged: WireJudged) -> tuple[str, ...]:
    """What the answer does not cover, in words."""
    said = [f"not read: {each}" for each in seen.unread]
    said += [f"other connections: {number} {why}" for why, number in sorted(seen.others.items())]
    if judged.unplaced:
        said.append(
            f"{count(judged.unplaced, 'connection')} not encrypted: whether they leave their "
            "subnet nobody can tell; name the subnets with --subnet"
        )
    return tuple(said)


def moment(seconds: float) -> str | None:
    """'2026-03-01T12:00:00.000001Z'; None where the capture has no times."""
    if seconds <= 0:
        return None
    try:
        return f"{datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()}Z"
    except (ValueError, OverflowError, OSError):
        return None


_HELD = {
    Answered.ZMTP: "bold green",
    Answered.REFUSED: "red",
    Answered.NO_ANSWER: "magenta",
    Answered.UNREACHABLE: "magenta",
    Answered.NO_ADDRESS: "magenta",
}


def print_probes(console: Console, answers: Sequence[ProbeAnswer]) -> None:
    """What each target said, then how many are known."""
    for each in answers:
        console.print(
            Text.assemble(f"{each.target}  ", (probe_said(each), _HELD.get(each.answered, "")))
        )
        if why := meaning(each):
            print_indented(console, 4, Text(why, "dim"))
    console.print(Text(probe_verdict(answers), "bold"))


def probe_said(answer: ProbeAnswer) -> str:
    """'ZMTP 3.1 NULL, a PUSH' or what else was there."""
    if answer.shown is None:
        return f"{answer.answered}: {answer.said}" if answer.said else str(answer.answered)
    return _shown_said(answer.shown)


def _shown_said(shown: Shown) -> str:
    mechanism = shown.mechanism or ("plaintext" if shown.version in ("1.0", "2.0") else "")
    said = " ".join(filter(None, ["ZMTP", shown.version or "of a version that it did not say"]))
    parts = [f"{said} {mechanism}".strip()]
    if shown.as_server is not None and shown.as_server:
        parts.append("as server")
    parts.append(f"a {shown.socket_type}" if shown.socket_type else "socket type not shown")
    if shown.identity:
        parts.append(f"a routing id of {count(shown.identity, 'byte')}")
    if more := [each for each in shown.properties if each not in ("Socket-Type", "Identity")]:
        parts.append(f"metadata {', '.join(more)}")
    if shown.error is not None:
        parts.append(f"refused by its ZAP handler ({shown.error or 'no reason'})")
    return ", ".join(parts)


def meaning(answer: ProbeAnswer) -> str:
    """What follows from an answer, where that is easily taken for more; '' elsewhere."""
    if answer.failed:
        return "the probe failed, which says nothing of what is there"
    if answer.answered is Answered.SILENT:
        return "ZMQ_STREAM, ws:// and TLS wait for the other side: not decided"
    if answer.answered is Answered.CLOSED:
        return "a proxy before it, or a limit on who may connect, looks the same: not decided"
    if answer.shown and answer.shown.version == "3.0":
        return "3.0 is said by libzmq before 4.3.3 (CVE-2020-15166), by JeroMQ and others"
    return ""


def probe_verdict(answers: Sequence[ProbeAnswer]) -> str:
    """'2 of 3 targets speak ZMTP, 1 not decided.'"""
    speak = sum(each.answered is Answered.ZMTP for each in answers)
    open_ = sum(not each.decided for each in answers)
    return f"{speak} of {count(len(answers), 'target')} speak ZMTP" + (
        f", {open_} not decided." if open_ else "."
    )
