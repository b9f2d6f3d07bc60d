"""Which segment stands in which of the two columns, and in which order.

Two columns with a channel between them, as on a printed circuit: no box is ever
in the way of a line. What talks to each other should be near each other, and the
columns equally long; a short hill climb finds that, the same way every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

from bulkhead.report.picture.scene import Frame, Group, Net, Node, Scene

_ROUNDS: Final = 4
_MANY_GROUPS: Final = 24
_TOO_LONG: Final = 0.6
_ENOUGH_TO_SPLIT: Final = 6

Columns = tuple[tuple[Group, ...], tuple[Group, ...]]
"""Left and right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A part of the picture over its whole width: a VPC, or all that is outside (no frame)."""

    frame: Frame | None
    columns: Columns


def arrange(scene: Scene) -> tuple[Band, ...]:
    """Every node of the scene in its column, bands from top to bottom."""
    rows = row_count(scene.nets)
    outside = [Group(title="", lines=(), nodes=(each,)) for each in scene.outside]
    bands = [Band(frame=None, columns=_dealt(outside, rows))] if outside else []
    for frame in scene.frames:
        groups = list(_split(frame.groups, rows))
        bands.append(Band(frame=frame, columns=_dealt(groups, rows)))
    ends = _ends(scene.nets)
    for number in range(len(bands)):
        bands[number] = _climb(bands, number, rows, ends)
        bands[number] = _sorted_nodes(bands, number, rows, ends)
    return tuple(bands)


def row_count(nets: Sequence[Net]) -> Mapping[str, int]:
    """How many lines of text each node has at its edge: one for every net's end and tap."""
    rows: dict[str, int] = {}
    for net in nets:
        for node in (net.node, *(each.node for each in net.taps)):
            rows[node] = rows.get(node, 0) + 1
    return rows


def node_height(node: Node, rows: Mapping[str, int]) -> int:
    """In lines of text: its title, what is said of it, and its edge."""
    return 1 + len(node.lines) + rows.get(node.id, 0)


def group_height(group: Group, rows: Mapping[str, int]) -> int:
    """In lines of text, with the space after it."""
    inner = sum(node_height(each, rows) + 1 for each in group.nodes)
    return inner + (2 + len(group.lines) if group.title else 0)


def _split(groups: Sequence[Group], rows: Mapping[str, int]) -> Iterator[Group]:
    """A group that would fill a column alone becomes two."""
    whole = sum(group_height(each, rows) for each in groups)
    for group in groups:
        long = group_height(group, rows) > _TOO_LONG * whole
        if not long or len(group.nodes) < _ENOUGH_TO_SPLIT:
            yield group
            continue
        half = sum(node_height(each, rows) for each in group.nodes) / 2
        first: list[Node] = []
        for node in group.nodes:
            if sum(node_height(each, rows) for each in first) < half:
                first.append(node)
        rest = group.nodes[len(first) :]
        yield replace(group, title=f"{group.title} (1 of 2)", nodes=tuple(first))
        yield replace(group, title=f"{group.title} (2 of 2)", nodes=rest)


def _dealt(groups: Sequence[Group], rows: Mapping[str, int]) -> Columns:
    """Each to the column that is shorter."""
    left: list[Group] = []
    right: list[Group] = []
    for group in groups:
        lengths = [sum(group_height(each, rows) for each in column) for column in (left, right)]
        (left if lengths[0] <= lengths[1] else right).append(group)
    return tuple(left), tuple(right)


def _ends(nets: Sequence[Net]) -> tuple[tuple[str, ...], ...]:
    return tuple((net.node, *(tap.node for tap in net.taps)) for net in nets)


def _heights(bands: Sequence[Band], rows: Mapping[str, int]) -> tuple[dict[str, float], float]:
    """The middle of every node, and the length of the whole, in lines of text."""
    middle: dict[str, float] = {}
    top = 0.0
    for band in bands:
        bottoms = []
        for column in band.columns:
            at = top
            for group in column:
                start = at + (1 + len(group.lines) if group.title else 0)
                for node in group.nodes:
                    height = node_height(node, rows)
                    middle[node.id] = start + height / 2
                    start += height + 1
                at += group_height(group, rows)
            bottoms.append(at)
        top = max(bottoms)
    return middle, top


def _cost(bands: Sequence[Band], rows: Mapping[str, int], ends: Sequence[Sequence[str]]) -> float:
    """How far all nets run; a longer picture costs as if each net ran through the difference."""
    middle, length = _heights(bands, rows)
    run = 0.0
    for some in ends:
        heights = [middle[each] for each in some]
        run += max(heights) - min(heights)
    return run + length * (1 + len(ends) / 2)


def _climb(
    bands: Sequence[Band], number: int, rows: Mapping[str, int], ends: Sequence[Sequence[str]]
) -> Band:
    """Put one group after the other where it costs least, until nothing gets better."""

    def cost(columns: Columns) -> float:
        changed = [*bands]
        changed[number] = replace(bands[number], columns=columns)
        return _cost(changed, rows, ends)

    best = bands[number].columns
    least = cost(best)
    groups = [group for column in best for group in column]
    for _ in range(_ROUNDS if len(groups) <= _MANY_GROUPS else 1):
        before = least
        for group in groups:
            for candidate in _moved(best, group):
                price = cost(candidate)
                if price < least:
                    best, least = candidate, price
        if least >= before:
            break
    return replace(bands[number], columns=best)


def _moved(columns: Columns, group: Group) -> Iterator[Columns]:
    left, right = (tuple(each for each in column if each is not group) for column in columns)
    for place in range(len(left) + 1):
        yield (*left[:place], group, *left[place:]), right
    for place in range(len(right) + 1):
        yield left, (*right[:place], group, *right[place:])


def _sorted_nodes(
    bands: Sequence[Band], number: int, rows: Mapping[str, int], ends: Sequence[Sequence[str]]
) -> Band:
    """Within a group, each node near to what it talks to."""
    peers: dict[str, set[str]] = {}
    for some in ends:
        for each in some:
            peers.setdefault(each, set()).update(some)
    best = bands[number]
    everything = [*bands]
    least = _cost(everything, rows, ends)
    for _ in range(_ROUNDS):
        middle, _ = _heights(everything, rows)

        def near(node: Node, middle: Mapping[str, float] = middle) -> float:
            others = peers.get(node.id, set()) - {node.id}
            return fmean(sorted(middle[each] for each in others)) if others else middle[node.id]

        left, right = (
            tuple(replace(group, nodes=tuple(sorted(group.nodes, key=near))) for group in column)
            for column in best.columns
        )
        candidate = replace(best, columns=(left, right))
        everything[number] = candidate
        price = _cost(everything, rows, ends)
        if price >= least:
            break
        best, least = candidate, price
    return best
