"""What a program is told, for people and for shells."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Final

from rich.console import Console
from rich.text import Text

from bulkhead.network.ipv6_blocks import stands_in
from bulkhead.report.words import count
from bulkhead.settings import (
    BindsAt,
    ConnectsTo,
    Copy,
    CopyInterface,
    OwnerSettings,
    PlainNeed,
    SocketSettings,
)

_PLAIN: Final = re.compile(r"[\w@%+=:,./#*!\[\]-]*", re.ASCII)
"""What a shell takes as it is behind a =, as systemd and docker --env-file do."""


def environment(variables: Mapping[str, str]) -> Iterator[str]:
    """A line each, quoted for a shell where it has to be."""
    for name, value in variables.items():
        yield f"{name}={value if _PLAIN.fullmatch(value) else shlex.quote(value)}"


def print_endpoints(console: Console, found: OwnerSettings) -> None:
    """Socket by socket: where, with whom, how secured, and its options."""
    copies = ", ".join(f"{each.number} at {_places(each)}" for each in found.copies)
    of = f"  {found.kind} of {found.topology}"
    title = f"{of}, {count(len(found.copies), 'replica')}: {copies}" if copies else of
    if coming := found.coming:
        many = "" if coming.most is None else f" {coming.fewest} to {coming.most}"
        title = f"{of}, replicas come and go:{many} in {', '.join(map(str, coming.within))}"
    console.print(Text.assemble((found.owner, "bold"), title))
    for socket in found.sockets:
        console.print()
        console.print(Text.assemble((socket.name, "bold"), f"  {_kind(socket)}"))
        for line in _lines(socket):
            console.print(Text(f"  {line}"))
    if found.beside:
        console.print()
        console.print(Text.assemble(("not ZeroMQ", "bold")))
        for each in found.beside:
            console.print(Text(f"  {_beside(each)}"))


def _places(copy: Copy) -> str:
    """'10.20.0.4', or 'eth0 10.20.0.4 and eth1 10.20.4.4'; with its name, where it has one."""
    named = " and ".join(f"{each.interface} {_place(each)}" for each in copy.interfaces)
    return named or _place(copy)


def _place(of: Copy | CopyInterface) -> str:
    ipv6 = "" if of.ipv6 is None else f" and {of.ipv6}"
    if of.ipv6 is not None and stands_in(of.ipv6):
        ipv6 = " and one of IPv6 that AWS gives"
    return f"{of.address}{ipv6} ({of.host})" if of.host else f"{of.address}{ipv6}"


def _beside(each: PlainNeed) -> str:
    way = "opens" if each.opens else "answers"
    by = f" by {each.interface}" if each.interface else ""
    places = f"{each.peer} at {', '.join(each.at) or 'an address of IPv6 that AWS gives'}"
    encryption = (
        f", {each.encryption}"
        if each.encryption
        else ", which the VPC encrypts" * each.vpc_encrypts
    )
    return f"{way:8} {each.name}  {each.traffic}{by}  {places}{encryption}"


def _kind(socket: SocketSettings) -> str:
    asks = " with ZAP" * socket.zap
    raw = "plain UDP" if socket.type == "DGRAM" else "plain TCP"
    vpc = ", which the VPC encrypts from host to host" * socket.vpc_encrypts
    return f"{socket.type}  {socket.mechanism or raw}{asks}{vpc}"


def _lines(socket: SocketSettings) -> Iterator[str]:
    yield from (f"bind     {_bound(each)}" for each in socket.bind)
    yield from (f"connect  {_reached(each)}" for each in socket.connect)
    for word, key in (("public", socket.public_key), ("secret", socket.secret_key)):
        if key:
            yield f"{word}   {key}"
    yield from (f"admits   {each}" for each in socket.client_keys)
    if options := socket.profile.options:
        yield f"options  {' '.join(f'{key}={value}' for key, value in options.items())}"
    if silence := socket.profile.silence:
        yield f"idle     {silence.seconds} s ({silence.because})"


def _bound(each: BindsAt) -> str:
    return f"{each.endpoint or each.why}{_copy(each.copy)}"


def _reached(each: ConnectsTo) -> str:
    key = f", which is {each.server_key}" if each.server_key else ""
    others = [*each.also, *(["one of IPv6 that AWS gives"] if each.later else [])]
    or_ = f" (or {', '.join(others)})" if others else ""
    return f"{each.endpoint or each.why}{or_}  {each.to}{_copy(each.copy)}{key}"


def _copy(number: int | None) -> str:
    return f"  replica {number}" if number else ""
