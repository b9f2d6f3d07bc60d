"""Protocols, ports and ICMP messages, as rules of groups and NACLs write them."""

from __future__ import annotations

from bulkhead.network import PortRange, icmp_range, protocol_number
from bulkhead.observe.record import Record, UnreadableError


def protocol_of(record: Record, key: str) -> int:
    """The IP protocol number that the text at `key` means."""
    text = record.text(key)
    try:
        return protocol_number(text)
    except ValueError:
        raise UnreadableError(
            f"{record.where}: {key} is {text!r}, which is no IP protocol"
        ) from None


def ports_between(record: Record, first: str, last: str) -> PortRange:
    """The port range that two numbers give."""
    low, high = record.integer(first), record.integer(last)
    try:
        return PortRange(low, high)
    except ValueError as error:
        raise UnreadableError(f"{record.where}: {error}") from None


def messages(record: Record, kind: int | None, code: int | None) -> PortRange:
    """The ICMP messages of a type and a code."""
    try:
        return icmp_range(kind, code)
    except ValueError as error:
        raise UnreadableError(f"{record.where}: {error}") from None
