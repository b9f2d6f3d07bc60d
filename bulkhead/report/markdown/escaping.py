"""Text from elsewhere in Markdown: it must not become markup."""

from __future__ import annotations

from typing import Final

_ENTITY: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@&#8203;", "#": "#&#8203;"}
"""GitHub looks for people and issues after the Markdown is read, so a backslash or an entity of
the sign itself does not help, and a space of no width does: github.com/github/cmark-gfm/issues/181
"""


def escaped(text: str) -> str:
    """On one line, with every sign that means something to Markdown or GitHub made harmless."""
    for each in "&\\`*_~$[]<>|#@":
        text = text.replace(each, _ENTITY.get(each, f"\\{each}"))
    return " ".join(text.split())
