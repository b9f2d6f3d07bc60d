"""The lock file: what was allocated, kept beside the topology and committed with it.

Adding or removing one thing never moves another, because nothing is computed
from positions in the topology: subnets, addresses, rule numbers and tunnel
networks are given out once (`allot`) and looked up here ever after.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from bulkhead.files import read_if_there, write_file
from bulkhead.plan.allot import Allotment
from bulkhead.problems import InputError, Problem

VERSION = 1
LARGEST_LOCK: Final = 32 * 1024 * 1024
"""A topology of the largest size that is read locks a few MiB."""
_WRITABLE: Final = "run it where the topology's folder can be written, and commit the lock"
_RESTORE: Final = "restore the committed file; deleting it would move subnets and addresses"


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Allotments by what they number. Offsets and indices, so that they outlive a new CIDR."""

    version: Annotated[int, Field(ge=VERSION, le=VERSION)] = VERSION
    topology: str
    units: Allotment = field(default_factory=Allotment)
    """Block of each isolation unit (a segment, or 'segment/service')."""
    zones: Allotment = field(default_factory=Allotment)
    """Subnet slot of each zone within every block."""
    hosts: Mapping[str, Allotment] = field(default_factory=dict)
    """'unit/zone' -> host offset of each interface, counted from the first usable address."""
    acl_rules: Mapping[str, Allotment] = field(default_factory=dict)
    """'unit/direction/band' -> slot of each entry within its band of rule numbers."""
    tunnels: Allotment = field(default_factory=Allotment)
    """Inside network of each tunnel ('site/1', 'site/2'), counted in /30s."""


_ADAPTER = TypeAdapter(Lock)


def lock_path(topology: Path) -> Path:
    """topologies/trading.yaml -> topologies/trading.lock.json."""
    return topology.with_suffix(".lock.json")


def read_lock(path: Path) -> Lock | None:
    """The committed lock, or None where there is none yet.

    Raises InputError when the file is not a lock that this version wrote.
    """
    data = read_if_there(path, largest=LARGEST_LOCK, remedy=_RESTORE)
    return None if data is None else lock_of(str(path), data)


def lock_of(file: str, data: bytes) -> Lock:
    """The lock that a file of this name holds. Raises InputError as `read_lock` does."""
    try:
        lock = _ADAPTER.validate_json(data)
    except ValidationError as error:
        raise InputError(
            Problem(
                file,
                0,
                f"is not a lock file: {'.'.join(map(str, each['loc'])) or 'document'}: "
                f"{each['msg']}",
                _RESTORE,
            )
            for each in error.errors()
        ) from None
    problems = [
        Problem(file, 0, f"{name}: {what}", "restore the committed file")
        for name, each in _allotments(lock)
        for what in _contradictions(each)
    ]
    if problems:
        raise InputError(problems)
    return lock


def _allotments(lock: Lock) -> list[tuple[str, Allotment]]:
    named = [("units", lock.units), ("zones", lock.zones), ("tunnels", lock.tunnels)]
    named += [(f"hosts.{key}", each) for key, each in lock.hosts.items()]
    named += [(f"acl_rules.{key}", each) for key, each in lock.acl_rules.items()]
    return named


def _contradictions(allotment: Allotment) -> list[str]:
    slots = list(allotment.taken.values())
    found = []
    if len(set(slots)) < len(slots):
        found.append("one slot is held twice (a bad merge?)")
    if any(not 0 <= slot < allotment.next for slot in slots):
        found.append("a slot lies outside those given out so far (a bad merge?)")
    return found


def lock_text(lock: Lock) -> str:
    """The file's text: sorted, one line per holder, so that merges conflict where they should."""
    document: Any = _ADAPTER.dump_python(lock, mode="json")
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def write_lock(path: Path, lock: Lock) -> bool:
    """Write the lock if it says something new; whole or not at all. True if written.

    Raises InputError where that cannot be done.
    """
    text = lock_text(lock).encode()
    if read_if_there(path, largest=LARGEST_LOCK, remedy=_RESTORE) == text:
        return False
    write_file(path, text, remedy=_WRITABLE)
    return True


def in_ci() -> bool:
    """Whether a build server runs us: there a lock is checked, never written."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")
