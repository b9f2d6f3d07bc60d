"""Prover and twin side by side, cell by cell. Where they differ, one of them is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bulkhead.ends import Endpoint, EndpointKind
from bulkhead.network import PortRange, Verdict
from bulkhead.prove import Reach
from bulkhead.prove.sets.by_port import bits_of
from bulkhead.twin import Drill, Measurement, Party, PartyKind, Probe, Unavailable

MOST_WITNESSES = 200
"""Half-open cells that are tried again with a source port of our choice."""

_KINDS = {
    PartyKind.INTERFACE: EndpointKind.INTERFACE,
    PartyKind.STRANGER: EndpointKind.STRANGER,
    PartyKind.SITE: EndpointKind.SITE,
    PartyKind.INTERNET: EndpointKind.INTERNET,
}

Prober = Callable[[Sequence[Probe]], Sequence[Measurement]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """What the twin did, and what was proved of it."""

    measurement: Measurement
    proved: Verdict

    def __str__(self) -> str:
        return f"proved {self.proved}, measured {self.measurement}"


class Fit(StrEnum):
    """What a comparison comes to."""

    AS_PROVED = "as proved"
    NOT_AS_PROVED = "not as proved"
    NOT_DRILLED = "proved, not drilled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How measurements and proof fit. Without a drill, `reason` says why there is none.

    `agreed`, `undetermined` count measurements: as proved, and of cells that the
    proof leaves open. `witnesses` are the half-open cells that were tried again. `by_proof_alone`:
    how many pairs of ends there are over IPv6, which no twin speaks: of those nothing was tried.
    """

    agreed: int = 0
    disagreements: tuple[Disagreement, ...] = ()
    undetermined: int = 0
    drill: Drill | None = None
    witnesses: int = 0
    by_proof_alone: int = 0
    reason: str = ""

    @property
    def fit(self) -> Fit:
        if self.drill is None:
            return Fit.NOT_DRILLED
        return Fit.NOT_AS_PROVED if self.disagreements else Fit.AS_PROVED

    @property
    def ok(self) -> bool:
        """Nothing that was measured contradicts the proof."""
        return self.fit is not Fit.NOT_AS_PROVED


def hold(drilled: Drill | Unavailable, reach: Reach, probe: Prober | None = None) -> Comparison:
    """Hold every measurement against the proof.

    A half-open cell works from some source ports only; with `probe`, each is
    tried again from a port whose reply is lost, and from one whose reply returns.
    """
    if isinstance(drilled, Unavailable):
        return Comparison(reason=str(drilled))
    parties = Parties(reach)
    pinned = _witnesses(parties, drilled) if probe else []
    tried = probe([each for each, _ in pinned]) if probe and pinned else ()
    disagreements = [
        Disagreement(measurement=each, proved=Verdict.HALF_OPEN)
        for each, (_, allowed) in zip(tried, pinned, strict=True)
        if each.allowed is not allowed
    ]
    agreed = len(tried) - len(disagreements)
    undetermined = 0
    for each in drilled.measurements:
        proved = parties.verdict(each)
        if proved is Verdict.UNDETERMINED:
            undetermined += 1
        elif each.allowed in _possible(parties, each, proved):
            agreed += 1
        else:
            disagreements.append(Disagreement(measurement=each, proved=proved))
    return Comparison(
        agreed=agreed,
        disagreements=tuple(disagreements),
        undetermined=undetermined,
        drill=drilled,
        witnesses=len(tried),
        by_proof_alone=_over_ipv6(reach),
    )


def _over_ipv6(reach: Reach) -> int:
    """Pairs of ends over IPv6, less those that nobody knows to be anywhere."""
    ends = reach.endpoints
    somewhere = sum(
        1 << index for index, each in enumerate(ends) if each.kind is not EndpointKind.ELSEWHERE
    )
    among = reach.survey.ipv6 & somewhere
    return sum((reach.senders(index) & among).bit_count() for index in bits_of(among))


class Parties:
    """Which class of the proof a party of the twin belongs to."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._found: dict[tuple[PartyKind, str, object], Endpoint] = {}

    def endpoint(self, party: Party) -> Endpoint:
        key = (party.kind, party.id, party.address)
        if key not in self._found:
            self._found[key] = self._look_up(party)
        return self._found[key]

    def _look_up(self, party: Party) -> Endpoint:
        for each in self.reach.endpoints:
            if (
                each.kind is _KINDS[party.kind]
                and party.address in each
                and (each.kind is EndpointKind.INTERNET or each.id == party.id)
            ):
                return each
        # A public address is the interface's own, translated at the gateway.
        for each in self.reach.endpoints:
            if each.kind is EndpointKind.INTERFACE and each.id == party.id:
                return each
        raise LookupError(f"the proof knows no {party.kind} {party}")

    def verdict(self, measurement: Measurement) -> Verdict:
        return self.reach.verdict(
            self.endpoint(measurement.source),
            self.endpoint(measurement.target),
            measurement.protocol,
            measurement.port,
        )

    def lost(self, measurement: Measurement) -> tuple[PortRange, ...]:
        return self.reach.lost(
            self.endpoint(measurement.source),
            self.endpoint(measurement.target),
            measurement.protocol,
        )


def _possible(parties: Parties, measurement: Measurement, proved: Verdict) -> frozenset[bool]:
    if proved is not Verdict.HALF_OPEN:
        return frozenset({proved is Verdict.ALLOWED})
    client_ports = parties.endpoint(measurement.source).client_ports
    returning = _returning(parties.lost(measurement), client_ports)
    return frozenset({False}) if returning is None else frozenset({False, True})


def _returning(lost: Sequence[PortRange], client_ports: PortRange) -> int | None:
    """The first client port whose reply returns."""
    port = client_ports.first
    for each in sorted(lost):
        if port in each:
            port = each.last + 1
    return port if port in client_ports else None


def _witnesses(parties: Parties, drill: Drill) -> list[tuple[Probe, bool]]:
    """Probes of half-open cells from chosen source ports, and whether each must get through."""
    found: list[tuple[Probe, bool]] = []
    for each in drill.measurements:
        if parties.verdict(each) is not Verdict.HALF_OPEN or len(found) >= MOST_WITNESSES:
            continue
        lost = parties.lost(each)
        returning = _returning(lost, parties.endpoint(each.source).client_ports)
        ports = [(lost[0].first, False)] if lost else []
        if returning is not None:
            ports.append((returning, True))
        found += [
            (
                Probe(
                    source=_name(each.source),
                    destination=each.target.address,
                    port=each.port,
                    source_port=port,
                ),
                allowed,
            )
            for port, allowed in ports
        ]
    return found


def _name(party: Party) -> str:
    match party.kind:
        case PartyKind.STRANGER:
            return f"stranger@{party.id}"
        case PartyKind.SITE:  # of which there may be several, each at an address
            return f"{party.name}@{party.address}"
    return party.id
