"""`bulkhead plan --change`: the calls of an update, or why nobody can tell them."""

from __future__ import annotations

import shutil

import pytest
import yaml

from bulkhead.plan import lock_path
from tests.review.steps.test_steps import SHOP, planned, with_services
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write

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


def test_an_update_may_start_from_what_stands_and_it_is_said_what_that_means(
    ask, topologies, tmp_path
):
    old, new = topologies(old=SHOP, new=with_services(other=OTHER))
    with_its_lock(ask, old, new)
    folder = tmp_path / "account"
    folder.mkdir()
    write(as_files(with_aws_ids(planned(SHOP).network)), folder)
    said = ask("plan", new, "--change", folder)
    assert said.code == 0, said.err
    assert "declares nothing: what stays is what is open there of the plan, 1 flow of" in said.out
    assert "open before the first call: reader can reach other.in on tcp 5600" in said.out
    assert "create rule of security group reader: tcp 5700 to other" in said.out
    told = ask("plan", new, "--change", folder, "--json").json
    assert (told["observed"], told["unseen"], told["loses_nothing"]) == (True, [], True)
    assert told["stays"] == ["reader.ticks -> ticker.ticks (tcp 5556)"]


def test_what_was_not_observed_of_it_is_named_and_is_a_no(ask, topologies, tmp_path):
    (new,) = topologies(new=SHOP)
    folder = tmp_path / "account"
    folder.mkdir()
    files = as_files(with_aws_ids(planned(SHOP).network))
    del files["NetworkAcls.json"]
    write(files, folder)
    said = ask("plan", new, "--change", folder)
    assert said.code == 1
    assert "not observed, and taken to be as planned: network ACL feed" in said.out
