"""What a killed run leaves in the files of a stack never keeps the next from starting."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_aws.place import Place
from local_aws.stack import LocalStack

WHOLE = '{"user.content_type":"application/json"}'


@pytest.fixture
def stack(tmp_path: Path) -> LocalStack:
    stack = LocalStack("dev", "probe", "eu-west-1", Place(tmp_path, 4999))
    stack.checkpoint_file.parent.mkdir(parents=True)
    stack.locks.mkdir(parents=True)
    return stack


@pytest.mark.parametrize("cut", ["", "{", WHOLE[:9]])
def test_attributes_that_were_cut_off_are_dropped_and_whole_ones_kept(
    stack: LocalStack, cut: str
) -> None:
    folder = stack.checkpoint_file.parent
    torn = [folder / "dev.json.attrs", folder / "dev.json.bak.attrs", stack.locks / "1.json.attrs"]
    for file in torn:
        file.write_text(cut)
    whole = stack.locks / "2.json.attrs"
    whole.write_text(WHOLE)
    stack.drop_torn_attributes()
    assert not [file for file in torn if file.exists()]
    assert whole.read_text() == WHOLE


def test_the_files_of_another_stack_are_left_alone(stack: LocalStack) -> None:
    other = stack.checkpoint_file.parent / "prod.json.attrs"
    other.write_text("")
    stack.drop_torn_attributes()
    assert other.exists()


def test_a_stack_that_has_no_files_yet_has_nothing_to_drop(tmp_path: Path) -> None:
    LocalStack("dev", "probe", "eu-west-1", Place(tmp_path, 4999)).drop_torn_attributes()
