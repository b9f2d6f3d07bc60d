"""What a program says of its fabric, planned: of a file or of Python, with the lock that it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from bulkhead.intent import Topology, load
from bulkhead.plan import Plan, lock_path
from bulkhead.plan.files import keep_lock, plan_with
from bulkhead.problems import InputError, Problem
from bulkhead.settings import as_plain, every_settings
from bulkhead.topology import Topology as WrittenInPython


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFabric:
    """A topology, its plan, and where the lock of it is kept."""

    topology: Topology
    plan: Plan
    lock: Path

    def keep(self) -> None:
        """Write the lock, if it says something new and this is an update. Raises InputError."""
        if not pulumi.runtime.is_dry_run():
            keep_lock(self.lock, self.plan)

    def endpoints(self) -> dict[str, dict[str, Any]]:
        """What the programs of each service and site bind, connect to and set, as plain values."""
        every = every_settings(self.topology, self.plan)
        return {name: as_plain(each) for name, each in every.items()}

    def expect_region(self, region: str | None) -> None:
        """Raises InputError where AWS is asked in another Region; None: nobody says in which."""
        wanted = self.topology.region
        if region and region != wanted:
            what = f"is for region {wanted}, and the provider of AWS works in {region}"
            remedy = f"give it one of {wanted}, or run: pulumi config set aws:region {wanted}"
            raise InputError([Problem(*self.topology.place_of("region"), what, remedy)])


def planned(topology: Path | str | WrittenInPython, lock: Path | str | None) -> PlannedFabric:
    """Plan what a file says, or a program; nothing is written.

    Raises InputError with all that is wrong.
    """
    if isinstance(topology, Path | str):
        path = Path(topology)
        beside = Path(lock) if lock else lock_path(path)
        loaded, remedy = load(path), f"run `bulkhead plan {path}`"
        if lock:
            remedy = "run `pulumi up` where CI is not set"
    elif isinstance(topology, WrittenInPython):
        loaded, remedy = topology.load(), "run `pulumi up` where CI is not set"
        beside = Path(lock) if lock else Path(loaded.file).with_name(f"{loaded.name}.lock.json")
    else:
        what = f"topology is {type(topology).__name__}, which says no topology before it is planned"
        remedy = "give the path of a file, or a Topology of bulkhead.topology"
        raise InputError([Problem("Fabric", 0, what, remedy)])
    return PlannedFabric(
        topology=loaded, plan=plan_with(loaded, beside, remedy=remedy), lock=beside
    )
