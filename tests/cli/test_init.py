"""`bulkhead init`: what it writes is a whole topology at once, and nothing is overwritten."""

import json
from pathlib import Path

import pytest

from bulkhead.intent import load
from bulkhead.intent.layout import formatted
from bulkhead.intent.schema import schema_text
from bulkhead.intent.starting import examples, name_like

REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")


@pytest.fixture(autouse=True)
def shop(tmp_path, monkeypatch):
    """A folder to begin in, on a machine that knows no AWS."""
    for each in REGIONS:
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    folder = tmp_path / "2 My_Shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_what_it_writes_is_as_declared_at_once(ask):
    answer = ask("init")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.splitlines() == [
        "wrote topology.yaml",
        "wrote topology.schema.json",
        "next: bulkhead check topology.yaml",
    ]
    assert load(Path("topology.yaml")).name == "my-shop"
    assert Path("topology.schema.json").read_text() == schema_text()
    checked = ask("check", "topology.yaml")
    assert checked.code == 0
    assert "AS DECLARED" in checked.out


@pytest.mark.parametrize("name", examples())
def test_an_example_is_as_declared_and_laid_out(ask, name):
    assert ask("init", f"{name}.yaml", "--example", name).code == 0
    checked = ask("check", f"{name}.yaml")
    assert "AS DECLARED" in checked.out
    assert "warning" not in checked.err
    text = Path(f"{name}.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=topology.schema.json\n# ")
    assert formatted(name, text.encode()) == text


def test_the_examples_are_listed(ask):
    listed = ask("init", "--list").out.splitlines()
    assert [each.split()[0] for each in listed] == list(examples())
    assert listed[0].startswith("first ")
    answer = ask("init", "--example", "pipelin")
    assert (answer.code, list(Path().iterdir())) == (2, [])
    assert "did you mean pipeline?" in answer.err


@pytest.mark.parametrize("there", ["topology.yaml", "link.yaml", "topology.schema.json"])
def test_nothing_is_overwritten(ask, there):
    if there == "link.yaml":
        Path(there).symlink_to("nowhere.yaml")
    else:
        Path(there).write_text("mine\n")
    answer = ask("init", there if there.endswith(".yaml") else "topology.yaml")
    if there.endswith(".json"):
        assert answer.code == 0
        assert Path(there).read_text() == "mine\n"
        return
    assert answer.code == 2
    assert "is there already" in answer.err
    assert not Path("nowhere.yaml").exists()
    assert not Path("topology.schema.json").exists()


def test_what_cannot_be_written_is_an_error(ask):
    assert ask("init", "topology.json").code == 2
    answer = ask("init", "none/topology.yaml")
    assert answer.code == 2
    assert "cannot be written" in answer.err


def test_a_folder_gets_its_topology(ask, shop):
    (shop / "desk").mkdir()
    assert ask("init", "desk").code == 0
    assert load(Path("desk/topology.yaml")).name == "desk"


def region(ask):
    assert ask("init").code == 0
    text = Path("topology.yaml").read_text()
    found = load(Path("topology.yaml")).region
    Path("topology.yaml").unlink()
    return found, "No Region is configured" in text


def test_the_region_is_that_of_this_machine(ask, monkeypatch, tmp_path):
    assert region(ask) == ("eu-west-1", True)
    (tmp_path / "config").write_text(
        "[default]\nregion = eu-central-1\n[profile desk]\nregion=us-east-2\n"
    )
    assert region(ask) == ("eu-central-1", False)
    monkeypatch.setenv("AWS_PROFILE", "desk")
    assert region(ask) == ("us-east-2", False)
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert region(ask) == ("eu-west-1", True)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")
    assert region(ask) == ("sa-east-1", False)
    monkeypatch.setenv("AWS_REGION", "ap-northeast-1")  # whose zones have no known letters
    assert region(ask) == ("ap-northeast-1", False)
    monkeypatch.setenv("AWS_REGION", "the moon")
    assert region(ask) == ("sa-east-1", False)


@pytest.mark.parametrize(
    "configuration", [b"region = x\n", b"\xff", b"[default]\nregion = %(x)s\n"]
)
def test_a_configuration_that_cannot_be_read_says_nothing(ask, tmp_path, configuration):
    (tmp_path / "config").write_bytes(configuration)
    assert region(ask) == ("eu-west-1", True)


@pytest.mark.parametrize(
    ("folder", "name"),
    [("Trading", "trading"), ("a.b c", "a-b-c"), ("2024", None), ("", None), ("x" * 40, "x" * 31)],
)
def test_a_folder_gives_a_name_where_it_can(folder, name):
    assert name_like(folder) == name


def test_the_schema_beside_it_is_one(ask):
    ask("init")
    assert json.loads(Path("topology.schema.json").read_text())["title"] == "Bulkhead topology"
