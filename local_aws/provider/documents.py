"""Policies: JSON in a string, the same however it is spaced and in whichever order it is."""

from __future__ import annotations

import json
from typing import Any


def policy(text: Any) -> Any:
    """The document, with lists of one as AWS takes them: {"Action": "x"} is {"Action": ["x"]}."""
    if not isinstance(text, str):
        return text
    try:
        return _ordered(json.loads(text))
    except ValueError:
        return text


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(item) for key, item in value.items()}
    if isinstance(value, list):
        items = sorted(
            (_ordered(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True)
        )
        return items[0] if len(items) == 1 else items
    return value
