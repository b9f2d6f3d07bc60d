"""A topology that was kept plans what it planned then, with the lines of where it lay."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulkhead import observe
from bulkhead.network import Origin
from bulkhead.plan.files import locked_plan, save_lock
from bulkhead.plan.lock import lock_path
from bulkhead.problems import InputError
from bulkhead.sources import one_vpc, open_source, open_topology, reading, take_snapshot
from bulkhead.sources.topologies import topology_in
from tests.sources.test_revisions import BASE, EDITED
from tests.support.repositories import Sandbox

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_a_desk(monkeypatch):
    monkeypatch.delenv("CI", raising=False)  # a build server writes no lock


@pytest.fixture
def shop(tmp_path):
    """A topology that was changed after it was planned: its lock lacks something."""
    path = tmp_path / "net" / "shop.yaml"
    path.parent.mkdir()
    path.write_text(BASE)
    save_lock(path, locked_plan(path))
    return path


def keep(source, folder):
    take_snapshot(str(source), folder, clock=lambda: THEN)
    return folder


def assert_same(one, other):
    assert (one.network, one.plan, one.notes) == (other.network, other.plan, other.notes)
    assert one.origins == other.origins
    for each in (*one.network.security_groups, *one.network.nacls, *one.network.route_tables):
        assert one.origins.rules(each.id) == other.origins.rules(each.id)


@pytest.mark.parametrize("lock", ["as planned", "stale", "missing"])
def test_it_is_planned_as_it_was_also_where_the_lock_is_not_up_to_date(shop, tmp_path, lock):
    if lock == "stale":
        shop.write_text(EDITED)
    if lock == "missing":
        lock_path(shop).unlink()
    before = open_source(str(shop))
    kept = keep(shop, tmp_path / "kept")
    shop.unlink()
    assert_same(before, open_source(str(kept)))
    assert_same(before, open_topology(kept))
    assert open_source(str(kept)).provenance.time == THEN


def test_every_file_that_it_includes_is_kept_with_it(tmp_path, monkeypatch):
    repository = Sandbox(tmp_path / "repository")
    monkeypatch.chdir(repository.folder)
    head, _, client = BASE.partition("  front:\n")
    top, part = Path("shop.yaml"), Path("teams/front.yaml")
    part.parent.mkdir()
    part.write_text(f"services:\n  front:\n{client}")
    top.write_text(f"{head}include: teams/front.yaml\n")
    save_lock(top, locked_plan(top))
    commit = repository.commit("all of it")
    before, at = open_source("shop.yaml"), open_source("git:main:shop.yaml")
    kept, of_git = keep("shop.yaml", tmp_path / "a"), keep("git:main:shop.yaml", tmp_path / "b")
    part.unlink()
    top.unlink()
    for was, now in ((before, open_source(str(kept))), (at, open_source(str(of_git)))):
        assert_same(was, now)
        assert {str(each) for each in was.provenance.digests} <= {
            str(each) for each in now.provenance.digests
        }
    assert str(at.origins.named("front")) == "main:teams/front.yaml:2"
    assert f"{commit}:teams/front.yaml" in {each.name for each in at.provenance.digests}
    assert "front" in topology_in(kept).services
    (kept / "topology" / part).write_text("services: {}")
    with pytest.raises(InputError, match=r"topology/teams/front\.yaml"):
        open_source(str(kept))


def test_a_build_server_keeps_no_topology_whose_lock_is_stale_and_reads_one(
    shop, tmp_path, monkeypatch
):
    shop.write_text(EDITED)
    kept = keep(shop, tmp_path / "kept")
    monkeypatch.setenv("CI", "true")
    assert open_source(str(kept)).network
    with pytest.raises(InputError, match="is stale"):
        keep(shop, tmp_path / "again")


def test_what_was_kept_at_a_revision_names_its_commit_and_its_lines(tmp_path, monkeypatch):
    repository = Sandbox(tmp_path / "repository")
    repository.file.write_text(BASE)
    save_lock(repository.file, locked_plan(repository.file))
    commit = repository.commit(BASE)
    monkeypatch.chdir(repository.folder)
    before = open_source("git:main:net/a.yaml")
    kept = keep("git:main:net/a.yaml", tmp_path / "kept")
    monkeypatch.chdir(tmp_path)
    found = open_source(str(kept))
    assert_same(before, found)
    assert found.origins.whole == Origin(file="net/a.yaml", line=1, revision="main")
    named = {each.name: each.sha256 for each in found.provenance.digests}
    for each in before.provenance.digests:
        assert each.name.startswith(f"{commit}:net/a.")
        assert named[each.name] == each.sha256
    assert {each.name: each.sha256 for each in before.provenance.digests} == {
        each.name: each.sha256 for each in observe.read_manifest(kept).read
    }


def test_a_version_that_plans_something_else_of_it_says_who_kept_it(shop, tmp_path, monkeypatch):
    kept = keep(shop, tmp_path / "kept")
    path = kept / "bulkhead-snapshot.json"
    manifest = json.loads(path.read_text())
    manifest["planned"]["network"] = "0" * 64
    manifest["provenance"]["version"] = "0.0.9"
    path.write_text(json.dumps(manifest))
    monkeypatch.setattr(reading.metadata, "version", lambda _: "7.0")
    with pytest.raises(InputError) as refused:
        open_source(str(kept))
    (problem,) = refused.value.problems
    assert problem.what == "bulkhead 7.0 plans another network of it than was kept"
    assert problem.remedy == "read it with bulkhead 0.0.9"


@pytest.mark.parametrize("which", ["shop.yaml", "shop.lock.json"])
def test_a_file_that_was_changed_answers_nothing(shop, tmp_path, which):
    kept = keep(shop, tmp_path / "kept")
    file = kept / "topology" / which
    file.write_text(file.read_text() + "\n")
    for read in (lambda: open_source(str(kept)), lambda: open_topology(kept)):
        with pytest.raises(InputError, match="was changed after it was kept"):
            read()


def test_the_topology_itself_is_read_of_it(shop, tmp_path):
    kept = keep(shop, tmp_path / "kept")
    assert topology_in(kept) == topology_in(shop)


def test_no_vpc_of_it_is_named_for_none_stands_anywhere(shop, tmp_path):
    kept = keep(shop, tmp_path / "kept")
    (vpc,) = open_source(str(kept)).network.vpcs
    assert one_vpc(str(kept), vpc) is None
    with pytest.raises(InputError, match="no VPC of it stands anywhere; name the folder itself"):
        open_source(f"{kept}/vpc-1")


def test_a_snapshot_of_something_else_is_no_topology(tmp_path):
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": []}}))
    kept = keep(state, tmp_path / "kept")
    with pytest.raises(InputError, match=r"is a snapshot of something else .* and no topology"):
        open_topology(kept)


def manifest_with(kept, **changed):
    path = kept / "bulkhead-snapshot.json"
    manifest = json.loads(path.read_text()) | changed
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"schema": "bulkhead.snapshot/2", "more": 1},
            "of the form bulkhead.snapshot/2, and this version reads bulkhead.snapshot/1; read it "
            "with bulkhead 0.1.0 or later",
        ),
        ({"of": "painting"}, r"is no manifest that this version reads \(of"),
        ({"of": "state"}, "says that it is of a topology, and not what was planned"),
        (
            {"planned": None},
            "says that it is of a topology, and not what was planned",
        ),
        ({"files": []}, "is of a topology, and keeps no topology/shop.lock.json, topology/shop"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(shop, tmp_path, changed, says):
    kept = keep(shop, tmp_path / "kept")
    manifest_with(kept, **changed)
    with pytest.raises(InputError, match=says):
        open_source(str(kept))
