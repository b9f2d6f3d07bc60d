"""One socket connects to another."""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Network

from pydantic import Field

from bulkhead.intent.endpoints import Transport, ZmqEndpoint
from bulkhead.intent.endpoints.norm import FEEDBACK
from bulkhead.intent.model.base import Resolved
from bulkhead.intent.model.exposure import ExposureSaid
from bulkhead.intent.model.socket import Socket


class Connection(Resolved):
    """One socket connects to another: the reason why a flow may exist."""

    client: str
    client_socket: Socket
    server: str
    server_socket: Socket
    transport: Transport
    leaves_host: bool
    path: tuple[str | int, ...] = Field(default=(), repr=False, exclude=True)
    """Where it is written: ('services', 'momentum', 'sockets', 'market', 'connect', 0)."""

    @property
    def endpoints(self) -> tuple[ZmqEndpoint, ...]:
        """Those of the server that are reached over the network.

        There are none for inproc, ipc and tcp on loopback, which never leave the host.
        """
        if not self.leaves_host:
            return ()
        return (FEEDBACK,) if self.server_socket.feedback else self.server_socket.listens

    @property
    def between(self) -> tuple[tuple[str, str], ...]:
        """What flows call its two ends, ('momentum.market', 'ticker.ticks'): at each interface
        where its server is reached."""
        if not self.leaves_host:
            return ()
        client, server = self.client_socket, self.server_socket
        called = f"{client.connects_by}.{client.name}"
        return tuple((called, f"{end}.{server.name}") for end in server.ends)

    @property
    def why(self) -> str:
        """What it is needed for: as its client says, or else its server; '' where neither does."""
        return self.client_socket.why or self.server_socket.why or ""

    @property
    def owner(self) -> str:
        """Who answers for it: as its client says, or else its server; '' where neither does."""
        return self.client_socket.answers or self.server_socket.answers or ""

    @property
    def clients_at(self) -> tuple[IPv4Network, ...]:
        """The addresses of its site at which the client is alone; empty: it may be at any."""
        return () if self.client_socket.at is None else (self.client_socket.at,)

    @property
    def until(self) -> date | None:
        """The last day on which both ends say that they need it; None where neither does."""
        said = (self.client_socket.until, self.server_socket.until)
        return min((each for each in said if each), default=None)

    @property
    def exposure(self) -> ExposureSaid | None:
        """Why it may cross the internet, if it does: as its client says, or else its server."""
        return self.client_socket.exposure or self.server_socket.exposure

    @property
    def exposed_via(self) -> str:
        """What a peer on the internet meets, as its client or its server says: 'nlb', or '' where
        it meets a copy itself."""
        said = (self.client_socket.exposure, self.server_socket.exposure)
        return next((each.via for each in said if each and each.via), "")

    @property
    def mechanism(self) -> str:
        """The one that both ends name; '' of plain TCP without TLS."""
        socket = self.server_socket
        plain = not socket.type.speaks_zmtp and socket.mechanism.of_zmtp
        return "" if plain else str(socket.mechanism)

    @property
    def tls(self) -> bool:
        """Whether TLS is under it, whichever endpoint the client takes."""
        return bool(self.endpoints) and all(str(each.transport) == "wss" for each in self.endpoints)

    def __str__(self) -> str:
        return f"{self.client_socket} -> {self.server_socket}"
