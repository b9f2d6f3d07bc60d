"""Where the lock cannot be kept, an update ends before the engine is asked for anything."""

import errno
import os
import runpy
from pathlib import Path

import pulumi
import pytest

from tests.components.conftest import TOPOLOGY
from tests.support.topologies import topology_from

PROGRAM = Path(__file__).resolve().parents[2] / "infra" / "__main__.py"


@pytest.fixture
def topology(tmp_path):
    return Path(topology_from(tmp_path, TOPOLOGY).file)


@pytest.fixture
def up(record, topology):
    """What the program registers, and how it ends, if it does."""

    def run():
        ended = []

        def program():
            pulumi.runtime.set_all_config({"bulkhead:topology": str(topology)})
            try:
                runpy.run_path(str(PROGRAM))
            except pulumi.RunError as error:
                ended.append(str(error))

        return record(program).resources, ended

    return run


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("call", ["open", "replace"])
def test_a_folder_that_takes_no_lock_is_said_before_anything_is_made(
    up, topology, monkeypatch, call, code
):
    before = sorted(topology.parent.iterdir())

    def refuse(path, *args, **kwargs):
        if ".lock" in path.name:
            raise OSError(code, os.strerror(code))
        return real(path, *args, **kwargs)

    real = getattr(Path, call)
    monkeypatch.setattr(Path, call, refuse)
    registered, ended = up()
    assert registered == []
    (said,) = ended
    assert "nothing of fabric bulkhead was changed" in said
    assert f"topology.lock.json: cannot be written ({os.strerror(code)}); run it where" in said
    assert sorted(topology.parent.iterdir()) == before


def test_the_same_of_a_folder_in_which_really_nothing_can_be_written(up, topology):
    (topology.parent / "topology.lock.tmp").mkdir()
    registered, ended = up()
    assert registered == []
    assert "topology.lock.json: cannot be written" in ended[0]


def test_where_it_can_be_kept_everything_is_made_and_the_lock_beside_it(up, topology):
    registered, ended = up()
    assert registered
    assert ended == []
    assert topology.with_name("topology.lock.json").is_file()
