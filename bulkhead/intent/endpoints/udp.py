"""udp: libzmq's src/udp_address.cpp; datagrams of RADIO, DISH and DGRAM.

Behind `interface;` only a group makes sense to it. Nobody learns a port that the system chose:
ZMQ_LAST_ENDPOINT repeats what was written (measured with 4.3.5: 'udp://lo:*').
"""

from __future__ import annotations

from typing import Final

from bulkhead.intent.endpoints.endpoint import ZmqEndpoint
from bulkhead.intent.endpoints.hosts import (
    REFUSED,
    cautions_of,
    is_interface,
    local_host,
    peer_host,
)
from bulkhead.intent.endpoints.multicast import expect_interface, group_in, parted
from bulkhead.intent.endpoints.ports import becomes, is_port, one_port, ports_to_bind
from bulkhead.intent.wrong import Wrong, quoted

_EXAMPLE: Final = "udp://eth0;239.1.1.1:5556"


def bind(rest: str, text: str) -> ZmqEndpoint:
    """`interface:port` or `[interface;]group:port`. Raises Wrong."""
    interface, host, port = parted(rest, text, _EXAMPLE)
    group = group_in(host, text)
    if group is not None:
        return _group(interface, host, port, text, binds=True)
    _refuse_interface(interface, text)
    address = local_host(host, text, f"udp://*:{port if is_port(port) else 5556}")
    ports, _ = ports_to_bind(port, text, loopback=False, czmq=False)
    return _endpoint(address, ports)


def connect(rest: str, text: str) -> ZmqEndpoint:
    """`host:port` or `[interface;]group:port`. Raises Wrong."""
    interface, host, port = parted(rest, text, _EXAMPLE)
    if group_in(host, text) is not None:
        return _group(interface, host, port, text, binds=False)
    _refuse_interface(interface, text)
    address = peer_host(host, text, fails=REFUSED)
    return _endpoint(address, _port_sent_to(port, text), fails=REFUSED)


def _group(interface: str, host: str, port: str, text: str, *, binds: bool) -> ZmqEndpoint:
    address = host.strip("[]")
    if interface:
        expect_interface(interface, text, _EXAMPLE)
        if ":" in address and not (interface == "*" or is_interface(interface)):
            raise Wrong(
                f"{quoted(text)} has an address before ';', and libzmq joins IPv6 groups by "
                "the name of an interface alone",
                f'write its name: "udp://eth0;{host}:{port if is_port(port) else 5556}"',
            )
    if not binds:
        return _endpoint(address, _port_sent_to(port, text), interface=interface, fails=REFUSED)
    nothing = "libzmq would take any free one" if port in ("*", "0") else "libzmq would refuse it"
    ports = one_port(port, text, becomes(port, nothing=nothing))
    return _endpoint(address, ports, interface=interface)


def _port_sent_to(port: str, text: str) -> tuple[int, int]:
    nothing = "libzmq takes it and sends to nobody" if port == "0" else REFUSED
    return one_port(port, text, becomes(port, verb="send to", nothing=nothing))


def _endpoint(
    address: str,
    ports: tuple[int, int] | None,
    *,
    interface: str = "",
    fails: str = "libzmq refuses it (ENODEV)",
) -> ZmqEndpoint:
    return ZmqEndpoint(
        transport="udp",
        address=address,
        ports=ports,
        interface=interface,
        warnings=cautions_of(address, fails=fails),
    )


def _refuse_interface(interface: str, text: str) -> None:
    if interface:
        raise Wrong(
            f"{quoted(text)} has an interface before what is no group, which libzmq refuses "
            "(EINVAL)",
            "write only the part behind the ';', or a group such as 239.1.1.1 there",
        )
