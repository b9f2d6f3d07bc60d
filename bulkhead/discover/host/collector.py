#!/usr/bin/env python3
"""What of ZeroMQ runs on this machine, as one JSON document: `python3 collector.py > host.json`.

One file that needs nothing but Python 3.7 or later and Linux, to be copied where nothing may be
installed; `bulkhead discover host` runs the same. It reads /proc, and asks the kernel who is at the
other end of a Unix socket. It needs no privilege, and says how far it came without. Arguments,
environments and what is sent are not in the record: of a command line the name of a script alone.

It connects to nothing. All that listens on TCP is in the record with its process, so that what is
built without libzmq can be recognised by its greeting.

Sources: proc(5), sock_diag(7), unix(7), namespaces(7).
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import re
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from typing import Any, Callable, Iterable, Iterator

SCHEMA = "bulkhead.host-record/1"

_LOADED = re.compile(
    rb"/([^/\n]*(?:zmq|zeromq|zyre|jeromq|NetMQ)[^/\n]*\.(?:so[.\d]*|dll|jar|node))"
    rb"(?: \(deleted\))?\n|/(zeromq/[^\n]*\.node)\n"
)
"""Files in the memory of a process: libzmq, what is built on it, bindings, NetMQ."""
_HINTS = (b"zmq", b"zeromq", b"zyre", b"jeromq", b"NetMQ")
_JAR = re.compile(r"/([^/]*(?:jeromq|jzmq)[^/]*\.jar)$")
"""JVMs read their jars by descriptors, and not from memory."""
_BACKGROUND = "ZMQbg/"
"""How libzmq names its threads (ctx.cpp, thread.cpp)."""
_KERNEL_THREAD = 0x00200000
"""PF_KTHREAD among the flags of stat."""
_STATES = {"01": "established", "02": "asking", "0A": "listening"}
_UNIX_LISTENS = 0x00010000
_UNIX_CONNECTED = "03"
_INTERPRETERS = re.compile(r"(python|node|ruby|php|perl|java|beam)[\d.]*", re.IGNORECASE)
_TAKES_A_VALUE = {
    "python": {"-W", "-X", "--check-hash-based-pycs"},
    "node": {"-r", "--require", "--import", "--loader", "-C", "--conditions"},
    "ruby": {"-I", "-r", "-C", "-E", "-F"},
    "perl": {"-I"},
    "php": {"-c", "-d", "-z", "-t", "-S", "--define", "--php-ini"},
    "java": {"-cp", "-classpath", "--class-path", "-p", "--module-path"},
}
"""Of each interpreter the options of which the next word is a part."""
_CODE = {
    "python": re.compile(r"-[bBdEiIOPqsSuvx]*c"),
    "node": re.compile(r"-(?:e|p|pe)$|--(?:eval|print)(?:=|$)"),
    "ruby": re.compile(r"-(?![IrCEFKTWx])[a-z0-9]*e"),
    "perl": re.compile(r"-(?![IMmFx])[a-zA-Z0-9]*[eE]"),
    "php": re.compile(r"-[rBRE]|--(?:run|process-\w+)$"),
    "beam": re.compile(r"--?eval$|-e$"),
}
"""Behind these stands code, which may hold anything, also together with others: `python -Ic`."""
_MODULE = re.compile(r"-[bBdEiIOPqsSuvx]*m$")
_NAME = re.compile(rb"(?:^|\0)HOSTNAME=([A-Za-z0-9][A-Za-z0-9._-]{0,252})(?:\0|$)")
_MOST = 64 << 20
"""Bytes of one file of /proc."""


class UnreadError(Exception):
    """What may not be read, or is gone: `gone` tells them apart."""

    def __init__(self, gone: bool) -> None:
        super().__init__()
        self.gone = gone


def _asked(function: Callable[..., Any], *args: Any) -> Any:
    """The answer of the kernel; UnreadError where it has none, which is usual: processes end."""
    try:
        return function(*args)
    except (FileNotFoundError, ProcessLookupError):
        raise UnreadError(gone=True) from None
    except OSError:
        raise UnreadError(gone=False) from None


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(_MOST)


def _read(path: str) -> bytes:
    found: bytes = _asked(_bytes, path)
    return found


def _text(path: str) -> str:
    return _read(path).decode("utf-8", "replace")


class Process:
    """One process as far as it may be read."""

    def __init__(self, proc: str, pid: int) -> None:
        self.pid = pid
        self.path = f"{proc}/{pid}"
        status = _text(self.path + "/stat")
        name, _, rest = status.partition("(")[2].rpartition(")")
        flags = rest.split()[6] if len(rest.split()) > 6 else "0"
        self.name = name
        self.kernel = bool(int(flags) & _KERNEL_THREAD)
        self.uid = _asked(os.stat, self.path).st_uid
        self.evidence: list[list[str]] = []
        self.sockets_read = False
        self.inodes: set[int] = set()
        self.namespace: str | None = None

    def look(self, counts: dict[str, int]) -> None:
        """What it has loaded, which sockets it holds, in which network namespace it is."""
        try:
            maps = _read(self.path + "/maps")
            if any(each in maps for each in _HINTS):
                found = {one or two for one, two in _LOADED.findall(maps)}
                self.evidence += [["loaded", os.fsdecode(each)] for each in sorted(found)]
        except UnreadError as error:
            counts["gone" if error.gone else "memory_unread"] += 1
        if not self.evidence:
            self._look_at_threads()
        with suppress(UnreadError):
            self.namespace = _asked(os.readlink, self.path + "/ns/net")[5:-1]
        self._look_at_descriptors(counts)

    def _look_at_threads(self) -> None:
        """Anybody may read their names, also where the rest is closed."""
        try:
            for task in _asked(os.listdir, self.path + "/task"):
                name = _text(f"{self.path}/task/{task}/comm").strip()
                if name.startswith(_BACKGROUND):
                    self.evidence.append(["thread", name])
                    return
        except UnreadError:
            return

    def _look_at_descriptors(self, counts: dict[str, int]) -> None:
        try:
            names = _asked(os.listdir, self.path + "/fd")
        except UnreadError as error:
            counts["gone" if error.gone else "sockets_unread"] += 1
            return
        self.sockets_read = True
        for each in names:
            try:
                target = os.readlink(f"{self.path}/fd/{each}")
            except OSError:
                continue  # closed meanwhile
            if target.startswith("socket:["):
                self.inodes.add(int(target[8:-1]))
            else:
                self.evidence += [["loaded", each] for each in _JAR.findall(target)]

    def described(self) -> dict[str, Any]:
        """Itself as the record says it."""
        return {
            "pid": self.pid,
            "name": self.name,
            "program": self._optional(lambda: os.readlink(self.path + "/exe")),
            "script": self._optional(self._script),
            "uid": self.uid,
            "namespace": self.namespace,
            "cgroup": self._optional(self._cgroup),
            "host_name": self._optional(self._host_name),
            "zeromq": [{"how": how, "what": what} for how, what in self.evidence],
            "sockets_read": self.sockets_read,
        }

    @staticmethod
    def _optional(function: Callable[[], Any]) -> Any:
        try:
            return _asked(function)
        except UnreadError:
            return None

    def _script(self) -> str | None:
        words = _text(self.path + "/cmdline").split("\0")
        match = _INTERPRETERS.match(os.path.basename(words[0]))
        if not match:
            return None
        language, skip = match[1].lower(), False
        code, values = _CODE.get(language), _TAKES_A_VALUE.get(language, set())
        for number, word in enumerate(words[1:], 1):
            if skip:
                skip = False
            elif code is not None and code.match(word):
                return None
            elif word == "-jar" or (language == "python" and _MODULE.match(word)):
                said = "-jar" if word == "-jar" else "-m"
                return f"{said} {''.join(words[number + 1 : number + 2])}"[:200]
            elif word in values:
                skip = True
            elif word and not word.startswith("-"):
                return word[:200]
        return None

    def _cgroup(self) -> str:
        """The longest: of version 1 there is one for each controller."""
        lines = _text(self.path + "/cgroup").splitlines()
        return max((each.split(":", 2)[-1] for each in lines), key=len, default="")[:4096]

    def _host_name(self) -> str | None:
        found = _NAME.search(_read(self.path + "/environ"))
        return found[1].decode("ascii") if found else None


class NamespaceSockets:
    """The sockets of one network namespace, by inode."""

    def __init__(self, path: str, namespace: str | None) -> None:
        self.path = path  # of a process that is in it
        self.namespace = namespace
        self.by_inode: dict[int, dict[str, Any]] = {}
        self.read = False
        self.peers_read = False
        self.addresses: list[str] = []

    def look(self, own: str | None) -> None:
        """`own` is the namespace of who asks."""
        for protocol in ("tcp", "udp"):
            for family, suffix in ((socket.AF_INET, ""), (socket.AF_INET6, "6")):
                try:
                    text = _text(f"{self.path}/net/{protocol}{suffix}")
                except UnreadError:
                    continue
                self.read = True
                for line in text.splitlines()[1:]:
                    self._take(protocol, family, line.split())
        with suppress(UnreadError):
            for line in _text(self.path + "/net/unix").splitlines()[1:]:
                self._take_unix(line.split(None, 7))
        self.addresses = self._own_addresses()
        self._look_for_peers(own)

    def _take(self, protocol: str, family: int, fields: list[str]) -> None:
        if len(fields) < 10:
            return
        local, remote = _address(family, fields[1]), _address(family, fields[2])
        state = _STATES.get(fields[3])
        if protocol == "udp":
            state = "established" if remote[1] else "bound"
        if state:
            ends = {"local": local, "remote": remote if remote[1] else None}
            self._add(int(fields[9]), protocol, state, uid=int(fields[7]), **ends)

    def _take_unix(self, words: list[str]) -> None:
        # Num RefCount Protocol Flags Type St Inode, and a path that may hold blanks.
        if len(words) < 7:
            return
        path = words[7] if len(words) > 7 else None
        listens = int(words[3], 16) & _UNIX_LISTENS
        if listens or words[5] == _UNIX_CONNECTED:
            self._add(int(words[6]), "unix", "listening" if listens else "established", path=path)

    def _add(self, inode: int, protocol: str, state: str, **more: Any) -> None:
        if inode:
            found = dict.fromkeys(("local", "remote", "path", "peer", "uid"))
            found.update(more, inode=inode, namespace=self.namespace, pids=[])
            self.by_inode[inode] = dict(found, protocol=protocol, state=state)

    def _own_addresses(self) -> list[str]:
        found: set[str] = set()
        with suppress(UnreadError):
            before = None
            for line in _text(self.path + "/net/fib_trie").splitlines():
                words = line.split()
                if words[-3:] == ["/32", "host", "LOCAL"] and before:
                    found.add(before)
                before = words[-1] if words[:1] == ["|--"] else before
        with suppress(UnreadError, ValueError, IndexError):
            for line in _text(self.path + "/net/if_inet6").splitlines():
                found.add(socket.inet_ntop(socket.AF_INET6, bytes.fromhex(line.split()[0])))
        return sorted(found)

    def socket(self, own: str | None, *kind: int) -> socket.socket:
        """A socket that is in this namespace. OSError where who asks may not enter it."""
        if self.namespace in (own, None):
            return socket.socket(*kind)
        made: socket.socket = within(self.path + "/ns/net", lambda: socket.socket(*kind))
        return made

    def _look_for_peers(self, own: str | None) -> None:
        try:
            with self.socket(own, socket.AF_NETLINK, socket.SOCK_RAW, 4) as asking:
                for inode, peer in _unix_peers(asking):
                    if inode in self.by_inode:
                        self.by_inode[inode]["peer"] = peer
            self.peers_read = True
        except (OSError, AttributeError, struct.error):
            self.peers_read = False


def _address(family: int, text: str) -> list[Any]:
    """['10.0.0.7', 5555] of words of the machine's own order in hexadecimal digits."""
    host, _, port = text.partition(":")
    words = (int(host[at : at + 8], 16) for at in range(0, len(host), 8))
    data = b"".join(struct.pack("=I", each) for each in words)
    if data.startswith(bytes(10) + b"\xff\xff"):
        family, data = socket.AF_INET, data[12:]  # IPv4 on a socket of both
    return [socket.inet_ntop(family, data), int(port, 16)]


