"""Parts of a rule that a state keeps secret, or that a preview does not know yet.

They are handed on as they are: the rule is there, and in doubt in that part alone.
"""

from __future__ import annotations

from bulkhead.observe.record import Hidden, Record


def text_or_hidden(record: Record, key: str) -> str | Hidden | None:
    """The text at a key."""
    value = record.values.get(key)
    return value if isinstance(value, Hidden) else record.maybe(key)


def number_or_hidden(record: Record, key: str) -> int | Hidden | None:
    """The whole number at a key."""
    value = record.values.get(key)
    return value if isinstance(value, Hidden) else record.maybe_integer(key)


def texts_or_hidden(record: Record, key: str) -> tuple[str | Hidden, ...]:
    """The texts of a list, of which some, or all, may be hidden."""
    value = record.values.get(key)
    if isinstance(value, Hidden):
        return (value,)
    if isinstance(value, list) and any(isinstance(each, Hidden) for each in value):
        return tuple(each for each in value if isinstance(each, str | Hidden))
    return record.texts(key)
