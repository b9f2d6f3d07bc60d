"""What is asked of a forge: the comments of one pull request, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bulkhead.problems import UnusableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """`author` is a login, '' where the forge does not say whose it is."""

    id: int
    author: str
    body: str
    url: str


class RefusedError(UnusableError):
    """The forge answers, and the answer is no: nothing that a repetition would change."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status

    @property
    def forbidden(self) -> bool:
        """Whether this token may not: without one, or with one for less."""
        return self.status in (401, 403)


class UnavailableError(UnusableError):
    """The forge does not answer now; in `wait` seconds it might, where it says when."""

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class GoneError(UnavailableError):
    """The comment was deleted since it was listed: to look again helps at once."""

    def __init__(self, message: str) -> None:
        super().__init__(message, wait=0)


class Thread(Protocol):
    """The conversation of one pull request. All of it raises RefusedError and UnavailableError."""

    longest: int
    """Characters that a comment may have."""

    def head(self) -> str | None:
        """The commit that the pull request proposes now; None where that cannot be told."""

    def whoami(self) -> str | None:
        """The login that our own comments have; None where the token cannot tell."""

    def comments(self) -> Iterator[Comment]:
        """All of them, the oldest first."""

    def create(self, body: str) -> Comment: ...

    def update(self, comment: int, body: str) -> Comment:
        """Raises GoneError where there is no such comment any more."""

    def delete(self, comment: int) -> None:
        """A comment that is not there any more is deleted."""
