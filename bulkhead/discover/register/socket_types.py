"""Types of sockets as evidence spells them, held against what libzmq lets talk."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.intent.sockets import SocketType, may_talk


def socket_type(text: str) -> SocketType | None:
    """The type of that name; None of what is none of libzmq's."""
    try:
        return SocketType(text)
    except ValueError:
        return None


def may_meet(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Whether one of these may talk with one of those: also where nobody knows a type."""
    left = [found for each in ones if (found := socket_type(each))]
    right = [found for each in others if (found := socket_type(each))]
    if not left or not right:
        return True
    return any(may_talk(one, other) for one in left for other in right)
