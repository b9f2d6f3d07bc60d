"""What a page shows beside its entries: who gets in from outside, the matrix, the picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bulkhead.agree import FlowMatrix
from bulkhead.ends import EndpointKind
from bulkhead.network import Network
from bulkhead.prove import Row
from bulkhead.prove.overview import Overview
from bulkhead.report.grid import Grid, GridLine, Square, of_matrix
from bulkhead.report.html.markup import Markup, element, joined, trusted
from bulkhead.report.html.squares import KIND, look, matrix, words
from bulkhead.report.overview import sections
from bulkhead.report.picture import Scene, embedded

UNTRUSTED: Final = "untrusted"
"""The anchor of the panel that is read first."""

MOST_LISTED: Final = 100
"""Flows from untrusted places that are told one by one."""

LARGEST_PICTURE: Final = 1_500_000
"""Characters of a picture in a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A section of the page: `anchor` is its id."""

    anchor: str
    title: str
    content: Markup


def of_proof(network: Network, flows: FlowMatrix, scene: Scene | None) -> Iterator[Panel]:
    """One network: who gets in from outside, the matrix (beside it a drill's), the picture."""
    yield from _of_grid(of_matrix(flows), (network,))
    yield _picture(scene)


def of_change(
    networks: tuple[Network, Network], grid: Grid, scene: Scene | None
) -> Iterator[Panel]:
    """Two networks: the same, as it was and as it is."""
    yield from _of_grid(grid, networks)
    yield _picture(scene)


def of_overview(source: str, found: Overview, scene: Scene | None) -> Iterator[Panel]:
    """A network that no table can hold: what is open from place to place."""
    told = [
        joined(
            element("p", title),
            _table(heading, lines) if lines else None,
            *(element("p", each, class_="said") for each in rest),
        )
        for title, heading, lines, rest in sections(source, found)
    ]
    crossings, exposed, unsure = told
    yield Panel(anchor=UNTRUSTED, title="From untrusted places", content=exposed)
    content = joined(crossings, unsure)
    yield Panel(anchor="flows", title="Flows from place to place", content=content)
    yield _picture(scene)


def too_much(said: str) -> Panel:
    """In place of a matrix and a picture, where nobody could read them."""
    return Panel(anchor="flows", title="Flows", content=element("p", said, class_="none"))


def _of_grid(grid: Grid, networks: Sequence[Network]) -> Iterator[Panel]:
    yield Panel(
        anchor=UNTRUSTED,
        title="From untrusted places",
        content=_untrusted(grid, _untrusted_senders(grid, networks)),
    )
    title = "Flows, before and after" if grid.over_time else "Flows"
    yield Panel(anchor="flows", title=title, content=matrix(grid))


def _untrusted_senders(grid: Grid, networks: Iterable[Network]) -> frozenset[Row]:
    """The internet, private addresses of nobody known, and sites that nobody called trusted."""
    doubtful = {site.name for each in networks for site in each.sites if not site.trusted}
    outside = (EndpointKind.INTERNET, EndpointKind.ELSEWHERE)
    return frozenset(
        each
        for each in grid.senders
        if each.kind in outside or (each.kind is EndpointKind.SITE and each.name in doubtful)
    )


def _untrusted(grid: Grid, senders: frozenset[Row]) -> Markup:
    found = list(grid.reached_by(senders))
    if not found and grid.whole:
        return element(
            "p",
            "Nothing here is open to the internet, to an untrusted site, or to private addresses "
            "that are nobody's here.",
            class_="none",
        )
    if not grid.over_time:
        return _listed(grid, found)
    differing = [each for each in found if grid.differs(each[2])]
    kept = [each for each in found if not grid.differs(each[2])]
    nothing = element("p", "Nothing differs that untrusted places reach.", class_="none")
    said = element("summary", f"As before: {len(kept):,}")
    folded = element("details", said, _listed(grid, kept), class_="fold") if kept else None
    return joined(_listed(grid, differing) if differing else nothing, folded)


def _listed(grid: Grid, found: Sequence[tuple[Row, GridLine, Square]]) -> Markup:
    lines = [_reached(grid, *each) for each in found[:MOST_LISTED]]
    head = element("tr", *(element("th", each, scope="col") for each in _COLUMNS))
    table = element(
        "table", element("thead", head), element("tbody", *lines), class_="list untrusted"
    )
    left = len(found) - len(lines)
    more = element("p", f"and {left:,} more: see the matrix", class_="left") if left > 0 else None
    return joined(element("div", table, class_="scroll"), more)


_COLUMNS: Final = ("from", "to", "traffic", "")


def _reached(grid: Grid, sender: Row, line: GridLine, square: Square) -> Markup:
    return element(
        "tr",
        element("th", f"{KIND.get(sender.kind, '')}{sender.name}", scope="row"),
        element("td", line.name),
        element("td", line.traffic, class_="traffic"),
        element("td", words(grid, square), class_=f"step {look(grid, square)}"),
    )


def _table(heading: Sequence[str], lines: Iterable[Sequence[str]]) -> Markup:
    head = element("tr", *(element("th", each, scope="col") for each in heading))
    body = (element("tr", *(element("td", each) for each in line)) for line in lines)
    table = element("table", element("thead", head), element("tbody", *body), class_="list")
    return element("div", table, class_="scroll")


def _picture(scene: Scene | None) -> Panel:
    drawn = embedded(scene) if scene else ""
    if not drawn or len(drawn) > LARGEST_PICTURE:
        content = element(
            "p",
            "Too much is open for a picture: `bulkhead draw --only NAME` shows a part.",
            class_="none",
        )
    else:
        hint = "Hold still over a line to read which flows it is."
        box = element(
            "div",
            trusted(drawn),
            class_="scroll",
            tabindex="0",
            role="region",
            aria_label="Picture of the network",
        )
        content = element("figure", box, element("figcaption", hint))
    return Panel(anchor="picture", title="Picture", content=content)
