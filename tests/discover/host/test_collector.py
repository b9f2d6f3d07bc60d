"""What the collector reads of a /proc, and that it is one file for old machines."""

import ast
import json
import os
import subprocess
import sys
import time

import pytest

from bulkhead.discover.host import COLLECTOR, collect, parse_record
from tests.support.fake_proc import FakeProc, mapped

LIBZMQ = mapped("/usr/lib/x86_64-linux-gnu/libzmq.so.5.2.5")


@pytest.fixture
def machine(tmp_path):
    def made(fake):
        return parse_record(collect(str(fake.write(tmp_path / "proc"))))

    return made


def one(record, pid):
    (found,) = (each for each in record.processes if each.pid == pid)
    return found


EVIDENCE = {
    "libzmq": ({"maps": LIBZMQ}, "libzmq.so.5.2.5"),
    "libzmq after an upgrade": (
        {"maps": mapped("/usr/lib/libzmq.so.5 (deleted)")},
        "libzmq.so.5",
    ),
    "pyzmq": (
        {"maps": mapped("/v/zmq/backend/cython/_zmq.cpython-311-x86_64-linux-gnu.so")},
        "_zmq.cpython-311-x86_64-linux-gnu.so",
    ),
    "czmq": ({"maps": mapped("/usr/lib/libczmq.so.4")}, "libczmq.so.4"),
    "node": (
        {"maps": mapped("/app/node_modules/zeromq/build/linux/x64/node/glibc/addon.node")},
        "zeromq/build/linux/x64/node/glibc/addon.node",
    ),
    "NetMQ": ({"maps": mapped("/app/NetMQ.dll")}, "NetMQ.dll"),
    "JeroMQ": ({"files": ["/app/lib/jeromq-0.6.0.jar"]}, "jeromq-0.6.0.jar"),
    "a static libzmq": ({"threads": {7: "app", 8: "ZMQbg/Reaper"}}, "ZMQbg/Reaper"),
}


@pytest.mark.parametrize(("more", "what"), EVIDENCE.values(), ids=EVIDENCE)
def test_a_process_is_known_by_what_it_has_loaded_or_by_its_threads(machine, more, what):
    fake = FakeProc()
    fake.process(1, "init")
    fake.process(7, "app", **more)
    record = machine(fake)
    assert [each.what for each in one(record, 7).zeromq] == [what]
    assert [each.pid for each in record.processes] == [7]


@pytest.mark.parametrize(
    "files", [["/var/log/zmq.log"], ["/opt/zmqtool/bin/tool"], ["/usr/lib/libc.so.6"]]
)
def test_a_file_that_is_no_library_is_no_evidence(machine, files):
    fake = FakeProc()
    fake.process(7, "app", maps=mapped(*files))
    assert machine(fake).processes == ()


def test_sockets_belong_to_who_holds_them_and_the_other_end_is_kept_with_its_process(machine):
    fake = FakeProc()
    fake.process(7, "router", maps=LIBZMQ, inodes=[70, 71, 72])
    fake.process(8, "other", inodes=[80])
    fake.process(9, "nobody", inodes=[90])
    fake.tcp(70, "listening", ("0.0.0.0", 5555))
    fake.tcp(71, "established", ("10.0.0.7", 5555), ("10.0.0.7", 40_000))
    fake.tcp(80, "established", ("10.0.0.7", 40_000), ("10.0.0.7", 5555))
    fake.tcp(90, "established", ("10.0.0.7", 22), ("10.0.0.9", 50_000))
    fake.unix(72, "/run/a socket with blanks.ipc", listens=True)
    record = machine(fake)
    assert {each.pid for each in record.processes} == {7, 8}
    by_inode = {each.inode: each for each in record.sockets}
    assert set(by_inode) == {70, 71, 72, 80}
    assert (by_inode[70].state, by_inode[70].local) == ("listening", ("0.0.0.0", 5555))
    assert by_inode[80].pids == (8,)
    assert by_inode[72].path == "/run/a socket with blanks.ipc"
    assert record.namespaces[0].addresses == ("10.0.0.7",)


