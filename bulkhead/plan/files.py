"""A topology file and the lock beside it, planned together."""

from __future__ import annotations

from pathlib import Path

from bulkhead.intent import load
from bulkhead.plan.lock import Lock, in_ci, lock_path, lock_text, read_lock, write_lock
from bulkhead.plan.planner import Plan, plan
from bulkhead.problems import InputError, Problem


def locked_plan(path: Path, *, root: Path | None = None) -> Plan:
    """Plan a topology with its lock, which stays as it is.

    On a build server (CI is set) the lock must be up to date already: an
    allocation that nobody committed could come out differently elsewhere.
    `root` is where a relative path starts, the working directory if None.
    Raises InputError.
    """
    place = path if root is None else root / path
    topology = load(place)
    beside = lock_path(place)
    before = read_lock(beside)
    if before is not None and before.topology != topology.name:
        what = f"belongs to the topology {before.topology!r}, not to {topology.name!r}"
        raise InputError([Problem(str(beside), 0, what, "rename the file or the topology")])
    planned = plan(topology, before)
    if in_ci():
        _refuse_if_stale(path, beside, before, planned.lock)
    return planned


def save_lock(path: Path, planned: Plan, *, root: Path | None = None) -> bool:
    """Bring the lock beside a topology up to date with its plan; True if that wrote it.

    Never on a build server: there a lock is checked. Raises InputError where it
    cannot be written.
    """
    return not in_ci() and write_lock(
        lock_path(path if root is None else root / path), planned.lock
    )


def is_stale(path: Path, planned: Plan) -> bool:
    """Whether the lock beside the topology misses something that was planned."""
    before = read_lock(lock_path(path))
    return before is None or lock_text(before) != lock_text(planned.lock)


def _refuse_if_stale(path: Path, beside: Path, before: Lock | None, after: Lock) -> None:
    if before is None or lock_text(before) != lock_text(after):
        what = "is missing" if before is None else "is stale: the topology has changed since"
        remedy = f"run `bulkhead plan {path}` and commit {beside.name}"
        raise InputError([Problem(str(beside), 0, what, remedy)])
