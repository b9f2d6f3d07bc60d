"""What is looked at before a stack is run: no engine here, and no local AWS."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from local_aws import stack
from local_aws.disk import DiskFull
from local_aws.place import Place

SETTINGS = 'config:\n  aws:region: eu-west-1\n  aws:endpoints: [{ec2: "http://127.0.0.1:9"}]\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: probe\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(SETTINGS)
    return tmp_path


def test_a_nearly_full_disk_is_said_before_anything_is_begun(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(free=2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFull, match="nearly full"):
        stack.up(root, "dev", [])


@pytest.mark.parametrize("verb", [stack.up, stack.down, stack.preview])
def test_beside_a_living_run_nothing_is_touched(
    root: Path, monkeypatch: pytest.MonkeyPatch, verb
) -> None:
    local = stack.local_stack(root, "dev")
    local.checkpoint_file.parent.mkdir(parents=True)
    local.checkpoint_file.write_text('{"checkpoint": {"lat')
    local.locks.mkdir(parents=True)
    lock = local.locks / "1.json"
    lock.write_text(json.dumps({"pid": os.getpid(), "hostname": socket.gethostname()}))
    monkeypatch.setattr(stack, "living_holder", lambda _: os.getpid())
    with pytest.raises(stack.CannotRun, match="wait for it"):
        verb(root, "dev", [])
    assert local.checkpoint_file.read_text() == '{"checkpoint": {"lat'
    assert lock.exists()


def test_two_runs_of_a_stack_do_not_work_at_once(root: Path) -> None:
    local = stack.local_stack(root, "dev")
    with stack.alone(local), pytest.raises(stack.CannotRun, match="another run"):
        stack.up(root, "dev", [])


def test_the_state_before_a_torn_one_is_taken_where_there_is_one(root: Path) -> None:
    local = stack.LocalStack("dev", "probe", "eu-west-1", Place(root, 9))
    local.checkpoint_file.parent.mkdir(parents=True)
    local.checkpoint_file.write_text("{")
    backup = local.checkpoint_file.with_suffix(".json.bak")
    backup.write_text('{"checkpoint": {"latest": {"resources": [{"id": "vpc-1"}]}}}')
    assert local.torn()
    assert local.take_backup()
    assert local.has_anything()
    local.checkpoint_file.write_text("{")
    backup.unlink()
    assert not local.take_backup()
    assert not local.checkpoint_file.exists()


def test_operations_that_were_begun_are_struck_out_and_the_rest_stays(root: Path) -> None:
    local = stack.LocalStack("dev", "probe", "eu-west-1", Place(root, 9))
    local.checkpoint_file.parent.mkdir(parents=True)
    latest = {"resources": [{"id": "vpc-1"}], "pending_operations": [{"type": "creating"}]}
    local.checkpoint_file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))
    local.settle()
    assert json.loads(local.checkpoint_file.read_text()) == {
        "version": 3,
        "checkpoint": {"latest": {"resources": [{"id": "vpc-1"}]}},
    }
