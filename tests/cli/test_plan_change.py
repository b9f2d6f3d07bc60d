"""`bulkhead plan --change`: the calls of an update, or why nobody can tell them."""

from __future__ import annotations

import shutil

import pytest
import yaml

from bulkhead.plan import lock_path
from tests.review.steps.test_steps import SHOP, with_services

OTHER = {"segment": "feed", "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5700"}}}


@pytest.fixture
def topologies(tmp_path):
    def write(**documents):
        paths = []
        for name, document in documents.items():
            path = tmp_path / f"{name}.yaml"
            path.write_text(yaml.safe_dump(document, sort_keys=False))
            paths.append(path)
        return paths

    return write


def with_its_lock(ask, old, new):
    assert ask("plan", old).code == 0
    shutil.copy(lock_path(old), lock_path(new))


def test_a_change_that_loses_nothing_is_a_yes_and_writes_no_lock(ask, topologies):
    old, new = topologies(old=SHOP, new=with_services(other=OTHER))
    with_its_lock(ask, old, new)
    before = lock_path(new).read_text()
    said = ask("plan", new, "--change", old)
    assert said.code == 0, said.err
    assert "proved after every call" in said.out
    assert lock_path(new).read_text() == before
    told = ask("plan", new, "--change", old, "--json").json
    assert (told["schema"], told["loses_nothing"]) == ("bulkhead.steps/1", True)


def test_what_is_lost_is_a_no(ask, topologies):
    apart = {"feed": {"purpose": "prices", "isolation": "service"}, "desk": {"purpose": "people"}}
    old, new = topologies(old=SHOP, new={**SHOP, "segments": apart})
    collides = ask("plan", new, "--change", old)
    assert collides.code == 1
    assert "AWS refuses the second of subnets feed-eu-west-1a" in collides.out
    with_its_lock(ask, old, new)
    said = ask("plan", new, "--change", old)
    assert said.code == 1, said.err
    assert "3 hosts at another address; all flows that stay are open all the while" in said.out


def test_an_update_starts_from_what_was_planned_and_from_nothing_else(ask, topologies):
    (new,) = topologies(new=SHOP)
    said = ask("plan", new, "--change", "aws")
    assert said.code == 2
    assert "--change aws: is not planned" in said.err
