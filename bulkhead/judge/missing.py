"""Declared flows that do not work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.ends.classes import any_port
from bulkhead.explain.hops import Explanation
from bulkhead.judge.declared import Declared
from bulkhead.judge.findings import Finding, FindingKind, rules_of
from bulkhead.judge.host_pairs import host_pairs, obstacles
from bulkhead.judge.lines import TopologyLines
from bulkhead.network import Flow, Verdict
from bulkhead.network.traffic import merge, traffic
from bulkhead.prove.reach import Reach

_SEVERITY: Final = (Verdict.DENIED, Verdict.HALF_OPEN, Verdict.UNDETERMINED)


def missing(reach: Reach, declared: Declared, lines: TopologyLines) -> Iterator[Finding]:
    """Every flow that some client cannot use, with what is in its way."""
    for flow in declared.flows:
        absent = [each for each in (flow.client, flow.server.owner) if not declared.named.get(each)]
        nowhere: list[tuple[str, object]] = []
        if not declared.at(flow.server):
            nowhere.append((flow.server.owner, flow.server.address))
        if not declared.clients(flow):
            nowhere += [(flow.client, each) for each in flow.clients_at]
        if absent or nowhere:
            why = (
                f"{absent[0]} has no address in this network"
                if absent
                else f"{nowhere[0][1]} is no address of {nowhere[0][0]} in this network"
            )
            found = _finding(
                flow,
                message=f"{flow}: {why}",
                why="A declared flow needs both its ends.",
            )
            yield found.at(lines.flow(flow))
        else:
            for broken in _broken(reach, declared, flow):
                yield broken.at(lines.flow(flow))


def _broken(reach: Reach, declared: Declared, flow: Flow) -> Iterator[Finding]:
    server = flow.server
    asked = host_pairs(
        reach,
        (declared.clients(flow), declared.at(server)),
        server.protocol,
        server.ports,
    )
    failing = [pair for pair in asked if pair.verdict is not Verdict.ALLOWED]
    if not failing:
        return
    worst = min(failing, key=lambda pair: _SEVERITY.index(pair.verdict))
    said = worst.explained(reach)
    broken, every = (
        {(each.source, each.destination) for each in some} for some in (failing, asked)
    )
    how_many = "" if len(broken) == len(every) else f" for {len(broken)} of {len(every)} pairs"
    ports = merge(some for pair in failing for some in pair.ports)
    if ports != (server.ports,):
        how_many += f" on {traffic(server.protocol, ports)}"
    if worst.verdict is Verdict.HALF_OPEN:
        how = f"half-open{how_many}: requests arrive, replies are dropped" + (
            f" to client ports {', '.join(map(str, said.lost))}" if said.lost else ""
        )
        why = (
            "No connection ever opens: every reply is dropped."
            if said.lost == (said.client_ports,)
            else "A connection opens only by luck: by the port that the client happens to use."
        )
        if guessed := any_port(said.source):
            why += f" {guessed}."
    elif worst.verdict is Verdict.DENIED:
        how, why = f"denied{how_many}", "A socket was declared to connect here, and cannot."
    else:
        how = f"undetermined{how_many}"
        why = "Whether the flow works depends on something that is not known or not modelled."
    yield _finding(flow, message=f"{flow}: {how}; {obstacles(said)}", why=why, said=said)


def _finding(flow: Flow, *, message: str, why: str, said: Explanation | None = None) -> Finding:
    return Finding(
        kind=FindingKind.MISSING,
        source=flow.client_name,
        destination=flow.server.name,
        protocol=flow.server.protocol,
        ports=(flow.server.ports,),
        message=message,
        why=why,
        verdict=said.verdict if said else Verdict.DENIED,
        rules=rules_of(said.blocking) if said else (),
        codes=said.codes if said else (),
    )
