"""Ports that are taken: of many ranges, which one overlaps another."""

from __future__ import annotations

from bisect import bisect_right


class Taken:
    """The ports of one address, each range with the number of whoever took it. None overlap."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._rest: list[tuple[int, int]] = []

    def by(self, ports: tuple[int, int]) -> tuple[int, tuple[int, int]] | None:
        """Who took some of these ports, and which of them."""
        first, last = ports
        # They are apart, so that the last to begin is also the last to end.
        index = bisect_right(self._firsts, last) - 1
        if index < 0 or self._rest[index][0] < first:
            return None
        end, who = self._rest[index]
        return who, (max(first, self._firsts[index]), min(last, end))

    def take(self, ports: tuple[int, int], who: int) -> None:
        """Take ports of which none is taken."""
        index = bisect_right(self._firsts, ports[0])
        self._firsts.insert(index, ports[0])
        self._rest.insert(index, (ports[1], who))
