"""Two revisions of a topology are planned as they were, each with its own lock."""

import shutil
import time
from pathlib import Path

import pytest

from bulkhead.compare import compare
from bulkhead.compare.delta import ChangeKind
from bulkhead.network import Network
from bulkhead.plan.files import locked_plan, save_lock
from bulkhead.plan.lock import lock_path
from bulkhead.problems import InputError
from bulkhead.sources import open_source
from bulkhead.sources.revisions import open_range
from tests.support.repositories import Sandbox

BASE = """\
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
segments:
  web: { purpose: front }
  data: { purpose: back }
services:
  db:
    segment: data
    sockets:
      ask: { type: REP, bind: "tcp://*:6000" }
      log: { type: PUB, bind: "tcp://*:6001" }
  front:
    segment: web
    sockets:
      ask: { type: REQ, connect: db.ask }
"""
EDITED = BASE + "      log: { type: SUB, connect: db.log }\n"


class Repository(Sandbox):
    def commit_planned(self, text: str) -> str:
        self.file.write_text(text)
        save_lock(self.file, locked_plan(self.file))
        return self.commit(text)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """main has BASE, the checked-out branch `edit` EDITED; each with its lock."""
    repository = Repository(tmp_path_factory.mktemp("made") / "repository")
    with pytest.MonkeyPatch.context() as here:
        here.delenv("CI", raising=False)  # a build server writes no lock
        return _made(repository)


def _made(repository):
    repository.base = repository.commit_planned(BASE)
    repository.git("checkout", "-q", "-b", "edit")
    repository.commit_planned(EDITED)
    return repository


@pytest.fixture
def mine(made, tmp_path, monkeypatch):
    """A copy that a test may change, with the working directory in it."""
    shutil.copytree(made.folder, tmp_path / "mine", symlinks=True)
    copy = object.__new__(Repository)
    copy.folder, copy.file = tmp_path / "mine", Path("net/a.yaml")
    monkeypatch.chdir(copy.folder)
    monkeypatch.setenv("CI", "true")
    return copy


def opened(git: str, topology: str | Path = "net/a.yaml") -> set[tuple[str, str]]:
    """What opens between hosts, by names."""
    one, other = open_range(git, str(topology))
    delta = compare(one.network, other.network)
    changes = [each for each in delta.changes if not each.past_groups]
    return {each.example for each in changes if each.kind is ChangeKind.OPENED}


def refused(git: str, topology: str | Path = "net/a.yaml") -> str:
    with pytest.raises(InputError) as caught:
        open_range(git, str(topology))
    return str(caught.value)


@pytest.mark.parametrize("git", ["main..HEAD", "main...HEAD", "main..", "main", "HEAD~1..edit"])
def test_a_range_is_what_each_side_planned_at_its_time(mine, git):
    one, other = open_range(git, "net/a.yaml")
    assert other.network == locked_plan(mine.file).network
    assert one.network != other.network
    assert {str(each.client) for each in other.flows} == {"front"}
    assert (len(one.flows), len(other.flows)) == (1, 2)
    assert one.notes == other.notes == ()


def test_what_a_range_opens_is_what_its_edit_connects(mine):
    assert opened("main..HEAD") == {("front-1", "db-1")}
    assert opened("HEAD..main") == set()


def test_a_test_of_the_base_stands_where_git_calls_it(mine):
    mine.commit_planned(f"{EDITED}tests:\n  - from: internet\n    deny: [db.ask]\n")
    one, other = open_range("HEAD..HEAD", "net/a.yaml")
    (was,), (now,) = one.plan.expectations, other.plan.expectations
    assert (str(was.origin), str(now.origin)) == ("HEAD:net/a.yaml:20", "net/a.yaml:20")


def test_origins_of_the_head_are_where_people_look_and_of_the_base_where_git_does(mine):
    one, other = open_range("main..HEAD", "net/a.yaml")
    assert (one.label, other.label) == ("main:net/a.yaml", "HEAD:net/a.yaml")
    assert str(other.origins.named("front")) == "net/a.yaml:14"
    assert str(one.origins.named("front")) == "main:net/a.yaml:14"
    assert {each.name.split(":")[0] for each in one.provenance.digests} == {
        mine.git("rev-parse", "main")
    }


