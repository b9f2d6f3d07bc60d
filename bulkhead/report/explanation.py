"""One packet's way, hop by hop, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from bulkhead.ends import Endpoint, EndpointKind, any_port
from bulkhead.explain import Answer, Explanation, Hop
from bulkhead.explain.conditions import Conditions
from bulkhead.network import PortRange, Verdict, has_ports
from bulkhead.network.traffic import traffic
from bulkhead.report.edits import obstacles, words

STYLE = {
    Verdict.ALLOWED: "green",
    Verdict.HALF_OPEN: "yellow",
    Verdict.DENIED: "red",
    Verdict.UNDETERMINED: "magenta",
}
_MARK = {True: ("passes", "green"), False: ("blocks", "red"), None: ("cannot tell", "magenta")}


def distinct(explanations: Iterable[Explanation]) -> list[Explanation]:
    """One of those that read the same: replicas share their rules."""
    seen: dict[object, Explanation] = {}
    for each in explanations:
        said = tuple(
            (hop.layer, hop.passes, tuple(ref.text for ref in hop.rules), hop.why)
            for hop in (*each.request, *each.reply)
        )
        seen.setdefault((each.protocol, each.port, each.verdict, said), each)
    return list(seen.values())


def print_answer(console: Console, answer: Answer) -> None:
    """The explanation; then what would open it, or what carries it alone and it depends on."""
    print_explanation(console, answer.explanation)
    for title, lines in _more(answer):
        console.print(Text(f"  {title}", "dim"))
        for line in lines:
            console.print(Text(f"    {line}"))


def print_explanation(console: Console, explanation: Explanation) -> None:
    """The verdict first, then every layer that the request and the reply meet."""
    console.print(
        Text.assemble(
            *_end(explanation.source),
            " -> ",
            *_end(explanation.destination),
            f"  {_traffic(explanation)}: ",
            (str(explanation.verdict), STYLE[explanation.verdict]),
        )
    )
    if explanation.verdict is Verdict.HALF_OPEN and explanation.lost:
        lost = ", ".join(map(str, explanation.lost))
        console.print(f"  no reply returns to client ports {lost}")
        if said := any_port(explanation.source):
            console.print(Text(f"  {said}", "dim"))
    if explanation.legs:
        _legs(console, explanation.legs)
    else:
        _there_and_back(console, explanation)


def _legs(console: Console, legs: Sequence[Explanation]) -> None:
    """Out to the internet and in again, each leg with its own reply."""
    for leg in legs:
        ends = Text.assemble("  ", *_end(leg.source), " -> ", *_end(leg.destination), ": ")
        console.print(ends.append(str(leg.verdict), STYLE[leg.verdict]))
        _there_and_back(console, leg, indent="  ")


def _there_and_back(console: Console, explanation: Explanation, indent: str = "") -> None:
    _hops(console, f"{indent}request", explanation.request, indent)
    way_back = f"reply to client port {explanation.client_port}"
    if explanation.reply:
        title = way_back if has_ports(explanation.protocol) else "reply"
        _hops(console, f"{indent}{title}", explanation.reply, indent)
    if len(explanation.paths) > 1:
        console.print(Text(f"{indent}  one of {len(explanation.paths)} ways it may take", "dim"))


def _traffic(explanation: Explanation) -> str:
    return traffic(explanation.protocol, (PortRange(explanation.port, explanation.port),))


def _end(endpoint: Endpoint) -> tuple[tuple[str, str], str]:
    """A host with its address, a class with its prefix, and what was asked of one as asked."""
    known = endpoint.kind in (EndpointKind.INTERFACE, EndpointKind.NOWHERE)
    where = str(endpoint.address if known else endpoint.prefix)
    if endpoint.part and (endpoint.whole is not None or endpoint.external):
        where = endpoint.part
    name = endpoint.thing if endpoint.part == where else endpoint.name
    return (name, "bold"), f" ({where})"


def _hops(console: Console, title: str, hops: Iterable[Hop], indent: str = "") -> None:
    console.print(Text(f"  {title}", "dim"))
    for hop in hops:
        word, style = _MARK[hop.passes]
        where = f"{hop.layer} {hop.name}" if hop.name else str(hop.layer)
        line = Text.assemble(f"{indent}    ", (f"{word:<9}", style), "  ", where)
        if hop.details:
            line.append(f": {hop.details}")
        if hop.codes:
            line.append(f"  [{', '.join(hop.codes)}]", "dim")
        console.print(line)


def _more(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    remedy = answer.remedy
    if remedy is not None and remedy.opens:
        yield "to open it", [words(each) for each in remedy.changes]
    elif remedy is not None:
        yield "no change of rules and routes opens it", obstacles(remedy)
    if answer.pillars:
        alone = [
            f"{each.layer} of {each.name}: {each.rule.text} (else {each.then})"
            for each in answer.pillars
        ]
        yield "carried alone by", alone
    if answer.conditions is not None:
        yield "as long as it lasts", list(_lasting(answer.conditions))


def _lasting(said: Conditions) -> Iterator[str]:
    if (first := said.survival.first) is None:
        yield f"idle: {said.survival.advice}"
    else:
        why = f" ({first.why})" if first.why else ""
        forgotten = f"forgotten after {first.seconds} s by {first.where}{why}"
        yield f"idle: {forgotten}; {said.survival.advice}"
    for each in said.cut.quarantines:
        when = "at once" if each.at_once else "not at once"
        yield f"quarantine of {each.end} cuts it {when}: {each.why}"
    if said.cut.nacls:
        yield f"a deny in NACL {' or '.join(said.cut.nacls)} cuts it at once"
    else:
        yield "no NACL stands between the two: only the hosts can cut it at once"
    for stretch in said.secrecy.stretches:
        word = {True: "encrypted", False: "not encrypted", None: "unknown"}[stretch.encrypted]
        yield f"{stretch.where}: {word}: {stretch.why}"
    if not said.secrecy.stretches:
        yield "it crosses nothing but the network of AWS in one Region"
