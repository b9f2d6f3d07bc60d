"""Which sources can be kept as evidence, and what of the others is evidence by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Never

from bulkhead import observe
from bulkhead.problems import InputError, Problem
from bulkhead.sources.account import ACCOUNT, ask_account, is_account
from bulkhead.sources.opening import is_topology, one_of_a_dump, reader_of
from bulkhead.sources.reading import Clock, now, provenance

if TYPE_CHECKING:
    from bulkhead.observe import Manifest

_OF_A_TOPOLOGY: Final = (
    "it is planned from the file and its lock, which are the evidence: commit them; the digests "
    "of both are in every --json"
)
_OF_A_STACK: Final = (
    "it may hold secrets of resources that nobody here reads: keep the file itself where secrets "
    "are kept (its digest is in every --json), and a snapshot of the account: "
    "bulkhead snapshot aws:REGION -o DIR"
)


def take_snapshot(text: str, folder: Path, *, clock: Clock = now) -> Manifest:
    """Keep what SOURCE answers in a folder, to be read again as a source.

    An account is asked; of a dump its answers are copied, less secrets. What holds no answers
    of AWS is refused, with what to keep instead. Raises InputError or observe.ObserveError.
    """
    path = Path(text)
    time = clock()
    observe.expect_free(folder)
    if is_account(text):
        account = ACCOUNT.fullmatch(text)
        asked = ask_account(text, None, audited=True)
        return observe.keep_account(
            asked,
            folder,
            source=text,
            only=account and (account["only"] or account["vpc"]),
            made_from=provenance(time, regions=asked.regions, accounts=asked.accounts),
        )
    if is_topology(path):
        _refuse(text, "is a topology, and answers nothing", _OF_A_TOPOLOGY)
    only = path.name if one_of_a_dump(path) else None
    path = path.parent if only else path
    reader = reader_of(path)
    if reader is observe.read_snapshot:
        _refuse(text, "is a snapshot already", "copy the folder")
    if reader is not observe.read_dump:
        _refuse(text, "is what an engine says, and holds no answers of AWS", _OF_A_STACK)
    found = reader(path, only=only)
    return observe.keep_dump(
        path,
        folder,
        source=text,
        only=only,
        made_from=provenance(time, regions=found.regions, accounts=found.accounts),
    )


def _refuse(text: str, what: str, remedy: str) -> Never:
    raise InputError([Problem(text, 0, what, remedy)])
