"""Whose is what: a tag on everything that the stand-in makes, and a book of what it told.

An answer can be lost after the call took effect, and an engine be killed before it has written
down what it was told. What was made then has no place in any state: it is found by its tag.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

OWNER: Final = "pulumi:urn"
"""The tag's key. Its value is `project/stack/` and a digest of the URN: a URN may be longer than
the 256 characters of a value (docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html)."""


def stack_of(urn: str) -> str:
    """`urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::main` is of `shop/dev/`."""
    head, project, *_ = urn.split("::")
    return f"{project}/{head.rpartition(':')[2]}/"


def owner(urn: str) -> str:
    """The value of the tag for a resource of the program."""
    return stack_of(urn) + hashlib.sha256(urn.encode()).hexdigest()[:24]


class Ledger:
    """What engines were told of in this instance, by type and id, and whose calls still run."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], str] = {}  # and the stack whose engine it was
        self._unsure: set[str] = set()
        self._regions: dict[str, set[str]] = {}
        self._working: Counter[str] = Counter()
        self._changed = threading.Condition()

    def tell(self, token: str, name: str, urn: str) -> None:
        with self._changed:
            self._told[token, name] = stack_of(urn)

    def forget(self, token: str, name: str) -> None:
        with self._changed:
            self._told.pop((token, name), None)

    def clear(self) -> None:
        """All that was told of is gone."""
        with self._changed:
            self._told.clear()
            self._unsure.clear()

    def recorded(self, stack: str, names: Collection[str]) -> None:
        """These are in the state of a stack: whatever else it was told of never got there."""
        with self._changed:
            self._told = {
                told: whose
                for told, whose in self._told.items()
                if whose != stack or told[1] in names
            }

    def knows(self, token: str, name: str) -> bool:
        with self._changed:
            return (token, name) in self._told

    def lost(self, urn: str) -> None:
        """Nobody knows whether the resource was made."""
        with self._changed:
            self._unsure.add(urn)

    def settled(self, urn: str) -> None:
        with self._changed:
            self._unsure.discard(urn)

    def unsure(self, urn: str) -> bool:
        with self._changed:
            return urn in self._unsure

    @contextlib.contextmanager
    def working(self, urn: str, region: str) -> Iterator[None]:
        """A call that changes something, also after the engine that asked for it has gone."""
        stack = stack_of(urn)
        with self._changed:
            self._working[stack] += 1
            self._regions.setdefault(stack, set()).add(region)
        try:
            yield
        finally:
            with self._changed:
                self._working[stack] -= 1
                self._changed.notify_all()

    def quiet(self, stack: str, seconds: float) -> bool:
        """Wait until no call of a stack runs; whether that came within the time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._working[stack], seconds)

    def regions(self, stack: str) -> list[str]:
        """Where the stack has made anything."""
        with self._changed:
            return sorted(self._regions.get(stack, ()))
