"""One packet's way, hop by hop, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.explain import Explanation, Hop
from bulkhead.explain.conditions import Conditions, conditions
from bulkhead.explain.hops import Path
from bulkhead.explain.remedy import Pillar, Remedy, pillars, remedy
from bulkhead.network import Network, Verdict, has_ports, has_types, icmp_name, protocol_name
from bulkhead.network import PortRange as Messages

STYLE = {
    Verdict.ALLOWED: "green",
    Verdict.HALF_OPEN: "yellow",
    Verdict.DENIED: "red",
    Verdict.UNDETERMINED: "magenta",
}
_MARK = {True: ("passes", "green"), False: ("blocks", "red"), None: ("cannot tell", "magenta")}


def print_explanation(
    console: Console, explanation: Explanation, network: Network | None = None
) -> None:
    """The verdict first, then every layer that the request and the reply meet.

    With the network: what would open a cell that is shut; of one that is open,
    what carries it alone and what else it depends on.
    """
    console.print(
        Text.assemble(
            (str(explanation.source), "bold"),
            f" ({_where(explanation.source)}) -> ",
            (str(explanation.destination), "bold"),
            f" ({_where(explanation.destination)})  {_traffic(explanation)}: ",
            (str(explanation.verdict), STYLE[explanation.verdict]),
        )
    )
    if explanation.verdict is Verdict.HALF_OPEN and explanation.lost:
        ports = ", ".join(map(str, explanation.lost))
        console.print(f"  no reply returns to client ports {ports}")
    _hops(console, "request", explanation.request)
    way_back = f"reply to client port {explanation.client_port}"
    if explanation.reply:
        _hops(console, way_back if has_ports(explanation.protocol) else "reply", explanation.reply)
    if len(explanation.paths) > 1:
        console.print(Text(f"  one of {len(explanation.paths)} ways it may take", "dim"))
    if network is not None:
        for title, lines in _more(network, explanation):
            console.print(Text(f"  {title}", "dim"))
            for line in lines:
                console.print(Text(f"    {line}"))


def explanation_details(network: Network, explanation: Explanation) -> dict[str, Any]:
    """The same beside the hops, for JSON: paths, remedy, pillars, conditions."""
    said = conditions(network, explanation)
    return {
        "paths": [_path(each) for each in explanation.paths],
        "remedy": _remedy(remedy(network, explanation)),
        "carried_alone_by": [_pillar(each) for each in pillars(network, explanation)],
        "conditions": None if said is None else _conditions(said),
    }


def hop_details(hop: Hop) -> dict[str, Any]:
    """What a hop says beside its rules: all its codes, and the addresses it gives."""
    return {
        "codes": [str(each) for each in hop.codes],
        "source_becomes": None if hop.source is None else str(hop.source),
        "destination_becomes": None if hop.destination is None else str(hop.destination),
    }


# For people


def _traffic(explanation: Explanation) -> str:
    name, port = protocol_name(explanation.protocol), explanation.port
    if has_ports(explanation.protocol):
        return f"{name} {port}"
    if has_types(explanation.protocol):
        return f"{name} {icmp_name(Messages(port, port))}"
    return name


def _where(endpoint: Endpoint) -> str:
    """The address of a host, the prefix of a class of hosts."""
    known = endpoint.kind in (EndpointKind.INTERFACE, EndpointKind.NOWHERE)
    return str(endpoint.address if known else endpoint.prefix)


def _hops(console: Console, title: str, hops: Iterable[Hop]) -> None:
    console.print(Text(f"  {title}", "dim"))
    for hop in hops:
        word, style = _MARK[hop.passes]
        where = f"{hop.layer} {hop.name}".rstrip()
        line = Text.assemble("    ", (f"{word:<11}", style), where)
        details = "; ".join(filter(None, ("; ".join(hop.rules) or hop.why, hop.changes)))
        if details:
            line.append(f": {details}")
        if hop.codes:
            line.append(f"  [{', '.join(hop.codes)}]", "dim")
        console.print(line)


def _more(network: Network, explanation: Explanation) -> Iterator[tuple[str, list[str]]]:
    found = remedy(network, explanation)
    if found is not None and found.opens:
        yield "to open it", [each.text for each in found.changes]
    elif found is not None:
        yield "no change of rules and routes opens it", list(found.obstacles)
    alone = pillars(network, explanation)
    if alone:
        yield (
            "carried alone by",
            [f"{each.layer} of {each.component}: {each.rule} (else {each.then})" for each in alone],
        )
    said = conditions(network, explanation)
    if said is not None:
        yield "as long as it lasts", list(_lasting(said))


def _lasting(said: Conditions) -> Iterator[str]:
    if said.survival.seconds is None:
        yield f"idle: {said.survival.advice}"
    else:
        first = min(said.survival.timeouts, key=lambda each: each.seconds)
        yield f"idle: forgotten after {first.seconds} s by {first.where}; {said.survival.advice}"
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


# For programs


def _path(path: Path) -> dict[str, Any]:
    return {
        "request": [str(hop) for hop in path.request],
        "reply": [str(hop) for hop in path.reply],
        "passes": path.passes,
        "returns": path.returns,
    }


def _remedy(found: Remedy | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "opens": found.opens,
        "changes": [
            {"kind": each.kind, "component": each.component, "change": each.text}
            for each in found.changes
        ],
        "obstacles": list(found.obstacles),
    }


def _pillar(pillar: Pillar) -> dict[str, Any]:
    return {
        "layer": str(pillar.layer),
        "component": pillar.component,
        "rule": pillar.rule,
        "reply": pillar.reply,
        "then": str(pillar.then),
    }


def _conditions(said: Conditions) -> dict[str, Any]:
    return {
        "idle": {
            "seconds": said.survival.seconds,
            "advice": said.survival.advice,
            "timeouts": [
                {"where": each.where, "seconds": each.seconds, "page": each.page}
                for each in said.survival.timeouts
            ],
        },
        "quarantine": [
            {"end": each.end, "at_once": each.at_once, "why": each.why, "page": each.page}
            for each in said.cut.quarantines
        ],
        "cut_at_once_by_nacls": list(said.cut.nacls),
        "encrypted_on_every_untrusted_hop": said.secrecy.encrypted,
        "stretches": [
            {
                "where": each.where,
                "untrusted": each.untrusted,
                "encrypted": each.encrypted,
                "why": each.why,
                "page": each.page,
            }
            for each in said.secrecy.stretches
        ],
    }
