"""pgm and epgm: libzmq's src/pgm_socket.cpp, which hands most of it to OpenPGM.

Bind and connect are the same, and what is measured is libzmq 4.3.4 with OpenPGM 5.3.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Final, Literal

from bulkhead.intent.endpoints.endpoint import Caution, ZmqEndpoint
from bulkhead.intent.endpoints.hosts import is_interface, no_host_has, numeric_host
from bulkhead.intent.endpoints.multicast import group_in, parted
from bulkhead.intent.endpoints.ports import becomes, is_port, one_port
from bulkhead.intent.wrong import Wrong, quoted

# pgm/if.c of OpenPGM joins it where an interface stands alone.
_DEFAULT_GROUP: Final = "239.192.0.1"


def either(kind: Literal["pgm", "epgm"], rest: str, text: str) -> ZmqEndpoint:
    """`[interface;]group:port`. Raises Wrong."""
    example = f"{kind}://10.0.0.5;239.192.1.1:5556"
    interface, host, port = parted(rest, text, example)
    _expect_one_group(kind, interface, host, port, text)
    named = bool(interface) and _is_name(interface, text, example)
    ports = one_port(port, text, becomes(port))
    return ZmqEndpoint(
        transport=kind,
        address=host,
        ports=ports,
        interface=interface,
        warnings=(_looked_up(interface, text, example),) if named else (),
    )


def _expect_one_group(kind: str, interface: str, host: str, port: str, text: str) -> None:
    behind = port if is_port(port) else "5556"
    example = f"{kind}://10.0.0.5;239.192.1.1:{behind}"
    if "," in host or "," in interface:
        raise Wrong(
            f"{quoted(text)} names several groups, which is not supported",
            f'write one in an endpoint, as in "{example}"',
        )
    group = group_in(host, text) if host and host != "*" else None
    if group is not None and group.version == 6:
        raise Wrong(
            f"{quoted(text)} has an IPv6 group, and zmq_pgm(7) has IPv4 alone",
            f'write one such as "{example}"',
        )
    if group is not None:
        return
    if not interface and (not host or _may_be_an_interface(host, text)):
        raise Wrong(
            f"{quoted(text)} names no multicast group, and OpenPGM would join {_DEFAULT_GROUP}",
            f'write it out: "{kind}://{host and f"{host};"}{_DEFAULT_GROUP}:{behind}"',
        )
    raise Wrong(
        f"{quoted(text)} names no multicast group, and libzmq refuses it (EINVAL)",
        f'write one behind the interface\'s address, as in "{example}"',
    )


def _may_be_an_interface(host: str, text: str) -> bool:
    return host not in ("*", "lo") and (
        is_interface(host) or numeric_host(host, text, "") is not None
    )


def _is_name(interface: str, text: str, example: str) -> bool:
    """Whether the interface is named, and not by its address or the network that it is in.

    Raises Wrong for what is no interface.
    """
    if "/" in interface:
        try:
            IPv4Network(interface, strict=False)
        except ValueError:
            raise Wrong(
                f"{quoted(text)} has {quoted(interface)} before ';', which is no network",
                f'write one such as "{example.replace("10.0.0.5", "10.0.0.0/24")}"',
            ) from None
        return False
    if interface in ("*", "lo"):
        raise Wrong(
            f"{quoted(text)} has {quoted(interface)} before ';', which is no interface for "
            "multicast, and libzmq refuses it (EINVAL)",
            f'write the address or the network of one, as in "{example}"',
        )
    if is_interface(interface) and interface != "localhost":
        return True
    address = numeric_host(interface, text, "")
    if address is None:
        raise Wrong(
            f"{quoted(text)} names a host before ';', and DNS decides only when the program "
            "starts which interface that is",
            f'write the interface\'s address or its network, as in "{example}"',
        )
    if no_host_has(address) or address.is_unspecified or address.version == 6:
        raise Wrong(
            f"{quoted(text)} has an address before ';' that is no interface's, and libzmq "
            "refuses it (EINVAL)",
            f'write one as in "{example}"',
        )
    return False


def _looked_up(interface: str, text: str, example: str) -> Caution:
    """OpenPGM (pgm/if.c) looks at interfaces only when it is told that there is no such host."""
    network = example.replace("10.0.0.5", "10.0.0.0/24")
    return Caution(
        f"{quoted(text)} names an interface, and OpenPGM first asks DNS for a host {interface}: "
        "where nobody answers, libzmq refuses it (EINVAL)",
        f'write the interface\'s address or its network, as in "{network}"',
    )
