"""Settings as environment variables: of one program, flat.

BULKHEAD_SOCKETS=ticks
BULKHEAD_TICKS_BIND=tcp://10.20.0.4:5556
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.network.ipv6_blocks import stands_in
from bulkhead.problems import UnusableError
from bulkhead.settings.entries import OwnerSettings, SocketSettings

PREFIX: Final = "BULKHEAD"
_INSTEAD: Final = "take --format json, which has room for it"


def as_variables(found: OwnerSettings) -> Mapping[str, str]:
    """By name. Lists are parted by commas.

    Raises UnusableError where variables cannot say it: of several copies at once, of an address
    that nobody knows, of names that come to be one.
    """
    if len(found.copies) > 1:
        last = found.copies[-1].number
        raise UnusableError(
            f"{found.owner} has {len(found.copies)} copies, and variables are of one: "
            f"name it, as in --replica {last}"
        )
    for each in found.unknown:
        raise UnusableError(f"{each}; or {_INSTEAD}")
    variables: dict[str, str] = {}
    for name, value in _pairs(found):
        if name in variables:
            what = f"two sockets of {found.owner} come to be {name}"
            raise UnusableError(f"{what}; {_INSTEAD}")
        variables[name] = value
    return variables


def _pairs(found: OwnerSettings) -> Iterator[tuple[str, str]]:
    yield f"{PREFIX}_TOPOLOGY", found.topology
    yield f"{PREFIX}_SERVICE", found.owner
    for copy in found.copies:
        yield f"{PREFIX}_REPLICA", str(copy.number)
        yield f"{PREFIX}_ADDRESS", str(copy.address)
        if copy.ipv6 and not stands_in(copy.ipv6):
            yield f"{PREFIX}_IPV6", str(copy.ipv6)
        if copy.host:
            yield f"{PREFIX}_HOST", copy.host
        for each in copy.interfaces:
            yield f"{PREFIX}_ADDRESS_{_in_capitals(each.interface)}", str(each.address)
            if each.ipv6 and not stands_in(each.ipv6):
                yield f"{PREFIX}_IPV6_{_in_capitals(each.interface)}", str(each.ipv6)
            if each.host:
                yield f"{PREFIX}_HOST_{_in_capitals(each.interface)}", each.host
    yield f"{PREFIX}_SOCKETS", _list(each.name for each in found.sockets)
    for socket in found.sockets:
        stem = f"{PREFIX}_{_in_capitals(socket.name)}"
        for key, value in _of(socket):
            if value:
                yield f"{stem}_{key}", value


def _in_capitals(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def _of(socket: SocketSettings) -> Iterator[tuple[str, str]]:
    yield "TYPE", socket.type
    yield "MECHANISM", socket.mechanism
    yield "ZAP", "1" * socket.zap
    yield "BIND", _list(each.endpoint or "" for each in socket.bind)
    yield "CONNECT", _list(each.endpoint or "" for each in socket.connect)
    if any(each.server_key for each in socket.connect):
        yield "SERVER_KEYS", _list(each.server_key or "" for each in socket.connect)
    yield "PUBLIC_KEY", socket.public_key or ""
    yield "SECRET_KEY", socket.secret_key or ""
    yield "CLIENT_KEYS", _list(socket.client_keys)
    yield "OPTIONS", _list(f"{key}={value}" for key, value in socket.profile.options.items())


def _list(several: Iterator[str] | tuple[str, ...]) -> str:
    found = tuple(several)
    for each in found:
        if "," in each:
            raise UnusableError(f"{each} has a comma, which parts a list of variables; {_INSTEAD}")
    return ",".join(found)
