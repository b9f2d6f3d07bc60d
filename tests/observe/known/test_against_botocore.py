"""The table of known fields holds whatever the pinned botocore says that AWS may answer.

After an update of botocore these tests list what is open. For each line, read the page of
the AWS API that names the field, decide whether it can change what becomes of a packet,
and enter it in `bulkhead/observe/known`: as modelled by the module that now reads it, as
harmless with a reason that one can check, or as what it leaves undetermined.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from bulkhead.observe import describe
from bulkhead.observe.calls import (
    BLOCK_PUBLIC_ACCESS,
    CALLS,
    DETAILS,
    KEYS,
    LIST_FIREWALLS,
    LISTENER_RULES,
    LISTENERS,
    Call,
    Detail,
)
from bulkhead.observe.known import ANSWERS
from bulkhead.observe.known.table import ANY, MAP, WHATEVER, Fields, Place, compiled, entries

SESSION = botocore.session.get_session()
MODELS = {name: SESSION.get_service_model(name) for name in ("ec2", "elbv2", "network-firewall")}
PAGED = {"NextToken", "NextMarker"}
"""What a live account is asked on with, and a dump is cut off at."""

Entry = tuple[tuple[str, ...], str | None]


def shape_of(call: Call) -> Any:
    """The shape of the items that stand under the key of a call."""
    whole = MODELS[call.service].operation_model(call.operation).output_shape
    if isinstance(call, Detail) and call not in (LISTENERS, LISTENER_RULES):
        return whole
    shape = whole.members[call.answer if isinstance(call, Detail) else call.key]
    return shape.member if shape.type_name == "list" else shape


def shown(shape: Any, path: tuple[str, ...] = (), above: tuple[str, ...] = ()) -> Iterator[Entry]:
    """Every path below a shape, and every value that it names."""
    match shape.type_name:
        case "structure" if shape.name not in above:
            for name, member in shape.members.items():
                yield (*path, name), None
                yield from shown(member, (*path, name), (*above, shape.name))
        case "list":
            yield from shown(shape.member, path, above)
        case "map":
            yield (*path, MAP), None
            yield from shown(shape.value, (*path, MAP), above)
        case "string":
            yield from ((path, value) for value in shape.enum)


def calls_of(key: str) -> list[Call]:
    every = (*CALLS, *DETAILS, LIST_FIREWALLS, BLOCK_PUBLIC_ACCESS)
    return [each for each in every if each.key == key]


def model_of(key: str) -> set[Entry]:
    return {each for call in calls_of(key) for each in shown(shape_of(call))}


def place_at(root: Place, path: tuple[str, ...]) -> Place | None:
    """Where the table has a path; None where it has not. Whatever is inside, is there."""
    place = root
    for name in path:
        if place.whatever or (place.leaves is not None and not place.inside):
            return place
        found = place.inside.get(name)
        if found is None:
            return None
        place = found
    return place


def is_known(root: Place, entry: Entry) -> bool:
    path, value = entry
    place = place_at(root, path)
    if place is None or value is None:
        return place is not None
    return place.whatever or place.leaves is not None or bool({value, ANY} & place.values)


def said(answer: Fields) -> Iterator[Entry]:
    """Every entry of the table."""
    texts = (*answer.modelled.values(), *answer.harmless.values())
    for text in (*texts, *(each.fields for each in answer.leaves)):
        yield from entries(text)


def written(entry: Entry) -> str:
    path, value = entry
    return ".".join(path) + (f"={value}" if value is not None else "")


def test_every_answer_that_is_read_has_a_table():
    assert set(ANSWERS) == {*KEYS, BLOCK_PUBLIC_ACCESS.key}


@pytest.mark.parametrize("key", ANSWERS)
def test_every_field_and_every_value_of_aws_has_an_entry(key):
    root = compiled(ANSWERS[key])
    wanted = (each for each in model_of(key) if each[0][-1] not in PAGED)
    missing = sorted(written(each) for each in wanted if not is_known(root, each))
    assert not missing, f"open in the table of {key}: {missing}"


@pytest.mark.parametrize("key", ANSWERS)
def test_no_entry_is_of_what_no_answer_has(key):
    answer, model = ANSWERS[key], model_of(key)
    beside = set(entries(answer.beside))
    closed = {path for path, value in model if value is not None}
    dead = sorted(
        written((path, value))
        for path, value in said(answer)
        if (path, value if path in closed and value != ANY else None) not in model
        and WHATEVER not in path
        and not any(
            path[: len(of)] == of and (only is None or value == only) for of, only in beside
        )
    )
    assert not dead, f"no answer has what the table of {key} says of {dead}: take it out"


@pytest.mark.parametrize("key", ANSWERS)
def test_what_is_said_to_be_beside_the_model_is_not_in_it(key):
    caught = sorted(written(each) for each in set(entries(ANSWERS[key].beside)) & model_of(key))
    assert not caught, f"botocore now has {caught} of {key}: take it out of `beside`"


@pytest.mark.parametrize("key", ANSWERS)
def test_no_field_and_no_value_is_two_things_at_once(key):
    answer = ANSWERS[key]
    harmless = [set(entries(text)) for text in answer.harmless.values()]
    leaves = [set(entries(each.fields)) for each in answer.leaves]
    modelled = {each for text in answer.modelled.values() for each in entries(text)}
    kinds = [modelled, *harmless, *leaves]
    twice = sorted(
        written(each)
        for number, one in enumerate(kinds)
        for other in kinds[number + 1 :]
        for each in one & other
    )
    assert not twice, f"the table of {key} says two things of {twice}"


def patterns_of(module: str) -> list[re.Pattern[str]]:
    """Every text that stands in a module, what it fills in left open."""
    room = Path(describe.__file__).parent
    places = (room / f"{module}.py", room.parent / f"{module}.py")
    source = next(each for each in places if each.exists()).read_text()
    found = []
    for each in ast.walk(ast.parse(source)):
        if isinstance(each, ast.JoinedStr):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
                for part in each.values
            ]
            found.append("".join(parts))
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            found.extend(map(re.escape, re.split(r"[.|]", each.value)))
    return [re.compile(each) for each in found if each != r"\w+"]


@pytest.mark.parametrize("key", ANSWERS)
def test_what_is_said_to_be_modelled_is_read_where_the_table_says(key):
    idle = {
        f"{module}: {written((path, None))}"
        for module, text in ANSWERS[key].modelled.items()
        for asked in [patterns_of(module)]
        for path, _ in entries(text)
        if path[-1] != MAP and not any(each.fullmatch(path[-1]) for each in asked)
    }
    assert not idle, f"nobody reads {idle} of {key}"
