"""Every source says when, where and from what it was read."""

import hashlib
import json
from datetime import UTC, datetime

from bulkhead.sources import open_source, open_topology
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import OWNER, as_dump
from tests.support.estate import Estate
from tests.support.topologies import HEAD

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def noon():
    return NOON


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def written(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(json.dumps(HEAD | {
        "segments": {"web": {"purpose": "front"}},
        "services": {"web": {"segment": "web", "sockets": {
            "ask": {"type": "REP", "bind": "tcp://*:6000"}}}},
    }))  # fmt: skip
    return path


def test_of_a_topology_the_file_and_its_lock(ask, tmp_path):
    path = written(tmp_path)
    ask("plan", path)
    found = open_source(str(path), clock=noon).provenance
    lock = path.with_suffix(".lock.json")
    assert (found.time, found.account, found.regions) == (NOON, None, ("eu-west-1",))
    assert {each.name: each.sha256 for each in found.digests} == {
        str(path): sha256(path),
        str(lock): sha256(lock),
    }
    assert open_topology(path, clock=noon).provenance == found


def test_a_topology_knows_where_its_services_are_written(tmp_path):
    path = written(tmp_path)
    opened = open_source(str(path))
    assert opened.origins.named("web.ask").file == str(path)
    assert opened.plan.declaration.origins == opened.origins


def test_of_a_dump_every_file_that_holds_an_answer_and_the_account_that_it_is_of(tmp_path):
    estate = Estate()
    estate.subnet("a", "10.0.0.0/24")
    document = as_dump(with_aws_ids(estate.build()))
    folder = tmp_path / "eu-west-1"
    folder.mkdir()
    (folder / "all.json").write_text(json.dumps(document))
    (folder / "notes.txt").write_text("not an answer")
    found = open_source(str(folder), clock=noon).provenance
    assert (found.time, found.account, found.regions) == (NOON, OWNER, ("eu-west-1",))
    assert {each.name: each.sha256 for each in found.digests} == {
        str(folder / "all.json"): sha256(folder / "all.json")
    }
