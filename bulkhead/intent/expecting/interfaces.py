"""By which of its interfaces a service is meant, and by which it is to reach something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bulkhead.intent.model import PlainFlow
from bulkhead.intent.wiring import End, Owner, Wire

Reachable = tuple[str, str]
"""What flows call who waits, and the socket there; '' is whatever waits."""


class Interfaces:
    """What flows call services and sites: of a service with several interfaces, each of them."""

    def __init__(
        self, owners: Mapping[str, Owner], wires: Iterable[Wire], flows: Iterable[PlainFlow]
    ) -> None:
        self._owners = owners
        self._of = {end: owner for owner in owners.values() for end in owner.ends}
        self._meant: dict[str, tuple[str, ...]] = {}
        for owner in owners.values():
            self._meant[owner.name] = owner.ends
            for each in owner.interfaces:
                self._meant[f"{owner.name}.{each}"] = (owner.called(each),)
        self._opened: set[tuple[str, Reachable]] = set()
        if any(owner.several for owner in owners.values()):
            self._take(wires, flows)

    def _take(self, wires: Iterable[Wire], flows: Iterable[PlainFlow]) -> None:
        for wire in wires:
            client = wire.client.owner.called(wire.client.interface)
            for each in wire.endpoints:
                there = wire.server.reached_at(each)
                self._opened |= {(client, (there, wire.server.name)), (client, (there, ""))}
        for flow in flows:
            self._opened.add((flow.client, (flow.server, flow.name)))
            self._opened.add((flow.client, (flow.server, "")))

    def owner(self, name: str) -> Owner | None:
        """Whose it is that is called so: a service, an interface of it, a site."""
        found = self._owners.get(name) or self._of.get(name)
        return found or self._owners.get(name.partition(".")[0] if name in self._meant else "")

    def meant(self, name: str) -> tuple[str, ...]:
        """All interfaces of a service, or the one that is named; whatever else as it is."""
        return self._meant.get(name, (name,))

    def of_socket(self, name: str, socket: str) -> tuple[str, ...]:
        """By which a socket connects; of what is no socket, by any that is meant."""
        ends, owner = self.meant(name), self.owner(name)
        if owner is None or (written := owner.sockets.get(socket)) is None:
            return ends
        by = owner.called(End(owner, socket, written).interface)
        return (by,) if by in ends else ends

    def is_asked(self, client: str, end: str) -> bool:
        """Of a service that is meant as one of many: whether it is to be reached there, as it is
        declared; where nothing is, at the first of its interfaces."""
        owner = self._of.get(end)
        if owner is None or not owner.several:
            return True
        declared = [each for each in owner.ends if (client, (each, "")) in self._opened]
        return end in (declared or (owner.name,))

    def goes(self, client: str, there: Reachable, among: Iterable[str]) -> bool:
        """Whether a service is to reach something by this of its interfaces, among those meant:
        by those that have it declared; if none has, by the first of them."""
        owner = self._of.get(client)
        if owner is None or not owner.several:
            return True
        own = [each for each in among if self._of.get(each) is owner]
        declared = [each for each in own if (each, there) in self._opened]
        return client in (declared or own[:1])
