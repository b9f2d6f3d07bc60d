"""What sites may send each other by way of AWS: no flow of a VPC, and nobody declared it."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.labels import label
from bulkhead.explain.explain import explain
from bulkhead.judge.findings import Finding, FindingKind, Residue, ResidueKind, rules_of
from bulkhead.judge.lines import TopologyLines
from bulkhead.judge.undeclared import Gathering, Passed, doubts_of
from bulkhead.network import ALL_PORTS, ANY_PROTOCOL, Declaration, Network, Verdict
from bulkhead.network.traffic import traffic
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of, combine, minus, ranges

_Pairs = dict[tuple[str, str], Passed]


def between_sites(
    reach: Reach, declaration: Declaration, lines: TopologyLines
) -> tuple[tuple[Finding, ...], tuple[Residue, ...]]:
    """Of each pair of sites one of which is declared: what certainly passes, and what may.

    Two that end at one VPN gateway may reach each other through it, and nothing here can close
    that: it is residue (docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html).
    """
    ours = {each.name for each in (declaration.planned or reach.network).sites}
    certain, doubtful = _passing(reach, ours)
    relayed = {pair for pair in doubtful if _share_a_gateway(reach.network, pair)}
    findings = (
        *_findings(reach, certain, lines, FindingKind.EXTRA),
        *_findings(
            reach,
            {pair: some for pair, some in doubtful.items() if pair not in relayed},
            lines,
            FindingKind.UNDETERMINED,
        ),
    )
    residue = (
        Residue(
            source=source,
            destination=to,
            protocol=ANY_PROTOCOL if protocol is None else protocol,
            ports=ports,
            kind=ResidueKind.RELAYED,
        )
        for source, to in relayed
        for protocol, several in doubtful[source, to].passing
        for ports in several or (ALL_PORTS,)
    )
    return findings, tuple(sorted(residue))


def _passing(reach: Reach, ours: set[str]) -> tuple[_Pairs, _Pairs]:
    """By the names of both: what is sure to arrive, and what nobody knows of."""
    certain: Gathering[str] = Gathering()
    doubtful: Gathering[str] = Gathering()
    names = {
        index: label(each)
        for index, each in enumerate(reach.endpoints)
        if each.kind is EndpointKind.SITE
    }
    sites = sum(1 << index for index in names)
    declared = sum(1 << index for index, name in names.items() if name in ours)
    for to, name in names.items():
        asked = (sites if name in ours else declared) & reach.concerned(to)
        for protocol in reach.protocols:
            surely = reach.surely.requests(to, protocol)
            may = minus(reach.possibly.requests(to, protocol), surely, asked)
            arrives = combine(surely, ((0, asked),), int.__and__)
            for into, steps in ((certain, arrives), (doubtful, may)):
                for ports, bits in ranges(steps):
                    for source in bits_of(bits):
                        if names[source] != name:
                            into.add((names[source], name), protocol, ports, (source, to))
    return certain.folded(reach.protocols), doubtful.folded(reach.protocols)


def _share_a_gateway(network: Network, pair: tuple[str, str]) -> bool:
    one, other = (
        {each.vpn_gateway for each in network.connections_to(site) if each.available}
        for site in pair
    )
    return bool((one & other) - {""})


def _findings(
    reach: Reach, found: _Pairs, lines: TopologyLines, kind: FindingKind
) -> Iterator[Finding]:
    certain = kind is FindingKind.EXTRA
    for (source, to), (passing, example, _) in sorted(found.items()):
        ends = reach.endpoints[example[0]], reach.endpoints[example[1]]
        said = explain(reach.network, *ends, *example[2:])
        for protocol, ports in passing:
            finding = Finding(
                kind=kind,
                source=source,
                destination=to,
                protocol=protocol,
                ports=ports,
                message=f"{source} {'can' if certain else 'may'} reach {to} on "
                f"{traffic(protocol, ports)}; nobody declared it",
                why="Whoever takes over one site gets on to the other."
                if certain
                else doubts_of(said.request),
                verdict=said.verdict if certain else Verdict.UNDETERMINED,
                rules=rules_of(said.request),
            )
            yield finding.at(lines.ends((), *reversed(ends)))
