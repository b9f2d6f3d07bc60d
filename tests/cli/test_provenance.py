"""Every source says when, where and from what it was read."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest

from bulkhead import twin
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


def test_of_a_topology_every_file_that_it_includes(ask, tmp_path):
    path, part = written(tmp_path), tmp_path / "teams" / "web.yaml"
    part.parent.mkdir()
    whole = json.loads(path.read_text())
    part.write_text(json.dumps({"services": whole.pop("services")}))
    path.write_text(json.dumps(whole | {"include": "teams/web.yaml"}))
    ask("plan", path)
    assert not part.with_suffix(".lock.json").exists()
    found = open_source(str(path))
    assert {each.name: each.sha256 for each in found.provenance.digests} == {
        str(each): sha256(each) for each in (path, part, path.with_suffix(".lock.json"))
    }
    assert found.origins.named("web.ask").file == str(part)


def test_a_topology_knows_where_its_services_are_written(tmp_path):
    path = written(tmp_path)
    opened = open_source(str(path))
    assert opened.origins.named("web.ask").file == str(path)
    assert opened.plan.declaration.origins == opened.origins


def built_from_shop(tmp_path):
    """A dump of a VPC that says it was built from the topology."""
    estate = Estate()
    estate.subnet("a", "10.0.0.0/24")
    estate.group("web", "in tcp 80 10.0.0.0/8")
    estate.host("h1", "a", "10.0.0.5", "web")
    network = with_aws_ids(estate.build())
    network = replace(network, vpcs=(replace(network.vpcs[0], topology="shop"),))
    path = tmp_path / "dump.json"
    path.write_text(json.dumps(as_dump(network)))
    return path


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


@pytest.mark.parametrize(
    ("line", "of"),
    [
        (("check", "TOPOLOGY", "--on", "DUMP"), {"dump.json", "shop.yaml", "shop.lock.json"}),
        (("plan", "TOPOLOGY"), {"shop.yaml", "shop.lock.json"}),
        (("document", "TOPOLOGY"), {"shop.yaml", "shop.lock.json"}),
        (("prove", "DUMP"), {"dump.json"}),
        (("reach", "DUMP", "--to", "internet"), {"dump.json"}),
        (("explain", "DUMP", "--from", "h1", "--to", "internet", "--port", "443"), {"dump.json"}),
        (("lint", "DUMP"), {"dump.json"}),
        (("drill", "DUMP", "--for", "TOPOLOGY"), {"dump.json", "shop.yaml", "shop.lock.json"}),
        (("check", "NOTHING"), set()),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_the_json_of_every_verb_says_when_from_what_and_by_which_version(
    ask, tmp_path, monkeypatch, line, of
):
    monkeypatch.setattr(twin, "availability", lambda: twin.Unavailable("not here"))
    topology, dump = written(tmp_path), built_from_shop(tmp_path)
    ask("plan", topology)
    words = {"TOPOLOGY": topology, "DUMP": dump, "NOTHING": tmp_path / "nothing.yaml"}
    said = ask(*(words.get(each, each) for each in line), "--json").json["provenance"]
    assert datetime.fromisoformat(said["time"]).utcoffset() == timedelta(0)
    assert said["version"] == metadata.version("bulkhead")
    assert said["account"] == (OWNER if "dump.json" in of else None)
    digests = {Path(each["name"]).name: each["sha256"] for each in said["digests"]}
    assert digests == {name: sha256(tmp_path / name) for name in of}


def test_the_json_of_diff_says_so_of_both_sides(ask, tmp_path):
    topology, dump = written(tmp_path), built_from_shop(tmp_path)
    said = ask("diff", topology, dump, "--json").json["provenance"]
    assert (said["before"]["account"], said["after"]["account"]) == (None, OWNER)
