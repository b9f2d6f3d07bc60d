"""Two versions of a network -> everything that the change between them does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from bulkhead.compare import Cause, CauseKind, Change, ChangeKind, differing, snapshots
from bulkhead.ends import EndpointKind, Label
from bulkhead.network import Flow, Origin, Verdict
from bulkhead.network.traffic import merge, without
from bulkhead.review.called import as_called_now
from bulkhead.review.cost import added
from bulkhead.review.interrupted import interrupted
from bulkhead.review.judged import against_topology
from bulkhead.review.quotas import headroom
from bulkhead.review.renamed import renamed
from bulkhead.review.reviewed import (
    Reason,
    Review,
    ReviewedFlow,
)
from bulkhead.review.said import declared_step
from bulkhead.review.scaled import Scaling
from bulkhead.review.unknown import untold
from bulkhead.review.version import Version

_UNKNOWN_PLACES: Final = (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)
_URGENT: Final = (
    ChangeKind.HALF_BROKEN,
    ChangeKind.OPENED,
    ChangeKind.UNDETERMINED,
    ChangeKind.CLOSED,
    ChangeKind.MENDED,
    ChangeKind.KNOWN,
)


def review(base: Version, head: Version) -> Review:
    """What the change from BASE to HEAD does. Each network is proved once."""
    base = as_called_now(base, head)
    both = snapshots(base.network, head.network)
    delta = differing(both)
    telling = _Telling(base, head, by_place=delta.by_place)
    told = sorted(map(telling.flow, delta.changes), key=_urgency)
    scaling = Scaling(both)
    told = [
        replace(each, scaled=scaling.alike(each.change), partly=scaling.partly(each.change))
        for each in told
    ]
    flows = told if delta.by_place else [*_let_in(told, judged=telling.declares)]
    known = [each for each in flows if not each.past_groups]
    judged = against_topology(both, base, head)
    return Review(
        base=base.label,
        head=head.label,
        flows=tuple(each for each in known if not each.scaled),
        scaled=tuple(each for each in known if each.scaled),
        past_groups=tuple(each for each in flows if each.past_groups),
        replacements=(*interrupted(base, head), *renamed(base, head, flows)),
        findings=judged.findings,
        declared=declared_step(base, head, still_failing=judged.still_failing),
        residue=judged.residue,
        residue_untold=judged.residue_untold,
        headroom=tuple(headroom(base, head)),
        cost=added(base, head),
        untold=tuple(untold(base, head, judged.unknown)),
        appeared=delta.appeared,
        vanished=delta.vanished,
        unchanged=delta.unchanged,
        by_place=delta.by_place,
        notes=(*base.notes, *head.notes),
    )


def _let_in(flows: Collection[ReviewedFlow], *, judged: bool) -> Iterator[ReviewedFlow]:
    """A host's own rules may let in whole subnets, where no host that is known shows it all."""
    shown: dict[tuple[Label, ChangeKind], list[Change]] = defaultdict(list)
    for each in flows:
        if not each.past_groups:
            shown[each.change.destination, each.kind].append(each.change)
    for each in flows:
        change = each.change
        ends = change.source.kind, change.destination.kind
        alone = ends == (EndpointKind.STRANGER, EndpointKind.INTERFACE) and not each.scaled
        if alone and not _covered(change, shown[change.destination, each.kind]):
            yield replace(each, past_groups=False, undeclared=judged)
        else:
            yield each


def _covered(change: Change, several: Iterable[Change]) -> bool:
    """Whether others change the fate of all its ports."""
    theirs = merge(
        ports
        for each in several
        if each.protocol in (None, change.protocol)
        for ports in each.ports
    )
    return all(any(each.covers(ports) for each in theirs) for ports in change.ports)


def _urgency(flow: ReviewedFlow) -> tuple[object, ...]:
    change = flow.change
    reached = flow.untrusted and flow.reached
    return (
        not reached,
        reached and change.after is Verdict.UNDETERMINED,
        reached and change.source.kind is not EndpointKind.INTERNET,
        _URGENT.index(change.kind),
        change.source.name,
        change.to,
        change.traffic,
    )


