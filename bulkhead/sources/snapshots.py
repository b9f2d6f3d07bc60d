"""A source as evidence: a folder that any verb reads again, and that says if it was changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bulkhead import observe
from bulkhead.files import noting
from bulkhead.network import Provenance
from bulkhead.problems import InputError, Problem
from bulkhead.sources.account import ACCOUNT, ask_account, is_account
from bulkhead.sources.forms import refuse_other_forms
from bulkhead.sources.opening import (
    REVISION,
    is_preview,
    is_state,
    is_topology,
    one_of_a_dump,
    open_topology,
    reader_of,
)
from bulkhead.sources.reading import Clock, now, provenance

if TYPE_CHECKING:
    from datetime import datetime

    from bulkhead.observe import Manifest, Observed


def take_snapshot(
    text: str, folder: Path, *, beside: str | None = None, clock: Clock = now
) -> Manifest:
    """Keep what SOURCE says in a folder, to be read again as a source.

    An account is asked; of a dump its answers are copied, less secrets; of a state or a preview
    what they say of a network is kept, and nothing else; of a topology the file and its lock.
    `beside` is a state, from which is taken what a preview leaves out.
    Raises InputError or observe.ObserveError.
    """
    time = clock()
    observe.expect_free(folder)
    if beside is not None and not is_preview(text):
        what = "is no preview, and takes no state beside it"
        raise InputError([Problem(text, 0, what, "leave --state out")])
    if text.startswith(REVISION):
        return _keep_topology(text, folder, time)
    path = Path(text)
    if is_account(text):
        account = ACCOUNT.fullmatch(text)
        asked = ask_account(text, observe.Wanted(names=observe.ALL_NAMES), audited=True)
        return observe.keep_account(
            asked,
            folder,
            source=text,
            only=account and (account["only"] or account["vpc"]),
            made_from=provenance(time, regions=asked.regions, accounts=asked.accounts),
        )
    if is_topology(path):
        return _keep_topology(text, folder, time)
    only = path.name if one_of_a_dump(path) else None
    path = path.parent if only else path
    reader = reader_of(path)
    if reader is observe.read_snapshot:
        raise InputError([Problem(text, 0, "is a snapshot already", "copy the folder")])
    stacks = (observe.read_state, observe.read_preview)
    if reader in (*stacks, observe.read_terraform_state, observe.read_terraform_plan):
        return _keep_stack(text, path, folder, beside, time)
    found = reader(path, wanted=observe.Wanted(only=only))
    return observe.keep_dump(
        path,
        folder,
        source=text,
        only=only,
        made_from=provenance(time, regions=found.regions, accounts=found.accounts),
    )


def _keep_topology(text: str, folder: Path, time: datetime) -> Manifest:
    """Of the very bytes that are planned."""
    from bulkhead.sources.topologies import here, keep_topology  # noqa: PLC0415 - needs the planner

    if text.startswith(REVISION):
        from bulkhead.sources.revisions import files_at_revision  # noqa: PLC0415 - as above

        return keep_topology(files_at_revision(text), folder, source=text, time=time)
    path = Path(text)
    refuse_other_forms(path)
    open_topology(path)  # which refuses a stale lock where nobody could commit another
    return keep_topology(here(path), folder, source=text, time=time)


def _keep_stack(
    text: str, path: Path, folder: Path, beside: str | None, time: datetime
) -> Manifest:
    with noting() as read:
        reader = reader_of(path)
        of: Literal["state", "preview"]
        if reader is observe.read_state:
            stack, of = observe.shaped_state(path), "state"
        elif reader is observe.read_terraform_state:
            stack, of = observe.shaped_terraform_state(path), "state"
        elif reader is observe.read_terraform_plan:
            stack, of = observe.shaped_terraform_plan(path), "preview"
        else:
            state = Path(beside) if beside and is_state(beside) else None
            stack, of = observe.shaped_preview(path, beside=state), "preview"
        keep = partial(observe.keep_stack, stack, of=of)
    return keep(path, folder, source=text, made_from=partial(_made_from, time, read))


def _made_from(time: datetime, read: Mapping[str, str], found: Observed) -> Provenance:
    return provenance(time, read, regions=found.regions, accounts=found.accounts)
