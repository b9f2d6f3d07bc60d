"""Locks as earlier versions wrote them: nested, with the first slot that was never used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from bulkhead.plan.allot import Allotment

_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class _Counted:
    taken: Mapping[str, Annotated[int, Field(ge=0)]] = field(default_factory=dict)
    next: Annotated[int, Field(ge=0, le=1_000_000)] = 0

    @property
    def allotment(self) -> Allotment:
        return Allotment(self.taken, frozenset(range(self.next)).difference(self.taken.values()))


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class _LockV1:
    version: Literal[1] = 1
    topology: str
    units: _Counted = field(default_factory=_Counted)
    zones: _Counted = field(default_factory=_Counted)
    hosts: Mapping[str, _Counted] = field(default_factory=dict)
    acl_rules: Mapping[str, _Counted] = field(default_factory=dict)
    tunnels: _Counted = field(default_factory=_Counted)


class NotVersion1Error(Exception):
    """What such a lock would have to look like, a part of it a line."""


def of_version_1(document: object) -> tuple[str, Mapping[tuple[str, str], Allotment]]:
    """Its topology, and its allotments by what they number and where."""
    try:
        lock = TypeAdapter(_LockV1).validate_python(document)
    except ValidationError as error:
        raise NotVersion1Error(
            *(
                f"{'.'.join(map(str, each['loc'])) or 'document'}: {each['msg']}"
                for each in error.errors()
            )
        ) from None
    return lock.topology, {
        ("unit", ""): lock.units.allotment,
        ("zone", ""): lock.zones.allotment,
        ("tunnel", ""): lock.tunnels.allotment,
        **{("host", where): each.allotment for where, each in lock.hosts.items()},
        **{("acl", where): each.allotment for where, each in lock.acl_rules.items()},
    }
