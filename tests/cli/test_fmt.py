"""`bulkhead fmt`: files are written whole or not at all, and shown or checked before."""

import io
import sys
from types import SimpleNamespace

import pytest

UNTIDY = b"name:     shop   # ours\nregion: 'eu-west-1'\n"
TIDY = b'name: shop   # ours\nregion: "eu-west-1"\n'


@pytest.fixture
def files(tmp_path):
    tidy, untidy = tmp_path / "tidy.yaml", tmp_path / "untidy.yaml"
    tidy.write_bytes(TIDY)
    untidy.write_bytes(UNTIDY)
    untidy.chmod(0o640)
    return tidy, untidy


def test_it_writes_what_changes_and_keeps_who_may_read_it(ask, files):
    answer = ask("fmt", *files)
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"wrote {files[1]}\n"
    assert files[1].read_bytes() == TIDY
    assert files[1].stat().st_mode & 0o777 == 0o640
    assert ask("fmt", *files).err == "nothing to write: laid out already\n"


def test_it_writes_through_a_link(ask, files, tmp_path):
    link = tmp_path / "link.yaml"
    link.symlink_to(files[1])
    assert ask("fmt", link).code == 0
    assert link.is_symlink()
    assert files[1].read_bytes() == TIDY


@pytest.mark.parametrize("asked", ["--check", "--diff"])
def test_a_look_writes_nothing_and_says_no(ask, files, asked):
    answer = ask("fmt", asked, *files)
    assert answer.code == 1
    assert answer.err == f"{files[1]} would change\n"
    assert ('+region: "eu-west-1"' in answer.out) is (asked == "--diff")
    assert files[1].read_bytes() == UNTIDY
    assert ask("fmt", asked, files[0]).code == 0


def test_one_that_is_no_yaml_keeps_all_as_they_are(ask, files, tmp_path):
    broken, list_ = tmp_path / "broken.yaml", tmp_path / "list.yaml"
    broken.write_text("name: [a\n")
    list_.write_text("- a\n")
    answer = ask("fmt", files[1], broken, list_, tmp_path / "none.yaml")
    assert answer.code == 2
    assert answer.err.count("error: ") == 3
    assert f"{broken}:2: is not YAML" in answer.err
    assert files[1].read_bytes() == UNTIDY


def test_standard_input_is_printed(ask, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(UNTIDY)))
    answer = ask("fmt", "-")
    assert (answer.code, answer.out.encode()) == (0, TIDY)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"a: [")))
    answer = ask("fmt", "-")
    assert (answer.code, answer.out) == (2, "")
    assert "stdin:" in answer.err
    assert ask("fmt", "-", "more.yaml").code == 2
