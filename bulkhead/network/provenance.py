"""When, where and from what a Network was read: what makes an answer evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bulkhead.network.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What was read, and its SHA-256 in hexadecimal digits.

    `name` is the file as its user wrote the path; of an account the call that was answered,
    with its Region ('eu-west-1/describe-vpcs').
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Of one source: when it was read (UTC), of which accounts and Regions, by which version.

    `accounts` and `regions` are those that the source itself names; a topology names no account.
    `scope` is the part of the source that was asked about, None where it was all of it.
    """

    time: datetime
    version: str
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    digests: tuple[Digest, ...] = ()
    scope: Scope | None = None

    def beside(self, other: Provenance | None) -> Provenance:
        """The same source, judged by what another holds: with the digests of both."""
        more = other.digests if other else ()
        return replace(self, digests=tuple(dict.fromkeys((*self.digests, *more))))

    @property
    def account(self) -> str | None:
        """The only one; None where the source names none, or several."""
        return self.accounts[0] if len(self.accounts) == 1 else None
