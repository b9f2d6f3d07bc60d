"""A file that is none, or has no end: a sentence and exit code 2, wherever a file is named."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from bulkhead import observe
from bulkhead.problems import InputError
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.estate import Estate

pytestmark = pytest.mark.usefixtures("impatient")


def sparse(path):
    with path.open("wb") as file:
        file.truncate(3 << 30)


def listening(path):
    # The name of a socket is short: bound from within its folder.
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(before)


def to_a_pipe(path):
    pipe = path.with_name("pipe")
    os.mkfifo(pipe)
    path.symlink_to(pipe)


NO_FILES = {
    "a link to /dev/zero": (lambda path: path.symlink_to("/dev/zero"), "is a device"),
    "a link to a terminal": (lambda path: path.symlink_to("/dev/ptmx"), "is a device"),
    "a named pipe": (os.mkfifo, "is a named pipe"),
    "a link to one": (to_a_pipe, "is a named pipe"),
    "a socket": (listening, "is a socket"),
    "3 GB of nothing": (sparse, "is larger than"),
    "a link to itself": (lambda path: path.symlink_to(path), "symbolic links"),
    "a link that is too long": (lambda path: path.symlink_to("x" * 300), "name too long"),
    "a link to a process's memory": (lambda path: path.symlink_to("/proc/self/mem"), ""),
}


@pytest.fixture(params=NO_FILES)
def hostile(request):
    return NO_FILES[request.param]


def refused(answer, path, says):
    assert answer.code == 2
    assert answer.out == ""
    said = " ".join(answer.err.split())
    assert f"error: {path}" in said
    assert says.lower() in said.lower()
    assert "; " in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["x.yaml", "x.json", "x"])
@pytest.mark.parametrize("verb", ["prove", "lint"])
def test_as_a_source(ask, tmp_path, hostile, verb, name):
    make, says = hostile
    make(tmp_path / name)
    refused(ask(verb, tmp_path / name), tmp_path / name, says)


@pytest.mark.parametrize("verb", ["check", "plan"])
def test_as_a_topology(ask, tmp_path, hostile, verb):
    make, says = hostile
    make(tmp_path / "x.yaml")
    refused(ask(verb, tmp_path / "x.yaml"), tmp_path / "x.yaml", says)


@pytest.mark.parametrize("verb", ["check", "plan"])
def test_as_a_lock(ask, trading, hostile, verb):
    make, says = hostile
    lock = trading.with_suffix(".lock.json")
    lock.unlink()
    make(lock)
    refused(ask(verb, trading), lock, says)


def test_beside_a_lock_where_its_draft_is_written(ask, trading, hostile):
    make, _ = hostile
    make(trading.with_name("trading.lock.tmp"))
    lock = trading.with_suffix(".lock.json")
    before = lock.read_text()
    lock.unlink()
    assert ask("plan", trading).code == 0
    assert lock.is_file()
    assert not lock.is_symlink()
    assert set(before) & set(lock.read_text())


@pytest.mark.parametrize("read", [observe.state, observe.preview, observe.dump])
def test_as_a_state_a_preview_or_a_dump(tmp_path, hostile, read):
    make, says = hostile
    make(tmp_path / "x.json")
    with pytest.raises(InputError) as told:
        read(tmp_path / "x.json")
    assert says.lower() in str(told.value).lower()


def test_in_a_folder_of_answers(ask, tmp_path, hostile):
    make, says = hostile
    estate = Estate()
    estate.subnet("a", "10.0.0.0/24")
    folder = write(as_files(with_aws_ids(estate.build())), tmp_path / "eu-west-1")
    make(folder / "more.json")
    refused(ask("prove", folder), folder / "more.json", says)
    shutil.move(folder / "more.json", folder / "notes")
    answer = ask("prove", folder)
    assert answer.code in (0, 1) or f"{folder / 'notes'}: is a link that leads out" in answer.err


def test_the_whole_machine_is_no_folder_of_answers(ask):
    refused(ask("prove", "/"), "/", "name a folder")


@pytest.mark.parametrize("verb", ["check", "plan", "prove"])
def test_a_folder_is_no_topology_and_no_lock(ask, trading, verb):
    lock = trading.with_suffix(".lock.json")
    lock.unlink()
    lock.mkdir()
    refused(ask(verb, trading), lock, "is a directory")
    if verb != "prove":
        refused(ask(verb, lock.parent), lock.parent, "is a directory")


def test_a_name_that_no_file_can_have(ask):
    refused(ask("prove", "x" * 300), "x" * 10, "cannot be read")
