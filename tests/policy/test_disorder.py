"""Whatever a program writes, and whatever of it nobody knows: no policy ends at it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.packs import ask
from tests.support.programs import Secret, unknown
from tests.support.tidy import Tidy

pytestmark = pytest.mark.slow  # a hundred programs, a few milliseconds each

HARMLESS = {"ami", "tags", "logDestination", "logDestinationType", "type", "vpcId"}
"""Inputs on which no answer depends; of which VPC a thing is, its neighbours say."""
COUNT = len(Tidy().made)


def spoilt(index: int, value: Any, *, keep: set[str]) -> tuple[Tidy, str]:
    program = Tidy()
    made = program.made[index]
    for key in made.inputs.keys() - keep:
        made.inputs[key] = value
    return program, made.name


@pytest.mark.parametrize("index", range(COUNT))
def test_what_is_unknown_of_a_resource_is_told_and_every_policy_is_asked(index):
    program, name = spoilt(index, unknown(), keep=HARMLESS)
    said = ask(program, built=False)
    assert not any("could not be asked" in each.message for each in said)
    made = program.made[index]
    if made.inputs.keys() - HARMLESS:
        assert name in {each.about for each in said} or any(name in each.message for each in said)


@pytest.mark.parametrize("value", [Secret("x"), {"a": [1]}, None, "nonsense"], ids=repr)
def test_what_makes_no_sense_ends_no_policy(value):
    for index in range(COUNT):
        program, _ = spoilt(index, value, keep=set())
        said = ask(program)
        assert not any("could not be asked" in each.message for each in said), program.made[index]
