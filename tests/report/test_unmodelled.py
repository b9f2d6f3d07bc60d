"""What is not modelled is said once a reason, and nothing of it is lost."""

import io

import pytest
from rich.console import Console

from bulkhead.network import Network, Unmodelled
from bulkhead.report.unmodelled import print_unmodelled, unjudged


def note(number, why="it is Connect", scope=None):
    name = f"att-{number}"
    return Unmodelled(kind="attachment", id=name, scope=scope or name, why=why)


def said(*notes):
    file = io.StringIO()
    print_unmodelled(Console(file=file, width=200, color_system=None), Network(unmodelled=notes))
    return file.getvalue().splitlines()


def test_one_thing_is_one_line():
    assert said(note(1)) == ["not modelled: attachment att-1: it is Connect"]


def test_a_thing_on_which_much_depends_is_said_once():
    assert said(note(1, scope="vpc-1"), note(1, scope="vpc-2")) == said(note(1))


@pytest.mark.parametrize("number", [1, 3, 4, 40])
def test_things_of_one_reason_share_a_line_and_are_all_counted(number):
    (reason,) = unjudged(Network(unmodelled=tuple(map(note, range(number)))))
    assert len(reason.named) + reason.left == number
    lines = said(*map(note, range(number)))
    assert len(lines) == (1 if number <= 3 else 2)
    assert number <= 3 or f"{number} things in all" in lines[-1]


def test_another_reason_is_another_line():
    assert len(said(note(1), note(2, why="nobody described it"))) == 2


def test_files_that_hold_nothing_of_a_network_are_not_called_unmodelled():
    file = Unmodelled(
        kind="dump-file", id="/dump/Zones.json", scope="/dump/Zones.json", why="it is no answer"
    )
    assert said(file) == ["not looked at: Zones.json: it is no answer"]
