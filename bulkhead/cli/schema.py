"""`bulkhead schema`: what a topology may say, for editors and for readers."""

from __future__ import annotations

from typing import Annotated

import typer

from bulkhead.cli.generated import Check, Output, give
from bulkhead.intent.reference import reference
from bulkhead.intent.schema import schema_text


def schema(
    out: Output = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The reference of the language as a page.")
    ] = False,
    check: Check = False,
) -> int:
    """What a topology may say: a JSON Schema for editors, or the reference as a page.

    An editor with a YAML language server completes and marks a topology by it that begins with
    `# yaml-language-server: $schema=topology.schema.json`. Exit code 1: --check found it stale.
    """
    return give(reference() if markdown else schema_text(), out, check=check)
