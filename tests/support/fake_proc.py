"""A /proc as Linux writes it, of as many processes as a test wants."""

import socket
import struct
from dataclasses import dataclass, field

OWN = "4026531840"
_STATES = {"established": "01", "asking": "02", "listening": "0A", "bound": "07"}


def hexed(host, port):
    """An address as /proc/net/tcp writes it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    data = socket.inet_pton(family, host)
    words = struct.unpack(f"={len(data) // 4}I", data)
    return "".join(f"{each:08X}" for each in words) + f":{port:04X}"


@dataclass
class FakeProc:
    """Made of what is added to it; `write` puts it in a folder."""

    processes: dict = field(default_factory=dict)
    sockets: dict = field(default_factory=dict)  # namespace -> lines of net/*

    def process(self, pid, name, **more):
        """`maps`, `cmdline`, `cgroup`, `threads`, `inodes`, `namespace`, `kernel`, `environ`."""
        self.processes[pid] = {"name": name, **more}

    def tcp(self, inode, state, local, remote=("0.0.0.0", 0), *, namespace=OWN, protocol="tcp"):
        if ":" in local[0] and ":" not in remote[0]:
            remote = ("::", 0)
        line = (
            f"   0: {hexed(*local)} {hexed(*remote)} {_STATES[state]} 00000000:00000000 "
            f"00:00000000 00000000  1000        0 {inode} 1 0000000000000000 100 0 0 10 0"
        )
        suffix = "6" if ":" in local[0] else ""
        self.sockets.setdefault(namespace, {}).setdefault(f"{protocol}{suffix}", []).append(line)

    def unix(self, inode, path="", *, listens=False, namespace=OWN):
        flags, state = ("00010000", "01") if listens else ("00000000", "03")
        line = f"0000000000000000: 00000002 00000000 {flags} 0001 {state} {inode} {path}".rstrip()
        self.sockets.setdefault(namespace, {}).setdefault("unix", []).append(line)

    def write(self, folder):
        for namespace in {OWN, *(each.get("namespace", OWN) for each in self.processes.values())}:
            net = folder / f".net-{namespace}"
            net.mkdir(parents=True)
            for name in ("tcp", "tcp6", "udp", "udp6", "unix"):
                lines = self.sockets.get(namespace, {}).get(name, [])
                (net / name).write_text("\n".join(["a head", *lines, ""]))
            (net / "fib_trie").write_text(
                "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.0.0.7\n        /32 host LOCAL\n"
            )
        for pid, each in self.processes.items():
            self._write(folder, pid, each)
        (folder / "self").symlink_to(str(min(self.processes)))
        return folder

    def _write(self, folder, pid, each):
        home = folder / str(pid)
        for name in ("fd", "ns", *(f"task/{number}" for number in each.get("threads", {}))):
            (home / name).mkdir(parents=True)
        flags = 0x00200000 if each.get("kernel") else 0x00400000
        (home / "stat").write_text(f"{pid} ({each['name']}) S 1 1 1 0 -1 {flags} 0 0\n")
        (home / "maps").write_text(
            each.get("maps", "7f00-7f01 r-xp 0 08:01 9 /usr/lib/libc.so.6\n")
        )
        (home / "cmdline").write_text("\0".join(each.get("cmdline", [each["name"]])) + "\0")
        (home / "environ").write_text(each.get("environ", ""))
        (home / "cgroup").write_text(f"0::{each.get('cgroup', '/')}\n")
        for number, comm in each.get("threads", {}).items():
            (home / "task" / str(number) / "comm").write_text(f"{comm}\n")
        (home / "exe").symlink_to(each.get("exe", f"/usr/bin/{each['name']}"))
        (home / "ns" / "net").symlink_to(f"net:[{each.get('namespace', OWN)}]")
        (home / "net").symlink_to(folder / f".net-{each.get('namespace', OWN)}")
        for number, inode in enumerate(each.get("inodes", ())):
            (home / "fd" / str(number)).symlink_to(f"socket:[{inode}]")
        for number, path in enumerate(each.get("files", ()), 1_000):
            (home / "fd" / str(number)).symlink_to(path)


def mapped(*files):
    """Lines of maps."""
    return "".join(f"7f00-7f01 r-xp 00000000 08:01 9     {each}\n" for each in files)
