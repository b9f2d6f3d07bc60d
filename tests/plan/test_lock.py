import errno
from pathlib import Path

import pytest

from bulkhead.plan.allot import Allotment
from bulkhead.plan.lock import Lock, lock_path, lock_text, read_lock, write_lock
from bulkhead.problems import InputError


@pytest.fixture
def lock() -> Lock:
    return Lock(
        topology="shop",
        units=Allotment({"web": 0, "db": 1}, 2),
        hosts={"web/eu-west-1a": Allotment({"front-1": 0}, 1)},
    )


def test_the_lock_lies_beside_its_topology(tmp_path):
    assert lock_path(tmp_path / "shop.yaml") == tmp_path / "shop.lock.json"


def test_what_was_written_is_read_back(tmp_path, lock):
    path = tmp_path / "shop.lock.json"
    assert write_lock(path, lock)
    assert read_lock(path) == lock


def test_writing_the_same_lock_again_touches_nothing(tmp_path, lock):
    path = tmp_path / "shop.lock.json"
    write_lock(path, lock)
    before = path.stat()
    assert not write_lock(path, lock)
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_folder_that_cannot_be_written_is_said_with_what_to_do(tmp_path, lock):
    path = tmp_path / "shop.lock.json"
    (tmp_path / "shop.lock.tmp").mkdir()  # where the new lock would be drafted
    with pytest.raises(InputError, match="cannot be written") as refused:
        write_lock(path, lock)
    (problem,) = refused.value.problems
    assert problem.file == str(path)
    assert "can be written" in problem.remedy


def test_a_full_disk_leaves_the_lock_as_it_was_and_no_half_of_one(tmp_path, lock, monkeypatch):
    path = tmp_path / "shop.lock.json"
    path.write_text('{"topology": "shop"}')

    def full(self, *_):
        self.write_bytes(b"{")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match="No space left"):
        write_lock(path, lock)
    assert [each.name for each in tmp_path.iterdir()] == ["shop.lock.json"]
    assert path.read_text() == '{"topology": "shop"}'


def test_no_lock_yet_is_not_an_error(tmp_path):
    assert read_lock(tmp_path / "shop.lock.json") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not a lock file"),
        ("{}", "topology"),
        ('{"version": 2, "topology": "shop"}', "version"),
        ('{"topology": "shop", "surprise": 1}', "surprise"),
        ('{"topology": "shop", "units": {"taken": {"a": 0, "b": 0}, "next": 2}}', "held twice"),
        ('{"topology": "shop", "units": {"taken": {"a": 5}, "next": 2}}', "outside those given"),
    ],
)
def test_a_file_that_is_no_sound_lock_is_refused_with_what_is_wrong(tmp_path, text, says):
    path = tmp_path / "shop.lock.json"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read_lock(path)


def test_the_text_has_one_line_per_holder_so_that_merges_conflict_where_they_should(lock):
    text = lock_text(lock)
    assert '"web": 0' in text
    assert text == lock_text(lock)
    assert text.endswith("}\n")
