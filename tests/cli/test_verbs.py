"""The verbs: each is in the help, and brings only what it needs to answer."""

import subprocess
import sys
from importlib import import_module
from inspect import getdoc

import pytest

from bulkhead.cli import discover
from bulkhead.cli.verbs import VERBS

ALONE = {
    **{f"bulkhead.cli.{verb}": says for verb, says in VERBS.items() if verb != "discover"},
    **{f"bulkhead.cli.discover.{verb}": says for verb, says in discover.VERBS.items()},
}
"""Each verb that is no group of others, by its module."""


@pytest.mark.parametrize("module", ALONE)
def test_the_help_of_all_verbs_says_of_each_what_its_own_help_begins_with(module):
    function = getattr(import_module(module), module.rpartition(".")[2])
    assert " ".join(getdoc(function).split()).startswith(ALONE[module])


@pytest.mark.parametrize("kind", discover.VERBS)
def test_a_verb_of_a_group_has_a_help_of_its_own(ask, kind):
    answer = ask("discover", kind, "--help")
    assert answer.code == 0
    assert f"bulkhead discover {kind} [OPTIONS]" in answer.out.partition("\n")[0]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_help_of_its_own(ask, verb):
    answer = ask(verb, "--help")
    assert answer.code == 0
    assert f"bulkhead {verb} [OPTIONS]" in answer.out.partition("\n")[0]


def test_a_verb_that_is_misspelt_is_told_the_one_that_was_meant(ask):
    answer = ask("dif", "a", "b")
    assert answer.code == 2
    assert "No such command 'dif'. Did you mean 'diff'?" in answer.err


def imported(code):
    """The modules that a program brings in."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stdout.split())


def test_a_verb_that_is_not_called_costs_nothing():
    brought = imported("import bulkhead.cli, bulkhead.cli.discover")
    assert not brought & {"bulkhead.network", "pydantic", "rich.console", "boto3"}


@pytest.mark.parametrize("verb", ["diff", "review"])
def test_two_dumps_are_compared_without_what_asks_aws_plans_or_drills(verb):
    brought = imported(f"import bulkhead.cli.{verb}")
    assert "bulkhead.compare" in brought
    assert not brought & {"boto3", "botocore", "zmq", "yaml", "bulkhead.plan"}