def within(namespace: str, function: Callable[[], Any]) -> Any:
    """The answer of a function that runs in another network namespace, in a thread of its own."""
    answer: list[Any] = []

    def run() -> None:
        try:
            descriptor = os.open(namespace, os.O_RDONLY)
            try:
                if ctypes.CDLL(None, use_errno=True).setns(descriptor, 0x40000000):
                    raise OSError(ctypes.get_errno(), "setns")
            finally:
                os.close(descriptor)
            answer.append(function())
        except OSError as error:
            answer.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(answer[0], OSError):
        raise answer[0]
    return answer[0]


def _unix_peers(asking: socket.socket) -> Iterator[tuple[int, int]]:
    """Pairs of inodes: UNIX_DIAG_PEER of every Unix socket (sock_diag(7))."""
    request = struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, 0xFFFFFFFF, 0, 4, 0, 0)
    asking.settimeout(5)
    asking.send(struct.pack("=IHHII", 16 + len(request), 20, 0x301, 1, 0) + request)
    while True:
        data, at = asking.recv(1 << 18), 0
        while at + 16 <= len(data):
            size, kind = struct.unpack_from("=IH", data, at)
            if kind in (2, 3) or size < 16:  # an error, the end
                return
            inode = struct.unpack_from("=I", data, at + 20)[0]
            inside = at + 32
            while inside + 4 <= at + size:
                length, name = struct.unpack_from("=HH", data, inside)
                if name == 2 and length == 8:
                    yield inode, struct.unpack_from("=I", data, inside + 4)[0]
                inside += max(4, length + 3 & ~3)
            at += size + 3 & ~3


