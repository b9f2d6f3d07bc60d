"""What git ignores: gitignore(5), as far as it decides about files below a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bulkhead.discover.code.words import words

ALWAYS: Final = words(
    ".git .hg .svn node_modules bower_components __pycache__ .venv venv .tox .nox .mypy_cache "
    ".pytest_cache .ruff_cache site-packages dist-packages .gradle .idea .vscode .eggs .cache "
    ".terraform .cargo .bundle"
)
"""Folders of tools and of what they installed: not the program's."""


@dataclass(frozen=True, slots=True)
class Pattern:
    expression: re.Pattern[str]
    negated: bool
    folders_only: bool


def patterns(text: str) -> tuple[Pattern, ...]:
    """Those of one .gitignore, relative to its folder."""
    return tuple(each for line in text.splitlines() if (each := _pattern(line)) is not None)


def _pattern(line: str) -> Pattern | None:
    line = line.rstrip("\n")
    if not line.strip() or line.startswith("#"):
        return None
    line = re.sub(r"(?<!\\) +$", "", line)
    negated = line.startswith("!")
    line = line[1:] if negated else line
    line = line.removeprefix("\\")
    folders = line.endswith("/")
    body = line.rstrip("/")
    anchored = "/" in body
    try:
        expression = re.compile(("" if anchored else r"(?:.*/)?") + _translated(body.lstrip("/")))
    except re.error:
        return None
    return Pattern(expression, negated, folders)


def _translated(text: str) -> str:
    out, at = "", 0
    while at < len(text):
        if text.startswith("**/", at):
            out += "(?:.*/)?"
            at += 3
        elif text.startswith("**", at):
            out += ".*"
            at += 2
        elif text[at] == "*":
            out += "[^/]*"
            at += 1
        elif text[at] == "?":
            out += "[^/]"
            at += 1
        elif text[at] == "[" and "]" in text[at + 2 :]:
            end = text.index("]", at + 2)
            out += "[" + text[at + 1 : end].replace("!", "^", 1 if text[at + 1] == "!" else 0) + "]"
            at = end + 1
        else:
            out += re.escape(text[at])
            at += 1
    return out


def ignores(rules: Iterable[tuple[str, tuple[Pattern, ...]]], path: str, *, folder: bool) -> bool:
    """Whether the last pattern that speaks of a path ignores it.

    `rules` are those of each folder around it, the outermost first, by the folder's path.
    """
    ignored = False
    for base, each in rules:
        inside = path[len(base) :].lstrip("/") if base else path
        for pattern in each:
            if pattern.folders_only and not folder:
                continue
            if pattern.expression.fullmatch(inside):
                ignored = not pattern.negated
    return ignored
