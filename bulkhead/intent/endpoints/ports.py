"""Ports behind the last colon, strictly; and what libzmq makes of them.

libzmq is lenient where it hurts: it binds port 4465 when asked for 70001
(src/ip_resolver.cpp: atoi, then a cast to 16 bits). A rule opened for the port
that somebody wrote would then guard a port that nobody listens on.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from bulkhead.intent.wrong import Wrong, quoted

HIGHEST: Final = 65535
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_RANGE: Final = re.compile(r"([1-9][0-9]{0,4})-([1-9][0-9]{0,4})", re.ASCII)
_ATOI: Final = re.compile(r"[ \t\n\v\f\r]*([-+]?[0-9]+)", re.ASCII)

# czmq src/zsock.c, zsock_bind, takes '*' and '!' with or without a range; its default range is
# that of RFC 6335's dynamic ports (DYNAMIC_FIRST and DYNAMIC_LAST, include/zsock.h).
_CHOSEN: Final = re.compile(r"([*!])(?:\[([0-9]{0,5})-([0-9]{0,5})\])?", re.ASCII)
_DYNAMIC: Final = (49152, 65535)

_ANY_RANGE: Final = "51000-51999"


class Ports(NamedTuple):
    """Those of an endpoint, as `ZmqEndpoint` has them."""

    ports: tuple[int, int] | None
    choice: Literal["", "*", "!"] = ""


def port_libzmq_binds(port: str) -> int | None:
    """What libzmq makes of the text behind the colon, other than '*' and '0'.

    src/ip_resolver.cpp: static_cast<uint16_t> (atoi (text)), and 0 is EINVAL.
    glibc's atoi is (int) strtol: it saturates at 64 bits and keeps the low 32.
    """
    match = _ATOI.match(port)
    # 25 digits saturate like any more would, and int() stays cheap.
    number = int(match.group(1)[:25]) if match else 0
    saturated = max(-(2**63), min(number, 2**63 - 1))
    return saturated & 0xFFFF or None


def is_port(said: str) -> bool:
    """Whether libzmq binds exactly the port that is written."""
    return _PORT.fullmatch(said) is not None and int(said) <= HIGHEST


def one_port(said: str, text: str, does: str) -> tuple[int, int]:
    """A single port, for what several programs must agree on, as first and last.

    Raises Wrong, with what libzmq `does` with another text.
    """
    if is_port(said):
        return int(said), int(said)
    if _RANGE.fullmatch(said):
        raise Wrong(
            f"{quoted(text)} ends in a range of ports, where all must know the one, and {does}",
            f"write a number from 1 to {HIGHEST}",
        )
    raise not_a_port(text, does)


def ports_to_bind(said: str, text: str, *, loopback: bool, czmq: bool) -> Ports:
    """One port; the range in which the program binds, as pyzmq's bind_to_random_port does; or
    czmq's notation for one, where `czmq` reads it.

    One that the system chooses only on loopback, where no rule needs it. Raises Wrong.
    """
    if is_port(said):
        return Ports((int(said), int(said)))
    if said == "0" or said in ("*", "!"):
        return _system_chooses(said, text, loopback=loopback, czmq=czmq)
    if (chosen := _CHOSEN.fullmatch(said)) is not None:
        return _czmq_chooses(chosen, text, czmq=czmq)
    if (between := _RANGE.fullmatch(said)) is not None:
        return Ports(_in_order(int(between[1]), int(between[2]), text))
    raise not_a_port(text, becomes(said))


def _system_chooses(said: str, text: str, *, loopback: bool, czmq: bool) -> Ports:
    if said == "!" and not czmq:
        raise not_a_port(text, becomes(said))
    if loopback:
        return Ports(None, "!" if said == "!" else "*")
    by_czmq = f" (czmq: one of {_DYNAMIC[0]}-{_DYNAMIC[1]})" if czmq and said != "0" else ""
    raise Wrong(
        f"{quoted(text)} lets the system choose a port{by_czmq}, "
        "and no rule can be written for that",
        f'write the port, or the range in which the program binds: "{_instead(text, _ANY_RANGE)}"',
    )


def _czmq_chooses(chosen: re.Match[str], text: str, *, czmq: bool) -> Ports:
    first, last = int(chosen[2] or _DYNAMIC[0]), int(chosen[3] or _DYNAMIC[1])
    if not czmq:
        raise Wrong(
            f"{quoted(text)} has a range as czmq writes it, which it reads for tcp alone; "
            "libzmq would refuse it",
            f'write the range in which the program binds: "{_instead(text, f"{first}-{last}")}"',
        )
    return Ports(_in_order(first, last, text), "!" if chosen[1] == "!" else "*")


def _in_order(first: int, last: int, text: str) -> tuple[int, int]:
    if 1 <= first <= last <= HIGHEST:
        return first, last
    turned = f"{last}-{first}" if 1 <= last < first <= HIGHEST else _ANY_RANGE
    raise Wrong(
        f"{quoted(text)} does not end in a range of ports",
        f'write the first before the last, at most {HIGHEST}: "{_instead(text, turned)}"',
    )


def _instead(text: str, ports: str) -> str:
    """The endpoint with other ports, on one line; an example where it is too long for that."""
    whole = f"{text.rpartition(':')[0]}:{ports}"
    return whole if len(whole) <= 60 and whole.isprintable() else f"tcp://*:{ports}"


def becomes(said: str, *, verb: str = "bind", nothing: str = "libzmq would refuse it") -> str:
    """What libzmq does with a text that is no port; `nothing` where its number is 0."""
    number = port_libzmq_binds(said)
    return nothing if number is None else f"libzmq would {verb} {number}"


def not_a_port(text: str, does: str) -> Wrong:
    """The mistake that a text ends in no port, and what libzmq `does` with it."""
    return Wrong(
        f"{quoted(text)} does not end in a port, and {does}",
        f"write a number from 1 to {HIGHEST}",
    )
