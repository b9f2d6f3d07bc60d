"""Exactly least privilege: is everything declared open, and nothing else?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.labels import label
from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Explanation
from bulkhead.judge.declared import Declared
from bulkhead.judge.each_layer import acl_layer, group_layers
from bulkhead.judge.findings import Finding, FindingKind, Judgement, rules_of
from bulkhead.judge.undeclared import extras, spoofers
from bulkhead.network import (
    CLIENT_PORTS,
    Expectation,
    Flow,
    Network,
    PortRange,
    Verdict,
    protocol_name,
)
from bulkhead.prove.reach import Reach, prove
from bulkhead.prove.sets.steps import at, bits_of


def judge(
    network: Network,
    flows: Iterable[Flow],
    expectations: Iterable[Expectation] = (),
    client_ports: PortRange = CLIENT_PORTS,
) -> Judgement:
    """Compare what a network lets happen with what was declared."""
    reach = prove(network, client_ports)
    declared = Declared(reach, flows)
    weak_acls, residue = acl_layer(reach, declared)
    open_to_all = extras(reach, declared)
    return Judgement(
        findings=(
            *_missing(reach, declared),
            *open_to_all.findings,
            *spoofers(network),
            *group_layers(reach, declared, open_to_all),
            *weak_acls,
            *_failed(reach, declared, expectations),
        ),
        residue=residue,
        flows=len(declared.flows),
    )


def _missing(reach: Reach, declared: Declared) -> Iterator[Finding]:
    for flow in declared.flows:
        for name in (flow.client, flow.server.owner):
            if not declared.named.get(name):
                yield _finding(
                    FindingKind.MISSING,
                    flow,
                    message=f"{flow}: {name} has no address in this network",
                    why="A declared flow needs both its ends.",
                )
                break
        else:
            yield from _broken(reach, declared, flow)


def _broken(reach: Reach, declared: Declared, flow: Flow) -> Iterator[Finding]:
    server = flow.server
    pairs = _verdicts(
        reach,
        declared.named[flow.client],
        declared.named[server.owner],
        server.protocol,
        server.port,
    )
    failing = [pair for pair in pairs if pair[2] is not Verdict.ALLOWED]
    if not failing:
        return
    source, destination, verdict = min(failing, key=lambda pair: _SEVERITY.index(pair[2]))
    said = _explained(reach, source, destination, server.protocol, server.port)
    how_many = "" if len(failing) == len(pairs) else f" for {len(failing)} of {len(pairs)} pairs"
    if verdict is Verdict.HALF_OPEN:
        how = f"half-open{how_many}: requests arrive, replies are dropped" + (
            f" to client ports {', '.join(map(str, said.lost))}" if said.lost else ""
        )
        why = (
            "No connection ever opens: every reply is dropped."
            if said.lost == (reach.client_ports,)
            else "A connection opens only by luck: by the port that the client happens to use."
        )
    elif verdict is Verdict.DENIED:
        how, why = f"denied{how_many}", "A socket was declared to connect here, and cannot."
    else:
        how = f"undetermined{how_many}"
        why = "Whether the flow works depends on something that is not known or not modelled."
    yield _finding(
        FindingKind.MISSING,
        flow,
        message=f"{flow}: {how}; {_obstacles(said)}",
        why=why,
        said=said,
    )


_SEVERITY = (Verdict.DENIED, Verdict.HALF_OPEN, Verdict.UNDETERMINED, Verdict.ALLOWED)


def _obstacles(said: Explanation) -> str:
    if said.verdict is Verdict.UNDETERMINED:
        hops = [hop for hop in (*said.request, *said.reply) if hop.passes is None]
    else:
        hops = list(said.blocking)
    return "; ".join(map(str, hops))


def _finding(
    kind: FindingKind, flow: Flow, *, message: str, why: str, said: Explanation | None = None
) -> Finding:
    return Finding(
        kind=kind,
        source=f"{flow.client}.{flow.client_socket}",
        destination=flow.server.name,
        protocol=flow.server.protocol,
        ports=(PortRange(flow.server.port, flow.server.port),),
        message=message,
        why=why,
        verdict=said.verdict if said else Verdict.DENIED,
        rules=rules_of(said.blocking) if said else (),
        codes=said.codes if said else (),
    )


def _verdicts(
    reach: Reach, sources: int, destinations: int, protocol: int, port: int
) -> list[tuple[int, int, Verdict]]:
    """Every pair of different hosts, with its verdict."""
    found = []
    for destination in bits_of(destinations):
        end = reach.endpoints[destination]
        masks = reach.masks(destination, reach.protocol(protocol))
        here = tuple(at(steps, port) for steps in (masks.allowed, masks.half_open))
        unsure = at(masks.undetermined, port)
        for source in bits_of(sources):
            other = reach.endpoints[source]
            if (other.kind, other.id) == (end.kind, end.id):
                continue
            verdict = (
                Verdict.ALLOWED
                if here[0] >> source & 1
                else Verdict.HALF_OPEN
                if here[1] >> source & 1
                else Verdict.UNDETERMINED
                if unsure >> source & 1
                else Verdict.DENIED
            )
            found.append((source, destination, verdict))
    return found


def _explained(
    reach: Reach, source: int, destination: int, protocol: int, port: int
) -> Explanation:
    return explain(
        reach.network,
        reach.endpoints[source],
        reach.endpoints[destination],
        protocol,
        port,
        client_ports=reach.client_ports,
    )


def _failed(
    reach: Reach, declared: Declared, expectations: Iterable[Expectation]
) -> Iterator[Finding]:
    internet = sum(
        1 << index
        for index, each in enumerate(reach.endpoints)
        if each.kind is EndpointKind.INTERNET
    )
    for each in expectations:
        server = each.server
        sources = internet if each.client == "internet" else declared.named.get(each.client, 0)
        pairs = _verdicts(
            reach, sources, declared.named.get(server.owner, 0), server.protocol, server.port
        )
        wanted = Verdict.ALLOWED if each.accept else Verdict.DENIED
        word = "accept" if each.accept else "deny"
        what = f"{each.client} -> {server}"
        failing = [pair for pair in pairs if pair[2] is not wanted]
        if pairs and not failing:
            continue
        said = _explained(reach, *failing[0][:2], server.protocol, server.port) if failing else None
        if said is None:
            message = f"{what} should be {wanted}, but one of them has no address here"
        elif each.accept:
            message = f"{what} should be allowed and is {failing[0][2]}: {_obstacles(said)}"
        else:
            source = label(reach.endpoints[failing[0][0]])
            message = f"{what} should be denied and is {failing[0][2]} (from {source})"
        yield Finding(
            kind=FindingKind.EXPECTATION,
            source=each.client,
            destination=server.name,
            protocol=server.protocol,
            ports=(PortRange(server.port, server.port),),
            message=message,
            why=f"The topology's own test says {word} {protocol_name(server.protocol)} "
            f"{server.port}.",
            verdict=failing[0][2] if failing else None,
            rules=rules_of(said.blocking if each.accept else said.request) if said else (),
            codes=said.codes if said else (),
            file=each.file,
            line=each.line,
        )
