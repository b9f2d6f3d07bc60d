"""A topology file and the lock beside it, planned together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bulkhead.intent import Topology, load
from bulkhead.intent.including import Reader
from bulkhead.intent.load import topology_of
from bulkhead.plan.lock import Lock, in_ci, lock_of, lock_path, lock_text, read_lock, write_lock
from bulkhead.plan.planner import Plan, plan
from bulkhead.plan.tunnels import with_next_tunnel
from bulkhead.problems import InputError, Problem


def locked_plan(path: Path, *, root: Path | None = None) -> Plan:
    """Plan a topology with its lock, which stays as it is.

    On a build server (CI is set) the lock must be up to date already: an
    allocation that nobody committed could come out differently elsewhere.
    `root` is where a relative path starts, the working directory if None.
    Raises InputError.
    """
    place = path if root is None else root / path
    return plan_with(load(place), lock_path(place), remedy=f"run `bulkhead plan {path}`")


def plan_with(topology: Topology, lock: Path, *, remedy: str) -> Plan:
    """The same of a topology wherever it was written, and of a lock that lies where it may.

    `remedy` says what brings the lock up to date. Raises InputError.
    """
    before = read_lock(lock)
    _expect_of(topology, before, str(lock))
    planned = plan(topology, before)
    if in_ci() and (what := _staleness(before, planned.lock)):
        raise InputError([Problem(str(lock), 0, what, f"{remedy} and commit {lock.name}")])
    return planned


@dataclass(frozen=True, slots=True, kw_only=True)
class TopologyText:
    """A topology and the lock beside it as somebody wrote them, at a revision say.

    `called` and `lock_called` are what mistakes in them are said of; `file` is where origins
    are found, if elsewhere. `included` reads what it includes, which is called accordingly.
    """

    called: str
    text: bytes
    lock_called: str
    lock: bytes | None
    file: str
    included: Reader

    def topology(self) -> Topology:
        """What it says. Raises InputError."""
        with self._calling():
            return topology_of(self.file, self.text, self.included)

    def plan(self, *, any_lock: bool = False) -> tuple[Plan, str | None]:
        """The plan, and what is wrong with the lock: a stale one is no reason not to look.

        With `any_lock` nor is one that cannot be used at all, which is left out.
        Raises InputError.
        """
        topology = self.topology()
        try:
            before = None if self.lock is None else lock_of(self.lock_called, self.lock)
            _expect_of(topology, before, self.lock_called)
        except InputError as unusable:
            if not any_lock:
                raise
            return self._planned(topology, None), f"{unusable.problems[0]}; planned without it"
        planned = self._planned(topology, before)
        what = _staleness(before, planned.lock)
        return planned, what and f"{self.lock_called} {what}; what it lacks was allotted anew"

    def _planned(self, topology: Topology, lock: Lock | None) -> Plan:
        with self._calling():
            planned = plan(topology, lock)
        return replace(planned, warnings=tuple(map(self._call, planned.warnings)))

    @contextmanager
    def _calling(self) -> Iterator[None]:
        try:
            yield
        except InputError as error:
            raise InputError(map(self._call, error.problems)) from None

    def _call(self, problem: Problem) -> Problem:
        name = Path(self.file).name
        inside = problem.file.removeprefix(self.file.removesuffix(name))
        return replace(problem, file=self.called.removesuffix(name) + inside)


def _expect_of(topology: Topology, lock: Lock | None, file: str) -> None:
    if lock is not None and lock.topology != topology.name:
        what = f"belongs to the topology {lock.topology!r}, not to {topology.name!r}"
        raise InputError([Problem(file, 0, what, "rename the file or the topology")])


def save_lock(path: Path, planned: Plan, *, root: Path | None = None) -> bool:
    """Bring the lock beside a topology up to date with its plan; True if that wrote it.

    Never on a build server: there a lock is checked. Raises InputError where it
    cannot be written.
    """
    return keep_lock(lock_path(path if root is None else root / path), planned)


def keep_lock(lock: Path, planned: Plan) -> bool:
    """The same of a lock that lies where it may."""
    return not in_ci() and write_lock(lock, planned.lock)


def move_next_tunnel(path: Path, site: str) -> None:
    """Let tunnel 2 of a site have what tunnel 1 got first, in the lock beside a topology.

    Raises InputError where nothing waits for it, and then nothing is written.
    """
    topology, lock = load(path), lock_path(path)
    before = read_lock(lock)
    _expect_of(topology, before, str(lock))
    if site not in topology.sites:
        named = ", ".join(topology.sites) or "none"
        what = f"has no site {site!r}"
        raise InputError([Problem(str(path), 0, what, f"its sites: {named}")])
    after = before and with_next_tunnel(topology, before, site)
    if after is None:
        place = topology.place_of("sites", site, "tunnels")
        what = f"site {site}: nothing waits for its tunnel 2"
        remedy = "change something of tunnels:, and run `bulkhead plan` for tunnel 1 first"
        raise InputError([Problem(*place, what, remedy)])
    write_lock(lock, after)


def is_stale(path: Path, planned: Plan) -> bool:
    """Whether the lock beside the topology misses something that was planned."""
    return _staleness(read_lock(lock_path(path)), planned.lock) is not None


def _staleness(before: Lock | None, after: Lock) -> str | None:
    """What is wrong with a lock that misses something that was planned."""
    if before is None:
        return "is missing"
    stale = lock_text(before) != lock_text(after)
    return "is stale: the topology has changed since" if stale else None
