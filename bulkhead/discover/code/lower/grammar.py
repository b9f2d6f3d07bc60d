"""From the syntax tree of a language's grammar to `tree`: every language but Python and Erlang.

One reader for all, because their grammars call most things alike (`kinds`). It is written as a
row of classes, each of which reads some kinds and knows those before it.
"""

from __future__ import annotations

import re
from typing import Final

from bulkhead.discover.code.lower.elixir import Elixir
from bulkhead.discover.code.tree import Scope

_EXPORTED: Final = re.compile(
    r"\b((?:class|struct)[ \t]+)([A-Z][A-Z\d_]{2,})(?=[ \t]+\w+\s*(?:final\s*)?[:{])"
)
"""`class ACME_API Client : public Base {`, whose macro grammars take for the name of the class."""


def lowered(language: str, text: str, file: str) -> Scope:
    """The module that a file is."""
    from ast_grep_py import SgRoot  # noqa: PLC0415 - an optional part

    if language == "cpp":
        text = _EXPORTED.sub(lambda found: found[1] + " " * len(found[2]), text)
    return Elixir(language, file).module(SgRoot(text, language).root())
