"""The text of a comment: what a forge takes, and what may be said of what others wrote."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.forge.marker import Marker

_CUT: Final = "\n\n*Cut here: a comment holds no more. All of it is in the job.*"
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_TAGS: Final = "details|summary|br|sub|sup|kbd|code|pre|b|i|em|strong"
_MARKER: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_HTML: Final = re.compile(rf"<(?!/?(?:{_TAGS})\s*/?>)")
_ENTITY: Final = re.compile(r"&(?!(?:lt|gt|amp|quot|nbsp|#8203);)(?=#|\w+;)")
_SIGN: Final = re.compile(r"@(?=\w)|#(?=\d)|\](?=[(\[:])|:(?=//)|www(?=\.)", re.I)
_COMMAND: Final = re.compile(r"^([ \t]*)/(?=[a-z])", re.I | re.M)


def framed(marker: Marker, text: str, *, longest: int) -> str:
    """The whole comment: the marker, the text as far as there is room, and of which commit."""
    head, foot = f"{marker}\n", f"\n\n<sub>Of commit {marker.head[:12]}.</sub>\n"
    return f"{head}{fitted(text.strip(), longest - length(head) - length(foot))}{foot}"


def length(text: str) -> int:
    """Characters as the strictest counts them, which are units of UTF-16."""
    return len(text) + sum(each > "\uffff" for each in text)


def fitted(text: str, room: int) -> str:
    """As many whole lines as there is room for, with what they opened closed again."""
    if length(text) <= room:
        return text
    open_: list[str] = []
    taken, best, closing = 0, 0, ""
    lines = text.splitlines(keepends=True)
    for count, line in enumerate(lines, 1):
        taken += length(line)
        _follow(line, open_)
        closers = "".join(f"\n{each}" for each in reversed(open_))
        if taken + length(closers) + length(_CUT) > room:
            break
        best, closing = count, closers
    return "".join(lines[:best]).rstrip() + closing + _CUT


def _follow(line: str, open_: list[str]) -> None:
    """What is open after a line: fences of code, and details, which are closed by their tag."""
    fence = _FENCE.match(line)
    within = bool(open_) and open_[-1][0] in "`~"
    if fence and within:
        if line.strip() == open_[-1]:
            open_.pop()
    elif fence:
        open_.append(fence[1])
    elif not within:
        for tag in re.findall(r"</?details>", line):
            if tag == "<details>":
                open_.append("</details>")
            elif open_:
                open_.pop()


def without_commands(text: str) -> str:
    """Markdown in which no line is an order to the forge or to a bot, as `/merge` is one.

    https://docs.gitlab.com/user/project/quick_actions/: those of a note of the API are done too.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _COMMAND.sub(r"\1\\/", lines)


def of_strangers(text: str) -> str:
    """Markdown that anybody may have written: it calls nobody, and loads, links and orders nothing.

    A job on a fork runs what the fork wants, so what it hands over is anything at all.
    """
    plain = _MARKER.sub("", text.replace("\x00", ""))
    plain = _ENTITY.sub("&amp;", _HTML.sub("&lt;", plain))
    return without_commands(_SIGN.sub("\\g<0>\u200b", plain))
