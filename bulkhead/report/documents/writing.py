"""How a JSON document is written: whole, or part by part as it is found."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Document = dict[str, Any]

Part = Any | Iterator[str] | Callable[[], Any]
"""A value; JSON texts that become a list while they are found; what is known after that."""


def write(document: Document) -> None:
    """Print a document on standard output."""
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def stream(parts: Mapping[str, Part]) -> None:
    """Print a document part by part, lists one item a line: never held as a whole."""
    out = sys.stdout.write
    for number, (key, part) in enumerate(parts.items()):
        out(",\n" if number else "{\n")
        out(f"{json.dumps(key)}: ")
        if isinstance(part, Iterator):
            _stream_list(part)
        else:
            out(text(part() if callable(part) else part))
    out("\n}\n")


def _stream_list(items: Iterator[str]) -> None:
    out = sys.stdout.write
    first = True
    for item in items:
        out("[\n" if first else ",\n")
        out(item)
        first = False
    out("[]" if first else "\n]")


def text(value: Any) -> str:
    """A value on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_yaml(document: Document) -> None:
    """Print the same document on standard output as YAML."""
    import yaml  # noqa: PLC0415 - for who asks for it

    yaml.safe_dump(document, sys.stdout, sort_keys=False, allow_unicode=True, width=4096)
