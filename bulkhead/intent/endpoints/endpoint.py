"""The value that an endpoint string means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

Transport = Literal[
    "tcp", "ws", "wss", "udp", "pgm", "epgm", "norm", "ipc", "inproc", "tipc", "vmci", "vsock"
]
"""All that libzmq has (src/address.hpp), in its spelling: in capitals it knows none."""

_PROTOCOLS: Final = {"tcp": 6, "ws": 6, "wss": 6, "udp": 17, "epgm": 17, "norm": 17, "pgm": 113}
"""What each is to IP (iana.org/assignments/protocol-numbers). The rest never become packets."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something legal that seldom means what it seems to, and what would be plainer."""

    what: str
    remedy: str


class ZmqEndpoint(BaseModel):
    """Where a socket binds, or what it connects to."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    transport: Transport
    address: str
    """A host, an interface, a multicast group, a path or a name, as written; IPv6 unbracketed."""
    ports: tuple[int, int] | None = None
    """First and last of those at one of which it binds; for most sockets that is one."""
    each_copy: bool = False
    """Whether each copy of a service has a port of its own: the first this one, and so on."""
    published: tuple[int, int] | None = None
    """Where others reach it, if something in between maps its port: a container's, say."""
    choice: Literal["", "*", "!"] = ""
    """How czmq or libzmq chooses among them: '*' the first free one, '!' any; '' they do not."""
    interface: str = ""
    """Of multicast, through which it sends and joins: a name, an address, for pgm its network."""
    node: str = ""
    """Of norm, its NormNodeId."""
    source: str = ""
    """Whence it connects, 'eth1:0' or '10.0.0.5:40000'; libzmq ignores that where one binds."""
    path: str = ""
    """Of ws and wss, with its slash."""
    warnings: tuple[Caution, ...] = ()

    @property
    def text(self) -> str:
        """As ZeroMQ writes it; a range of ports as czmq or a topology does."""
        behind = f":{self._written_ports}" if self._written_ports else ""
        node = f"{self.node}," if self.node else ""
        before = f"{self.source or self.interface};" if self.source or self.interface else ""
        host = f"[{self.address}]" if self.protocol and ":" in self.address else self.address
        return f"{self.transport}://{node}{before}{host}{behind}{self.path}"

    @property
    def _written_ports(self) -> str:
        if not self.choice:
            return self.at
        return f"{self.choice}[{self.ports[0]}-{self.ports[1]}]" if self.ports else self.choice

    @property
    def at(self) -> str:
        """'5556', of a range '51000-51999', of what has no port, or an open one, ''."""
        if self.ports is None:
            return ""
        first, last = self.ports
        return str(first) if first == last else f"{first}-{last}"

    @property
    def outside(self) -> tuple[int, int] | None:
        """The ports at which other hosts reach it: those that rules are about."""
        return self.published or self.ports

    @property
    def open_port(self) -> bool:
        """Whether libzmq or czmq chooses the port, and only the running program knows it."""
        return bool(self.choice)

    @property
    def source_port(self) -> int | None:
        """The one port from which it connects, where `source` pins it."""
        port = self.source.rpartition(":")[2]
        return int(port) if port.isdecimal() and int(port) else None

    @property
    def protocol(self) -> int | None:
        """The IP protocol of its packets: 6, 17, or 113 for pgm, which has no ports; or None."""
        return _PROTOCOLS.get(self.transport)

    @property
    def carrier(self) -> str:
        """What its ports are of: 'tcp' of ws too, 'udp' of epgm; or its own name."""
        return {6: "tcp", 17: "udp"}.get(self.protocol or 0, self.transport)

    @property
    def exclusive(self) -> bool:
        """Whether one socket of a host has it alone; those of a multicast group share its port,
        and of a port that the system chooses nobody knows which it is."""
        unknown = self.open_port and self.ports is None
        return not unknown and not self.multicast

    @property
    def drawn_from(self) -> tuple[int, int] | None:
        """The range of which its program takes any port that is free; None of a port that is said,
        and of a port for each copy."""
        if self.ports is None or self.each_copy or self.ports[0] == self.ports[1]:
            return None
        return self.ports

    @property
    def group(self) -> IPv4Address | IPv6Address | None:
        """The multicast group that it sends to or joins."""
        address = self._numeric(self.address)
        return address if address is not None and address.is_multicast else None

    @property
    def multicast(self) -> bool:
        return self.group is not None

    @property
    def literal(self) -> IPv4Address | IPv6Address | None:
        """The one numeric address of a host that it names.

        An IPv4 address in IPv6 (::ffff:10.0.0.1) is what it is on the wire. None for a name, for
        all addresses (0.0.0.0, ::), and for a group, where its interface may have one.
        """
        address = self._numeric(self.interface if self.multicast else self.address)
        return None if address is None or address.is_unspecified else address

    @property
    def ipv6(self) -> bool:
        """Whether only IPv6 carries it."""
        if self.group is not None:
            return self.group.version == 6
        return isinstance(self._numeric(self.address), IPv6Address)

    @property
    def everywhere(self) -> bool:
        """Whether its port is open at all addresses of the host.

        Multicast and norm open it so whichever interface they name (src/udp_engine.cpp binds ANY;
        measured of epgm and norm with 4.3.4).
        """
        if self.protocol is None:
            return False
        if self.address == "*" or self.multicast or self.transport == "norm":
            return True
        address = self._numeric(self.address)
        return address is not None and address.is_unspecified

    @property
    def loopback(self) -> bool:
        """Whether it is of IP and only the same host can reach it."""
        if self.protocol is None or self.everywhere:
            return False
        literal = self.literal
        return self.address in ("lo", "localhost") or (literal is not None and literal.is_loopback)

    @property
    def to_one_by_norm(self) -> bool:
        """Whether a PUB that connects there sends by norm, to nobody else."""
        return self.transport == "norm" and not self.multicast

    @property
    def on_network(self) -> bool:
        """Whether IP packets of other hosts can reach it."""
        return self.protocol is not None and not self.loopback

    def _numeric(self, host: str) -> IPv4Address | IPv6Address | None:
        return None if self.protocol is None else _numeric(host)

    def __str__(self) -> str:
        return self.text

    def of_copies(self, count: int) -> ZmqEndpoint:
        """With the ports of so many copies of a service, where each has one of its own."""
        return self._counted(0, count - 1)

    def of_copy(self, number: int) -> ZmqEndpoint:
        """Of the copy with this number, counted from 1, where each has a port of its own."""
        return self._counted(number - 1, number - 1)

    def _counted(self, first: int, last: int) -> ZmqEndpoint:
        """From so many ports behind that of the first copy to so many."""
        if not self.each_copy or self.ports is None:
            return self
        told = {"ports": self.ports, "published": self.published}
        steps = {key: (ports[0] + first, ports[0] + last) for key, ports in told.items() if ports}
        return self.model_copy(update=steps)

    @property
    def from_outside(self) -> ZmqEndpoint:
        """As other hosts connect to it."""
        return self.model_copy(update={"ports": self.outside})


@lru_cache(maxsize=4096)
def _numeric(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
