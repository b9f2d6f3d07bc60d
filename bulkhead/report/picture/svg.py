"""A drawing as SVG: one file, no script, no font of its own, light and dark.

Colours and dashes both tell the verdict, so that neither is needed to see it.
"""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from bulkhead.agree import Status
from bulkhead.report.openings import Opening, Sight, Turn
from bulkhead.report.picture.drawing import draw
from bulkhead.report.picture.heading import summary
from bulkhead.report.picture.looks import DEPTH, called, style
from bulkhead.report.picture.scene import Scene
from bulkhead.report.picture.shapes import ARROW, Box, Line, Text

_NOT_IN_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What a document may not contain, however it is written (XML 1.0, 2.2)."""

WITHIN: Final = "svg.network"
"""How a page calls its picture, for the style of which see `embedded_style`."""


def svg(scene: Scene) -> str:
    """The scene as an SVG document. The same scene gives the same text."""
    kinds = [kind for kind in (Turn, Sight) if any(isinstance(each, kind) for each in scene.counts)]
    # Pictures are committed: one that has no such line has no word of it either.
    plain = [each for each in Status if each is not Status.SHARED or each in scene.counts]
    looks = style(kinds[0] if kinds else plain)
    return _document(scene, 'xmlns="http://www.w3.org/2000/svg" ', f"<style>\n{looks}</style>")


def embedded(scene: Scene) -> str:
    """The same as a part of an HTML page, which has `embedded_style` among its own."""
    return _document(scene, 'class="network" ', "")


def embedded_style() -> str:
    """How the pictures of a page look, and nothing else in it."""
    return style((*Status, *Turn), WITHIN)


def _document(scene: Scene, attributes: str, looks: str) -> str:
    drawing = draw(scene)
    parts = [
        f'<svg {attributes}width="{drawing.width:g}" '
        f'height="{drawing.height:g}" viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
        'role="img" aria-labelledby="title description">',
        f'<title id="title">{_text(drawing.title)}</title>',
        f'<desc id="description">{_text(summary(scene))}</desc>',
        looks,
        '<rect class="paper" width="100%" height="100%"/>',
        *(_box(each) for each in drawing.boxes),
        *(_line(each) for each in sorted(drawing.lines, key=lambda each: DEPTH.index(each.status))),
        *(_words(each) for each in drawing.texts),
        "</svg>",
    ]
    return "\n".join(filter(None, parts)) + "\n"


def _box(box: Box) -> str:
    rounded = {"vpc": 8, "segment": 6}.get(box.role, 4)
    hidden = f"<title>{_text(box.hidden)}</title>" if box.hidden else ""
    return (
        f'<rect class="{box.role}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" '
        f'height="{box.height:g}" rx="{rounded}">{hidden}</rect>'
    )


def _words(text: Text) -> str:
    anchor = ' text-anchor="end"' if text.align == "end" else ""
    role = text.role.replace("_", "-")
    return (
        f'<text class="{role}" x="{text.x:g}" y="{text.y:g}" font-size="{text.size}"{anchor}>'
        f"{_text(text.text)}</text>"
    )


def _line(line: Line) -> str:
    looks = f"{called(line.status)} s{line.shade}"
    kind = f"tap {looks}" if line.openings else looks
    flows = f" data-flows={_attribute(line.openings)}" if line.openings else ""
    hidden = f"<title>{_text(line.hidden)}</title>" if line.hidden else ""
    path = f'<path class="{kind}"{flows} d="{line.path}">{hidden}</path>'
    return path if line.arrow is None else f"{path}{_arrow(line, looks)}"


def _arrow(line: Line, looks: str) -> str:
    """A head that points into the box; a cross for what should arrive and does not."""
    assert line.arrow is not None  # noqa: S101 - for the type checker
    x, y, inward = line.arrow
    back = x - inward * ARROW
    if line.status in (Status.MISSING, Turn.CLOSED):
        return (
            f'<path class="cross {looks}" '
            f'd="M{back:g} {y - 4:g}L{x:g} {y + 4:g}M{back:g} {y + 4:g}L{x:g} {y - 4:g}"/>'
        )
    return f'<path class="arrow {looks}" d="M{x:g} {y:g}L{back:g} {y - 4:g}V{y + 4:g}Z"/>'


def _attribute(openings: tuple[Opening, ...]) -> str:
    words = " | ".join(
        f"{each.sender.name} > {each.socket.called} {each.traffic}" for each in openings
    )
    return quoteattr(_NOT_IN_XML.sub("\ufffd", words))


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text))
