"""Records of machines, built line by line."""

from __future__ import annotations

from itertools import count

from bulkhead.discover.host import parse_record

_INODES = count(1)
OWN = "1"
"""The one network namespace that a machine begins with."""


class Machine:
    """A record that grows by a line for each thing."""

    def __init__(self, name, *addresses):
        self.value = {
            "schema": "bulkhead.host-record/1",
            "time": "2026-03-01T12:00:00Z",
            "host": {"name": name, "boot": None, "own": OWN},
            "privileged": True,
            "pids": [],
            "counts": {"processes": 1},
            "namespaces": [
                {"id": OWN, "addresses": list(addresses), "read": True, "peers_read": True}
            ],
            "processes": [],
            "sockets": [],
        }

    def process(self, pid, name, *, zeromq=True, **more):
        self.value["processes"].append(
            {
                "pid": pid,
                "name": name,
                "uid": 0,
                "sockets_read": True,
                "zeromq": [{"how": "loaded", "what": "libzmq.so.5"}] if zeromq else [],
                "namespace": OWN,
                **more,
            }
        )
        return self

    def socket(self, pid, state, local=None, remote=None, *, namespace=OWN, **more):
        inode = more.pop("inode", None) or next(_INODES)
        self.value["sockets"].append(
            {
                "inode": inode,
                "namespace": namespace,
                "protocol": "unix" if "path" in more or "peer" in more else "tcp",
                "state": state,
                "local": local,
                "remote": remote,
                "pids": [pid] if pid else [],
                **more,
            }
        )
        return self

    @property
    def record(self):
        return parse_record(self.value)
