"""A line of `tests:`."""

from __future__ import annotations

from bulkhead.intent.model.base import Resolved


class Test(Resolved):
    """A line of `tests:`, with every reference resolved to sockets that listen on tcp."""

    __test__ = False  # pytest: this is not a test class

    from_: str
    accept: tuple[str, ...]
    deny: tuple[str, ...]
    file: str
    line: int