def test_the_working_tree_is_compared_as_it_lies_there(mine):
    mine.file.write_text(BASE.replace("6000", "7000"))
    one, other = open_range("HEAD", "net/a.yaml")
    assert other.label == "net/a.yaml"
    assert {str(each.server.ports) for each in other.flows} == {"7000"}
    assert {str(each.server.ports) for each in one.flows} == {"6000", "6001"}


@pytest.fixture
def parted(mine):
    """The same in two files at HEAD, the client in the part of its team; with a lock."""
    head, _, client = BASE.partition("  front:\n")
    mine.part = Path("net/teams/front.yaml")
    mine.part.parent.mkdir()
    mine.part.write_text(f"services:\n  front:\n{client}")
    mine.file.write_text(f"{head}include: teams/front.yaml\n")
    mine.git("add", "-A")
    mine.git("commit", "-qm", "parted")
    return mine


def test_topologies_of_one_file_and_of_two_are_the_same(parted):
    assert opened("main..HEAD") == set()
    assert opened("HEAD..main") == set()


def test_a_change_of_an_included_file_alone_is_the_change_of_the_topology(parted):
    parted.part.write_text(parted.part.read_text() + "      log: { type: SUB, connect: db.log }\n")
    assert opened("HEAD") == {("front-1", "db-1")}
    parted.git("commit", "-qam", "one more flow")
    assert opened("HEAD~1..HEAD") == {("front-1", "db-1")}
    assert opened("HEAD..HEAD~1") == set()


def test_what_is_included_is_read_at_the_revision_and_each_file_has_its_digest(parted):
    commit = parted.git("rev-parse", "HEAD")
    parted.part.unlink()
    found = open_source("git:HEAD:net/a.yaml")
    assert str(found.origins.named("front")) == "HEAD:net/teams/front.yaml:2"
    assert str(found.origins.named("db")) == "HEAD:net/a.yaml:9"
    assert {each.name for each in found.provenance.digests} == {
        f"{commit}:net/{name}" for name in ("a.yaml", "a.lock.json", "teams/front.yaml")
    }
    with pytest.raises(InputError, match=r"^net/a\.yaml:\d+: include: 'teams/front.yaml': there"):
        open_range("HEAD", "net/a.yaml")


def test_a_mistake_in_an_included_file_is_said_of_it_as_git_calls_it(parted):
    parted.part.write_text(parted.part.read_text().replace("db.ask", "db.ask2"))
    parted.git("commit", "-qam", "wrong")
    assert refused("main..HEAD").startswith("HEAD:net/teams/front.yaml:5: front.ask connects to")
    assert refused("main").startswith("net/teams/front.yaml:5: front.ask connects to")
    (parted.folder / parted.part).unlink()
    parted.git("commit", "-qam", "gone")
    assert refused("main..HEAD") == (
        "HEAD:net/a.yaml:14: include: 'teams/front.yaml': there was no such file; "
        "write its path from the file that includes it, as in teams/risk.yaml"
    )


def test_origins_of_an_included_file_are_where_people_look(parted, monkeypatch):
    monkeypatch.chdir("net")
    for git in ("main..HEAD", "main"):
        _, head = open_range(git, "a.yaml")
        assert str(head.origins.named("front")) == "teams/front.yaml:2"


def test_a_new_topology_opens_everything_and_a_deleted_one_closes_it(mine):
    mine.git("rm", "-q", "net/a.yaml", "net/a.lock.json")
    mine.git("commit", "-q", "-m", "away")
    assert opened("HEAD..HEAD~1") == {("front-1", "db-1")}
    assert opened("HEAD~1..HEAD") == opened("HEAD~1") == set()
    _, other = open_range("HEAD~1..HEAD", "net/a.yaml")
    assert other.network == Network()
    assert other.plan.declaration.flows == ()
    assert "is not at HEAD" in other.notes[0]
    assert "neither at HEAD nor in the working tree" in refused("HEAD")


@pytest.mark.parametrize("asked", ["net/a.yaml", "topologies/b.yaml"])
@pytest.mark.parametrize("git", ["main..HEAD", "main"])
def test_a_renamed_topology_is_followed_by_either_name(mine, asked, git):
    (mine.folder / "topologies").mkdir()
    mine.git("mv", "net/a.yaml", "topologies/b.yaml")
    mine.git("mv", "net/a.lock.json", "topologies/b.lock.json")
    (mine.folder / "topologies" / "other.yaml").write_text("[]")
    mine.git("add", "-A")
    mine.git("commit", "-q", "-m", "renamed")
    _, other = open_range(git, asked)
    assert opened(git, asked) == {("front-1", "db-1")}
    assert other.notes == ("topologies/b.yaml was net/a.yaml at main",)
    assert str(other.origins.named("front")) == "topologies/b.yaml:14"


