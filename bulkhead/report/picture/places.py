"""A picture of what is open between whole places, where the hosts in them are too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.agree import Status
from bulkhead.ends import EndpointKind
from bulkhead.network import Network, Verdict
from bulkhead.network.traffic import listed
from bulkhead.prove.overview import Crossing, Overview
from bulkhead.report.picture.scene import Frame, Group, Net, Node, NodeKind, Scale, Scene, Tap
from bulkhead.report.unmodelled import nothing_reached
from bulkhead.report.words import count

_MOST_RANGES: Final = 2
_STATUS: Final = {
    Verdict.ALLOWED: Status.OPEN,
    Verdict.HALF_OPEN: Status.HALF_OPEN,
    Verdict.UNDETERMINED: Status.UNDETERMINED,
}
_INSIDE: Final = {EndpointKind.INTERFACE: NodeKind.FOLDED, EndpointKind.STRANGER: NodeKind.STRANGER}
"""How places are drawn that are inside."""


_Place = tuple[EndpointKind, str]


def places(title: str, network: Network, found: Overview) -> Scene:
    """Each place as a box, and a line for each verdict between two of them."""
    every = dict.fromkeys(
        place
        for each in found.crossings
        for place in zip(each.kinds, (each.source, each.destination), strict=True)
    )
    counts: Counter[Status] = Counter()
    for each in found.crossings:
        for verdict, pairs in each.pairs.items():
            counts[_STATUS[verdict]] += pairs
    return Scene(
        title=title,
        notes=tuple(_notes(network, found)),
        outside=tuple(_outside(each) for each in every if each[0] not in _INSIDE),
        frames=tuple(_inside(each) for each in every if each[0] in _INSIDE),
        nets=tuple(_nets(found.crossings)),
        scale=Scale.VPC,
        counts={status: counts[status] for status in Status if counts[status]},
    )


def _outside(place: _Place) -> Node:
    return Node(id=_id(*place), title=place[1], kind=NodeKind.OUTSIDE)


def _inside(place: _Place) -> Frame:
    kind, name = place
    node = Node(id=_id(*place), title="all hosts", kind=_INSIDE[kind])
    return Frame(title=name, lines=(), groups=(Group(title="", lines=(), nodes=(node,)),))


def _id(kind: EndpointKind, name: str) -> str:
    return f"{kind}:{name}"


def _nets(crossings: Iterable[Crossing]) -> Iterator[Net]:
    """From place to place, each verdict by itself."""
    for each in crossings:
        source, to = each.kinds
        for verdict, pairs in each.pairs.items():
            if pairs:
                words = f"{pairs:,} of {count(each.of_pairs, 'pair')}"
                said = f"{each.destination}: {words}, {listed(each.traffic, _MOST_RANGES)}"
                tap = Tap(node=_id(source, each.source), label=said, openings=())
                yield Net(
                    node=_id(to, each.destination),
                    label=f"{each.source}: {words}",
                    status=_STATUS[verdict],
                    taps=(tap,),
                )


def _notes(network: Network, found: Overview) -> Iterator[str]:
    yield (
        f"{found.ends} ends, of which too many pairs are open for a picture of each: summed up by "
        "place, in pairs of ends"
    )
    if network.unmodelled:
        things = count(len({(each.kind, each.id) for each in network.unmodelled}), "thing")
        yield f"{things} of this network not modelled: what depends on them is undetermined"
    if not found.crossings:
        yield nothing_reached(network)
