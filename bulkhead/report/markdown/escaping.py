"""Text from elsewhere in Markdown: it must not become markup."""

from __future__ import annotations

from typing import Final

_ENTITY: Final = {"<": "&lt;", ">": "&gt;", "@": "&#64;"}


def escaped(text: str) -> str:
    """On one line, with every sign that means something to Markdown or GitHub made harmless."""
    for each in "\\`*_[]<>|#@":
        text = text.replace(each, _ENTITY.get(each, f"\\{each}"))
    return " ".join(text.split())
