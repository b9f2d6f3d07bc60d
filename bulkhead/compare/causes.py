"""Which rules are responsible for a difference: one cell explained on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bulkhead.compare.delta import Cause, CauseKind
from bulkhead.compare.rulebook import Rulebook, Saying
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.hops import Explanation, Hop, Layer
from bulkhead.explain.rules import RuleRef

GROUPS = (Layer.GROUP_EGRESS, Layer.GROUP_INGRESS)

Books = tuple[Rulebook, Rulebook]


def causes(
    books: Books, before: Explanation | None, after: Explanation | None
) -> tuple[Cause, ...]:
    """Compare hop by hop. Without one of the explanations an end is on one side only."""
    if before is None or after is None:
        return tuple(dict.fromkeys(_of_one_side(books, before, after)))
    ours, theirs = _by_place(before), _by_place(after)
    shared = [(ours[place], theirs[place]) for place in ours if place in theirs]
    found: list[Cause] = []
    for differs in (_another_word, _another_way):
        found = found or [
            cause
            for one, other in shared
            if differs(books, one, other)
            for cause in _at(books, one, other)
        ]
    if not found:
        only = [hop for place, hop in ours.items() if place not in theirs]
        only += [hop for place, hop in theirs.items() if place not in ours]
        found = [_cause(CauseKind.OTHERWISE, hop, _said(hop)) for hop in only]
    return tuple(dict.fromkeys(_of_end(each, after) for each in found))


def _another_word(_: Books, one: Hop, other: Hop) -> bool:
    return one.passes is not other.passes


def _another_way(books: Books, one: Hop, other: Hop) -> bool:
    return (one.name, _meaning(books[0], one), one.why) != (
        other.name,
        _meaning(books[1], other),
        other.why,
    )


def _meaning(book: Rulebook, hop: Hop) -> list[object]:
    """What the deciding rules mean, whatever their ids are."""
    sayings = ((ref, book.saying(ref)) for ref in hop.rules)
    return [saying.meaning if saying else ref.rule for ref, saying in sayings]


def _by_place(said: Explanation) -> dict[tuple[bool, Layer, int], Hop]:
    """Hops by what can be compared: the n-th of its layer, there or back."""
    found: dict[tuple[bool, Layer, int], Hop] = {}
    often: Counter[tuple[bool, Layer]] = Counter()
    for hop in (*said.request, *said.reply):
        found[hop.reply, hop.layer, often[hop.reply, hop.layer]] = hop
        often[hop.reply, hop.layer] += 1
    return found


def _at(books: Books, one: Hop, other: Hop) -> Iterator[Cause]:
    """What makes a layer say something else: a rule gone, new or changed; or else its word."""
    old, new = books
    if one.layer in GROUPS and _names(old, one) != _names(new, other):
        yield _held(books, one, other)
    # What a component of that name still says over there has not gone: it is held by others.
    gone = _not_in(new, _unsaid(_deciding(old, one), _all(new, other)))
    come = _not_in(old, _unsaid(_deciding(new, other), _all(old, one)))
    successors = _unsaid(_all(new, other), _all(old, one))
    predecessors = _unsaid(_all(old, one), _all(new, other))
    for each in gone:
        now = _in_its_place(each, (*come, *successors))
        if now is None:
            yield _cause(CauseKind.GONE, one, each)
        else:
            yield _cause(CauseKind.CHANGED, other, now, was=each.text)
    for each in come:
        was = _in_its_place(each, (*gone, *predecessors))
        if was is None:
            yield _cause(CauseKind.NEW, other, each)
        else:
            yield _cause(CauseKind.CHANGED, other, each, was=was.text)
    if gone or come:
        return
    if one.layer not in GROUPS:
        yield _cause(CauseKind.OTHERWISE, other if other.ids else one, _said(other))
    elif _names(old, one) == _names(new, other):
        yield _another_peer(books, one, other)


def _names(book: Rulebook, hop: Hop) -> set[str]:
    return {book.name(each) for each in hop.ids}


def _held(books: Books, one: Hop, other: Hop) -> Cause:
    """An end that holds other groups than it did."""
    was, now = _names(books[0], one), _names(books[1], other)
    dropped, added = ", ".join(sorted(was - now)), ", ".join(sorted(now - was))
    words = [f"no longer holds {dropped}"] if dropped else []
    words += [f"now holds {added}"] if added else []
    sender = one.layer is Layer.GROUP_EGRESS
    return Cause(
        kind=CauseKind.HELD,
        layer=one.layer,
        component="the sender" if sender else "the receiver",
        rule=" and ".join(words),
    )


def _another_peer(books: Books, one: Hop, other: Hop) -> Cause:
    """Rules that stayed as they are, and count for this pair on one side only."""
    passed = one.passes is True
    deciding = _deciding(books[0], one) if passed else _deciding(books[1], other)
    told = "; ".join(dict.fromkeys(each.text for each in deciding)) or _said(other)
    how = "no longer counts" if passed else "counts now"
    return _cause(CauseKind.OTHERWISE, other, f"{told} {how} for the other end")


def _not_in(book: Rulebook, several: Iterable[Saying]) -> list[Saying]:
    return [each for each in several if not book.holds(each)]


def _said(hop: Hop) -> str:
    return hop.grounds or ("passes" if hop.passes else "no rule matches")


def _unsaid(these: Iterable[Saying], those: Iterable[Saying]) -> list[Saying]:
    """What these say and those do not, each thing once."""
    known = {each.meaning for each in those}
    return list({each.meaning: each for each in these if each.meaning not in known}.values())


def _deciding(book: Rulebook, hop: Hop) -> list[Saying]:
    found = (book.saying(each) for each in hop.rules)
    return [each for each in found if each is not None]


def _all(book: Rulebook, hop: Hop) -> list[Saying]:
    return [each for component in hop.ids for each in book.said(component).values()]


def _in_its_place(saying: Saying, several: Iterable[Saying]) -> Saying | None:
    return next((each for each in several if not saying.slots.isdisjoint(each.slots)), None)


def _of_one_side(
    books: Books, before: Explanation | None, after: Explanation | None
) -> Iterator[Cause]:
    """With nothing to compare hop by hop: what no component of that name says over there."""
    kind, said = (CauseKind.GONE, before) if before else (CauseKind.NEW, after)
    book, other = books if before else reversed(books)
    for hop in (*said.request, *said.reply) if said else ():
        for each in _not_in(other, _deciding(book, hop)):
            yield _cause(kind, hop, each)


def _cause(kind: CauseKind, hop: Hop, rule: Saying | str, *, was: str = "") -> Cause:
    said = rule if isinstance(rule, Saying) else None
    ref = RuleRef(said.holder, said.rule) if said else next(iter(hop.rules), None)
    return Cause(
        kind=kind,
        layer=hop.layer,
        component=hop.name or ", ".join(hop.ids),
        rule=said.text if said else str(rule),
        was=was,
        reply=hop.reply,
        holder=ref.component if ref else next(iter(hop.ids), ""),
        written=ref.rule if ref else None,
    )


def _of_end(cause: Cause, after: Explanation) -> Cause:
    """What an end holds is written where the end is."""
    if cause.kind is not CauseKind.HELD:
        return cause
    sender = cause.layer is Layer.GROUP_EGRESS
    return replace(cause, holder=(after.source if sender else after.destination).id)


def end_cause(end: Endpoint, *, new: bool) -> Cause:
    """An end that only one of the networks has."""
    what = "host " if end.kind is EndpointKind.INTERFACE else ""
    # Of a site people know the name, and have to know which addresses of it.
    which = f" ({end.prefix})" if end.kind is EndpointKind.SITE and not end.part else ""
    return Cause(
        kind=CauseKind.END,
        layer=None,
        component=f"{what}{end.name}{which}",
        rule="new" if new else "gone",
        holder=end.id,
    )
