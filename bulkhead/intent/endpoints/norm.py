"""norm: `[id,][interface;]address:port`, libzmq's src/norm_engine.cpp.

Bind and connect are the same. What libzmq cannot make sense of ends the program, for nobody
looks at it before the engine starts (src/session_base.cpp asserts; measured with 4.3.4).

With one peer a PUB sends from a port of the system's choice to the address that it names, and the
SUB, which does not look at its own one, tells it what was lost at that port, from another that the
system chose: no reply, as a firewall sees it. Without it the PUB all but stops (measured: 19 of
247 messages, and none again that was lost). Both open the port at all addresses, alone.
"""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.endpoints.endpoint import Caution, ZmqEndpoint
from bulkhead.intent.endpoints.hosts import no_host_has, numeric_host
from bulkhead.intent.endpoints.multicast import expect_interface, parted
from bulkhead.intent.endpoints.ports import becomes, one_port
from bulkhead.intent.wrong import Wrong, quoted

FEEDBACK: Final = ZmqEndpoint(transport="norm", address="*")
"""Where a PUB hears what was lost: at the port whence it sends, one of its client ports."""

_EXAMPLE: Final = "norm://eth0;239.192.1.1:5556"

_OF_ONE: Final = "norm://localhost:5556"

# 0 is NORM_NODE_NONE, and the highest NORM_NODE_ANY (normApi.h).
_NODE: Final = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_HIGHEST_NODE: Final = 2**32 - 2


def either(rest: str, text: str) -> ZmqEndpoint:
    """`[id,][interface;]address:port`. Raises Wrong."""
    node, comma, behind = rest.rpartition(",")
    if comma and not (_NODE.fullmatch(node) and int(node) <= _HIGHEST_NODE):
        raise Wrong(
            f"{quoted(text)} has no node number before its ',', and libzmq makes of it what it can",
            f"write one from 1 to {_HIGHEST_NODE}, or remove it with its ','",
        )
    interface, host, port = parted(behind, text, _EXAMPLE)
    if ";" in behind and not interface:
        raise Wrong(f"{quoted(text)} names no interface before ';'", "remove the ';'")
    multicast = _is_group(host, text)
    if interface:
        expect_interface(interface, text, _EXAMPLE)
        if interface == "*":
            raise Wrong(
                f"{quoted(text)} has '*' before ';', which NORM has no interface for",
                "remove it with its ';'",
            )
    ports = one_port(port, text, becomes(port, nothing="libzmq would take any free one"))
    return ZmqEndpoint(
        transport="norm",
        address=host,
        ports=ports,
        interface=interface,
        node=node,
        warnings=(_ignored(text),) if interface and not multicast else (),
    )


def _is_group(host: str, text: str) -> bool:
    """Whether a group, or else the one peer it speaks with. Raises Wrong where it is neither."""
    if host == "localhost":
        return False
    address = numeric_host(host, text, "") if host != "*" else None
    if address is not None and address.is_multicast and address.version == 4:
        return True
    if host in ("", "*"):
        what = "no address, and libzmq ends the program over it"
    elif address is None:
        what = (
            "a name, and where DNS does not know it libzmq ends the program or opens another port"
        )
    elif address.version == 6:
        what = "an IPv6 address, and libzmq ends the program over it"
    elif no_host_has(address) or address.is_unspecified:
        what = "an address that is neither a group nor a host's"
    else:
        return False
    raise Wrong(
        f"{quoted(text)} has {what}",
        f'write a group, as in "{_EXAMPLE}", or "{_OF_ONE}" where a SUB hears one PUB',
    )


def _ignored(text: str) -> Caution:
    return Caution(
        f"{quoted(text)} has an interface before ';', which libzmq ignores unless it is for a "
        "multicast group",
        "write only the part behind the ';'",
    )
