"""Lists that come in pages, and the shapes that a forge's answers have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bulkhead.forge.api import Api, Reply
from bulkhead.problems import UnusableError

_MOST: Final = 1_000
"""Pages of a hundred: a pull request of GitHub takes 2,500 comments."""
_NEXT: Final = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?', re.I)


def listed(api: Api, path: str) -> Iterator[dict[str, Any]]:
    """Every entry of a list, page after page, as the Link header leads.

    https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    https://docs.gitlab.com/api/rest/#pagination
    """
    seen: set[str] = set()
    url: str | None = path
    while url is not None:
        if url in seen or len(seen) == _MOST:
            raise UnusableError(f"{api.forge} lists in a circle; report it where it is hosted")
        seen.add(url)
        answer = api.get(url)
        if not isinstance(answer.json, list):
            raise UnusableError(f"{api.forge} answers no list; check the URL of its API")
        yield from (each for each in answer.json if isinstance(each, dict))
        url = _next(answer, path)


def _next(answer: Reply, path: str) -> str | None:
    if found := _NEXT.search(", ".join(answer.headers.get_all("link") or [])):
        return found[1]
    if (page := answer.headers.get("x-next-page", "")).isdecimal():
        return f"{path}&page={page}"
    return None


def mapping(value: Any) -> dict[str, Any]:
    """What an answer has there, where it is an object; nothing else is expected of it."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """The same of a string."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> int:
    """An id. Raises UnusableError: without one nothing can be found again."""
    if isinstance(value, int):
        return value
    raise UnusableError("a comment came back without an id; check the URL of the API")
