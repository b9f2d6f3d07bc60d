"""What a preview leaves out, taken from the state that lies beside it.

Without --show-sames the engine hides one operation alone: `same`, of what stays as it is (but of
the stack itself, and of what becomes protected). It counts them none the less, those of default
providers excepted. So what the state holds and no step is about is what stays, if there are as
many, and if every resource that a step shows stands in the state as the step saw it.
(github.com/pulumi/pulumi v3.259.0, pkg/backend/display/display.go, shouldShow)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.observe.pulumi.planned.steps import name_of, shut, uncounted
from bulkhead.observe.record import Record

_NOT_COMPARED: Final = ("pulumi:pulumi:Stack", "pulumi:providers:")
"""A stack's outputs may be suppressed, and a provider's are its own affair."""
_MOST_NAMED: Final = 5


def left_out(document: Mapping[str, object]) -> int:
    """How many resources stay as they are and are not shown; 0 where nobody counted.

    Raises UnreadableError where the document is in disorder.
    """
    top = Record("the preview", document)
    counted = top.inside("changeSummary")
    shown = sum(
        step.values.get("op") == "same" and not uncounted(step.text("urn"))
        for step in top.records("steps")
    )
    return max(0, (counted.maybe_integer("same") or 0) - shown) if counted else 0


def completed(
    document: Mapping[str, object], deployment: Mapping[str, object]
) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """The preview with a step for everything that stays; and why the two are not of one moment.

    Raises UnreadableError where one of them is in disorder.
    """
    wanted = left_out(document)
    top, state = Record("the preview", document), Record("the state", deployment)
    steps, resources = top.records("steps"), state.records("resources")
    wrong = [*_of_another_stack(steps, resources)] or [*_seen_otherwise(steps, resources)]
    shown = {
        _held_as(step)
        for step in steps
        if step.values.get("op") != "refresh" and not _is_of_a_rest(step)
    }
    staying = [
        each.values
        for each in resources
        if each.text("urn") not in shown
        and not each.flag("delete")
        and not each.flag("pendingReplacement")
    ]
    found = sum(not uncounted(str(each["urn"])) for each in staying)
    if not wrong and found != wanted:
        wrong.append(
            f"the preview says that {wanted} resources stay as they are, and "
            f"{found} are in the state that it does not change"
            + (" (it was made with --refresh)" if _refreshed(steps) else "")
            + (" (one made with --target counts what it skips, too)" if found < wanted else "")
        )
    sames = [
        {"op": "same", "urn": each["urn"], "oldState": each, "newState": each} for each in staying
    ]
    return {**document, "steps": [*(step.values for step in steps), *sames]}, tuple(wrong)


def unmentioned(
    document: Mapping[str, object], deployment: Mapping[str, object]
) -> tuple[str, ...]:
    """Why a preview that shows what stays is not of all that the state holds.

    With --target, what is neither declared nor a target stays, and no step says so.
    (pkg/resource/deploy/step_generator.go, GenerateDeletes)
    Raises UnreadableError where one of them is in disorder.
    """
    top, state = Record("the preview", document), Record("the state", deployment)
    steps, resources = top.records("steps"), state.records("resources")
    if [*_of_another_stack(steps, resources)]:
        return ()
    told = {_held_as(step) for step in steps} | {step.text("urn") for step in steps}
    names = [
        name_of(each.text("urn"))
        for each in resources
        if each.flag("custom")
        and each.text("urn") not in told
        and not uncounted(each.text("urn"))
        and not (each.flag("delete") or each.flag("pendingReplacement"))
    ]
    if not names:
        return ()
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (
        "no step says what becomes of "
        + ", ".join(names[:_MOST_NAMED])
        + f"{more}: the state is older, or the preview was made with --target",
    )


def _refreshed(steps: tuple[Record, ...]) -> bool:
    return any(step.values.get("op") == "refresh" for step in steps)


def _of_another_stack(steps: tuple[Record, ...], resources: tuple[Record, ...]) -> Iterator[str]:
    previewed = {_stack_of(each.text("urn")) for each in steps}
    stands = {_stack_of(each.text("urn")) for each in resources}
    if previewed and stands and not previewed & stands:
        one, other = (" and ".join(sorted(each)) for each in (previewed, stands))
        yield f"the preview is of the stack {one}, and the state of {other}"


def _stack_of(urn: str) -> str:
    """'urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::main' -> 'dev of the project shop'."""
    stack, _, rest = urn.removeprefix("urn:pulumi:").partition("::")
    return f"{stack} of the project {rest.partition('::')[0]}"


def _seen_otherwise(steps: tuple[Record, ...], resources: tuple[Record, ...]) -> Iterator[str]:
    """What the preview saw that the state does not hold, or holds in another way."""
    held: dict[str, list[Record]] = defaultdict(list)
    for each in resources:
        held[each.text("urn")].append(each)
    told: set[tuple[str, bool]] = set()
    names = []
    for step in steps:
        urn = _held_as(step)
        if (urn, _is_of_a_rest(step)) in told:  # only the first step on it sees what is held
            continue
        told.add((urn, _is_of_a_rest(step)))
        old = step.inside("oldState")
        there = [each for each in held[urn] if not each.flag("delete")]
        if old is None:
            if there and step.values.get("op") not in ("read", "import"):
                names.append(f"{name_of(urn)} (which it did not see)")
        elif not any(_alike(old, each) for each in held[urn]):
            names.append(name_of(urn) + ("" if held[urn] else " (which the state lacks)"))
    if names:
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        yield (
            "the preview saw it otherwise, so the state is older or newer: "
            + ", ".join(names[:_MOST_NAMED])
            + more
        )


def _is_of_a_rest(step: Record) -> bool:
    """Whether it is on what an earlier replacement left; a successor of that name stands."""
    old = step.inside("oldState")
    return old is not None and old.flag("delete")


def _held_as(step: Record) -> str:
    """The URN under which the state holds it: an alias moves it, and the step has the new one."""
    old = step.inside("oldState")
    return (old.maybe("urn") if old else None) or step.text("urn")


def _alike(old: Record, held: Record) -> bool:
    """Whether two states of a resource say the same, but for secrets."""
    if old.maybe("id") != held.maybe("id"):
        return False
    if old.text("type").startswith(_NOT_COMPARED):
        return True
    return all(
        shut(old.values.get(key) or {}) == shut(held.values.get(key) or {})
        for key in ("inputs", "outputs")
    )
