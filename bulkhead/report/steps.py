"""The calls of a change in order, and what is lost in between, for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.text import Text

from bulkhead.report.words import MOST_SHOWN, count
from bulkhead.review.steps import ChangeStep, ChangeSteps, LeftBehind, MovedHost

_MOST_CALLS: Final = 200
"""Lines of calls on a console; --json lists all."""


def print_steps(console: Console, found: ChangeSteps) -> None:
    """Write the calls, what each opens and closes, and above all what cannot be kept."""
    console.print(Text(f"From {found.base} to {found.head}: {verdict_line(found)}", "bold"))
    for line in losses(found):
        console.print(Text(f"  {line}", "red"))
    for line in (*_as_it_stands(found), *found.notes):
        console.print(Text(f"  {line}", "dim"))
    for each in found.moved[:MOST_SHOWN]:
        console.print(Text(f"  {_moved(each)}"))
    if len(found.moved) > MOST_SHOWN:
        console.print(Text(f"  and {len(found.moved) - MOST_SHOWN} more hosts (--json lists all)"))
    for left in found.left_behind:
        console.print(Text(f"  {_left_behind(left)}"))
    update = 0
    for at, step in enumerate(found.steps[:_MOST_CALLS], 1):
        if found.in_two and step.update != update:
            update = step.update
            console.print(Text(f"Update {update}", "bold"))
        _print_step(console, at, step)
    if (more := len(found.steps) - _MOST_CALLS) > 0:
        console.print(Text(f"and {count(more, 'step')} more (--json lists all)", "dim"))


def verdict_line(found: ChangeSteps) -> str:
    """The answer in a sentence."""
    if found.refused:
        return f"no order keeps anything: {found.refused}."
    if not found.steps:
        return "no call."
    proved = "proved after every call" if found.calls == len(found.steps) else "proved"
    if found.loses_nothing:
        return (
            f"{count(found.calls, 'call')}; {proved}: every flow that stays is open all the "
            "while, and nothing is open that neither declares."
        )
    lost = [
        f"{count(len(found.broken), 'flow')} broken that should stay" * bool(found.broken),
        f"{count(len(found.nobodys), 'thing')} open that nobody declares" * bool(found.nobodys),
        "two updates needed" * found.in_two,
        f"{count(len(found.collisions), 'collision')}" * bool(found.collisions),
        "no room in the middle" * (bool(found.full) and not found.in_two),
        f"{count(len(found.moved), 'host')} at another address" * bool(found.moved),
        f"copies of {count(len(found.left_behind), 'service')} in other subnets"
        * bool(found.left_behind),
        f"{count(len(found.replaced), 'thing')} replaced" * bool(found.replaced),
        f"{count(len(found.in_doubt), 'flow')} of which nobody can tell" * bool(found.in_doubt),
        f"{count(len(found.unseen), 'thing')} not observed" * bool(found.unseen),
    ]
    kept = "; all flows that stay are open all the while" * (not found.broken and not found.full)
    return f"{count(found.calls, 'call')}, {proved}: {', '.join(filter(None, lost))}{kept}."


def losses(found: ChangeSteps) -> Iterator[str]:
    """What cannot be kept, each in a line: flows, room, what is replaced."""
    for each in found.full:
        yield f"no room in the middle: {each}"
    if found.full:
        yield (
            "it fits in two updates: first remove what is in update 1, which nothing needs that "
            "stays; then all else"
            if found.in_two
            else "AWS refuses what is over, and the update stops there: raise the quota, or "
            "change less at once"
        )
    for said in found.collisions[:MOST_SHOWN]:
        yield f"AWS refuses the second of {said}: is the lock beside it that of {found.base}?"
    for flow in found.broken[:MOST_SHOWN]:
        first, last = found.during(flow)
        yield f"broken from call {first} to call {last}: {flow}"
    for said in found.nobodys[:MOST_SHOWN]:
        yield f"open meanwhile: {said}"
    for flow in found.in_doubt[:MOST_SHOWN]:
        yield f"nobody can tell whether it is open before, so neither whether it is kept: {flow}"
    for said in found.unseen[:MOST_SHOWN]:
        yield f"not observed, and taken to be as planned: {said}"
    if (more := len(found.unseen) - MOST_SHOWN) > 0:
        yield f"and {more} more were not observed (--json lists all)"
    for thing in found.replaced:
        yield f"{thing}"


def _as_it_stands(found: ChangeSteps) -> Iterator[str]:
    """What it means that nobody declared what stands before."""
    if not found.observed:
        return
    stay = f"{count(len(found.stays), 'flow')} of {found.head}"
    yield f"{found.base} declares nothing: what stays is what is open there of the plan, {stay}"
    for said in found.before[:MOST_SHOWN]:
        yield f"open before the first call: {said}"
    if (more := len(found.before) - MOST_SHOWN) > 0:
        yield f"and {more} more are open before the first call (--json lists all)"
    if found.steps:
        yield "an engine calls what differs from its own state: of an account refresh that first"


def _moved(each: MovedHost) -> str:
    """Of a host that moves, from when to when both of it stand."""
    if each.since < each.until:
        between = f"both stand from call {each.since} to call {each.until}"
        return f"{each.name} is at {each.new} instead of {each.old}: {between}"
    return f"{each.name} is at {each.new} instead of {each.old}: the old one has to go first"


def _left_behind(each: LeftBehind) -> str:
    """Of copies that somebody else moves, where they have to be, and by when."""
    where = f"copies of {each.service} may be in {', '.join(each.to)}"
    if not each.gone:
        return f"{where}, and no more in {', '.join(each.subnets)}"
    return (
        f"{where} before call {each.gone}: from then on those still in {', '.join(each.subnets)} "
        "lose what they have, and AWS deletes no subnet before they are gone"
    )


def _print_step(console: Console, at: int, step: ChangeStep) -> None:
    first, *more = step.calls
    console.print(Text(f"{at:>4}  {first}", no_wrap=False))
    if more:
        console.print(Text(f"      and {count(len(more), 'call')} of the kind up to {more[-1]}"))
    for flow in step.opens:
        console.print(Text(f"        opens {flow}", "green"))
    for flow in step.closes:
        console.print(Text(f"        closes {flow}", "yellow"))
    for flow in step.broken:
        console.print(Text(f"        BREAKS {flow}, which stays", "red"))
    for said in step.nobodys:
        console.print(Text(f"        OPENS what nobody declares: {said}", "red"))
