"""Where everything is: boxes in two columns, and lines in the channel between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from bulkhead.report.picture.arrange import Band, arrange, group_height, node_height, row_count
from bulkhead.report.picture.heading import heading
from bulkhead.report.picture.lanes import Span, lanes
from bulkhead.report.picture.scene import Group, Net, Node, Scene
from bulkhead.report.picture.shapes import (
    ARROW,
    HEADING,
    LINE,
    SMALL,
    TEXT,
    Box,
    Drawing,
    Line,
    Text,
    fit,
    width,
)

_MARGIN: Final = 16
_INSET: Final = 10
_LANE: Final = 9
_APRON: Final = 26
"""Between the boxes and the first lane: room for an arrowhead and a curve."""

_CURVE: Final = 4
_PIN: Final = 8
_UNDER_TITLE: Final = 8
_NARROWEST: Final = 190
_WIDEST: Final = 320
_NARROWEST_PICTURE: Final = 640
_SHADES: Final = 3


def draw(scene: Scene) -> Drawing:
    """Place everything."""
    bands = arrange(scene)
    edges = Edges(scene.nets)
    widths = _column_width(bands, edges, 0), _column_width(bands, edges, 1)
    # Heights do not depend on the width of the channel, which depends on them.
    trial = Placed(edges, widths, top=0, channel=0)
    trial.bands(bands)
    tracks = lanes([_span(net, number, trial.pins) for number, net in enumerate(scene.nets)], LINE)
    lanes_wide = max(tracks, default=0) * _LANE
    sides = 2 * (_MARGIN + _INSET) + sum(widths)
    whole = max(sides + 2 * _APRON + lanes_wide, _NARROWEST_PICTURE)
    channel = whole - sides
    head = heading(scene, whole - 2 * _MARGIN)
    placed = Placed(edges, widths, top=head.bottom, channel=channel)
    bottom = placed.bands(bands)
    first = _MARGIN + _INSET + widths[0] + (channel - lanes_wide) / 2
    return Drawing(
        title=scene.title,
        width=whole,
        height=bottom + _MARGIN,
        boxes=tuple(placed.boxes),
        texts=(*head.texts, *placed.texts),
        lines=(*head.lines, *_lines(scene.nets, placed.pins, tracks, first)),
    )


class Edges:
    """What stands at the edge of each node: where nets end, then where flows begin."""

    def __init__(self, nets: Sequence[Net]) -> None:
        self.nets = nets
        self.rows = row_count(nets)
        ends: dict[str, list[PinKey]] = {}
        begins: dict[str, list[PinKey]] = {}
        for number, net in enumerate(nets):
            ends.setdefault(net.node, []).append((number, _END))
            for index, tap in enumerate(net.taps):
                begins.setdefault(tap.node, []).append((number, index))
        self._ends = ends
        self._begins = begins

    def of(self, node: str) -> tuple[PinKey, ...]:
        return (*self._ends.get(node, ()), *self._begins.get(node, ()))

    def label(self, key: PinKey) -> str:
        number, index = key
        net = self.nets[number]
        return net.label if index == _END else f"to {net.taps[index].label}"


PinKey = tuple[int, int]
"""The number of a net, and of one of its taps or `_END`."""

_END: Final = -1


@dataclass(frozen=True, slots=True)
class Pin:
    """Where a line meets a box, and which way leads into the box."""

    x: float
    y: float
    inward: int


class Placed:
    """Boxes, texts and pins, filled from top to bottom."""

    def __init__(
        self, edges: Edges, widths: tuple[float, float], *, top: float, channel: float
    ) -> None:
        self._edges = edges
        self._widths = widths
        self._left = (_MARGIN + _INSET, _MARGIN + _INSET + widths[0] + channel)
        self._top = top
        self.boxes: list[Box] = []
        self.texts: list[Text] = []
        self.pins: dict[PinKey, Pin] = {}

    def bands(self, bands: Sequence[Band]) -> float:
        """Everything; the result is where it ends."""
        top = self._top
        for band in bands:
            top = self._band(band, top) + LINE
        return top - LINE

    def _band(self, band: Band, top: float) -> float:
        frame, at = band.frame, top
        place = len(self.boxes)
        if frame:
            at += LINE * (1 + len(frame.lines)) + _INSET + 4
        bottom = max(self._column(column, side, at) for side, column in enumerate(band.columns))
        if frame:
            bottom += _INSET
            box = Box(
                x=_MARGIN,
                y=top,
                width=self._left[1] + self._widths[1] + _INSET - _MARGIN,
                height=bottom - top,
                role="vpc",
            )
            self.boxes.insert(place, box)
            # Not over the channel, where lines from one VPC to the next may pass.
            self._lines_of_text(
                _MARGIN + _INSET, top + 4, self._widths[0], frame.title, frame.lines
            )
        return bottom

    def _column(self, groups: Sequence[Group], side: int, top: float) -> float:
        at = top + side * LINE / 2
        for group in groups:
            self._group(group, side, at)
            at += LINE * group_height(group, self._edges.rows)
        return at - LINE if groups else top

    def _group(self, group: Group, side: int, top: float) -> None:
        x, room = self._left[side], self._widths[side]
        at = top
        if group.title:
            height = LINE * (group_height(group, self._edges.rows) - 1) + 2
            self.boxes.append(
                Box(x=x, y=top, width=room, height=height, role="segment", hidden=group.title)
            )
            self._lines_of_text(x + _INSET, top + 2, room - 2 * _INSET, group.title, group.lines)
            at += LINE * (1 + len(group.lines)) + _UNDER_TITLE
        for node in group.nodes:
            self._node(node, side, at)
            at += LINE * (node_height(node, self._edges.rows) + 1)

    def _node(self, node: Node, side: int, top: float) -> None:
        x, room = self._left[side] + _INSET, self._widths[side] - 2 * _INSET
        height = LINE * node_height(node, self._edges.rows) + 4
        hidden = f"{node.title}: {node.hidden}" if node.hidden else node.title
        self.boxes.append(
            Box(x=x, y=top, width=room, height=height, role=node.kind.value, hidden=hidden)
        )
        self._lines_of_text(x + _PIN, top, room - 2 * _PIN, node.title, node.lines)
        at = top + LINE * (1 + len(node.lines))
        for key in self._edges.of(node.id):
            self._row(key, side, at)
            at += LINE

    def _row(self, key: PinKey, side: int, top: float) -> None:
        """A line of text beside the pin, which is on the side of the channel."""
        net = self._edges.nets[key[0]]
        left = self._left[side] + _INSET
        right = left + self._widths[side] - 2 * _INSET
        self.pins[key] = Pin(left if side else right, top + LINE / 2, 1 if side else -1)
        ends = key[1] == _END
        plain = net.status.fine
        self.texts.append(
            Text(
                x=left + 2 * _PIN if side else right - 2 * _PIN,
                y=top + LINE / 2 + 4,
                text=fit(self._edges.label(key), right - left - 3 * _PIN, TEXT),
                role=("end" if ends else "begin") if plain else f"words {net.status.name.lower()}",
                size=TEXT,
                align="start" if side else "end",
            )
        )

    def _lines_of_text(
        self, x: float, top: float, room: float, title: str, lines: Sequence[str]
    ) -> None:
        self.texts.append(
            Text(x=x, y=top + 14, text=fit(title, room, HEADING), role="title", size=HEADING)
        )
        for number, line in enumerate(lines, 1):
            self.texts.append(
                Text(
                    x=x,
                    y=top + 13 + number * LINE,
                    text=fit(line, room, SMALL),
                    role="said",
                    size=SMALL,
                )
            )


def _column_width(bands: Sequence[Band], edges: Edges, side: int) -> float:
    needed: float = _NARROWEST
    for band in bands:
        if band.frame and side == 0:
            needed = max([needed, *(width(each, SMALL) for each in band.frame.lines)])
        for group in band.columns[side]:
            said = [width(group.title, HEADING), *(width(each, SMALL) for each in group.lines)]
            needed = max([needed, *(each + 2 * _INSET for each in said)])
            for node in group.nodes:
                texts = [
                    width(node.title, HEADING),
                    *(width(each, SMALL) for each in node.lines),
                    *(width(edges.label(key), TEXT) + _PIN for key in edges.of(node.id)),
                ]
                needed = max(needed, max(texts) + 2 * _INSET + 2 * _PIN + 2)
    return min(needed, _WIDEST)


def _span(net: Net, number: int, pins: Mapping[PinKey, Pin]) -> Span:
    ours = [pins[number, index] for index in range(_END, len(net.taps))]
    heights = [each.y for each in ours]
    return Span(min(heights), max(heights), fmean(float(each.inward > 0) for each in ours))


def _lines(
    nets: Sequence[Net], pins: Mapping[PinKey, Pin], tracks: Sequence[int], first: float
) -> Iterator[Line]:
    for number, net in enumerate(nets):
        x = first + tracks[number] * _LANE
        end = pins[number, _END]
        taps = [pins[number, index] for index in range(len(net.taps))]
        shade = tracks[number] % _SHADES
        for pin, tap in zip(taps, net.taps, strict=True):
            yield Line(
                path=_tap(pin, x, end.y),
                status=net.status,
                shade=shade,
                hidden="\n".join(map(str, tap.openings)),
                openings=tap.openings,
            )
        yield Line(
            path=_trunk([each.y for each in taps], x, end),
            status=net.status,
            shade=shade,
            hidden=f"{net.label}: {net.status}",
            arrow=(end.x, end.y, end.inward),
        )


def _tap(pin: Pin, x: float, towards: float) -> str:
    """From a box to the lane, and with a curve the way that the flow goes."""
    turn = _CURVE if towards > pin.y else -_CURVE
    before = x + pin.inward * _CURVE
    return f"M{pin.x:g} {pin.y:g}H{before:g}Q{x:g} {pin.y:g} {x:g} {pin.y + turn:g}"


def _trunk(heights: Sequence[float], x: float, end: Pin) -> str:
    """From the farthest tap above and below along the lane, and with a curve into the box."""
    path = ""
    after = x + end.inward * _CURVE
    for farthest, turn in ((min(heights), -_CURVE), (max(heights), _CURVE)):
        if (farthest - end.y) * turn > 0:
            path += (
                f"M{x:g} {farthest - turn:g}V{end.y + turn:g}Q{x:g} {end.y:g} {after:g} {end.y:g}"
            )
    return f"{path}M{after:g} {end.y:g}H{end.x - end.inward * ARROW:g}"
