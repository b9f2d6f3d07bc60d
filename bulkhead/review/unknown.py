"""What HEAD leaves open and BASE did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulkhead.network import DUMP_FILE
from bulkhead.review.reviewed import Untold
from bulkhead.review.version import Version


def untold(base: Version, head: Version, judged: Iterable[str]) -> Iterator[Untold]:
    """What is not modelled, what runs interfaces that are not listed, what a judge did not see.

    `judged`: parts of the plan of which it is not known how they are, in words.
    """
    known = {(each.kind, each.id) for each in base.network.unmodelled}
    for each in head.network.unmodelled:
        # A file of a dump that is passed over holds nothing that anybody reads.
        if (each.kind, each.id) not in known and each.kind != DUMP_FILE:
            known.add((each.kind, each.id))
            origin = head.origins.of(each.scope) or head.origins.of(each.id)
            yield Untold(kind=each.kind, name=each.id, why=each.why, origin=origin)
    parts = tuple(judged)
    for what in parts:
        yield Untold(kind="part of the plan", name="", why=f"it is not known: {what}")
    listed = {(each.kind, each.name) for each in base.network.unlisted_runners}
    for runner in () if parts else head.network.unlisted_runners:
        if (runner.kind, runner.name) not in listed:
            why = f"what its interfaces reach: {runner.why}"
            yield Untold(kind=runner.kind, name=runner.name, why=why)
