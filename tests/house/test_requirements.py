"""One lock: what a plain install brings, and what `make` adds."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.core import BUILDS, CORE, READS_CODE, core

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.txt").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ASKED = {
    "": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["pulumi"],
    ],
    "doubt": PROJECT["project"]["optional-dependencies"]["doubt"],
    "discover": PROJECT["project"]["optional-dependencies"]["discover"],
    **PROJECT["dependency-groups"],
}


def pins():
    """Each pin of the lock, with its hashes."""
    lines = [line for line in LOCK.replace("\\\n", "").splitlines() if not line.startswith("#")]
    for line in lines:
        what, *hashes = line.split(" --hash=")
        yield Requirement(what), [each.strip() for each in hashes]


def installed(*parts):
    """Name to version of what pip takes from the lock, with the parts that setup.sh is told."""
    asked = set(parts)
    return {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin, _ in pins()
        if pin.marker is None
        or any(pin.marker.evaluate({"extra": each}) for each in (asked or {""}))
    }


def test_every_pin_is_exact_and_hashed():
    for pin, hashes in pins():
        assert [each.operator for each in pin.specifier] == ["=="], pin
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), pin


@pytest.mark.parametrize("file", ["bench/requirements.txt", "tools/emulator.txt"])
def test_what_runs_apart_is_pinned_and_hashed_too(file):
    text = (ROOT / file).read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[\w.-]+==[\w.]+( ; .*?)? +--hash=sha256:", line), line


def test_a_plain_install_brings_nothing_that_only_tests_or_the_local_aws_need():
    brought = installed()
    assert {"boto3", "pulumi", "pulumi-aws", "pyzmq", "typer"} <= set(brought)
    assert not {"moto", "z3-solver", "oxidd", "mypy", "pytest", "ruff", "locust"} & set(brought)


@pytest.mark.parametrize("part", ASKED)
def test_each_part_brings_what_the_project_asks_for(part):
    brought = installed(part)
    for text in ASKED[part]:
        asked = Requirement(text)
        assert asked.specifier.contains(brought[canonicalize_name(asked.name)]), asked


def test_no_part_of_it_names_a_place_to_install_from():
    assert "://" not in LOCK
    assert not re.search(r"^--?\w", LOCK, re.M)


def test_make_installs_every_part():
    makefile = (ROOT / "Makefile").read_text()
    (told,) = re.findall(r"setup\.sh \$\(PYTHON\) test (.*)", makefile)
    assert set(told.split()) == set(ASKED) - {""}


def needed(names):
    """What a package needs, and what that needs, as it is installed here."""
    found, left = set(), [canonicalize_name(each) for each in names]
    while left:
        if (name := left.pop()) not in found:
            found.add(name)
            asked = map(Requirement, metadata.requires(name) or [])
            left += [
                canonicalize_name(each.name)
                for each in asked
                if each.marker is None or each.marker.evaluate({"extra": ""})
            ]
    return found


def test_where_nothing_is_deployed_the_lock_brings_what_the_core_needs_and_no_more():
    asked = [Requirement(each).name for each in PROJECT["project"]["dependencies"]]
    assert needed(asked) == CORE
    lines = core(LOCK).replace("\\\n", "").splitlines()
    brought = [Requirement(line.partition(" --hash=")[0]) for line in lines]
    assert {canonicalize_name(each.name) for each in brought} == CORE | {BUILDS}
    assert needed([*asked, *READS_CODE]) == CORE | READS_CODE
    also = core(LOCK, READS_CODE).replace("\\\n", "").splitlines()
    assert set(also) - set(lines) == {each for each in also if each.startswith("ast")}
    assert len(also) - len(lines) == len(READS_CODE)
    assert all(each.marker is None or "extra" not in str(each.marker) for each in brought)
    assert all("--hash=sha256:" in line for line in lines)
