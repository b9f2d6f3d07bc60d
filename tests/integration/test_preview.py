"""What the real engine previews, judged as a network: first of nothing, then of what stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bulkhead.network import Network
from bulkhead.observe import state
from bulkhead.observe.pulumi.preview import preview, read_preview
from bulkhead.plan.files import locked_plan
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.previews import without_sames

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

ONE_MORE_FLOW = (
    "      market: { type: SUB, connect: broker.out }\n\ntests:",
    "      market: { type: SUB, connect: broker.out }\n"
    "      prices: { type: SUB, connect: ticker.ticks }\n\ntests:",
)


def written(checkout, folder: Path, *arguments: str) -> Path:
    """What a user gets from `python -m local_aws preview --json … > preview.json`."""
    ran = checkout.stack("preview", "--json", *arguments)
    assert ran.code == 0, ran.said
    path = folder / "preview.json"
    path.write_text(ran.out)
    return path


def exported(checkout, folder: Path) -> Network:
    return state(export(checkout, folder))


def export(checkout, folder: Path) -> Path:
    """What stands, as `pulumi stack export` writes it."""
    ran = checkout.pulumi("stack", "export", "--stack", "dev")
    assert ran.code == 0, ran.said
    path = folder / "state.json"
    path.write_text(ran.out)
    return path


def matrix(network: Network) -> set[tuple[object, ...]]:
    """Every cell that is not denied, by names and addresses: ids differ before and after."""
    ends = ((cell.source, cell.destination, cell) for cell in prove(network).cells())
    return {
        (a.name, a.ranges, b.name, b.ranges, cell.protocol, str(cell.ports), cell.verdict)
        for a, b, cell in ends
    }


@pytest.fixture(scope="module")
def fresh(checkout, tmp_path_factory):
    """What `make preview` keeps before anything is built."""
    folder = tmp_path_factory.mktemp("fresh")
    ran = checkout.stack("preview", "--keep", str(folder))
    assert ran.code == 0, ran.said
    assert "to create" in ran.out
    return folder


@pytest.fixture(scope="module")
def before(fresh):
    """The network previewed before anything is built."""
    return preview(fresh / "preview.json")


@pytest.fixture(scope="module")
def built(before, checkout):
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    return checkout


def test_the_preview_of_a_fresh_stack_is_judged_exactly_as_the_plan(before, checkout):
    plan = locked_plan(checkout.topology).network
    assert before.unmodelled == ()
    assert matrix(before) == matrix(plan)
    assert len(matrix(plan)) > 50
    assert set(before.listeners) == set(plan.listeners)
    assert {(each.name, each.cidrs) for each in before.sites} == {
        (each.name, each.cidrs) for each in plan.sites
    }


def test_the_first_preview_ends_with_every_flow_that_it_opens(fresh, checkout):
    ran = checkout.bulkhead(
        "review", fresh / "state.json", fresh / "preview.json", "--fail-on", "none"
    )
    assert ran.code == 0, ran.said
    assert "Opens 13 flows" in ran.out


def test_what_was_built_is_what_was_previewed(before, built, tmp_path):
    assert matrix(exported(built, tmp_path)) == matrix(before)


def test_a_preview_that_changes_nothing_is_the_state(built, tmp_path):
    unchanged = preview(written(built, tmp_path, "--show-sames"))
    assert unchanged == exported(built, tmp_path)


def test_a_preview_that_leaves_out_what_stays_is_refused_without_the_state_beside_it(
    built, tmp_path
):
    path, beside = written(built, tmp_path), export(built, tmp_path)
    with pytest.raises(InputError, match="--show-sames"):
        preview(path)
    assert read_preview(path, beside=beside).network == state(beside)


def edited(built, folder: Path, old: str, new: str, *, show_sames: bool = True) -> Network:
    """The preview of an edit, which is then taken back; what it does not show, by the state."""
    built.edit(old, new)
    try:
        path = written(built, folder, *(["--show-sames"] if show_sames else []))
    finally:
        built.edit(new, old)
    beside = export(built, folder)
    found = read_preview(path, beside=beside).network
    if show_sames:
        path.write_text(json.dumps(without_sames(json.loads(path.read_text()))))
        assert read_preview(path, beside=beside).network == found
    return found


def test_the_diff_of_state_and_preview_is_the_flow_that_an_edit_opens(built, tmp_path):
    standing = matrix(exported(built, tmp_path))
    planned = edited(built, tmp_path, *ONE_MORE_FLOW)
    assert planned.unmodelled == ()
    opened = {(cell[0], cell[2], cell[4], cell[5]) for cell in matrix(planned) - standing}
    assert {each for each in opened if not each[0].startswith("any host")} == {
        ("auditor-1", "ticker-1", 6, "5556")
    }
    assert not standing - matrix(planned)


def test_an_interface_that_an_edit_adds_stands_beside_its_like(built, tmp_path):
    standing = exported(built, tmp_path)
    planned = edited(built, tmp_path, "replicas: 3", "replicas: 4", show_sames=False)
    (fourth,) = {each.name for each in planned.interfaces} - {
        each.name for each in standing.interfaces
    }
    assert planned.unmodelled == ()
    reached = {
        name: {cell[2] for cell in matrix(planned) if cell[0] == name}
        for name in (fourth, "momentum-3")
    }
    assert reached[fourth] == reached["momentum-3"] != set()
