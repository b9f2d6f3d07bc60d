"""What udp, pgm and norm share: `interface;group:port`."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from bulkhead.intent.endpoints.hosts import is_interface, no_host_has, numeric_host
from bulkhead.intent.wrong import Wrong, quoted


def parted(rest: str, text: str, example: str) -> tuple[str, str, str]:
    """Interface, host and port; '' for what is not written but the port. Raises Wrong."""
    interface, _, behind = rest.rpartition(";")
    if ";" in interface:
        raise Wrong(
            f"{quoted(text)} has more than one ';', and several groups are not supported",
            f'write one group in an endpoint, as in "{example}"',
        )
    host, colon, port = behind.rpartition(":")
    if not colon:
        raise Wrong(f"{quoted(text)} has no port", f'write one behind a colon: "{example}"')
    return interface, host, port


def group_in(host: str, text: str) -> IPv4Address | IPv6Address | None:
    """The multicast group, where it is one. Raises Wrong for an address that is misspelt."""
    address = numeric_host(host, text, "")
    return address if address is not None and address.is_multicast else None


def expect_interface(interface: str, text: str, example: str) -> None:
    """Raises Wrong unless it is a name or an address that an interface can have; '*' for any."""
    if interface == "*" or is_interface(interface):
        return
    address = numeric_host(interface, text, "") if ":" not in interface else None
    if address is None or address.version == 6 or no_host_has(address):
        raise Wrong(
            f"{quoted(text)} has {quoted(interface)} before ';', which is no interface",
            f'write its name or address alone, as in "{example}"',
        )
