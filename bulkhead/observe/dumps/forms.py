"""Forms in which people keep what AWS answered: what is read, and by its name what is not.

What is refused as 'none of the sources' sends its reader to look for a mistake in a
file that has none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, KEYS
from bulkhead.problems import Problem

_YAML_KEY: Final = re.compile(rf"^(?:- )?({'|'.join((*KEYS, 'Reservations'))}):", re.MULTILINE)
_TABLE: Final = re.compile(r"\A[\s]*-{3,}[\s|]*\|\s+(Describe|Search|Get|List)[A-Z]\w+")
_COLLECTOR: Final = frozenset({"collector_version", "collectorVersion"})
_MARK: Final = "\ufeff"

_AS_JSON: Final = "ask again with `aws … --output json`"


def is_answer(value: object) -> bool:
    """Whether a JSON value is an answer of the AWS CLI that a dump may hold."""
    return isinstance(value, Mapping) and any(
        key in value for key in (*KEYS, BLOCK_PUBLIC_ACCESS.key, "Instances")
    )


def refusal(name: str, data: bytes) -> Problem | None:
    """What form it is, and what would be read instead; None where it is none of these."""
    text = data.decode(json.detect_encoding(data), "replace").removeprefix(_MARK)
    for form, remedy in _of_text(text) or _of_json(text):
        return Problem(name, 0, form, remedy)
    return None


_Found = list[tuple[str, str]]


def _of_text(text: str) -> _Found:
    if text.lstrip().startswith(("{", "[")):
        return []
    if _YAML_KEY.search(text):
        return [("it is an answer of AWS as YAML, and only JSON is read", _AS_JSON)]
    if _TABLE.match(text):
        return [("it is an answer of AWS as a table, and only JSON is read", _AS_JSON)]
    return []


def _of_json(text: str) -> _Found:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return next(([(form, remedy)] for fits, form, remedy in _JSON if fits(value)), [])


def _each(value: object, fits: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and any(map(fits, value))


def _record(value: object) -> bool:
    return isinstance(value, Mapping) and any(
        name in value for call in KEYS.values() for name in call.id.split("|")
    )


def _np_guard(value: object) -> bool:
    return isinstance(value, Mapping) and "provider" in value and not _COLLECTOR.isdisjoint(value)


def _unsaid(value: object) -> bool:
    schema = value.get("schema") if isinstance(value, Mapping) else None
    return isinstance(schema, str) and schema.startswith("bulkhead.stack/")


_JSON: Final[tuple[tuple[Callable[[object], bool], str, str], ...]] = (
    (
        _np_guard,
        "it is a snapshot of np-guard's cloud-resource-collector, which is not read",
        "ask AWS with `aws ec2 describe-…`, one file an answer, or name the account: aws:REGION",
    ),
    (
        _unsaid,
        "it is of a snapshot of a stack, which says in there what is in doubt",
        "name the folder that `bulkhead snapshot` wrote, with its bulkhead-snapshot.json",
    ),
    (
        lambda value: _each(value, is_answer),
        "it is a list of several answers of AWS",
        "write each answer to a file of its own, and name their folder",
    ),
    (
        lambda value: _each(value, _record),
        "it is a list of records without the name of their answer",
        "ask again without --query: the answer begins with its name, such as Vpcs",
    ),
)
