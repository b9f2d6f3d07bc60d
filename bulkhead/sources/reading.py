"""When something was read, and what that makes of it: its provenance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata

from bulkhead.network import Digest, Provenance

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def version() -> str:
    """Of Bulkhead itself."""
    return metadata.version("bulkhead")


def provenance(
    time: datetime,
    read: Mapping[str, str] | None = None,
    *,
    regions: Iterable[str] = (),
    accounts: Iterable[str] = (),
) -> Provenance:
    """Of what was read at that time; `read`: what, and its SHA-256."""
    return Provenance(
        time=time,
        version=version(),
        accounts=tuple(accounts),
        regions=tuple(regions),
        digests=tuple(Digest(name=name, sha256=sum_) for name, sum_ in (read or {}).items()),
    )
