"""What every part of a topology in Python has in common."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import fields
from typing import Any

import pytest

from bulkhead import topology
from tests.support.builders import BUILDERS


@pytest.mark.parametrize("builder", BUILDERS.values(), ids=lambda builder: builder.__name__)
def test_nobody_changes_what_was_made(builder: Any) -> None:
    given = dict.fromkeys([each.name for each in fields(builder) if each.init], "x")
    made = builder(**given)
    for name in given:
        with pytest.raises(AttributeError):
            setattr(made, name, "y")


def test_a_list_may_change_behind_a_part_and_a_generator_be_read_once() -> None:
    bound = ["tcp://*:5556"]
    socket = topology.Socket("ticks", type="PUB", bind=bound)
    bound.append("tcp://*:5557")
    assert socket.bind == ("tcp://*:5556",)
    service = topology.Service("ticker", segment="feed", sockets=(each for each in [socket]))
    assert service.sockets == (socket,)


def test_a_deep_copy_refers_to_the_same_parts() -> None:
    socket = topology.Socket("ticks", type="PUB", bind="tcp://*:5556")
    service = topology.Service("ticker", segment="feed", sockets=[socket], labels={"a": "b"})
    assert deepcopy({"ticker": service})["ticker"] is service


def test_a_part_shows_what_was_said_of_it() -> None:
    socket = topology.Socket("ticks", type="PUB", bind="tcp://*:5556")
    assert repr(socket) == "Socket(name='ticks', type='PUB', bind='tcp://*:5556')"


def test_a_keyword_that_there_is_not_is_refused_by_python() -> None:
    with pytest.raises(TypeError, match="replica"):
        topology.Service("ticker", segment="feed", replica=3)
    with pytest.raises(TypeError, match="include"):
        topology.Topology(include=["teams/risk.yaml"])
