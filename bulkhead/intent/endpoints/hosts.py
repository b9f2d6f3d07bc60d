"""Interfaces, addresses and host names, as libzmq's src/ip_resolver.cpp tells them apart."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from bulkhead.intent.endpoints.endpoint import Caution
from bulkhead.intent.wrong import Wrong, quoted

# IFNAMSIZ (linux/if.h) is 16 with its NUL; a dot stands before the VLAN (eth0.100).
LONGEST_INTERFACE: Final = 15
_INTERFACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.([0-9]{1,4}))?", re.ASCII)
_VLANS: Final = range(1, 4095)  # IEEE 802.1Q

# Names that Linux gives to interfaces (systemd.net-naming-scheme), and nobody to hosts.
_SURELY_AN_INTERFACE: Final = re.compile(
    r"(?:lo|eth[0-9]+|wlan[0-9]+|en(?:o|s|p[0-9]+s)[0-9]+[a-z0-9]*|enx[0-9a-f]{12})(?:\.[0-9]+)?",
    re.ASCII,
)

# Not a name to getaddrinfo: inet_aton reads 127.1, 0x7f.1 and 2130706433 as 127.0.0.1.
_NUMERIC: Final = re.compile(r"[0-9.]+|0[xX][0-9a-fA-F.xX]*", re.ASCII)
_HOST: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*\.?", re.ASCII)
_LONGEST_HOST: Final = 253  # RFC 1035
_ZONE: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_IN_BRACKETS: Final = re.compile(r"\[([^][]*)\]")

_NOBODY: Final = IPv4Address("0.255.255.255")


def is_interface(name: str) -> bool:
    """Whether Linux may have an interface of this name: eth0, wg-site, eth0.100."""
    match = _INTERFACE.fullmatch(name)
    if match is None or len(name) > LONGEST_INTERFACE:
        return False
    return match[1] is None or int(match[1]) in _VLANS


def local_host(host: str, text: str, everywhere: str, *, looks_up: bool = True) -> str:
    """Where one binds: '*', an interface, localhost, or an address, its brackets off.

    `everywhere` is the same endpoint on all interfaces, for the remedy; `looks_up` says whether
    libzmq asks DNS there. Raises Wrong.
    """
    if host == "*":
        return host
    if is_localhost(host, text):
        if looks_up:
            return host
        raise Wrong(
            f"{quoted(text)} has a name where libzmq looks none up (ENODEV)",
            f'write "{everywhere.replace("*", "127.0.0.1", 1)}"',
        )
    if not host:
        raise Wrong(f"{quoted(text)} names no interface", f'write "{everywhere}" for all of them')
    if (address := numeric_host(host, text, everywhere)) is not None:
        if no_host_has(address):
            raise Wrong(
                f"{quoted(text)} has an address that no interface can have",
                f'write "{everywhere}"',
            )
        return host.strip("[]")
    if not is_interface(host):
        meant = (
            "DNS decides only when the program starts which interface that is"
            if looks_up
            else "libzmq looks none up there (ENODEV)"
        )
        raise Wrong(
            f"{quoted(text)} names a host, and {meant}",
            f'write "{everywhere}", or an interface such as "{everywhere.replace("*", "eth0", 1)}"',
        )
    return host


NEVER: Final = "libzmq takes it and never connects, without an error"
REFUSED: Final = "libzmq refuses it (EINVAL)"


def peer_host(host: str, text: str, *, fails: str) -> str:
    """What one connects to: a host's name or address, its brackets off.

    `fails` is what becomes of a name that nobody has. Raises Wrong.
    """
    if host == "*":
        raise Wrong(
            f"{quoted(text)} connects to every interface, and {REFUSED}",
            "write the host that binds",
        )
    if not host:
        raise Wrong(f"{quoted(text)} names no host, and {fails}", "write the host that binds")
    if is_localhost(host, text):
        return host
    if (address := numeric_host(host, text, "")) is not None:
        if address.is_unspecified:
            raise Wrong(
                f"{quoted(text)} is where somebody binds; who connects to {address} meets only "
                "its own host",
                "write the host that binds",
            )
        if no_host_has(address):
            raise Wrong(
                f"{quoted(text)} has an address that no host can have", "write the host that binds"
            )
        return host.strip("[]")
    if _SURELY_AN_INTERFACE.fullmatch(host):
        raise Wrong(
            f"{quoted(text)} names an interface, where libzmq looks for a host of that name; "
            f"where there is none, {fails}",
            "write the host that binds",
        )
    if not _HOST.fullmatch(host) or len(host) > _LONGEST_HOST:
        raise Wrong(f"{quoted(text)} has no host before its port", "write the host that binds")
    return host


def is_localhost(host: str, text: str) -> bool:
    """Raises Wrong where it is in capitals, which DNS takes and who compares it does not."""
    if host.lower() == "localhost" and host != "localhost":
        raise Wrong(f"{quoted(text)} has localhost in capitals", "write localhost")
    return host == "localhost"


def numeric_host(host: str, text: str, everywhere: str) -> IPv4Address | IPv6Address | None:
    """The address that is written, IPv6 in brackets; None for a name. Raises Wrong."""
    example = f'write "{everywhere}", or an address such as' if everywhere else "write one such as"
    if host.startswith("[") or host.endswith("]"):
        return _bracketed(host, text)
    if ":" in host:
        try:
            IPv6Address(host)
        except ValueError:
            raise Wrong(
                f"{quoted(text)} has a colon too many before its port",
                f"{example} 127.0.0.1",
            ) from None
        raise Wrong(
            f"{quoted(text)} has an IPv6 address without brackets, of which its last number "
            "is the port",
            f'write it in brackets: "[{host.partition("%")[0]}]"',
        )
    if "%" in host:
        raise Wrong(
            f"{quoted(text)} has a zone ('%') behind what is not IPv6", "remove it, with its '%'"
        )
    if not _NUMERIC.fullmatch(host):
        return None
    try:
        return IPv4Address(host)
    except ValueError:
        raise Wrong(
            f"{quoted(text)} has an address that is not four numbers from 0 to 255"
            f"{_read_by_libc(host)}",
            f"{example} 127.0.0.1",
        ) from None


def _read_by_libc(host: str) -> str:
    try:
        return f", and libzmq would take {IPv4Address(socket.inet_aton(host))}"
    except OSError:
        return ""


def _bracketed(host: str, text: str) -> IPv6Address:
    match = _IN_BRACKETS.fullmatch(host)
    if match is None:
        raise Wrong(f"{quoted(text)} has a bracket without its other", 'write one as in "[::1]"')
    inner = match[1]
    address, percent, zone = inner.partition("%")
    try:
        found = IPv6Address(address)
    except ValueError:
        if ":" not in inner:
            raise Wrong(
                f"{quoted(text)} has brackets, which are for IPv6, around {quoted(inner)}",
                "write it without brackets",
            ) from None
        raise Wrong(
            f"{quoted(text)} has brackets around what is not an IPv6 address",
            'write one as in "[::1]", or "[fe80::1%eth0]"',
        ) from None
    if percent and not (_ZONE.fullmatch(zone) or is_interface(zone)):
        raise Wrong(
            f"{quoted(text)} has a zone that is no interface",
            f'write its name or its number, as in "[{address}%eth0]"',
        )
    if found.is_link_local and not percent:
        raise Wrong(
            f"{quoted(text)} is link-local, which means nothing without its interface (EINVAL)",
            f'write the zone behind it, as in "[{address}%eth0]"',
        )
    return found


def no_host_has(address: IPv4Address | IPv6Address) -> bool:
    """Groups, broadcast, and what no interface is given (RFC 1122, RFC 4291)."""
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return address.is_multicast or (mapped is not None and no_host_has(mapped))
    if address.is_unspecified:
        return False
    return address.is_multicast or address.is_reserved or address <= _NOBODY


def cautions_of(host: str, *, fails: str = "libzmq refuses it (ENODEV)") -> tuple[Caution, ...]:
    """What an IPv6 address (unbracketed) needs of the program, and what `fails` without it."""
    if ":" not in host:
        return ()
    both = "; IPv4 reaches it too" if "ENODEV" in fails and host == "::" else ""
    return (
        Caution(
            f"[{host}] needs the socket option ZMQ_IPV6, without which {fails}{both}",
            "set ZMQ_IPV6 to 1 in the program",
        ),
    )
