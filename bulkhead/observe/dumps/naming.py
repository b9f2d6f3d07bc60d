"""Groups that other answers of a dump name: of functions, databases, launch templates.

Nothing of the network is read from these, but whoever wrote a group into one of them holds it, or
will. They are known by no table of theirs: whatever names a group counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.network import Unlisted
from bulkhead.observe.calls import KEYS
from bulkhead.observe.dumps.files import File
from bulkhead.observe.dumps.text import JsonText
from bulkhead.observe.record import texts_in

_ABOUT: Final = re.compile(r".*(SecurityGroup|Tag|FlowLog|Snapshot|NetworkInsights).*")
"""Answers that speak of groups and run nothing."""
_NAMES: Final = re.compile(r".*(Arn|Name|Identifier|Id)$", re.IGNORECASE)


def named_groups(text: JsonText, file: File) -> Iterator[Unlisted]:
    """What a file says holds groups, beside what is read of it."""
    value = text.value if isinstance(text.value, Mapping) else {}
    for key, several in value.items():
        if key in KEYS or _ABOUT.fullmatch(key):
            continue
        for record in several if isinstance(several, list) else [several]:
            groups = [each for each in texts_in(record) if each.startswith("sg-")]
            if groups:
                yield Unlisted(
                    kind=key,
                    name=_name(record) or key,
                    why=f"{file.name} says that it holds them, now or when it runs",
                    field="security_groups",
                    runs=False,
                    security_groups=tuple(dict.fromkeys(groups)),
                )


def _name(record: object) -> str:
    """The first id or name that it has."""
    said = record if isinstance(record, Mapping) else {}
    named = (each for key, each in said.items() if _NAMES.fullmatch(key) and isinstance(each, str))
    return next(named, "")
