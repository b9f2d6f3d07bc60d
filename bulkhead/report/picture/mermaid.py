"""A scene as a Mermaid flowchart, for pull requests and wikis.

GitHub draws at most 500 edges and 50,000 characters (mermaid.js.org/config/schema-docs/config.html,
maxEdges and maxTextSize); a scene folds long before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.agree import Status
from bulkhead.report.openings import LineStatus, Sight, Turn
from bulkhead.report.picture.heading import summary
from bulkhead.report.picture.scene import Frame, Node, NodeKind, Scene

_LONGEST: Final = 80
_PLAIN: Final = frozenset(" .,:/()+-_")

_ARROWS: Final[Mapping[LineStatus, str]] = {
    Status.DECLARED: "-->",
    Status.OPEN: "-->",
    Status.SHARED: "-.->",
    Status.UNDECLARED: "==>",
    Status.MISSING: "-.-x",
    Status.HALF_OPEN: "-.->",
    Status.PARTLY: "-.->",
    Status.UNDETERMINED: "-.->",
    Turn.OPENED: "==>",
    Turn.CLOSED: "-.-x",
    Turn.HALF_BROKEN: "-.->",
    Turn.MENDED: "==>",
    Turn.UNSURE: "-.->",
    Turn.SURE: "-->",
    Turn.IN_PART: "-.->",
    Turn.KEPT: "-->",
    Sight.DECLARED: "-->",
    Sight.SURE: "-->",
    Sight.LIKELY: "-->",
    Sight.POSSIBLE: "-.->",
    Sight.SHADOW: "==>",
    Sight.DIFFERS: "==>",
    Sight.UNSEEN: "-.->",
}
_COLOURS: Final[Mapping[LineStatus, str]] = {
    Status.DECLARED: "#2da44e",
    Status.OPEN: "#218bff",
    Status.SHARED: "#2da44e",
    Status.UNDECLARED: "#e5534b",
    Status.MISSING: "#8c959f",
    Status.HALF_OPEN: "#d4a72c",
    Status.PARTLY: "#d4a72c",
    Status.UNDETERMINED: "#a475f9",
    Turn.OPENED: "#e5534b",
    Turn.CLOSED: "#8c959f",
    Turn.HALF_BROKEN: "#d4a72c",
    Turn.MENDED: "#2da44e",
    Turn.UNSURE: "#a475f9",
    Turn.SURE: "#218bff",
    Turn.IN_PART: "#d4a72c",
    Turn.KEPT: "#8c959f",
    Sight.DECLARED: "#2da44e",
    Sight.SURE: "#218bff",
    Sight.LIKELY: "#218bff",
    Sight.POSSIBLE: "#218bff",
    Sight.SHADOW: "#e5534b",
    Sight.DIFFERS: "#d4a72c",
    Sight.UNSEEN: "#a475f9",
}
"""Each is seen on white as on black: GitHub draws the same on both."""

_SHAPES: Final = {
    NodeKind.SERVICE: '["{}"]',
    NodeKind.STRANGER: '("{}")',
    NodeKind.OUTSIDE: '(["{}"])',
    NodeKind.FOLDED: '[["{}"]]',
}


def mermaid(scene: Scene) -> str:
    """The scene as a flowchart. What flows between two boxes in one status is one arrow."""
    ids = {node.id: f"n{number}" for number, node in enumerate(scene.nodes)}
    lines = [
        "flowchart LR",
        f"  accTitle: {_words(scene.title)}",
        f"  accDescr: {_words(summary(scene), most=400)}",
        *(f"  {_node(each, ids)}" for each in scene.outside),
    ]
    for number, frame in enumerate(scene.frames):
        lines += _frame(number, frame, ids)
    arrows = list(_arrows(scene, ids))
    lines += [f"  {text}" for text, _ in arrows]
    lines += _colours([status for _, status in arrows])
    return "\n".join(lines) + "\n"


def _frame(number: int, frame: Frame, ids: Mapping[str, str]) -> Iterator[str]:
    yield f'  subgraph v{number}["{_label(frame.title, *frame.lines)}"]'
    for index, group in enumerate(frame.groups):
        if group.title:
            yield f'    subgraph v{number}g{index}["{_label(group.title, *group.lines)}"]'
        yield from (f"      {_node(each, ids)}" for each in group.nodes)
        if group.title:
            yield "    end"
    yield "  end"


def _node(node: Node, ids: Mapping[str, str]) -> str:
    return ids[node.id] + _SHAPES[node.kind].format(_label(node.title, *node.lines))


def _arrows(scene: Scene, ids: Mapping[str, str]) -> Iterator[tuple[str, LineStatus]]:
    labels: dict[tuple[str, str, LineStatus], dict[str, None]] = {}
    for net in scene.nets:
        for tap in net.taps:
            labels.setdefault((tap.node, net.node, net.status), {})[net.label] = None
    for (source, target, status), said in labels.items():
        words = ", ".join(said)
        yield f'{ids[source]} {_ARROWS[status]}|"{_words(words)}"| {ids[target]}', status


def _colours(styles: list[LineStatus]) -> Iterator[str]:
    for status in _COLOURS:
        numbers = [str(number) for number, each in enumerate(styles) if each is status]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} stroke:{_COLOURS[status]}"


def _label(*lines: str) -> str:
    return "<br/>".join(_words(each) for each in lines)


def _words(text: str, most: int = _LONGEST) -> str:
    """Nothing that Mermaid, Markdown or HTML would take for a sign of its own."""
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    plain = (each if each.isprintable() else " " for each in short)
    return "".join(each if each.isalnum() or each in _PLAIN else f"#{ord(each)};" for each in plain)
