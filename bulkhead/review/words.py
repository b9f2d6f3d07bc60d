"""What people say otherwise of the parts of a topology: purposes, owners, data, reasons, days.

And of what no packet depends on: how many copies run at least, on which type of instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from bulkhead.network import Origin, Spoken, SpokenOf
from bulkhead.network.encryption import control_of
from bulkhead.network.public_access import access_block_of
from bulkhead.review.reviewed import WordStep
from bulkhead.review.version import Version

_Key = tuple[Spoken, str]


def word_steps(base: Version, head: Version) -> Iterator[WordStep]:
    """Per segment, service, site, socket and flow, in the order of the topology.

    Of what is on one side alone its purpose is told, and no more: its flows are. An owner, or
    what data is classified as, that a service has from its segment is told of the segment.
    """
    before, after = _by_name(base), _by_name(head)
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        kind, name = key
        origin = _origin(head, key) if now else _origin(base, key)
        step = partial(WordStep, kind=kind, name=name, origin=origin)
        if kind in ("socket", "flow"):
            if was and now and was.purpose != now.purpose:
                yield step(what="why", before=was.purpose, after=now.purpose)
        elif _purpose(was) != _purpose(now):
            yield step(
                what="recorded" if kind == "topology" else "purpose",
                before=was.purpose if was else None,
                after=now.purpose if now else None,
            )
        if was and now:
            if was.owner != now.owner and not _told_above(was.inherited, now.inherited):
                yield step(what="owner", before=was.owner, after=now.owner)
            if was.until != now.until:
                yield step(what="until", before=was.until, after=now.until)
            if was.data != now.data and not _told_above(was.classified, now.classified):
                yield step(what="data", before=was.data, after=now.data)
            for what in dict.fromkeys((*was.setup, *now.setup)):
                before_it, after_it = was.setup.get(what, ""), now.setup.get(what, "")
                if before_it != after_it:
                    of_it = _of_setup(head if after_it else base, key, what) or origin
                    yield step(what=what, before=before_it, after=after_it, origin=of_it)


def _by_name(version: Version) -> Mapping[_Key, SpokenOf]:
    return {(each.kind, each.name): each for each in version.words}


def _purpose(words: SpokenOf | None) -> str:
    return words.purpose if words else ""


def _told_above(was: str, now: str) -> bool:
    """Whether it is what one segment says on both sides, of which it is told there."""
    return bool(was) and was == now


def _of_setup(version: Version, key: _Key, what: str) -> Origin | None:
    """Of the topology each has a line of its own; of all else what it is about."""
    kind, name = key
    if kind != "topology":
        return None
    own = {
        "dns": f"zone/{name}",
        "vpc-encryption": control_of(f"vpc/{name}"),
        "block-public-access": access_block_of(f"vpc/{name}"),
        "vpcs": f"vpcs/{name}",
        "joins": f"joins/{name}",
    }
    return version.origins.things.get(own[what])


def _origin(version: Version, key: _Key) -> Origin | None:
    kind, name = key
    if kind == "topology":
        return version.origins.things.get(f"flow-log/{name}")
    if kind == "vpc":
        return version.origins.things.get(f"vpc/{name}")
    known = version.origins.segments if kind == "segment" else version.origins.owners
    return known.get(name)
