"""The topology's own tests, asked of this network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.labels import label
from bulkhead.judge.declared import Declared
from bulkhead.judge.findings import Finding, FindingKind, rules_of
from bulkhead.judge.host_pairs import host_pairs, obstacles
from bulkhead.network import Expectation, Verdict
from bulkhead.network.traffic import traffic
from bulkhead.prove.reach import Reach


def failed(
    reach: Reach, declared: Declared, expectations: Iterable[Expectation]
) -> Iterator[Finding]:
    """Every test that does not hold, or whose ends are not there."""
    internet = sum(
        1 << index
        for index, each in enumerate(reach.endpoints)
        if each.kind is EndpointKind.INTERNET
    )
    for each in expectations:
        server = each.server
        ports = (server.ports,)
        clients = internet if each.client == "internet" else declared.named.get(each.client, 0)
        servers = declared.at(server)
        asked = host_pairs(reach, clients, servers, server.protocol, server.ports)
        wanted = Verdict.ALLOWED if each.accept else Verdict.DENIED
        failing = [pair for pair in asked if pair.verdict is not wanted]
        if asked and not failing:
            continue
        word = "accept" if each.accept else "deny"
        what = f"{each.client} -> {server}"
        first = failing[0] if failing else None
        where = (
            f" on {traffic(server.protocol, first.ports)}" if first and first.ports != ports else ""
        )
        said = first.explained(reach) if first else None
        if first is None or said is None:
            message = f"{what} should be {wanted}, but one of them has no address here"
        elif each.accept:
            message = f"{what} should be allowed and is {first.verdict}{where}: {obstacles(said)}"
        else:
            message = (
                f"{what} should be denied and is {first.verdict}{where} (from {label(said.source)})"
            )
        yield Finding(
            kind=FindingKind.EXPECTATION,
            source=each.client,
            destination=server.name,
            protocol=server.protocol,
            ports=ports,
            message=message,
            why=f"The topology's own test says {word} {traffic(server.protocol, ports)}.",
            verdict=first.verdict if first else None,
            rules=rules_of(said.blocking if each.accept else said.request) if said else (),
            codes=said.codes if said else (),
            file=each.file,
            line=each.line,
            revision=each.revision,
        )
