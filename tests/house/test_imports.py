"""The architecture that docs/architecture.md draws, held: every wall that lint knows stops someone.

One copy of the tree gets a file in each room that imports all that its walls forbid; lint has
to name every one of those imports. The walls are read from the contracts; those that must not
be lost from there are named here too.
"""

import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from itertools import combinations, permutations
from pathlib import Path

import pytest
from importlinter import api

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = api.read_configuration(str(ROOT / ".importlinter"))
PACKAGES = CONFIGURATION["session_options"]["root_packages"]

PROMISED = {
    ("bulkhead.explain", "bulkhead.prove.sets"),
    ("bulkhead.doubt", "bulkhead.prove.sets"),
    ("bulkhead.explain", "bulkhead.prove"),
    ("bulkhead.prove", "bulkhead.explain"),
    ("bulkhead.judge", "bulkhead.compare"),
    ("bulkhead.lint", "bulkhead.doubt"),
    ("bulkhead.ends", "bulkhead.prove"),
    ("bulkhead.network", "bulkhead.ends"),
    ("bulkhead.prove", "bulkhead.report"),
    ("bulkhead.report", "bulkhead.cli"),
    ("bulkhead.prove", "boto3"),
    ("bulkhead.plan", "pulumi"),
    ("bulkhead.doubt.smt", "bulkhead.explain.walk"),
    ("bulkhead.doubt.smt", "bulkhead.prove"),
    ("bulkhead.doubt.bdd", "bulkhead.prove"),
    ("bulkhead.doubt.bdd", "bulkhead.ends"),
    ("bulkhead.components", "bulkhead.plan"),
    ("bulkhead.components.fabric", "bulkhead.prove"),
    ("bulkhead.components.fabric", "bulkhead.observe"),
    ("bulkhead.plan", "bulkhead.components"),
    ("bulkhead.cli", "pulumi"),
    ("bulkhead.audit", "pulumi_policy"),
    ("bulkhead.observe", "bulkhead_policy"),
    ("bulkhead.report", "boto3"),
    ("components", "bulkhead.plan"),
    ("local_aws", "bulkhead"),
}
"""(who, whom): who may not import whom, whatever the contracts come to say."""


def lint(tree):
    """What lint-imports says of a tree."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


def forbidden(contract):
    """Every import that a contract forbids, as (who, whom)."""
    kind = contract["type"]
    if kind == "layers":
        for container in contract["containers"]:
            layers = [
                [f"{container}.{name}" for name in re.findall(r"\w+", layer)]
                for layer in contract["layers"]
            ]
            for above, below in combinations(layers, 2):
                yield from ((low, high) for low in below for high in above)
            for beside in layers:
                yield from permutations(beside, 2)
    elif kind == "independence":
        yield from permutations(contract["modules"], 2)
    else:
        assert kind == "forbidden", f"this test does not know contracts of type {kind}"
        sources = contract["source_modules"]
        inside = [room for who in sources if who in PACKAGES for room in spelt_out(f"{who}.*")]
        for who in (*sources, *filter(is_folder, inside)):
            for whom in contract["forbidden_modules"]:
                yield from ((who, each) for each in spelt_out(whom) if not within(who, each))


def spelt_out(whom):
    """What a name stands for that may end in a star."""
    package = whom.removesuffix(".*")
    if package == whom:
        return [whom]
    inside = (ROOT / package.replace(".", "/")).iterdir()
    return [
        f"{package}.{each.stem}"
        for each in inside
        if (each.is_dir() or each.suffix == ".py") and not each.stem.startswith("_")
    ]


def within(one, other):
    """Whether two names are one module, or one lies in the other: then nothing is forbidden."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def allowed(contract, who, whom):
    """Whether a contract says that it does not mean this import."""
    pairs = [each.split(" -> ") for each in contract.get("ignore_imports", ())]
    return any(
        fnmatch(trespasser(who), from_) and fnmatch(whom, to)  # a star stands for any depth here
        for from_, to in pairs
    )


def is_folder(room):
    return (ROOT / room.replace(".", "/")).is_dir()


def trespasser(room):
    """The module that does in a room what nobody may; problems is a room of one file."""
    return f"{room}.trespasser" if is_folder(room) else room


CONTRACTS = {
    contract["name"]: {wall for wall in forbidden(contract) if not allowed(contract, *wall)}
    for contract in CONFIGURATION["contracts_options"]
}
WALLS = PROMISED.union(*CONTRACTS.values())


@pytest.fixture(scope="module")
def complaint(tmp_path_factory):
    """What lint says of a tree in which a file of every room climbs over all of its walls."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / ".importlinter", tree)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("*.pyc"))
    for who, whom in sorted(WALLS):
        with (tree / trespasser(who).replace(".", "/")).with_suffix(".py").open("a") as file:
            file.write(f"\nimport {whom}\n")
    shutil.copytree(ROOT / "bulkhead" / "ends", tree / "bulkhead" / "annex")
    ended = lint(tree)
    assert ended.returncode != 0
    return ended.stdout


def named(complaint):
    """The imports in a part of what lint says, as (who, whom)."""
    return set(re.findall(r"^\s*-\s+(\S+) -> (\S+) \(l\.\d+\)", complaint, re.M))


def test_imports_point_the_way_the_architecture_says():
    linted = lint(ROOT)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_import_that_a_contract_forbids_is_named(complaint, contract):
    _, _, rest = complaint.partition(f"\n{contract}\n---")
    section = re.split(r"\n.+\n-{5,}\n", rest)[0]
    missed = {(trespasser(who), whom) for who, whom in CONTRACTS[contract]} - named(section)
    assert CONTRACTS[contract]
    assert not missed


def test_what_the_architecture_promises_some_contract_forbids(complaint):
    assert {(trespasser(who), whom) for who, whom in PROMISED} <= named(complaint)


def test_a_folder_that_no_layer_names_is_named(complaint):
    assert "\n- bulkhead.annex\n" in complaint


def test_nothing_leans_on_a_helper_of_the_tests():
    leaning = [
        str(path.relative_to(ROOT))
        for folder in (*PACKAGES, "bench", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(from|import) tests\b", path.read_text(), re.M)
    ]
    assert not leaning