def test_both_families_and_udp_are_read_and_an_address_of_both_is_one_of_ipv4(machine):
    fake = FakeProc()
    fake.process(7, "router", maps=LIBZMQ, inodes=[1, 2, 3, 4, 5])
    fake.tcp(1, "listening", ("::", 5555))
    fake.tcp(2, "established", ("::ffff:10.0.0.7", 5555), ("::ffff:10.0.0.8", 40_000))
    fake.tcp(3, "established", ("fd00::7", 5555), ("fd00::8", 40_000))
    fake.tcp(4, "asking", ("10.0.0.7", 41_000), ("192.0.2.1", 5556))
    fake.tcp(5, "bound", ("0.0.0.0", 7000), protocol="udp")
    found = {each.inode: each for each in machine(fake).sockets}
    assert found[1].local == ("::", 5555)
    assert (found[2].local, found[2].remote) == (("10.0.0.7", 5555), ("10.0.0.8", 40_000))
    assert found[3].remote == ("fd00::8", 40_000)
    assert found[4].state == "asking"
    assert (found[5].protocol, found[5].state, found[5].remote) == ("udp", "bound", None)


def test_each_network_namespace_has_its_own_sockets(machine):
    fake = FakeProc()
    fake.process(7, "a", maps=LIBZMQ, inodes=[70])
    fake.process(8, "b", maps=LIBZMQ, inodes=[80], namespace="4026532999")
    fake.tcp(70, "listening", ("0.0.0.0", 5555))
    fake.tcp(80, "listening", ("0.0.0.0", 5555), namespace="4026532999")
    record = machine(fake)
    found = {each.inode: (each.namespace, each.pids) for each in record.sockets}
    assert found == {70: ("4026531840", (7,)), 80: ("4026532999", (8,))}
    assert len(record.namespaces) == 2


def test_names_of_scripts_are_told_and_no_argument_nor_environment(machine):
    words = {
        10: ["python3", "/srv/router.py", "--password", "s3cret"],
        11: ["/usr/bin/python3", "-W", "ignore", "-m", "locust", "-H", "s3cret"],
        12: ["python3", "-c", "s3cret = 1"],
        13: ["java", "-cp", "s3cret.jar", "org.Main", "s3cret"],
        14: ["node", "--inspect", "app.js", "s3cret"],
        15: ["router", "--key=s3cret"],
    }
    fake = FakeProc()
    for pid, cmdline in words.items():
        more = {"environ": "TOKEN=s3cret\0HOSTNAME=router-7d9f\0"}
        fake.process(pid, cmdline[0].rpartition("/")[2], maps=LIBZMQ, cmdline=cmdline, **more)
    record = machine(fake)
    assert [each.script for each in record.processes] == [
        "/srv/router.py",
        "-m locust",
        None,
        "org.Main",
        "app.js",
        None,
    ]
    assert record.processes[0].host_name == "router-7d9f"
    assert "s3cret" not in repr(record)


@pytest.mark.parametrize(
    ("words", "script"),
    [
        (["python3", "-I", "-c", "s3cret", "x"], None),
        (["python3", "-uIc", "s3cret", "x"], None),
        (["python3", "-cs3cret", "s3cret"], None),
        (["python3", "-X", "dev", "-um", "locust", "s3cret"], "-m locust"),
        (["python3", "-I", "-u", "router.py", "s3cret"], "router.py"),
        (["perl", "-lane", "s3cret", "x"], None),
        (["perl", "-I", "lib", "-w", "router.pl", "s3cret"], "router.pl"),
        (["ruby", "-ne", "s3cret", "x"], None),
        (["ruby", "-r", "zmq", "router.rb"], "router.rb"),
        (["node", "-pe", "s3cret", "x"], None),
        (["node", "--eval=s3cret", "x"], None),
        (["node", "-r", "./setup", "router.js", "s3cret"], "router.js"),
        (["php", "-r", "s3cret", "x"], None),
        (["php", "-d", "s3cret=1", "router.php"], "router.php"),
        (["java", "--class-path", "s3cret", "-jar", "router.jar"], "-jar router.jar"),
        (["beam.smp", "-noshell", "-eval", "s3cret"], None),
    ],
)
def test_code_of_a_command_line_is_never_told_however_its_option_is_written(machine, words, script):
    fake = FakeProc()
    fake.process(10, words[0], maps=LIBZMQ, cmdline=words)
    record = machine(fake)
    assert [each.script for each in record.processes] == [script]
    assert "s3cret" not in repr(record)


