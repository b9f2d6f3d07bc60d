"""A proof as Markdown, for a pull request, an issue or a wiki on GitHub.

Names come from accounts: whoever may tag a host could write Markdown. So each is
code, in which GitHub finds no mention, no reference and no link.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bulkhead.agree import FlowMatrix, Status
from bulkhead.ends import EndpointKind
from bulkhead.judge import Judgement
from bulkhead.network import Network
from bulkhead.prove import Column, Reach, Row
from bulkhead.report.matrix import MARKS
from bulkhead.report.openings import Opening, openings, traffic_of
from bulkhead.report.unmodelled import Unjudged, nothing_reached, unjudged
from bulkhead.report.words import LEGEND, count

WIDEST: Final = 12
"""Senders that fit beside each other in a comment; more are listed, and the table folded."""

MOST_LISTED: Final = 50
MOST_CELLS: Final = 4000
"""GitHub refuses a comment of more than 65,536 characters."""

_SIMPLE: Final = re.compile(r"[A-Za-z0-9_./:-]+(?: [A-Za-z0-9_./:-]+)*")
_SAFE_IN_PROSE: Final = frozenset(" .,()-")


def proof(
    subject: str, reach: Reach, matrix: FlowMatrix, judgement: Judgement | None = None
) -> str:
    """What is open in a network: the verdict, the matrix, the internet, what nobody knows.

    `judgement` where it was declared what should be open.
    """
    found = openings(matrix)
    parts = [
        f"### What can reach what: {code(subject)}",
        _verdict(found, judgement),
        *_matrix(reach.network, matrix, found),
        *_internet(found),
        *_listed(
            "Undetermined",
            [f"{_opening(each)}" for each in found if each.status is Status.UNDETERMINED],
        ),
        *not_modelled(reach.network),
    ]
    return "\n\n".join(parts) + "\n"


def code(text: str) -> str:
    """A name, as nothing but a name."""
    shown = "".join(each if each.isprintable() else " " for each in text).strip()
    if _SIMPLE.fullmatch(shown):
        return f"`{shown}`"
    plain = (each if each.isalnum() or each in " .-" else f"&#{ord(each)};" for each in shown)
    return f"<code>{''.join(plain)}</code>"


def prose(text: str) -> str:
    """A sentence that contains names: signs mean nothing, @ and # call nobody."""
    plain = (each if each.isprintable() else " " for each in text)
    return "".join(map(_harmless, plain))


def _harmless(sign: str) -> str:
    if sign.isalnum() or sign in _SAFE_IN_PROSE:
        return sign
    # GitHub looks for @name and #1 in the finished page, so an entity alone is not enough.
    return f"&#{ord(sign)};" + ("&#8203;" if sign in "@#" else "")


def _verdict(found: Sequence[Opening], judgement: Judgement | None) -> str:
    counted = Counter(each.status for each in found)
    if judgement is None:
        also = "".join(
            f"; {counted[each]} {each}" for each in Status if counted[each] and not each.fine
        )
        return f"**{count(counted[Status.OPEN], 'flow')} open**, over all packets{also}."
    open_ = count(counted[Status.DECLARED], "flow")
    if judgement.ok:
        return f"**As declared**, over all packets: {open_} open, nothing else."
    said = ", ".join(kind.counted(number) for kind, number in sorted(judgement.counts.items()))
    return f"**Not as declared**, over all packets: {said}; {open_} as declared."


