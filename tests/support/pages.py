"""HTML read as a browser reads it, far enough to tell elements from text."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from typing import Final

_CODE: Final = ("script", "style")


class Read(HTMLParser):
    """Elements with their attributes, and all text that is neither style nor script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.code: dict[str, str] = {}
        self.comments: list[str] = []
        self._within: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in _CODE:
            self._within.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _CODE:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if self._within:
            self.code[self._within[-1]] = data
        else:
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def shape(self) -> Counter[tuple[str, tuple[str, ...]]]:
        """How many elements of which kind, with which attributes."""
        return Counter((tag, tuple(attributes)) for tag, attributes in self.elements)

    def all(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [value for _, found in self.elements if (value := found.get(attribute)) is not None]
