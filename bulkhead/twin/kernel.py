"""Network namespaces of this process: made, entered and left, never named.

A namespace here is held by an open file only, so the kernel removes it, with
everything in it, when the process ends in whatever way.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path
from types import TracebackType
from typing import Final

from bulkhead.twin.measured import TwinError

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_CAP_NET_ADMIN: Final = 12
_CAP_SYS_ADMIN: Final = 21
_PR_SET_PDEATHSIG: Final = 1

_libc: Final = ctypes.CDLL(None, use_errno=True)


def _call(what: str, result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise TwinError(f"the kernel refused {what}: {os.strerror(number)}")


class Namespace:
    """A new network namespace. `with namespace:` moves the calling thread in and back out."""

    def __init__(self, name: str) -> None:
        self.name = name
        here = _open_current()
        try:
            _call(f"a network namespace for {name}", _libc.unshare(_CLONE_NEWNET))
            try:
                self.fd = _open_current()
            finally:
                _setns(here, "the return from a namespace")
        finally:
            os.close(here)
        self._outer: list[int] = []

    def __enter__(self) -> Namespace:
        outer = _open_current()
        _setns(self.fd, f"entering the namespace of {self.name}")
        self._outer.append(outer)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        outer = self._outer.pop()
        try:
            _setns(outer, f"leaving the namespace of {self.name}")
        finally:
            os.close(outer)


def _open_current() -> int:
    # thread-self, not self: setns moves one thread.
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _setns(fd: int, what: str) -> None:
    _call(what, _libc.setns(fd, _CLONE_NEWNET))


def set_here(setting: str, value: int | str, *, optional: bool = False) -> None:
    """Write a sysctl of the namespace that the calling thread is in."""
    path = Path("/proc/sys/net") / setting
    try:
        path.write_text(str(value))
    except FileNotFoundError:
        if not optional:
            raise TwinError(f"this kernel has no setting net/{setting}") from None
    except OSError as error:
        raise TwinError(f"net/{setting} cannot be set: {error.strerror}") from error


def become_network_admin() -> None:
    """Gain what building namespaces needs, for a process that has a single thread.

    Without the capabilities an ordinary user gets them inside a user namespace
    of its own (man 7 user_namespaces), where they reach nothing outside it.
    """
    if not _has_capabilities():
        user, group = os.geteuid(), os.getegid()
        if _libc.unshare(_CLONE_NEWUSER) != 0:
            raise TwinError(
                "no CAP_NET_ADMIN and CAP_SYS_ADMIN here, and user namespaces are not available: "
                f"{os.strerror(ctypes.get_errno())} (sysctl user.max_user_namespaces, "
                "kernel.unprivileged_userns_clone)"
            )
        try:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {user} 1")
            Path("/proc/self/gid_map").write_text(f"0 {group} 1")
        except OSError as error:
            raise TwinError(f"a user namespace cannot be set up: {error.strerror}") from error
        if not _has_capabilities():
            raise TwinError("user namespaces give no capabilities here (AppArmor may forbid it)")
    _call("a network namespace", _libc.unshare(_CLONE_NEWNET))


def _has_capabilities() -> bool:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            effective = int(line.split()[1], 16)
            return bool(effective >> _CAP_NET_ADMIN & 1 and effective >> _CAP_SYS_ADMIN & 1)
    return False


def die_with_parent() -> None:
    """Have the kernel end this process when the one that started it ends."""
    parent = os.getppid()
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent or parent == 1:
        os._exit(1)


def allow_many_files() -> int:
    """Raise the limit of open files as far as an ordinary process may; the new limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