def _other_ends(kept: dict[Any, Any], sockets: dict[Any, Any]) -> Iterator[Any]:
    """Of sockets that are kept: the one that has its addresses the other way round.

    In its own namespace first: every namespace has a loopback of its own.
    """
    by_ends: dict[Any, Any] = {}
    for key, each in sockets.items():
        if each["local"] and each["remote"]:
            ends = each["protocol"], tuple(each["local"]), tuple(each["remote"])
            by_ends[ends] = by_ends[(key[0], *ends)] = key
    for (namespace, _), each in list(kept.items()):
        found = namespace, each["peer"]
        if each["local"] and each["remote"]:
            ends = each["protocol"], tuple(each["remote"]), tuple(each["local"])
            found = by_ends.get((namespace, *ends)) or by_ends.get(ends) or found
        if found in sockets:
            yield found, sockets[found]


_EVERY = ("0.0.0.0", "::")  # noqa: S104 - where a socket waits at every address


def _waiting(kept: dict[Any, Any], sockets: dict[Any, Any]) -> dict[Any, Any]:
    """The sockets that wait where one end of a kept connection is: they say who opened it."""
    at = {(key[0], tuple(each["local"])) for key, each in kept.items() if each["remote"]}
    ports = {(namespace, end[1]) for namespace, end in at}
    return {
        key: each
        for key, each in sockets.items()
        if each["state"] == "listening"
        and each["local"]
        and (
            (key[0], tuple(each["local"])) in at
            or (each["local"][0] in _EVERY and (key[0], each["local"][1]) in ports)
        )
    }


