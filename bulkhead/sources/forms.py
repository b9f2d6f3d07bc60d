"""Which of the sources a file holds: told by what is in it, for most of them end in .json."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bulkhead import observe
from bulkhead.files import LARGEST_ANSWER, read_file
from bulkhead.observe import Observed
from bulkhead.problems import InputError, Problem
from bulkhead.sources.others import of_others

FORMS: Final = (
    "name a topology (.yaml), git:REVISION:TOPOLOGY, a `pulumi stack export` (.json), a `pulumi "
    "preview --json --show-sames` (.json), a `terraform show -json` of a state or a plan (.json), "
    "a folder or file of `aws ec2 describe-*` output (.json), aws, aws:REGION, "
    "aws:REGION,REGION or aws:*; one VPC of an account is aws/VPC, aws:REGION/VPC or "
    "aws:REGION/STACK, one of a dump DUMP/VPC"
)
_KEY: Final = re.compile(r'[ \t\r\n]*[{,][ \t\r\n]*(?P<key>"(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*')
_FILL_IT: Final = "see why the command failed that was to write it, and write it anew"
_SHOWN_TO_PEOPLE: Final = re.compile(
    rb"\s*(?:\x1b\[[0-9;]*m)*(?:Previewing (?:update|refresh|destroy)|@ previewing )"
)
_CUT_VALUES: Final = "it is what `pulumi preview` shows people, which leaves out values"
_AS_JSON: Final = "write it with 'pulumi preview --json --show-sames'"
_OF_A_TERRAFORM_PLAN: Final = ("planned_values", "resource_changes")
_OF_A_STATE: Final = re.compile(rb'"(deployment|checkpoint)"\s*:')


def reader_for(path: Path) -> Callable[..., Observed]:
    """By what is in the file: a state, a preview and an answer of AWS all end in .json."""
    data = read_file(path, largest=LARGEST_ANSWER, remedy=FORMS)
    if not data.strip():
        raise InputError([Problem(str(path), 0, "it is empty", _FILL_IT)])
    if _SHOWN_TO_PEOPLE.match(data):
        raise InputError([Problem(str(path), 0, _CUT_VALUES, _AS_JSON)])
    if reader := _reader_of(data):
        return reader
    if other := observe.refusal(str(path), data) or of_others(str(path), data):
        raise InputError([other])
    if _is_json(data):
        raise InputError([Problem(str(path), 0, "it is JSON, but none of the sources", FORMS)])
    # What is broken is for the reader to explain whose words it holds.
    if _OF_A_STATE.search(data):
        return observe.read_state
    if path.suffix.lower() == ".json" or data.lstrip().startswith(b"{"):
        return observe.read_dump
    raise InputError([Problem(str(path), 0, "is not a source", FORMS)])


def refuse_other_forms(path: Path) -> None:
    """An answer of AWS may be YAML too, and is no topology with forty wrong keys."""
    if other := observe.refusal(str(path), read_file(path, largest=LARGEST_ANSWER, remedy=FORMS)):
        raise InputError([other])


def _reader_of(data: bytes) -> Callable[..., Observed] | None:
    """Who reads the JSON object that the bytes begin with; None if nobody can tell.

    The first key that only one reader knows tells it, and nothing behind it is looked
    at: a large file is parsed by its reader, and by nobody before.
    """
    text = data.decode(json.detect_encoding(data), "replace").removeprefix("\ufeff")
    for key, begins in _members(text):
        if key in ("deployment", "checkpoint", "latest"):
            return observe.read_state
        if key in _OF_A_TERRAFORM_PLAN:
            return observe.read_terraform_plan
        if key == "values" and begins == "{":
            return observe.read_terraform_state
        if observe.is_answer({key: None}):
            return observe.read_dump
        if observe.is_preview({key: [] if begins == "[" else None}):
            return observe.read_preview
    return None


def _members(text: str) -> Iterator[tuple[str, str]]:
    """The keys of an object, and how the value of each begins; up to what is no JSON."""
    value_at = json.JSONDecoder().raw_decode
    end = 0
    try:
        while found := _KEY.match(text, end):
            begin = found.end()
            yield json.loads(found["key"]), text[begin : begin + 1]
            _, end = value_at(text, begin)
    except (ValueError, RecursionError):
        return


def _is_json(data: bytes) -> bool:
    """Whether they are one JSON value, or several of which the first has a line of its own."""
    for part in (data, data.split(b"\n", 1)[0]):
        try:
            json.loads(part)
        except (ValueError, RecursionError):
            continue
        return True
    return False
