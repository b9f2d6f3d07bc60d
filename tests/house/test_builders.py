"""What Python can say is what a file can say: no key is missing, none is more."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import MISSING, fields
from itertools import pairwise
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from bulkhead import topology
from bulkhead.intent import SocketType
from bulkhead.intent.mechanisms import Mechanism
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.written.fields import Written
from bulkhead.intent.written.shapes import shape_in
from bulkhead.topology.keys.socket import MechanismName
from bulkhead.topology.part import NamedPart
from bulkhead.topology.socket import SocketTypeName
from tests.support.builders import BUILDERS

OF_FILES = {"include"}
"""Keys about files. A program imports what it is made of."""


def shapes(shape: type[Written] = WrittenTopology) -> set[type[Written]]:
    """Every mapping of the language."""
    inner = {shape_in(each.annotation) for each in shape.model_fields.values()} - {None}
    return {shape}.union(*(shapes(each) for each in inner if each))


def arguments(builder: Any) -> dict[str, bool]:
    """What a builder takes beside the name of a part, and whether it must be given."""
    named = {"name"} if issubclass(builder, NamedPart) else set()
    return {
        each.name: each.default is MISSING
        for each in fields(builder)
        if each.init and each.name not in named
    }


def docstrings(builder: Any) -> dict[str, str]:
    """What is said of each argument in the source, where editors find it."""
    found: dict[str, str] = {}
    for kind in reversed(builder.__mro__[:-1]):
        body = ast.parse(inspect.getsource(kind)).body[0].body
        for one, other in pairwise(body):
            if isinstance(one, ast.AnnAssign) and isinstance(other, ast.Expr):
                text = other.value.value
                found[one.target.id] = " ".join(text.split())
    return found


def test_every_mapping_of_the_language_has_its_builder() -> None:
    lacking = {each.__name__ for each in shapes()} - {each.__name__ for each in BUILDERS}
    assert not lacking, "bulkhead/topology/ has a class for each, and exports it"
    assert set(BUILDERS) == shapes()
    assert {each.__name__ for each in BUILDERS.values()} == set(topology.__all__)


@pytest.mark.parametrize("shape", BUILDERS, ids=lambda shape: BUILDERS[shape].__name__)
def test_a_builder_takes_exactly_what_a_file_takes(shape: type[Written]) -> None:
    written = {
        name: field.is_required()
        for name, field in shape.model_fields.items()
        if name not in OF_FILES
    }
    assert arguments(BUILDERS[shape]) == written, "bulkhead/topology/ has an argument for each key"
    assert shape.__name__.removeprefix("Written") == BUILDERS[shape].__name__


@pytest.mark.parametrize("shape", BUILDERS, ids=lambda shape: BUILDERS[shape].__name__)
def test_what_an_editor_shows_of_an_argument_is_what_the_language_says_of_it(
    shape: type[Written],
) -> None:
    shown = docstrings(BUILDERS[shape])
    for name, field in shape.model_fields.items():
        if name not in OF_FILES:
            said = (field.description or "").replace("this file", "the topology")
            said = re.split("[,:;(]", said)[0]
            assert said.lower() in shown[name].lower(), name
    assert BUILDERS[shape].__doc__


@pytest.mark.parametrize("shape", BUILDERS, ids=lambda shape: BUILDERS[shape].__name__)
def test_a_choice_of_words_is_the_same_for_a_type_checker(shape: type[Written]) -> None:
    shown = get_type_hints(BUILDERS[shape])
    for name, field in shape.model_fields.items():
        if choices := literals(field.annotation):
            assert literals(shown[name]) == choices, name


def literals(annotation: Any) -> set[str]:
    if str(get_origin(annotation)) == "typing.Literal":
        return set(get_args(annotation))
    return set().union(*map(literals, get_args(annotation)))


def test_a_type_checker_knows_every_type_of_socket_and_every_mechanism() -> None:
    assert set(get_args(SocketTypeName)) == set(SocketType)
    assert set(get_args(MechanismName)) == set(Mechanism)
