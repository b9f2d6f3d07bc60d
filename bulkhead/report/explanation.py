"""One packet's way, hop by hop, for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from bulkhead.network import Verdict, has_ports, protocol_name
from bulkhead.prove import Endpoint, EndpointKind, Explanation, Hop

STYLE = {
    Verdict.ALLOWED: "green",
    Verdict.HALF_OPEN: "yellow",
    Verdict.DENIED: "red",
    Verdict.UNDETERMINED: "magenta",
}
_MARK = {True: ("passes", "green"), False: ("blocks", "red"), None: ("cannot tell", "magenta")}


def print_explanation(console: Console, explanation: Explanation) -> None:
    """The verdict first, then every layer that the request and the reply meet."""
    traffic = protocol_name(explanation.protocol)
    if has_ports(explanation.protocol):
        traffic += f" {explanation.port}"
    console.print(
        Text.assemble(
            (str(explanation.source), "bold"),
            f" ({_where(explanation.source)}) -> ",
            (str(explanation.destination), "bold"),
            f" ({_where(explanation.destination)})  {traffic}: ",
            (str(explanation.verdict), STYLE[explanation.verdict]),
        )
    )
    if explanation.verdict is Verdict.HALF_OPEN and explanation.lost:
        ports = ", ".join(map(str, explanation.lost))
        console.print(f"  no reply returns to client ports {ports}")
    _hops(console, "request", explanation.request)
    way_back = f"reply to client port {explanation.client_port}"
    _hops(console, way_back if has_ports(explanation.protocol) else "reply", explanation.reply)


def _where(endpoint: Endpoint) -> str:
    """The address of a host, the prefix of a class of hosts."""
    known = endpoint.kind is EndpointKind.INTERFACE
    return str(endpoint.address if known else endpoint.prefix)


def _hops(console: Console, title: str, hops: Iterable[Hop]) -> None:
    console.print(Text(f"  {title}", "dim"))
    for hop in hops:
        word, style = _MARK[hop.passes]
        where = f"{hop.layer} {hop.name}".rstrip()
        line = Text.assemble("    ", (f"{word:<11}", style), where)
        details = "; ".join(hop.rules) or hop.why
        if details:
            line.append(f": {details}")
        if hop.code:
            line.append(f"  [{hop.code}]", "dim")
        console.print(line)