def test_kernel_threads_are_no_processes_and_those_that_end_meanwhile_are_counted(
    tmp_path,
):
    fake = FakeProc()
    fake.process(1, "init")
    fake.process(2, "kthreadd", kernel=True)
    fake.process(7, "router", maps=LIBZMQ)
    fake.process(8, "gone")
    folder = fake.write(tmp_path / "proc")
    (folder / "8" / "stat").unlink()
    (folder / "7" / "fd").rmdir()
    counts = parse_record(collect(str(folder))).counts
    assert (counts.processes, counts.kernel_threads, counts.gone) == (2, 1, 2)


def test_what_must_not_be_read_is_counted_and_threads_tell_all_the_same(tmp_path):
    fake = FakeProc()
    fake.process(7, "router", maps=LIBZMQ, threads={7: "router", 9: "ZMQbg/IO/0"})
    folder = fake.write(tmp_path / "proc")
    for name in ("maps", "fd"):
        path = folder / "7" / name
        path.unlink() if name == "maps" else path.rmdir()
        path.symlink_to(path)  # neither readable nor gone, also for root
    record = parse_record(collect(str(folder)))
    counts = record.counts
    assert (counts.memory_unread, counts.sockets_unread, counts.zeromq_unread) == (1, 1, 1)
    assert not record.whole
    assert one(record, 7).zeromq[0].what == "ZMQbg/IO/0"
    assert not one(record, 7).sockets_read


def test_500_processes_are_read_in_less_than_a_second(tmp_path):
    fake = FakeProc()
    libraries = mapped(*(f"/usr/lib/lib{each}.so.1" for each in range(120)))
    for pid in range(1, 21):
        inodes = range(pid * 100, pid * 100 + 10)
        fake.process(
            pid,
            f"app-{pid}",
            maps=libraries + (LIBZMQ if pid % 5 == 0 else ""),
            threads={pid: "app", pid + 10_000: "worker"},
            inodes=inodes,
        )
        for inode in inodes:
            fake.tcp(inode, "established", ("10.0.0.7", inode), ("10.0.0.8", 5555))
    folder = fake.write(tmp_path / "proc")
    for pid in range(21, 501):
        (folder / str(pid)).symlink_to(str(pid % 20 + 1))  # to write them all takes longer
    begun = time.process_time()
    record = parse_record(collect(str(folder)))
    assert time.process_time() - begun < 1
    assert (len(record.processes), len(record.sockets)) == (100, 40)


def test_the_collector_needs_nothing_but_an_old_python():
    tree = ast.parse(COLLECTOR.read_text(), feature_version=(3, 7))
    brought = set()
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            brought |= {name.name for name in each.names}
        elif isinstance(each, ast.ImportFrom):
            brought.add(each.module)
    assert brought <= set(sys.stdlib_module_names)


def test_copied_and_run_alone_it_says_what_the_verb_reads(tmp_path):
    fake = FakeProc()
    fake.process(7, "router", maps=LIBZMQ, inodes=[70])
    fake.tcp(70, "listening", ("0.0.0.0", 5555))
    folder = fake.write(tmp_path / "proc")
    copy = tmp_path / "anywhere.py"
    copy.write_bytes(COLLECTOR.read_bytes())
    said = subprocess.run(
        [sys.executable, "-I", copy, "--proc", folder], capture_output=True, check=True
    ).stdout
    alone, here = json.loads(said), json.loads(json.dumps(collect(str(folder))))
    assert {**alone, "time": None} == {**here, "time": None}


BECOME_NOBODY = """
import os, sys
collector = {"__name__": "collector"}
exec(sys.stdin.read(), collector)
os.setgid(65534)
os.setuid(65534)
print(collector["json"].dumps(collector["collect"]()))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes nobody, which root alone can")
def test_without_privileges_it_goes_on_and_says_how_far_it_came():
    said = subprocess.run(
        [sys.executable, "-I", "-c", BECOME_NOBODY],
        input=COLLECTOR.read_bytes(),
        capture_output=True,
        check=True,
    ).stdout
    record = parse_record(json.loads(said))
    assert not record.privileged
    assert record.counts.sockets_unread > 0
    assert not record.whole