def test_one_that_only_looks_new_is_not_taken_for_another_that_stays(mine):
    shutil.copy(mine.file, "net/copy.yaml")
    one, _ = open_range("HEAD", "net/copy.yaml")
    assert one.network == Network()


def test_a_lock_that_misses_something_is_said_and_stops_nobody(mine):
    mine.file.write_text(EDITED.replace("segment: web", "segment: web\n    replicas: 2"))
    mine.git("commit", "-qam", "forgot the lock")
    lock = lock_path(mine.file)
    lock.unlink()
    mine.git("commit", "-qam", "lost the lock")
    stale, missing = (open_range(git, "net/a.yaml")[1] for git in ("main..HEAD~1", "main..HEAD"))
    assert "HEAD~1:net/a.lock.json is stale" in stale.notes[0]
    assert "HEAD:net/a.lock.json is missing" in missing.notes[0]
    assert len(stale.network.interfaces) == 3
    assert open_range("HEAD~1..HEAD", "net/a.yaml")[0].notes == stale.notes


@pytest.mark.parametrize("text", ["<<<<<<< main", '{"topology": "another"}'])
def test_a_lock_that_cannot_be_used_is_left_out_of_the_base_and_refused_of_the_head(mine, text):
    lock_path(mine.file).write_text(text)
    mine.git("commit", "-qam", "broken")
    mine.git("checkout", "-q", "HEAD~1", "--", "net")
    assert "planned without it" in open_range("HEAD", "net/a.yaml")[0].notes[0]
    assert "HEAD:net/a.lock.json:" in refused("main..HEAD")


def test_a_mistake_is_named_with_its_revision_and_line(mine):
    mine.file.write_text(EDITED.replace("db.log", "db.nothing"))
    mine.git("commit", "-qam", "mistaken")
    mine.file.write_text(EDITED + "    replicas: 4000\n")
    mine.git("commit", "-qam", "too many")
    assert refused("main..HEAD~1").startswith("HEAD~1:net/a.yaml:18: ")
    assert refused("HEAD~1..main").startswith("HEAD~1:net/a.yaml:18: ")
    assert refused("main..HEAD").startswith("HEAD:net/a.yaml:19: ")


def test_neither_the_checkout_nor_a_lock_is_written(mine, monkeypatch):
    monkeypatch.delenv("CI")
    mine.file.write_text(EDITED.replace("segment: web", "segment: web\n    replicas: 2"))
    before = {each: each.read_bytes() for each in mine.folder.rglob("*") if each.is_file()}
    open_range("main", "net/a.yaml")
    open_range("main...HEAD", "net/a.yaml")
    assert {each: each.read_bytes() for each in mine.folder.rglob("*") if each.is_file()} == before


def test_one_revision_is_a_source_as_any_other(mine):
    source = open_source("git:main:net/a.yaml")
    assert source.network == open_range("main..HEAD", "net/a.yaml")[0].network
    assert str(source.origins.named("front")) == "main:net/a.yaml:14"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("git:main:net/b.yaml", "main:net/b.yaml: there was no such file"),
        ("git:nothing:net/a.yaml", "no such revision"),
        ("git:main", "git:main:topologies/trading.yaml"),
        ("git::net/a.yaml", "revision"),
        ("git:--all:net/a.yaml", "no revision"),
    ],
)
def test_what_is_no_revision_of_a_topology_is_refused(mine, text, says):
    with pytest.raises(InputError, match=says):
        open_source(text)


def test_only_a_topology_has_revisions(mine):
    assert "is no topology" in refused("main..HEAD", "state.json")


def test_fifty_services_are_planned_twice_in_less_than_two_seconds(tmp_path):
    repository = Repository(tmp_path / "large")
    services = "".join(
        f"  s{n}:\n    segment: web\n    sockets:\n"
        f"      in: {{ type: PULL, bind: 'tcp://*:6000' }}\n"
        f"      out: {{ type: PUSH, connect: s{(n + 1) % 50}.in }}\n"
        for n in range(50)
    )
    repository.commit_planned(BASE.partition("services:")[0] + "services:\n" + services)
    begun = time.process_time()
    one, other = open_range("HEAD..HEAD", str(repository.file))
    assert compare(one.network, other.network).same
    assert time.process_time() - begun < 2