def _matrix(network: Network, matrix: FlowMatrix, found: Sequence[Opening]) -> Iterator[str]:
    if not matrix.sockets:
        yield f"{nothing_reached(network).capitalize()}."
        return
    active = {each.sender for each in found}
    senders = [
        row
        for row in matrix.senders
        if row in active or row.kind in (EndpointKind.INTERFACE, EndpointKind.SITE)
    ]
    most = max(1, MOST_CELLS // max(1, len(senders)))
    sockets = matrix.alike
    table = _table(matrix, senders, sockets[:most])
    left = len(sockets) - most
    if left > 0:
        table += f"\n\nand {left} more sockets (`--json` lists all)"
    if len(senders) <= WIDEST:
        yield table
        return
    yield _reached(matrix, found)
    yield (
        f"<details><summary>The whole matrix: {len(sockets)} sockets, "
        f"{len(senders)} senders</summary>\n\n{table}\n\n</details>"
    )


def _table(
    matrix: FlowMatrix, senders: Sequence[Row], sockets: Sequence[tuple[Column, ...]]
) -> str:
    lines = [
        _row(["socket", "traffic", *(code(each.name) for each in senders)]),
        _row(["---", "---", *(":-:" for _ in senders)]),
    ]
    used = set()
    for together in sockets:
        socket = together[0]
        cells = []
        for sender in senders:
            pair = matrix.pairs[sender, socket]
            used.add(pair.proved)
            mark = MARKS[pair.proved]
            sign = f"{mark} \\*" if pair.shared else mark
            cells.append(sign if pair.as_it_should_be else f"**{mark} !**")
        lines.append(_row([code(socket.called), _traffic(matrix, together), *cells]))
    words = [f"{MARKS[each]} {word}" for each, word in LEGEND.items() if each in used]
    if any("!" in line for line in lines[2:]):
        words.append("! not as declared")
    if any(" \\*" in line for line in lines[2:]):
        words.append("\\* open with another socket, which draws from the same range of ports")
    return "\n".join([*lines, "", ", ".join(words)])


def _reached(matrix: FlowMatrix, found: Sequence[Opening]) -> str:
    """By socket: who reaches it."""
    by_socket: dict[Column, list[Opening]] = {}
    for each in found:
        by_socket.setdefault(each.socket, []).append(each)
    open_ = [together for together in matrix.alike if together[0] in by_socket]
    lines = [_row(["socket", "traffic", "open to"]), _row(["---", "---", "---"])]
    for together in open_[: MOST_LISTED * 2]:
        senders = [
            code(each.sender.name)
            if each.status.fine
            else f"**{code(each.sender.name)} ({each.status})**"
            for each in by_socket[together[0]]
        ]
        lines.append(_row([code(together[0].called), _traffic(matrix, together), _few(senders)]))
    left = len(open_) - MOST_LISTED * 2
    more = f"\n\nand {left} more sockets (`--json` lists all)" if left > 0 else ""
    return "\n".join(lines) + more


def _internet(found: Sequence[Opening]) -> Iterator[str]:
    opened = [
        _opening(each)
        for each in found
        if each.sender.kind is EndpointKind.INTERNET
        and each.status not in (Status.MISSING, Status.UNDETERMINED)
    ]
    if opened:
        yield from _listed("Open from the internet", opened)
    else:
        yield "Nothing is open from the internet."


def not_modelled(network: Network) -> Iterator[str]:
    """What nobody can judge, folded by why; nothing where there is nothing."""
    reasons = [each for each in unjudged(network) if not each.of_files]
    yield from _listed(
        "Not modelled", list(map(_unjudged, reasons)), of=sum(len(each.things) for each in reasons)
    )


def _unjudged(some: Unjudged) -> str:
    names = ", ".join(f"{prose(each.kind)} {code(each.id)}" for each in some.named)
    return f"{names}{f' and {some.left} more' if some.left else ''}: {prose(some.why)}"


def _listed(title: str, things: Sequence[str], of: int | None = None) -> Iterator[str]:
    """Under its title, with how many there are; `of` where one line is several things."""
    if things:
        left = len(things) - MOST_LISTED
        more = [f"and {left} more (`--json` lists all)"] if left > 0 else []
        listed = "\n".join(f"- {each}" for each in (*things[:MOST_LISTED], *more))
        yield f"#### {title} ({len(things) if of is None else of})\n\n{listed}"


def _opening(opening: Opening) -> str:
    said = "" if opening.status.fine else f": {opening.status}"
    what = opening.traffic if opening.socket.declared else f"{opening.traffic} (no socket)"
    return f"{code(opening.sender.name)} to {code(opening.socket.called)} {what}{said}"


def _traffic(matrix: FlowMatrix, sockets: Sequence[Column]) -> str:
    said = traffic_of(matrix, sockets)
    return said if sockets[0].declared else f"{said} (no socket)"


def _few(names: Sequence[str]) -> str:
    left = len(names) - MOST_LISTED
    more = [f"and {left} more"] if left > 0 else []
    return ", ".join((*names[:MOST_LISTED], *more))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
