"""What a program says of its fabric, planned: of a file or of Python, with the lock that it has."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Network
from pathlib import Path
from typing import Any

import pulumi

from bulkhead.intent import Topology, load
from bulkhead.plan import Plan, in_block, lock_path
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

    def endpoints(self, block: IPv6Network | None = None) -> dict[str, dict[str, Any]]:
        """What the programs of each service and site bind, connect to and set, as plain values.

        `block` is the VPC's of IPv6, where AWS gave it another one than is planned.
        """
        plan = self.plan if block is None else in_block(self.plan, block)
        every = every_settings(self.topology, plan)
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
    _expect(
        topology, Path | str | WrittenInPython, "topology", "or a Topology of bulkhead.topology"
    )
    _expect(lock, Path | str | None, "lock", "or leave it out")
    remedy = "run `pulumi up` where CI is not set"
    if isinstance(topology, WrittenInPython):
        loaded = topology.load()
        beside = Path(loaded.file).with_name(f"{loaded.name}.lock.json")
    else:
        loaded, beside = load(Path(topology)), lock_path(Path(topology))
        if not lock:
            remedy = f"run `bulkhead plan {topology}`"
    kept = Path(lock) if lock else beside
    return PlannedFabric(topology=loaded, plan=plan_with(loaded, kept, remedy=remedy), lock=kept)


def _expect(value: object, kinds: Any, argument: str, else_: str) -> None:
    """An output of a resource, say, is known only while things are made: nothing can be planned."""
    if not isinstance(value, kinds):
        what = f"{argument} is {type(value).__name__}, which says nothing before things are made"
        raise InputError([Problem("Fabric", 0, what, f"give the path of a file, {else_}")])
