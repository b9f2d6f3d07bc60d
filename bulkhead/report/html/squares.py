"""A grid as a table: a mark and a word for every pair that is not simply denied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bulkhead.ends import EndpointKind
from bulkhead.network import Verdict
from bulkhead.prove import PARTLY, Row, Summary
from bulkhead.report.grid import NOTHING, Grid, GridLine, Square
from bulkhead.report.html.markup import Markup, element, joined
from bulkhead.report.matrix import MARKS
from bulkhead.report.words import LEGEND, count

MOST_SQUARES: Final = 15_000
"""Of one page: more is scrolled and not read, and makes the page heavy."""

_EVERY_SENDER: Final = 40
"""So many senders have a column each, also those that reach nothing."""

KIND: Final = {EndpointKind.SITE: "site "}
"""Before the name of who sends, where the name alone does not tell."""

_LOOKS: Final[Mapping[Summary | None, str]] = {
    Verdict.ALLOWED: "a",
    Verdict.HALF_OPEN: "h",
    PARTLY: "p",
    Verdict.UNDETERMINED: "u",
}


def matrix(grid: Grid) -> Markup:
    """Tables in boxes of their own, which scroll; what they leave out; what their marks mean.

    Of a change what differs, and what is as before folded under it.
    """
    if not grid.lines or not grid.senders:
        return element("p", "Nothing that is known here can be reached.", class_="none")
    if not grid.over_time:
        table, _ = _table(grid, grid.lines, MOST_SQUARES)
        return joined(table, _legend(grid))
    differing = [each for each in grid.lines if any(map(grid.differs, each.squares.values()))]
    kept = [each for each in grid.lines if each not in differing]
    shown, used = _table(grid, differing, MOST_SQUARES)
    rest, _ = _table(grid, kept, MOST_SQUARES - used)
    said = element("summary", f"As before: {count(len(kept), 'line')}")
    folded = element("details", said, rest, class_="fold") if kept else None
    return joined(shown, folded, _legend(grid))


def _table(grid: Grid, several: Sequence[GridLine], most: int) -> tuple[Markup, int]:
    """So many squares of these lines, and how many that are."""
    if not several:
        return element("p", "No flow differs.", class_="none"), 0
    senders, idle = _senders(grid, several)
    lines = several[: max(0, most // max(1, len(senders)))]
    head = element(
        "tr",
        element("th", "socket", scope="col"),
        *(
            element("th", element("span", _called(each)), scope="col", class_="side")
            for each in senders
        ),
    )
    table = element(
        "table",
        element("thead", head),
        element("tbody", *(_line(grid, each, senders) for each in lines)),
        class_="matrix",
        aria_label="Flow matrix",
    )
    box = element(
        "div", table, class_="scroll", tabindex="0", role="region", aria_label="Flow matrix"
    )
    left = (
        element("p", each, class_="left") for each in _left_out(len(several) - len(lines), idle)
    )
    said = element("p", _caption(grid), class_="said")
    return joined(*((said, box) if lines else ()), *left), len(lines) * len(senders)


def words(grid: Grid, square: Square) -> str:
    """'allowed', 'was denied, now allowed', 'proved allowed, measured denied'."""
    first, second = _word(square.first), _word(square.second)
    if grid.over_time:
        if square.moved:
            return "otherwise for some"
        return f"was {first}, now {second}" if grid.differs(square) else second
    remark = "" if square.fine else ", not as it should be"
    if grid.twice and square.first != square.second:
        return f"proved {first}, measured {second}{remark}"
    return first + remark


def look(grid: Grid, square: Square) -> str:
    """The class by which it is styled; '' where there is nothing to see."""
    if grid.differs(square):
        if square.first in (Verdict.DENIED, None):
            return "opened"
        return "closed" if square.second in (Verdict.DENIED, None) else "otherwise"
    if grid.over_time:
        return _LOOKS.get(square.second, "")
    return _LOOKS.get(square.first, "") if square.fine else "bad"


def _senders(grid: Grid, lines: Sequence[GridLine]) -> tuple[Sequence[Row], Sequence[Row]]:
    """Those with a column, and those that reach nothing: of a change, and where all would be
    too many, they have none."""
    if len(grid.senders) <= _EVERY_SENDER and not grid.over_time:
        return grid.senders, ()
    active = {
        row
        for line in lines
        for row, square in line.squares.items()
        if square.open or not square.fine
    }
    return (
        [each for each in grid.senders if each in active],
        [each for each in grid.senders if each not in active],
    )


def _called(row: Row) -> str:
    if row.kind is EndpointKind.STRANGER:
        return f"({row.place})"
    return row.name


def _caption(grid: Grid) -> str:
    said = "Who connects stands above, what is connected to on the left."
    if not grid.whole:
        return f"{said} Only what differs is shown: before, then after."
    if grid.over_time:
        return f"{said} Where something differs: before, then after."
    if grid.twice:
        return f"{said} First mark: {grid.twice[0]}; second: {grid.twice[1]}."
    return said


def _line(grid: Grid, line: GridLine, senders: Sequence[Row]) -> Markup:
    traffic = line.traffic if line.declared else f"{line.traffic} (no socket)"
    return element(
        "tr",
        element("th", line.name, element("small", traffic), scope="row"),
        *(
            _square(grid, line.at(each)) if grid.whole or each in line.squares else element("td")
            for each in senders
        ),
    )


def _square(grid: Grid, square: Square) -> Markup:
    kind = look(grid, square)
    if not kind and (grid.over_time or square.first == square.second):
        return element("td", MARKS[square.second])
    if grid.differs(square):
        marks = joined(
            element("del", MARKS[square.first]), "→", element("ins", MARKS[square.second])
        )
    elif grid.twice and not grid.over_time:
        marks = joined(MARKS[square.first] + MARKS[square.second])
    else:
        marks = joined(MARKS[square.first])
    wrong = "!" if kind == "bad" else None
    return element(
        "td",
        element("span", marks, wrong, aria_hidden="true"),
        element("span", words(grid, square), class_="sr"),
        class_=kind or None,
    )


def _word(entry: Summary | None) -> str:
    if entry is None:
        return "not asked"
    return "in part" if entry == PARTLY else str(entry)


def _left_out(lines: int, idle: Sequence[Row]) -> Iterator[str]:
    if lines > 0:
        yield (
            f"{count(lines, 'line')} left out here, those of which least is to be said: "
            "--json has them all"
        )
    if idle:
        yield f"left out here: {count(len(idle), 'sender')} that none of this is open to"


def _legend(grid: Grid) -> Markup:
    shown = [NOTHING, *(square for line in grid.lines for square in line.squares.values())]
    used = {each.first for each in shown} | {each.second for each in shown}
    said = [(MARKS[each], word) for each, word in LEGEND.items() if each in used]
    if any(not each.fine for each in shown) and not grid.over_time:
        said.append(("!", "not as declared, or not as proved"))
    if any(grid.differs(each) for each in shown):
        said.append(("→", "what it was, and what it is"))
    if any(each.kind is EndpointKind.STRANGER for each in grid.senders):
        said.append(
            ("( )", "any host that someone starts in that segment or subnet, held by no group")
        )
    return element(
        "ul",
        *(element("li", element("span", mark, class_="mark"), " ", word) for mark, word in said),
        class_="legend",
    )
