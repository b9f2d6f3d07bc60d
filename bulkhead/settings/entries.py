"""What a program is told: plain values, in the words of ZeroMQ."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address
from typing import Literal

from bulkhead.network import IPAddress
from bulkhead.settings.beside import PlainNeed
from bulkhead.settings.profile import SocketProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyInterface:
    """One of the network interfaces of a copy that has several, as the plan has it.

    `end` is what flows call it ('router.eth1'), `interface` what the host does.
    """

    end: str
    interface: str
    name: str
    address: IPAddress
    host: str = ""
    """What it is called in DNS; '' where the topology gives no names."""
    ipv6: IPv6Address | None = None
    """Its address of IPv6 beside that; None where it has none. It may stand for one of AWS's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One of the copies of a service, counted from 1, as the plan calls and addresses it."""

    number: int
    name: str
    address: IPAddress
    instance_type: str = ""
    host: str = ""
    """What it is called in DNS; '' where the topology gives no names."""
    interfaces: tuple[CopyInterface, ...] = ()
    """All of them, the one of `address` first; none where that is the only one."""
    ipv6: IPv6Address | None = None
    """As of an interface."""

    def address_at(self, end: str) -> IPAddress:
        """Its address where flows call it so."""
        return next((each.address for each in self.interfaces if each.end == end), self.address)

    def ipv6_at(self, end: str) -> IPv6Address | None:
        """Its address of IPv6 there; None where it has none."""
        return next((each.ipv6 for each in self.interfaces if each.end == end), self.ipv6)

    def called_at(self, end: str) -> str:
        """The same as who connects writes it: its name, where it has one."""
        host = next((each.host for each in self.interfaces if each.end == end), self.host)
        return host or str(self.address_at(end))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingCopies:
    """Copies of a service that come and go: none has a number, or an address that a plan knows.

    `most` is None of a function: Lambda starts as many as there are events.
    """

    fewest: int
    most: int | None
    within: tuple[IPv4Network, ...]
    """The blocks of the subnets that they are in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindsAt:
    """An endpoint to bind. `copy` is whose it is; None: of every copy, or of a site.

    `endpoint` is None where nobody here knows the address, `why` says so.
    """

    endpoint: str | None
    copy: int | None = None
    why: str = ""
    later: bool = False
    """Whether it is at an address of IPv6 that only AWS will give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectsTo:
    """An endpoint to connect to: `to` is the socket, `copy` the one of its owner's copies.

    `also` are its other endpoints: one is enough, and over two a SUB has every message twice.
    `server_key` is a reference to the key of a CURVE server. `why` says what of these nobody here
    knows: the `endpoint`, None then, or one of IPv6.
    """

    to: str
    endpoint: str | None
    copy: int | None = None
    also: tuple[str, ...] = ()
    server_key: str | None = None
    why: str = ""
    later: bool = False
    """Whether there is one more, at an address of IPv6 that only AWS will give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketSettings:
    """Everything about one socket. The end that binds is the server of a mechanism.

    `public_key` and `secret_key` are references, None without CURVE; so are `client_keys`, of
    those whom a ZAP handler may let in.
    """

    name: str
    type: str
    mechanism: str
    """'' of plain TCP."""
    zap: bool
    vpc_encrypts: bool
    """Whether its VPC has the hosts at both ends encrypt all that it sends and gets."""
    bind: tuple[BindsAt, ...]
    connect: tuple[ConnectsTo, ...]
    profile: SocketProfile
    public_key: str | None = None
    secret_key: str | None = None
    client_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerSettings:
    """Of a service, or of a site's programs; `copies` are those that were asked about, and none
    where they are `coming`."""

    topology: str
    owner: str
    kind: Literal["service", "site"]
    copies: tuple[Copy, ...]
    sockets: tuple[SocketSettings, ...]
    beside: tuple[PlainNeed, ...] = ()
    coming: ComingCopies | None = None

    @property
    def unknown(self) -> tuple[str, ...]:
        """What no address is known for, in words."""
        points: list[tuple[str, BindsAt | ConnectsTo]] = []
        for socket in self.sockets:
            points += [(socket.name, bound) for bound in socket.bind]
            points += [(socket.name, reached) for reached in socket.connect]
        return tuple(
            f"{self.owner}.{name}: {each.why}" for name, each in points if each.endpoint is None
        )
