"""Why one cell differs: the same packet explained in both networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bulkhead.compare.causes import Books, causes, end_cause
from bulkhead.compare.cells import Sample
from bulkhead.compare.delta import Cause, Effect
from bulkhead.compare.established import effect
from bulkhead.compare.pairing import Lineup
from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Explanation
from bulkhead.network import PortRange, Verdict
from bulkhead.prove.reach import Reach


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Two proofs, which end of one is which of the other, and what their rules say."""

    before: Reach
    after: Reach
    lineup: Lineup
    books: Books


@dataclass(frozen=True, slots=True)
class Told:
    """Why a cell differs, what its established connections suffer, and replies lost now."""

    causes: tuple[Cause, ...]
    effect: Effect | None
    lost: tuple[PortRange, ...]


def told(both: Snapshots, sample: Sample, after: Verdict) -> Told:
    """Explain one cell, at the first of its ports; `after` is its verdict in the second network."""
    was = _explained(both, sample, new=False)
    now = _explained(both, sample, new=True)
    lost = now.lost if now and after is Verdict.HALF_OPEN else ()
    if was and now and (was.lost or now.lost):
        # One and the same client port on both sides: the first whose reply is lost.
        first = (now.lost or was.lost)[0].first
        was = _explained(both, sample, new=False, client_port=first)
        now = _explained(both, sample, new=True, client_port=first)
    return Told(
        causes=(*_one_sided(both, sample), *causes(both.books, was, now)),
        effect=effect(both.books[0], was, now) if was else None,
        lost=lost,
    )


def _explained(
    both: Snapshots, sample: Sample, *, new: bool, client_port: int | None = None
) -> Explanation | None:
    """None where the network does not have both ends."""
    reach = both.after if new else both.before
    source, destination = (
        pair.after if new else pair.before
        for pair in (both.lineup.pairs[sample.source], both.lineup.pairs[sample.destination])
    )
    if source is None or destination is None:
        return None
    pinned = None if client_port is None else PortRange(client_port, client_port)
    return explain(
        reach.network,
        reach.endpoints[source],
        reach.endpoints[destination],
        sample.protocol,
        sample.ports.first,
        client_ports=pinned,
    )


def _one_sided(both: Snapshots, sample: Sample) -> Iterator[Cause]:
    for place in (sample.source, sample.destination):
        pair = both.lineup.pairs[place]
        if pair.before is None or pair.after is None:
            yield end_cause(both.lineup.ends[place], new=pair.before is None)
