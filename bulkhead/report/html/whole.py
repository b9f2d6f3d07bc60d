"""The page of a network, and of a change: which panels there are room for is decided here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from bulkhead.agree import FlowMatrix, tabulate
from bulkhead.compare import Change
from bulkhead.network import Declaration, Network
from bulkhead.prove import Reach, prove, reprove
from bulkhead.prove.overview import overview, too_large, too_open
from bulkhead.report import picture
from bulkhead.report.html.page import page
from bulkhead.report.html.panels import Panel, of_change, of_overview, of_proof, too_much
from bulkhead.report.overlay import by_name, of_changes
from bulkhead.report.overlay import of_two as laid_over
from bulkhead.report.quarantine import summary_line
from bulkhead.report.sheet import Sheet

MOST_COMPARED: Final = 100_000
"""Pairs of two matrices over each other, of which the page shows those that differ first."""

TOO_LARGE: Final = (
    "More differs than a matrix and a picture can show host by host: it is told above from place "
    "to place, and `bulkhead diff A/VPC B/VPC` shows one VPC of it."
)


def of_network(
    sheet: Sheet,
    reach: Reach,
    *,
    title: str,
    declaration: Declaration | None = None,
    purposes: Mapping[str, str] | None = None,
    flows: FlowMatrix | None = None,
) -> str:
    """The page of an answer about one network, as it was proved.

    `title` is that of its picture, `purposes` are those of segments. `flows` is its matrix where
    somebody has made it, with what a drill measured.
    """
    if flows is None and too_large(reach):
        return page(sheet, _of_places(sheet.subject, reach, title))
    matrix = flows or tabulate(reach, declaration)
    if too_open(reach):
        scene = picture.places(title, reach.network, overview(reach))
    else:
        cut_off = declaration.quarantine if declaration else ()
        notes = [summary_line(each) for each in cut_off]
        scene = picture.scene(title, reach, matrix, purposes=purposes, notes=notes)
    return page(sheet, of_proof(reach.network, matrix, scene))


def _of_places(source: str, reach: Reach, title: str) -> Iterator[Panel]:
    found = overview(reach)
    return of_overview(source, found, picture.places(title, reach.network, found))


def of_two(
    sheet: Sheet,
    before: Network,
    after: Network,
    changes: Collection[Change],
    *,
    title: str,
    by_place: bool = False,
    purposes: Mapping[str, str] | None = None,
) -> str:
    """The page of an answer about a change: both matrices in one, and both in one picture.

    `changes` are what a comparison told of it; `by_place`: too many for each to be told.
    """
    # Over the same classes of addresses, so that rows of one name are the same hosts.
    one = prove(before, cuts=(after,))
    reaches = one, reprove(one, after)
    if by_place:
        return page(sheet, [too_much(TOO_LARGE)])
    if any(too_large(each, MOST_COMPARED, by_name) for each in reaches):
        grid = of_changes(changes, reaches)
    else:
        was, now = (tabulate(each, fold=by_name) for each in reaches)
        grid = laid_over(was, now, changes)
    scene = None
    if not grid.whole or not any(map(too_open, reaches)):
        scene = picture.changed(title, reaches, grid, purposes=purposes)
    return page(sheet, of_change((before, after), grid, scene))
