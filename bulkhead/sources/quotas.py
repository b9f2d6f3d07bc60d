"""The quotas of an account, on their way into the lock of a topology."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bulkhead import observe
from bulkhead.intent import load
from bulkhead.observe import QuotasTold
from bulkhead.plan.lock import Lock, lock_path, read_lock, write_lock
from bulkhead.problems import InputError, Problem
from bulkhead.sources.account import ACCOUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotasKept:
    """What an account told, and the lock that remembers it; whether that said something new."""

    quotas: QuotasTold
    file: Path
    changed: bool


def keep_quotas(path: Path, source: str) -> QuotasKept:
    """Ask the account that `source` (`aws`, `aws:REGION`) names for its quotas in the topology's
    Region, and write them into the lock beside it, which may hold nothing else yet.

    Raises InputError or observe.ObserveError, and then nothing is written.
    """
    topology = load(path)
    named = ACCOUNT.fullmatch(source)
    if named is None or named["only"] or named["vpc"]:
        remedy = f"write aws, or aws:{topology.region}"
        raise InputError([Problem(source, 0, "is no account that has quotas", remedy)])
    if named["regions"] not in (None, topology.region):
        what = f"is {topology.region}, and quotas are of each Region apart"
        remedy = f"write --quotas aws, or aws:{topology.region}"
        raise InputError([Problem(*topology.place_of("region"), what, remedy)])
    lock = lock_path(path)
    before = read_lock(lock) or Lock(topology=topology.name, first=True)
    if before.topology != topology.name:
        what = f"belongs to the topology {before.topology!r}, not to {topology.name!r}"
        raise InputError([Problem(str(lock), 0, what, "rename the file or the topology")])
    told = observe.read_quotas(topology.region)
    changed = write_lock(lock, replace(before, quotas=dict(told.told)))
    return QuotasKept(quotas=told, file=lock, changed=changed)
