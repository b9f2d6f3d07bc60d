"""Two branches that each change a topology, merged by git."""

import json
import subprocess
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from bulkhead.intent import load
from bulkhead.plan import lock_path, plan, read_lock, write_lock
from bulkhead.plan.files import locked_plan, save_lock
from bulkhead.problems import InputError

SHOP = {
    "name": "shop",
    "region": "eu-west-1",
    "cidr": "10.20.0.0/16",
    "zones": 2,
    "segments": {"web": {"purpose": "faces people"}, "db": {"purpose": "keeps what is kept"}},
    "services": {
        "front": {
            "segment": "web",
            "replicas": 2,
            "sockets": {"ask": {"type": "REQ", "connect": "store.answer"}},
        },
        "store": {
            "segment": "db",
            "sockets": {"answer": {"type": "REP", "bind": "tcp://*:5556"}},
        },
    },
}


class Repository:
    def __init__(self, folder: Path) -> None:
        self.topology = folder / "shop.yaml"
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        (folder / ".gitattributes").write_text("*.lock.json merge=union\n")
        self.commit(SHOP)

    def git(self, *words: str) -> None:
        who = ("-c", "user.name=shop", "-c", "user.email=shop@localhost")
        subprocess.run(["git", *who, *words], cwd=self.folder, check=True, capture_output=True)

    def commit(self, document) -> None:
        self.topology.write_text(yaml.safe_dump(document))
        save_lock(self.topology, locked_plan(self.topology))
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")

    def branch(self, name: str, document) -> None:
        self.git("checkout", "-q", "-b", name, "main")
        self.commit(document)

    def merge(self, *names: str) -> None:
        self.git("checkout", "-q", "main")
        for name in names:
            self.git("merge", "-q", "--no-edit", name)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    return Repository(tmp_path)


def with_service(name: str, segment: str):
    changed = deepcopy(SHOP)
    if segment not in changed["segments"]:
        changed["segments"][segment] = {"purpose": f"is there for {name}"}
    changed["services"][name] = {
        "segment": segment,
        "sockets": {"ask": {"type": "REQ", "connect": "store.answer"}},
    }
    return changed


def placed(path: Path):
    network = plan(load(path), read_lock(lock_path(path))).network
    return {each.name: (each.subnet, each.address) for each in network.interfaces} | {
        each.name: each.cidr for each in network.subnets
    }


def test_what_two_branches_gave_out_merges_and_stays_where_each_had_it(repository):
    repository.branch("one", with_service("audit", "books"))
    one = placed(repository.topology)
    repository.branch("other", with_service("search", "index"))
    other = placed(repository.topology)
    repository.merge("one", "other")
    document = with_service("audit", "books")
    extra = with_service("search", "index")
    document["segments"] |= extra["segments"]
    document["services"] |= extra["services"]
    repository.topology.write_text(yaml.safe_dump(document))
    merged = placed(repository.topology)
    assert merged == one | other


def test_two_branches_that_grow_one_segment_merge_too(repository):
    repository.branch("one", with_service("audit", "web"))
    one = placed(repository.topology)
    repository.branch("other", with_service("search", "web"))
    other = placed(repository.topology)
    repository.merge("one", "other")
    document = with_service("audit", "web")
    document["services"] |= with_service("search", "web")["services"]
    repository.topology.write_text(yaml.safe_dump(document))
    assert placed(repository.topology) == one | other


def test_a_slot_that_both_gave_out_is_an_error_that_names_both_lines(repository):
    path = lock_path(repository.topology)
    lines = path.read_text().splitlines(keepends=True)
    number = next(at for at, line in enumerate(lines) if '"unit db"' in line)
    lines.insert(number, lines[number].replace("unit db", "unit books"))
    path.write_text("".join(lines))
    with pytest.raises(InputError, match=rf"'unit books' \(line {number + 1}\)") as refused:
        locked_plan(repository.topology)
    (problem,) = refused.value.problems
    assert problem.line == number + 2


@pytest.mark.parametrize("fact", ["unit db", "zone eu-west-1a", "host db/eu-west-1a store-1"])
def test_a_slot_that_does_not_exist_is_an_error_and_moves_nothing_silently(repository, fact):
    path = lock_path(repository.topology)
    text = path.read_text()
    line = next(at for at, each in enumerate(text.splitlines(), 1) if f'"{fact}"' in each)
    lines = text.splitlines(keepends=True)
    lines[line - 1] = f'  "{fact}": 70000,\n'
    path.write_text("".join(lines))
    with pytest.raises(InputError, match="no such slot") as refused:
        locked_plan(repository.topology)
    assert [(each.file, each.line) for each in refused.value.problems] == [(str(path), line)]


def test_a_lock_of_an_earlier_version_is_rewritten_by_the_next_plan(repository):
    path = lock_path(repository.topology)
    before = placed(repository.topology)
    lock = read_lock(path)
    nested = {
        "version": 1,
        "topology": "shop",
        "units": {"taken": lock.units.taken, "next": 2},
        "zones": {"taken": lock.zones.taken, "next": 2},
    }
    path.write_text(json.dumps(nested))
    assert save_lock(repository.topology, locked_plan(repository.topology))
    assert '"version": 2' in path.read_text()
    assert placed(repository.topology)["db-eu-west-1a"] == before["db-eu-west-1a"]
    assert not write_lock(path, read_lock(path))
