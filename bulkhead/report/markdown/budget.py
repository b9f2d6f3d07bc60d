"""What is left of the characters of a comment: what comes first is kept first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

COMMENT_LIMIT: Final = 65_536
"""Characters that GitHub takes in one comment
(github.com/orgs/community/discussions/27190)."""
FRAMED: Final = COMMENT_LIMIT - 640
"""The same without what `bulkhead comment` puts around a text: a marker, and of which commit."""
_LEFT_OUT: Final = 80
"""For the line that counts what is left out."""


class Budget:
    """Takes lines as long as they fit, and counts what it leaves out."""

    def __init__(self, characters: int) -> None:
        self.left = characters
        self.dropped: list[str] = []
        """Titles of what was folded, and of which not even a line fits."""

    def take(self, lines: Sequence[str]) -> list[str]:
        """As many of the lines as fit, from the first."""
        taken = []
        for line in lines:
            if len(line) + 1 > self.left:
                break
            self.left -= len(line) + 1
            taken.append(line)
        return taken

    def table(self, header: Sequence[str], rows: Sequence[str], what: str) -> list[str]:
        """A table, and how many of its rows are left out; nothing where there is none.

        A third stays for what comes behind it: a row without its rules explains nothing.
        """
        if not rows:
            return []
        reserve = self.left // 3
        self.left -= reserve
        taken = self.take([*header, *rows])
        self.left += reserve
        missing = len(header) + len(rows) - max(len(taken), len(header))
        if missing:
            taken.append(f"\n{what} left out for want of space: {missing}.")
        return [*taken, ""]

    def fold(self, title: str, lines: Sequence[str]) -> list[str]:
        """A folded section with as much as fits; where not even a line does it is `dropped`."""
        opening = [f"<details><summary>{title}</summary>", ""]
        frame = sum(len(line) + 1 for line in opening) + len("</details>") + _LEFT_OUT
        if not lines:
            return []
        if self.left < frame + len(lines[0]):
            self.dropped.append(title)
            return []
        self.left -= frame
        taken = self.take(lines)
        if len(taken) < len(lines):
            taken.append(f"\n{len(lines) - len(taken)} lines left out for want of space.")
        return [*opening, *taken, "", "</details>", ""]
