"""Which value an unquoted word is, by the core schema of YAML 1.2 (yaml.org/spec/1.2.2, 10.3).

`yes`, `on` and `12:30` are words. So are `08`, `0x10` and `1_000`: nobody counts replicas
that way, so a number in that form is a mistake, and told as one.
"""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.document.nodes import Scalar

LONGEST_NUMBER: Final = 20

NULL_WORDS: Final = ("null", "Null", "NULL")
_CONSTANTS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", *NULL_WORDS)),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC: Final = frozenset("+-.0123456789")
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
_FLOAT: Final = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
    re.ASCII,
)


class AsWritten(float):
    """A number that is said as somebody wrote it: 1e3, not 1000.0."""

    text: str

    def __new__(cls, text: str) -> AsWritten:
        number = super().__new__(cls, text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text


def resolved(text: str) -> Scalar:
    """The value of a plain scalar."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in _NUMERIC and len(text) <= LONGEST_NUMBER:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return AsWritten(text)
    return text
