"""`bulkhead schema`: printed or written, and told when it is stale."""

import json
from pathlib import Path

import pytest


def test_it_prints_the_schema_and_the_reference(ask):
    assert json.loads(ask("schema").out)["title"] == "Bulkhead topology"
    assert ask("schema", "--markdown").out.startswith("# Topology reference\n")


@pytest.mark.parametrize("form", [[], ["--markdown"]])
def test_a_stale_file_is_told_and_written_anew(ask, form, tmp_path):
    path = tmp_path / "made"
    assert ask("schema", *form, "-o", path, "--check").code == 1
    assert not path.exists()
    assert ask("schema", *form, "-o", path).code == 0
    assert path.read_text() == ask("schema", *form).out
    assert ask("schema", *form, "-o", path, "--check").code == 0
    path.write_text("else\n")
    assert ask("schema", *form, "-o", path, "--check").code == 1
    assert path.read_text() == "else\n"


def test_what_cannot_be_compared_or_written_is_an_error(ask, tmp_path):
    assert ask("schema", "--check").code == 2
    assert ask("schema", "-o", Path(tmp_path)).code == 2
