"""From the syntax tree of a language's grammar to `tree`: every language but Python and Erlang.

One reader for all, because their grammars call most things alike (`kinds`). It is written as a
row of classes, each of which reads some kinds and knows those before it.
"""

from __future__ import annotations

from bulkhead.discover.code.lower.elixir import Elixir
from bulkhead.discover.code.tree import Scope


def lowered(language: str, text: str, file: str) -> Scope:
    """The module that a file is."""
    from ast_grep_py import SgRoot  # noqa: PLC0415 - an optional part

    return Elixir(language, file).module(SgRoot(text, language).root())
