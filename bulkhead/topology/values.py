"""Single values of a program, as a file would hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final

from bulkhead.intent.wrong import Wrong, quoted
from bulkhead.topology.part import NamedPart, TopologyPart

LONGEST_NUMBER: Final = 10**20
"""A file has none with more digits, and Python prints none with some thousands."""


def parse_scalar(value: Any) -> str | int | float | None:
    """What YAML has for it. Raises Wrong."""
    if isinstance(value, Enum):
        return parse_scalar(value.value)
    if isinstance(value, IPv4Address | IPv4Network | IPv6Address | IPv6Network):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > LONGEST_NUMBER:
        raise Wrong("is a number of more than twenty digits", "write a smaller one")
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, set | frozenset):
        raise Wrong("is a set, which has no order", "write a list")
    remedy = "write a text, a number or a list; what is known only after an update comes too late"
    raise Wrong(f"{said(value)} is nothing that a topology holds", remedy)


def said(value: Any) -> str:
    """What somebody gave, in few words."""
    if isinstance(value, NamedPart):
        return f"{type(value).__name__} {quoted(value.name)}"
    if isinstance(value, TopologyPart):
        return f"a {type(value).__name__}"
    if isinstance(value, str | bool | float):
        return quoted(value)
    if isinstance(value, int) and abs(value) <= LONGEST_NUMBER:
        return quoted(value)
    if isinstance(value, Mapping):
        return "a mapping"
    return f"an instance of {type(value).__qualname__}"
