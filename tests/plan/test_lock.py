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
        units=Allotment({"web": 0, "db": 1}, frozenset({2})),
        hosts={"web/eu-west-1a": Allotment({"front-1": 0})},
        acl_rules={"web/egress/request": Allotment({"tcp 5557 10.30.4.0/22": 7})},
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
    ("text", "line", "says"),
    [
        ("", 1, "is not a lock file"),
        ("[]", 1, "no JSON object"),
        ("[" * 100_000, 0, "is not a lock file"),
        ("{}", 0, "topology"),
        ('{"version": 3,\n"topology": "shop"}', 0, "version"),
        ('{\n"topology": "shop",\n"version": 3\n}', 3, "3 is none that this version reads"),
        ('{\n"topology": 7,\n"version": 2\n}', 2, "the name of the topology"),
        ('{\n"unit web": 0,\n"units db": 1,\n"version": 2\n}', 3, "is no fact of a lock"),
        ('{\n"host web": 0,\n"version": 2\n}', 2, "is no fact of a lock"),
        ('{\n"unit web": -1,\n"version": 2\n}', 2, "has no slot: -1"),
        ('{\n"unit web": "one",\n"version": 2\n}', 2, "has no slot"),
        ('{\n"unit web": true,\n"version": 2\n}', 2, "has no slot"),
        ('{\n"gone unit web": true,\n"version": 2\n}', 2, "gives no slot back"),
        ('{\n"unit a": 3,\n"unit b": 3,\n"version": 2\n}', 3, r"so does 'unit a' \(line 2\)"),
        ('{\n"unit a": 3,\n"unit a": 4,\n"version": 2\n}', 3, "4 here, and 3 on line 2"),
        (
            '{\n"host web/a w-1": 3,\n"host web/b w-1": 3,\n"version": 2\n}',
            3,
            "another zone on line 2",
        ),
        ('{\n<<<<<<< HEAD\n"unit a": 3,\n', 2, "left of a merge"),
    ],
)
def test_what_a_lock_cannot_mean_is_refused_with_its_line(tmp_path, text, line, says):
    path = tmp_path / "shop.lock.json"
    path.write_text(text)
    with pytest.raises(InputError, match=says) as refused:
        read_lock(path)
    assert line in {each.line for each in refused.value.problems}
    assert {each.file for each in refused.value.problems} == {str(path)}


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    path = tmp_path / "shop.lock.json"
    path.write_text(
        '{\n"unit a": 3,\n"unit b": 3,\n"zone": 1,\n"topology": "shop",\n"version": 2\n}'
    )
    with pytest.raises(InputError) as refused:
        read_lock(path)
    assert [each.line for each in refused.value.problems] == [3, 4]


def test_a_lock_of_an_earlier_version_says_the_same(tmp_path, lock):
    path = tmp_path / "shop.lock.json"
    path.write_text(
        """{"version": 1, "topology": "shop",
        "units": {"taken": {"web": 0, "db": 1}, "next": 3},
        "hosts": {"web/eu-west-1a": {"taken": {"front-1": 0}, "next": 1}},
        "acl_rules": {"web/egress/request": {"taken": {"tcp 5557 10.30.4.0/22": 7}, "next": 8}}}"""
    )
    read = read_lock(path)
    assert read.units == lock.units
    assert read.hosts == lock.hosts
    assert read.acl_rules["web/egress/request"].taken == {"tcp 5557 10.30.4.0/22": 7}
    assert read.acl_rules["web/egress/request"].gone == frozenset(range(7))


@pytest.mark.parametrize(
    "text",
    [
        '{"topology": "shop", "surprise": 1}',
        '{"topology": "shop", "units": {"taken": {"a": 0, "b": 0}, "next": 2}}',
        '{"topology": "shop", "units": {"taken": {"a": "x"}, "next": 2}}',
    ],
)
def test_of_an_earlier_version_too_a_bad_lock_is_refused(tmp_path, text):
    path = tmp_path / "shop.lock.json"
    path.write_text(text)
    with pytest.raises(InputError):
        read_lock(path)


def test_each_fact_has_a_line_and_what_is_last_never_changes(lock):
    assert lock_text(lock).splitlines() == [
        "{",
        '  "acl web/egress/request tcp 5557 10.30.4.0/22": 7,',
        '  "gone unit 2": true,',
        '  "host web/eu-west-1a front-1": 0,',
        '  "unit db": 1,',
        '  "unit web": 0,',
        '  "topology": "shop",',
        '  "version": 2',
        "}",
    ]
