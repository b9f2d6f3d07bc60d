"""A stack as evidence: its answers, and in one more file what answers have no words for.

The state itself holds the secrets of whatever else the stack made. What is kept is what readers
made of it: the fields that decide something, what is in doubt, and where all of it is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticSerializationError

from bulkhead.network import Origin, Replaced, Unlisted, Unmodelled
from bulkhead.network.inventory import Inventory
from bulkhead.observe.dumps import UNSAID
from bulkhead.observe.observed import Observed, as_file, command_of
from bulkhead.observe.pulumi.origins import WrittenIn
from bulkhead.observe.pulumi.planned.to_come import Choices
from bulkhead.observe.pulumi.resources.shape import Slot, document_of
from bulkhead.observe.pulumi.shaped import Shaped
from bulkhead.observe.record import Hidden, texts_in
from bulkhead.observe.snapshots.needed import needed
from bulkhead.problems import InputError, Problem

FORM: Final = "bulkhead.stack/1"
_REMEDY: Final = "take the snapshot anew"
KEEP_ITSELF: Final = (
    "keep the file itself, where secrets are kept; its digest is in the provenance of every --json"
)
_FOLDER: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_STRICT: Final = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenAt:
    """Where in an answer (key, indexes and names) there is a value that was not read, and why."""

    at: tuple[str | int, ...]
    what: str
    candidates: tuple[str, ...] = ()


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """All of a `Shaped` but its document, of which it says what is hidden there."""

    schema: Literal["bulkhead.stack/1"]
    region: str
    owners: tuple[str, ...]
    hidden: tuple[HiddenAt, ...]
    unmodelled: tuple[Unmodelled, ...]
    unlisted: tuple[Unlisted, ...]
    things: Mapping[str, Origin]
    rules: tuple[tuple[str, Slot, Origin], ...]
    whole: Origin | None
    inventory: Inventory
    choices: Choices | None
    replaced: tuple[Replaced, ...] | None


_UNSAID: Final = TypeAdapter(Unsaid)


def stack_files(stack: Shaped, before: Observed, path: Path) -> dict[str, bytes]:
    """What is kept of a stack, by name; `before` is all of it, as it was read at `path`.

    Raises InputError where that would not be read again as the very same.
    """
    less = {key: _less(key, answer) for key, answer in stack.document.items()}
    hidden: list[HiddenAt] = []
    shown = {key: _shown(answer, (key,), hidden) for key, answer in less.items()}
    named = {each.id for each in before.network.things} | set(texts_in(less))
    unsaid = Unsaid(
        schema=FORM,
        region=stack.region,
        owners=before.accounts,
        hidden=tuple(hidden),
        unmodelled=stack.unmodelled,
        unlisted=stack.unlisted,
        things={id_: each for id_, each in stack.written.things.items() if id_ in named},
        rules=tuple((id_, slot, each) for (id_, slot), each in stack.written.rules.items()),
        whole=stack.written.whole,
        inventory=before.inventory(),
        choices=stack.choices,
        replaced=stack.replaced,
    )
    at = stack.region if _FOLDER.fullmatch(stack.region) else "region"
    try:
        files = {UNSAID: _UNSAID.dump_json(unsaid, indent=1, exclude_defaults=True) + b"\n"}
    except PydanticSerializationError:
        what = "holds a name that is no text, and cannot be kept"
        raise InputError([Problem(str(path), 0, what, KEEP_ITSELF)]) from None
    for key, answer in shown.items():
        if answer:
            files[f"{at}/{command_of(key)}.json"] = as_file(key, answer, ordered=True)
    again = stack_of(files, path)
    after = again.observed(path, remedy=KEEP_ITSELF)
    same = (
        after.network == before.network
        and after.origins == before.origins
        and again.written.rules == stack.written.rules
        and again.inventory() == unsaid.inventory
        and after.replaced == before.replaced
    )
    if not same:
        what = "cannot be kept: less its secrets it would not be read as the same"
        raise InputError([Problem(str(path), 0, what, KEEP_ITSELF)])
    return files


def stack_of(files: Mapping[str, bytes], path: Path) -> Shaped:
    """What was kept, as it was; `path` is the folder. Raises InputError where nobody can tell."""
    try:
        unsaid = _UNSAID.validate_json(files[UNSAID])
        found: dict[str, Any] = {}
        for name, data in files.items():
            if name != UNSAID:
                found |= json.loads(data)
        for each in unsaid.hidden:
            _hide(found, each)
    except (ValidationError, LookupError, TypeError, ValueError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        what = f"holds no stack that this version reads ({why})"
        raise InputError([Problem(str(path / UNSAID), 0, what, _REMEDY)]) from None
    return Shaped(
        region=unsaid.region,
        document=document_of(found),
        owners=unsaid.owners,
        unmodelled=unsaid.unmodelled,
        unlisted=unsaid.unlisted,
        written=WrittenIn(
            things=unsaid.things,
            rules={(id_, slot): each for id_, slot, each in unsaid.rules},
            whole=unsaid.whole,
        ),
        inventory=lambda: unsaid.inventory,
        choices=unsaid.choices,
        replaced=unsaid.replaced,
    )


def _less(key: str, answer: object) -> object:
    if isinstance(answer, list):
        return [needed(key, each) for each in answer]
    return needed(key, answer) if isinstance(answer, Mapping) else answer


def _shown(value: object, at: tuple[str | int, ...], hidden: list[HiddenAt]) -> object:
    """The value with nothing (null) where something is hidden, which is noted apart."""
    if isinstance(value, Hidden):
        hidden.append(HiddenAt(at=at, what=value.what, candidates=value.candidates))
        return None
    if isinstance(value, Mapping):
        return {name: _shown(each, (*at, name), hidden) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each, (*at, number), hidden) for number, each in enumerate(value)]
    return value


def _hide(found: dict[str, Any], hidden: HiddenAt) -> None:
    holder: Any = found
    *before, last = hidden.at
    for step in before:
        holder = holder[step]
    holder[last] = Hidden(hidden.what, hidden.candidates)
