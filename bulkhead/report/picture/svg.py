"""A drawing as SVG: one file, no script, no font of its own, light and dark.

Colours and dashes both tell the verdict, so that neither is needed to see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from bulkhead.agree import Status
from bulkhead.report.openings import Opening
from bulkhead.report.picture.drawing import draw
from bulkhead.report.picture.heading import summary
from bulkhead.report.picture.scene import Scene
from bulkhead.report.picture.shapes import ARROW, Box, Line, Text

_NOT_IN_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What a document may not contain, however it is written (XML 1.0, 2.2)."""

_FONT: Final = (
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', "
    "'Liberation Mono', monospace"
)

_LINES: Final[dict[Status, tuple[str, str, str, str]]] = {
    Status.DECLARED: ("#15803d", "#3fb950", "1.5", ""),
    Status.OPEN: ("#0369a1", "#58a6ff", "1.5", ""),
    Status.UNDECLARED: ("#cf222e", "#ff7b72", "3", ""),
    Status.MISSING: ("#57606a", "#9198a1", "1.5", "1 5"),
    Status.HALF_OPEN: ("#b45309", "#e3a008", "2", "8 4"),
    Status.PARTLY: ("#9a5b00", "#d4a72c", "2", "9 3 2 3"),
    Status.UNDETERMINED: ("#8250df", "#bc8cff", "2", "3 3"),
}
"""Colour by day, colour by night, thickness, dashes."""

_SHADES: Final = {
    Status.DECLARED: (("#15803d", "#3fb950"), ("#0f766e", "#2dd4bf"), ("#4d7c0f", "#a3e635")),
    Status.OPEN: (("#0369a1", "#58a6ff"), ("#4338ca", "#a5b4fc"), ("#0e7490", "#67e8f9")),
}
"""Neighbours differ a little, so that the eye can follow one of many."""

_DAY: Final = {
    "paper": "fill:#ffffff",
    "vpc": "fill:#f6f8fa;stroke:#8c959f",
    "segment": "fill:#eaeef2;stroke:#d0d7de",
    "service": "fill:#ffffff;stroke:#57606a",
    "folded": "fill:#ffffff;stroke:#57606a",
    "stranger": "fill:#f6f8fa;stroke:#57606a",
    "outside": "fill:#fff8e6;stroke:#9a6700",
    "title": "fill:#1f2328",
    "end": "fill:#1f2328",
    "begin": "fill:#57606a",
    "said": "fill:#57606a",
}
_NIGHT: Final = {
    "paper": "fill:#0d1117",
    "vpc": "fill:#11161d;stroke:#6e7681",
    "segment": "fill:#1a212b;stroke:#30363d",
    "service": "fill:#0d1117;stroke:#8b949e",
    "folded": "fill:#0d1117;stroke:#8b949e",
    "stranger": "fill:#11161d;stroke:#8b949e",
    "outside": "fill:#2a2111;stroke:#d29922",
    "title": "fill:#f0f6fc",
    "end": "fill:#f0f6fc",
    "begin": "fill:#9198a1",
    "said": "fill:#9198a1",
}


def svg(scene: Scene) -> str:
    """The scene as an SVG document. The same scene gives the same text."""
    drawing = draw(scene)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width:g}" '
        f'height="{drawing.height:g}" viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
        'role="img" aria-labelledby="title description">',
        f'<title id="title">{_text(drawing.title)}</title>',
        f'<desc id="description">{_text(summary(scene))}</desc>',
        f"<style>\n{''.join(_styles())}</style>",
        '<rect class="paper" width="100%" height="100%"/>',
        *(_box(each) for each in drawing.boxes),
        # What is wrong lies above what is right.
        *(_line(each) for each in sorted(drawing.lines, key=lambda each: _depth(each.status))),
        *(_words(each) for each in drawing.texts),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _styles() -> Iterator[str]:
    yield f"text{{font-family:{_FONT};white-space:pre}}\n"
    yield "path{fill:none}.title{font-weight:600}\n"
    yield ".stranger{stroke-dasharray:4 3}\n"
    yield from _rules(_DAY)
    for status, (day, _, thick, dashes) in _LINES.items():
        dashed = f";stroke-dasharray:{dashes}" if dashes else ""
        yield f".{_name(status)}{{stroke:{day};stroke-width:{thick}{dashed}}}\n"
        yield f".arrow.{_name(status)},.words.{_name(status)}{{fill:{day}}}\n"
    for status, shades in _SHADES.items():
        for number, (day, _) in enumerate(shades):
            yield f".{_name(status)}.s{number}{{stroke:{day}}}"
            yield f".arrow.{_name(status)}.s{number}{{fill:{day}}}\n"
    yield "path.arrow,text.words{stroke:none}\n"
    yield "@media (prefers-color-scheme:dark){\n"
    yield from _rules(_NIGHT)
    for status, (_, night, _, _) in _LINES.items():
        yield f".{_name(status)}{{stroke:{night}}}"
        yield f".arrow.{_name(status)},.words.{_name(status)}{{fill:{night}}}\n"
    for status, shades in _SHADES.items():
        for number, (_, night) in enumerate(shades):
            yield f".{_name(status)}.s{number}{{stroke:{night}}}"
            yield f".arrow.{_name(status)}.s{number}{{fill:{night}}}\n"
    yield "path.arrow,text.words{stroke:none}}\n"


def _rules(colours: dict[str, str]) -> Iterator[str]:
    for role, looks in colours.items():
        yield f".{role}{{{looks}}}\n"


def _name(status: Status) -> str:
    return status.name.lower().replace("_", "-")


def _depth(status: Status) -> int:
    return list(_ORDER).index(status)


_ORDER: Final = (
    Status.MISSING,
    Status.OPEN,
    Status.DECLARED,
    Status.UNDETERMINED,
    Status.PARTLY,
    Status.HALF_OPEN,
    Status.UNDECLARED,
)


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
    looks = f"{_name(line.status)} s{line.shade}"
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
    if line.status is Status.MISSING:
        return (
            f'<path class="{looks}" style="stroke-dasharray:none" '
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
