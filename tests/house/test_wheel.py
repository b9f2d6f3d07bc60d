"""What someone gets who installs the distribution: one top-level name, which works anywhere."""

import json
import shutil
import subprocess
import sys
import venv
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKED = ("pyproject.toml", "README.md", "LICENSE", "bulkhead")
OF_THE_REPOSITORY = ("components", "infra", "local_aws", "tools", "bench", "tests")

pytestmark = pytest.mark.integration


def run(*words, cwd):
    """Run to its end, with nothing of this process's own search path."""
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy, because a build leaves its folders beside what it builds."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in (*PACKED, *OF_THE_REPOSITORY):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy)
    offline = ("--no-deps", "--no-build-isolation", "--no-index")
    built = run(sys.executable, "-m", "pip", "wheel", *offline, "-w", copy / "out", copy, cwd=copy)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = (copy / "out").iterdir()
    return path


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """An environment that holds the wheel, and a folder that holds nothing but a topology.

    The packages that ours needs are those of this environment: it is put on the path after the
    environment's own, as plain folders, so that what is installed here as editable is not found.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=True)
    (packages,) = home.glob("lib/python*/site-packages")
    ours = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "what_it_needs.pth").write_text("\n".join(ours) + "\n")
    into = ("--python", home / "bin" / "python", "install", "--no-deps", "--no-index")
    installed = run(sys.executable, "-m", "pip", *into, wheel, cwd=home)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.copy(ROOT / "topologies" / "trading.yaml", folder)
    return lambda program, *words: run(home / "bin" / program, *words, cwd=folder)


def test_the_wheel_holds_one_top_level_name(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert sorted(top.partition("-")[0] for top in tops) == ["bulkhead", "bulkhead"]
    assert "bulkhead/py.typed" in names
    assert "bulkhead/components/segment.py" in names
    assert "bulkhead/intent/presets/salt.yaml" in names
    assert {"bulkhead/report/html/page.css", "bulkhead/report/html/page.js"} <= set(names)


def test_the_wheel_says_what_it_is_and_what_it_needs(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        said = HeaderParser().parsestr(archive.read(f"{info}/METADATA").decode())
        assert archive.read(f"{info}/licenses/LICENSE")
    assert said["License-Expression"] == "Apache-2.0"
    assert said["Description-Content-Type"] == "text/markdown"
    assert said.get_payload().startswith("# Bulkhead")
    needed = [each for each in said.get_all("Requires-Dist") if "extra ==" not in each]
    assert [each.split(">")[0] for each in needed] == [
        "boto3",
        "pydantic",
        "pyyaml",
        "pyzmq",
        "rich",
        "typer",
    ]


@pytest.mark.parametrize("name", OF_THE_REPOSITORY)
def test_nothing_of_the_repository_squats_on_a_name_of_the_user(elsewhere, name):
    said = elsewhere("python", "-c", f"import {name}")
    assert "ModuleNotFoundError" in said.stderr


def test_the_components_are_installed(elsewhere):
    program = """
from bulkhead import components
from bulkhead.components.fabric.package import package
print(components.Fabric, components.__file__, len(package().schema))
"""
    said = elsewhere("python", "-c", program)
    assert said.returncode == 0, said.stderr
    assert str(ROOT) not in said.stdout


def test_a_first_topology_is_written_from_what_is_installed(elsewhere):
    assert elsewhere("bulkhead", "init", "first.yaml").returncode == 0
    assert "AS DECLARED" in elsewhere("bulkhead", "check", "first.yaml").stdout


def test_check_says_that_the_plan_is_what_is_declared(elsewhere):
    said = elsewhere("bulkhead", "check", "trading.yaml")
    assert said.returncode == 0, said.stderr
    assert "AS DECLARED" in said.stdout


def test_prove_answers_as_json(elsewhere):
    said = elsewhere("bulkhead", "prove", "trading.yaml", "--json")
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)


def test_diff_sees_no_change_between_a_topology_and_itself(elsewhere):
    said = elsewhere("bulkhead", "diff", "trading.yaml", "trading.yaml")
    assert said.returncode == 0, said.stderr


def test_draw_writes_a_picture(elsewhere):
    said = elsewhere("bulkhead", "draw", "trading.yaml", "-o", "network.svg")
    assert said.returncode == 0, said.stderr
    drawn = elsewhere("python", "-c", "print(open('network.svg').read()[:4])")
    assert drawn.stdout.strip() == "<svg"
