"""The head of a picture: its title, what it counts, and what its lines mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bulkhead.report.openings import Sight
from bulkhead.report.picture.scene import Net, NodeKind, Scene, Tap
from bulkhead.report.picture.shapes import LINE, SMALL, TITLE, Line, Text, fit, width

_LEFT: Final = 16
_SAMPLE: Final = 34
_GAP: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    texts: tuple[Text, ...]
    lines: tuple[Line, ...]
    bottom: float


def heading(scene: Scene, room: float) -> Heading:
    """As many lines as it takes."""
    texts = [Text(x=_LEFT, y=32, text=fit(scene.title, room, TITLE), role="title", size=TITLE)]
    lines: list[Line] = []
    x, y = float(_LEFT), 56.0
    for status, number in scene.counts.items():
        words = f"{status} ({number})"
        needed = _SAMPLE + width(words, SMALL)
        if x > _LEFT and x + needed > _LEFT + room:
            x, y = float(_LEFT), y + LINE
        lines.append(Line(path=f"M{x:g} {y - 4:g}h26", status=status, shade=0, hidden=""))
        texts.append(Text(x=x + _SAMPLE, y=y, text=words, role="said", size=SMALL))
        x += needed + _GAP
    for words in _said(scene):
        for part in _wrapped(words, room):
            y += LINE
            texts.append(Text(x=_LEFT, y=y, text=part, role="said", size=SMALL))
    return Heading(texts=tuple(texts), lines=tuple(lines), bottom=y + LINE)


def summary(scene: Scene) -> str:
    """The picture in words, for those who do not see it."""
    counted = "; ".join(f"{number} {status}" for status, number in scene.counts.items())
    wrong = [
        said
        for net in scene.nets
        if not net.status.fine
        for tap in net.taps
        for said in (*map(str, tap.openings), *_bare(net, tap))
    ]
    about = f"The network {scene.title} and its flows"
    if any(isinstance(each, Sight) for each in scene.counts):
        about = f"A register: {scene.title}"
    parts = [f"{about}. {counted or 'No flow at all'}."]
    return " ".join([*parts, *(f"{each}." for each in (*scene.notes, *wrong))])


def _bare(net: Net, tap: Tap) -> Iterator[str]:
    """What a line says that is no pair of a matrix."""
    if not tap.openings:
        yield f"{tap.node} to {net.node} {net.label}: {net.status}"


def _said(scene: Scene) -> Iterator[str]:
    if scene.nets:
        yield "An arrow leads from who connects to who listens."
    if any(len(net.taps) > 1 for net in scene.nets):
        yield "Lines that join do so in a curve; lines that cross do not touch."
    if any(node.kind is NodeKind.STRANGER for node in scene.nodes):
        yield "Any other host: one that someone starts in that segment, held by no security group."
    yield from scene.notes


def _wrapped(words: str, room: float) -> Iterator[str]:
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}".strip()
        if line and width(longer, SMALL) > room:
            yield line
            longer = word
        line = longer
    yield fit(line, room, SMALL)
