"""Where an answer cannot be printed, the shell is told so, and nobody sees a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
ASK = f"{sys.executable} -c 'from bulkhead.cli import main; main()' prove {{topology}} {{form}}"


def shell(command, topology, form):
    asked = ASK.format(topology=topology, form=form)
    return subprocess.run(  # noqa: S602 - redirections are the shell's
        command.format(ask=asked),
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        check=False,
    )


@pytest.fixture(params=["", "--json"], ids=["text", "json"])
def form(request):
    return request.param


def test_a_reader_that_has_seen_enough_ends_it_quietly(trading, form):
    # `true` reads nothing: whatever is written finds the pipe closed.
    ended = shell("{ask} | true; echo ${{PIPESTATUS[0]}}", trading, form)
    assert ended.stdout == "141\n"
    assert ended.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_a_message(trading, form):
    ended = shell("{ask} > /dev/full", trading, form)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "No space left" in ended.stderr


def test_a_closed_output_is_a_message(trading, form):
    ended = shell("{ask} >&-", trading, form)
    assert ended.returncode == 2
    assert "it is closed" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", ["Grüße.yaml", "🚂.yaml"])
def test_an_encoding_without_the_signs_of_a_name_gets_json_all_the_same(tmp_path, name):
    topology = tmp_path / name
    topology.write_text((ROOT / "topologies/trading.yaml").read_text())
    ended = shell("PYTHONIOENCODING=ascii {ask}", topology, "--json")
    assert ended.returncode == 0
    assert ended.stderr == ""
    assert Path(json.loads(ended.stdout)["source"]).name == name
