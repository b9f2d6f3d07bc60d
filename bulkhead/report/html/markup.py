"""Elements of HTML, of which no text can become part: whatever is no `Markup` is escaped.

Names come from accounts and tags, which anybody may write. So text and markup are two
types, and only this module makes one of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from bulkhead.problems import printable

_VOID: Final = frozenset({"input", "meta"})
"""Elements that have no end (html.spec.whatwg.org/multipage/syntax.html#void-elements)."""


@dataclass(frozen=True, slots=True)
class Markup:
    """What may stand in a page as it is. Made by `element`, `joined`, `trusted` alone."""

    html: str


Child = Markup | str | None
"""Nothing is left out, text is escaped."""


def element(name: str, /, *children: Child, **attributes: str | bool | None) -> Markup:
    """One element. Of `class_` and `data_kind` come `class` and `data-kind`; True is a bare one,
    what is None or False is left out."""
    said = "".join(
        f" {_called(each)}" if value is True else f' {_called(each)}="{_text(value)}"'
        for each, value in attributes.items()
        if value is not None and value is not False
    )
    start = f"<{name}{said}>"
    return Markup(start if name in _VOID else f"{start}{joined(*children).html}</{name}>")


def joined(*children: Child) -> Markup:
    """One after the other."""
    return Markup("".join(map(_child, children)))


def trusted(html: str) -> Markup:
    """What a room of ours has written and escaped already: a picture, the page's own style."""
    return Markup(html)


def _child(child: Child) -> str:
    if child is None:
        return ""
    return child.html if isinstance(child, Markup) else _text(child)


def _text(text: str) -> str:
    """Also what would turn the way of writing, or what no document may hold, is shown."""
    return escape("\n".join(map(printable, text.split("\n"))))


def _called(attribute: str) -> str:
    return attribute.rstrip("_").replace("_", "-")
