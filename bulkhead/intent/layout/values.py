"""How a single value is written."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.document.scalars import resolved
from bulkhead.intent.layout.pieces import YamlPart, depth

INDENT: Final = 2

# What YAML 1.1 takes for something else than a text (yaml.org/type/bool.html, int.html and
# float.html), and so most that read YAML besides this: a script, a template, an older tool.
_ELSEWHERE: Final = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?0[bB]?[0-9_]+|[-+]?0[xX][0-9a-fA-F_]+|0o[0-7]+|[-+]?[0-9][0-9_]*_[0-9_]*"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?",
    re.ASCII,
)
_SINGLE: Final = re.compile(r"'([^'\"\\\n]*)'")


def written(piece: YamlPart, text: str, indent: int) -> list[str]:
    """A scalar or an alias, of which lines behind the first are indented to `indent`."""
    raw = text[piece.start : piece.end]
    if piece.style in ("|", ">"):
        return _block(raw, piece.value, indent)
    first, *more = raw.split("\n")
    if not more:
        return [_quoted(first, piece.style)]
    stripped = [each.strip() for each in more]
    return [first.rstrip(), *(" " * indent + each if each else "" for each in stripped)]


def _quoted(raw: str, style: str) -> str:
    """Double quotes where single ones say the same, and where a word means something elsewhere."""
    if style == "'" and (found := _SINGLE.fullmatch(raw)):
        return f'"{found[1]}"'
    if style == "" and _ELSEWHERE.fullmatch(raw) and isinstance(resolved(raw), str):
        return f'"{raw}"'
    return raw


def _block(raw: str, value: str, indent: int) -> list[str]:
    """A text behind | or >, its lines moved together."""
    header, _, body = raw.partition("\n")
    header, *comment = header.split(" #", 1)
    style, chomping = header[0], "".join(each for each in header if each in "+-")
    if not value.endswith("\n"):
        chomping = "-"  # also of a file that ends within the text
    deeper = depth(value)
    moved = depth(body) - deeper
    lines = [each[moved:] for each in body.split("\n")] if body else []
    head = f"{style}{INDENT if deeper else ''}{chomping}"
    if comment:
        head = f"{head}  #{comment[0].rstrip()}"
    return [head, *(" " * indent + each if each else "" for each in lines)]
