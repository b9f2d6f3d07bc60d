"""As whom a packet comes in from the internet: it depends on how it left for there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.edits import PUBLIC
from bulkhead.explain.walk.conversation import Conversation
from bulkhead.explain.walk.journey import Ended, Journey, leaves
from bulkhead.network import NAT_PORTS, Network, PortRange, TargetKind


class Unnamed(Enum):
    """As whom a packet comes in of which nobody knows the address."""

    SOME = "some public address"
    UNSEEN = "out of sight"
    """It went where nobody can follow it: what comes in, if anything, may be anything."""
    SERVICE = "to a service"
    """A gateway endpoint took it to its service, whoever has the address elsewhere."""


@dataclass(frozen=True, slots=True)
class Guise:
    """The address by which the internet knows a packet, and the ports that it may come from."""

    address: IPv4Address | Unnamed
    client_ports: PortRange
    of: str = ""
    """Who has the address."""


def guises_of(talk: Conversation) -> Iterator[Guise]:
    """As whom the request may come in again, by every way on which it is not dropped."""
    ways = [way for way in leaves(talk.request) if way.stage is not Ended.DROPPED]
    passing = [way for way in ways if way.word is not False]
    for way in passing or ways:
        yield from _guises(talk, way)


def _guises(talk: Conversation, way: Journey) -> Iterator[Guise]:
    if way.exit is TargetKind.GATEWAY_ENDPOINT:
        yield Guise(Unnamed.SERVICE, talk.client_ports)
    elif way.exit is not TargetKind.INTERNET_GATEWAY:
        yield Guise(Unnamed.UNSEEN, talk.client_ports)
    elif way.nats:
        nat, zone = way.nats[-1].gateway, way.nats[-1].zone
        here = (address for where, address in nat.zones if where == zone)
        for address in nat.public_addresses if nat.subnet else here:
            yield Guise(address, NAT_PORTS, f"NAT gateway {nat.name}")
    elif talk.destination.version == 6:
        # Whether somebody on the internet translates it, and as whose, nobody knows.
        yield Guise(Unnamed.UNSEEN, talk.client_ports)
    else:
        yield from _own(talk.atlas.network, talk.source, talk.client_ports)


def _own(network: Network, source: Endpoint, client_ports: PortRange) -> Iterator[Guise]:
    if source.kind is not EndpointKind.INTERFACE:
        yield Guise(Unnamed.SOME, client_ports)
        return
    address = network.interface[source.id].public_for(source.address)
    if isinstance(address, IPv4Address):
        # A remedy gives an address of which nobody knows yet which it will be.
        known = Unnamed.SOME if address == PUBLIC else address
        yield Guise(known, client_ports, source.thing)