class _Telling:
    """Says of a change whom it lets in, who asked for it, and where that is written."""

    def __init__(self, base: Version, head: Version, *, by_place: bool) -> None:
        self._base, self._head = base, head
        self._by_place = by_place
        """Then no line says between whom, and nobody asks for ports, or it cannot be told."""
        # What stands is asked for by the plan that it is held against.
        self._asking = {True: head if head.declaration else base, False: base}
        self._asked = {there: _by_ends(each) for there, each in self._asking.items()}

    @property
    def declares(self) -> bool:
        """Whether anybody says what HEAD should let pass."""
        return self._asking[True].declaration is not None

    def flow(self, change: Change) -> ReviewedFlow:
        there = change.kind is not ChangeKind.CLOSED
        version = self._asking[there]
        several = self._asked[there]
        asked = _on_its_ports(change, several) if self._by_place else _meant(change, several)
        declared = None if self._by_place else next(iter(asked), None)
        called = [each.server.ports for each in asked]
        uncalled = any(without(ports, called) for ports in change.ports)
        past_groups = EndpointKind.STRANGER in (change.source.kind, change.destination.kind) or (
            change.destination.kind is EndpointKind.ELSEWHERE
        )
        reasons = tuple(Reason(cause=each, origin=self._origin(each)) for each in change.causes)
        return ReviewedFlow(
            change=change,
            untrusted=self._untrusted(change.source),
            past_groups=past_groups,
            reasons=reasons,
            declared=declared,
            undeclared=uncalled and version.declaration is not None and not past_groups,
            origin=self._written(version, declared, reasons) if declared else None,
        )

    def _written(self, version: Version, flow: Flow, reasons: Sequence[Reason]) -> Origin | None:
        """Where it is declared; where both sides do that, where what changed of it is."""
        ends = flow.client, flow.server.owner
        both = self._base.declaration is not None and self._head.declaration is not None
        if both and all(
            any(each.server.name == flow.server.name for each in asked.get(ends, ()))
            for asked in self._asked.values()
        ):
            alone = all(each.cause.kind is CauseKind.END for each in reasons)
            end = next((each.origin for each in reasons if alone and each.origin), None)
            return end or version.origins.named(flow.server.name)
        return version.origins.flow(flow)

    def _untrusted(self, source: Label) -> bool:
        """A site is trusted where both sides say so: who may trust it anew is asked here."""
        if source.kind is EndpointKind.SITE:
            return not all(map(self._trusted, source.names))
        return source.kind in _UNKNOWN_PLACES

    def _trusted(self, name: str) -> bool:
        both = (each.network.site.get(name) for each in (self._base, self._head))
        known = [each.trusted for each in both if each is not None]
        return bool(known) and all(known)

    def _origin(self, cause: Cause) -> Origin | None:
        version = self._base if cause.gone else self._head
        return version.origins.of(cause.holder, cause.written) if cause.holder else None


_ByEnds = Mapping[tuple[str, str], Sequence[Flow]]


def _by_ends(version: Version) -> _ByEnds:
    """What is declared between a client and the owner of a socket."""
    found: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for each in version.declaration.flows if version.declaration else ():
        found[each.client, each.server.owner].append(each)
    return found


def _meant(change: Change, asked: _ByEnds) -> list[Flow]:
    """Declared flows that a change is about; none where no socket waits at those addresses."""
    if change.socket is None and not change.exposed:
        return []
    return _on_ports(change, asked.get((change.source.name, change.destination.name), ()))


def _on_its_ports(change: Change, asked: _ByEnds) -> list[Flow]:
    """Declared flows on the ports of a change, between whomever."""
    return _on_ports(change, chain.from_iterable(asked.values()))


def _on_ports(change: Change, flows: Iterable[Flow]) -> list[Flow]:
    return [
        each
        for each in flows
        if change.protocol in (None, each.server.protocol)
        and any(each.server.ports.overlap(ports) for ports in change.ports)
    ]