def _of_anybody(each: dict[str, Any]) -> bool:
    """Whether it may be of ZeroMQ for all that is known: it listens, or who holds it is unread."""
    return each["protocol"] == "tcp" and (each["state"] == "listening" or not each["pids"])


class Machine:
    """The whole machine."""

    def __init__(self, proc: str, pids: Iterable[int]) -> None:
        self.proc, self.pids = proc, set(pids)
        self.counts = dict.fromkeys(
            ("processes", "kernel_threads", "gone", "memory_unread", "sockets_unread"), 0
        )
        self.processes: list[Process] = []
        self.namespaces: dict[str | None, NamespaceSockets] = {}
        self.own: str | None = None
        with suppress(OSError):
            self.own = os.readlink(proc + "/self/ns/net")[5:-1]

    def look(self) -> None:
        for each in sorted(int(name) for name in os.listdir(self.proc) if name.isdigit()):
            try:
                process = Process(self.proc, each)
            except (UnreadError, ValueError):
                self.counts["gone"] += 1
                continue
            if process.kernel:
                self.counts["kernel_threads"] += 1
                continue
            self.counts["processes"] += 1
            process.look(self.counts)
            self.processes.append(process)
        self._look_at_namespaces()

    def _look_at_namespaces(self) -> None:
        paths = {self.own: self.proc + "/self"}
        for each in self.processes:
            if each.namespace is not None:
                paths.setdefault(each.namespace, each.path)
        for namespace, path in paths.items():
            sockets = self.namespaces[namespace] = NamespaceSockets(path, namespace)
            sockets.look(self.own)
        for process in self.processes:
            here = self.namespaces.get(process.namespace or self.own)
            for inode in process.inodes:
                if here and inode in here.by_inode:
                    here.by_inode[inode]["pids"].append(process.pid)

    def record(self) -> dict[str, Any]:
        """Who uses ZeroMQ or was asked for, who is at the other end of theirs, who listens."""
        sockets = {
            (each["namespace"], inode): each
            for namespace in self.namespaces.values()
            for inode, each in namespace.by_inode.items()
        }
        wanted = {
            each.pid
            for each in self.processes
            if (each.pid in self.pids if self.pids else each.evidence)
        }
        kept = {
            key: each
            for key, each in sockets.items()
            if wanted & set(each["pids"]) or (_of_anybody(each) and not self.pids)
        }
        kept.update(_other_ends(kept, sockets))
        kept.update(_waiting(kept, sockets))
        named = wanted | {pid for each in kept.values() for pid in each["pids"]}
        unread = [each for each in self.processes if not each.sockets_read]
        return {
            "schema": SCHEMA,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "host": {"name": socket.gethostname(), "boot": self._boot(), "own": self.own},
            "privileged": os.geteuid() == 0,
            "pids": sorted(self.pids),
            "counts": dict(
                self.counts,
                namespaces_unread=sum(each.namespace is None for each in self.processes),
                zeromq_unread=sum(bool(each.evidence) for each in unread),
            ),
            "namespaces": [
                {
                    "id": each.namespace,
                    "addresses": each.addresses,
                    "read": each.read,
                    "peers_read": each.peers_read,
                }
                for each in self.namespaces.values()
            ],
            "processes": [each.described() for each in self.processes if each.pid in named],
            "sockets": [kept[key] for key in sorted(kept, key=str)],
        }

    def _boot(self) -> str | None:
        with suppress(UnreadError):
            return _text(self.proc + "/sys/kernel/random/boot_id").strip()
        return None


def collect(proc: str = "/proc", pids: Iterable[int] = ()) -> dict[str, Any]:
    """The record of this machine: a value that json can write."""
    host = Machine(proc, pids)
    host.look()
    return host.record()


def main(arguments: list[str] | None = None) -> int:
    """Print the record, or write it to a file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pid", type=int, action="append", default=[], help="only this process")
    parser.add_argument("--proc", default="/proc", help="where the proc file system is")
    parser.add_argument("-o", "--output", help="a file in place of standard output")
    asked = parser.parse_args(arguments)
    text = json.dumps(collect(asked.proc, asked.pid), indent=1) + "\n"
    if asked.output:
        with open(asked.output, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
