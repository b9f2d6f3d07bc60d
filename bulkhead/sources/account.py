"""The account as a source: which words mean it, and what it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from bulkhead import observe
from bulkhead.observe import EVERYTHING, Observed, Wanted
from bulkhead.problems import InputError, Problem
from bulkhead.sources.forms import FORMS

ACCOUNT: Final = re.compile(
    r"aws(?:/(?P<vpc>vpc-[0-9a-z]+)"
    r"|:(?P<regions>\*|[a-z0-9-]+(?:,[a-z0-9-]+)*)(?:/(?P<only>[^/]+))?)?"
)
_A_FOLDER: Final = (
    "aws, aws/VPC and aws:… always mean the account; a file or folder of that name is ./"
)


def is_account(text: str) -> bool:
    """Whether SOURCE is AWS itself: what lies in the working directory cannot stand for it."""
    return text.startswith("aws:") or ACCOUNT.fullmatch(text) is not None


def ask_account(text: str, wanted: Wanted = EVERYTHING, *, audited: bool = False) -> Observed:
    """What AWS answers of what is wanted of it, and what the words themselves say of that.

    Raises observe.ObserveError, and InputError where the words are none.
    """
    path = Path(text)
    with _hint_at(path if text != f"aws/{path.name}" else path.parent, text):
        account = ACCOUNT.fullmatch(text)
        if account is None:
            raise InputError([Problem(text, 0, "is no account", FORMS)])
        regions = account["regions"]
        wanted = replace(wanted, only=account["only"] or account["vpc"])
        if regions == "*":
            return observe.read_accounts(None, wanted=wanted, audited=audited)
        if regions is not None and "," in regions:
            return observe.read_accounts(regions.split(","), wanted=wanted, audited=audited)
        return observe.read_account(regions, wanted=wanted, audited=audited)


@contextmanager
def _hint_at(namesake: Path, text: str) -> Iterator[None]:
    """Where AWS cannot be asked, and a file is called as the account is: how to name the file."""
    try:
        yield
    except observe.ObserveError as error:
        if namesake.exists():
            error.add_note(f"{_A_FOLDER}{text}")
        raise
