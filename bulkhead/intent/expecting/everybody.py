"""Who is meant by a test, among all that is declared: clients, and what they are to reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from bulkhead.intent.endpoints import ZmqEndpoint
from bulkhead.intent.expecting.aims import (
    ALL_TRAFFIC,
    EVERY_PORT,
    TCP,
    AimKind,
    PortSpan,
    TestAim,
    read_aim,
    span_of,
)
from bulkhead.intent.expecting.interfaces import Interfaces
from bulkhead.intent.model import PlainFlow, Target
from bulkhead.intent.nobody import expect_somebody
from bulkhead.intent.places import as_place, is_within
from bulkhead.intent.selectors import EVERYBODY, SEGMENT, services_meant
from bulkhead.intent.values import PUBLIC_INTERNET
from bulkhead.intent.wiring import End, Owner, Wire, ends_of
from bulkhead.intent.wrong import KnownNames, Wrong, alternatives, nearest, quoted

Where = tuple[int, int, int, object]
"""Protocol, first and last port, and the addresses at which alone that is; None: at all."""


class Callers(NamedTuple):
    """Clients that somebody declared, and whoever else is meant where nobody is to get through."""

    declared: tuple[str, ...]
    others: tuple[str, ...] = ()


class Everybody:
    """Services, sites, the internet, and of each segment the hosts that nobody declared.

    And what waits at the first two: sockets, and whatever answers flows that are not ZeroMQ.
    """

    def __init__(
        self,
        owners: Mapping[str, Owner],
        segments: Iterable[str],
        wires: Iterable[Wire],
        flows: Iterable[PlainFlow],
    ) -> None:
        self.owners = owners
        self.segments = tuple(segments)
        self._interfaces = Interfaces(owners, wires, flows)
        self._waiting: dict[str, dict[str, list[Where]]] = {}
        """By what flows call an interface of a service, or a site; then by socket."""
        for end in ends_of(owners):
            for each in end.written.listens:
                at = _alone_at(end, each) if end.owner.outside else None
                where = (each.protocol or TCP, *(each.outside or EVERY_PORT), at)
                sockets = self._waiting.setdefault(end.reached_at(each), {})
                sockets.setdefault(end.name, []).append(where)
        for flow in flows:
            self._waiting.setdefault(flow.server, {}).setdefault(flow.name, []).extend(
                (*span_of(each), flow.server_at) for each in flow.traffic
            )
        self._names = KnownNames([*owners, PUBLIC_INTERNET])
        self._segment_names = KnownNames(self.segments)
        self._sockets_of = cache(
            lambda owner: KnownNames({*owners[owner].sockets, *self._waiting_at(owner)})
        )
        self._choices_of = cache(
            lambda owner: alternatives(f"{owner}.{each}" for each in self._waiting_at(owner))
        )
        self._services = cache(self._services_meant)

    def read(self, text: str) -> TestAim:
        """What a text says, by who there is: 'router.eth1' is an interface of a service, and all
        that may be said of that is said of it. Raises Wrong."""
        aim = read_aim(text)
        if aim.kind != "socket":
            return aim
        name, _, socket = aim.socket.partition(".")
        owner = self.owners.get(aim.name)
        if owner is not None and name in owner.interfaces:
            kind: AimKind = "socket" if socket else "owner"
            aim = replace(aim, kind=kind, name=f"{aim.name}.{name}", socket=socket)
        if aim.kind == "socket" and aim.traffic is not None:
            port = text.partition(":")[2].strip()
            remedy = f"write {aim.name}.{aim.socket}, or {aim.name}:{port}"
            raise Wrong(f"{quoted(text)} is a socket and a port of its own", remedy)
        return aim

    def goes(self, client: str, target: Target, aim: TestAim, among: Iterable[str]) -> bool:
        """Of services with several interfaces, of which one is to reach the other: whether by
        these of theirs."""
        many = aim.kind in ("everybody", "label") and target.traffic is not None
        if many and not self._interfaces.is_asked(client, target.to):
            return False
        return self._interfaces.goes(client, (target.to, target.socket), among)

    def callers(self, aim: TestAim) -> Callers:
        """Who asks. Raises Wrong."""
        if aim.traffic is not None:
            what = f"{quoted(aim.text)} is traffic, and a test is from somebody"
            raise Wrong(what, f"write from: {aim.name}")
        match aim.kind:
            case "internet":
                return Callers((PUBLIC_INTERNET,))
            case "owner" | "socket":
                if "/" in aim.name:
                    self._expect_host(aim.name)
                else:
                    self._owner(aim.name)
                if aim.kind == "socket":
                    self._expect_socket(aim)
                    return Callers(self._interfaces.of_socket(aim.name, aim.socket))
                return Callers(self._interfaces.meant(aim.name))
            case _:
                return Callers(tuple(self._services(aim.kind, aim.name)), self._beside(aim))

    def targets(self, aim: TestAim, *, accept: bool) -> tuple[Target, ...]:
        """What is to be reached, or not; nothing where that could not be read. Raises Wrong."""
        match aim.kind:
            case "socket":
                owner = self._owner(aim.name)
                self._expect_socket(aim)
                if aim.socket in _unread(owner):
                    return ()
                ends = self._interfaces.meant(aim.name)
                found = [end for end in ends if aim.socket in self._waiting.get(end, ())]
                if not found:
                    what = f"{aim.text} binds nothing that another host can reach"
                    some = self._waiting_at(aim.name)
                    raise Wrong(what, f"name {self._choices_of(aim.name)}" if some else "remove it")
                return tuple(Target(end, aim.socket) for end in found)
            case "owner" | "internet":
                if "/" in aim.name:
                    self._expect_host(aim.name)
                elif aim.kind == "owner":
                    self._owner(aim.name)
                return self._of_one(aim, accept=accept)
        services = self._services(aim.kind, aim.name)
        if aim.traffic is None:
            # A site's sockets are among everybody's.
            among = self.owners if aim.kind == "everybody" else services
            return tuple(each for name in among for each in self._sockets(name))
        if accept:
            self._expect_some_ports(aim)
        who = (*services, *(() if accept else self._beside(aim)))
        return tuple(Target(name, traffic=aim.traffic) for name in who)

    def where(self, target: Target) -> Iterable[Where]:
        """At which ports that is."""
        if target.traffic is not None:
            return [(*target.traffic, target.at)]
        return self._waiting[target.to][target.socket]

    def meets(self, client: str, target: Target) -> bool:
        """Whether a packet between them is a question: none stays on one host, or passes by."""
        owner = self._interfaces.owner(client)
        if owner is None and client == target.to:
            return False  # the internet, or hosts of one segment that nobody declared
        if owner is not None and owner is self._interfaces.owner(target.to):
            return not owner.outside and owner.replicas > 1
        return not (self.outside(client) and self.outside(target.to))

    def is_own(self, clients: Iterable[str], aim: TestAim) -> bool:
        """Whether one of the clients is the very host that is meant."""
        owner = self._interfaces.owner(aim.name)
        if owner is None or owner.outside:
            return False
        return any(self._interfaces.owner(each) is owner for each in clients)

    def outside(self, name: str) -> bool:
        """Whether it is the internet, or a site."""
        owner = self.owners.get(name.partition("/")[0])
        return name == PUBLIC_INTERNET or (owner is not None and owner.outside)

    def _of_one(self, aim: TestAim, *, accept: bool) -> tuple[Target, ...]:
        if aim.traffic is not None:
            if accept:
                self._expect_some_ports(aim)
            ends = self._interfaces.meant(aim.name)
            if accept and len(ends) > 1:
                service, port = aim.name, aim.text.partition(":")[2]
                what = f"{quoted(aim.text)} in accept: service {service} has several interfaces"
                some = (f"{service}.{name}:{port}" for name in self.owners[service].interfaces)
                raise Wrong(what, f"write {alternatives(some)}")
            return tuple(self._traffic(each, aim.traffic) for each in ends)
        site, slash, _ = aim.name.partition("/")
        found = tuple(self._at_host(aim.name) if slash else self._sockets(aim.name))
        owner = self._interfaces.owner(site)
        if found or (owner is not None and _unread(owner)):
            return found
        if accept:
            what = f"{quoted(aim.name)} leaves no socket to test"
            raise Wrong(what, f"name a socket that binds tcp, or a port, as in {aim.name}:443")
        # Nothing waits there, so nothing is to arrive.
        ends = self._interfaces.meant(aim.name)
        return tuple(self._traffic(each, ALL_TRAFFIC) for each in ends)

    def _traffic(self, name: str, traffic: PortSpan) -> Target:
        """To somebody, or to one host of a site, or a network of it."""
        site, slash, host = name.partition("/")
        at = self.owners[site].hosts[host] if slash else None
        return Target(site, traffic=traffic, at=at)

    def _at_host(self, name: str) -> Iterator[Target]:
        """What waits at one host of a site, or in a network of it, and nowhere else; of what
        waits elsewhere too, its ports there."""
        site, _, host = name.partition("/")
        network = self.owners[site].hosts[host]
        for socket, places in self._waiting.get(site, {}).items():
            there = [each for each in places if network and is_within(each[3], network)]
            if len(there) == len(places):
                yield Target(site, socket)
            else:
                for protocol, first, last, _ in there:
                    yield Target(site, traffic=(protocol, first, last), at=network)

    def _sockets(self, name: str) -> Iterator[Target]:
        """Of a service those at each of its interfaces."""
        ends = self._interfaces.meant(name)
        return (Target(end, each) for end in ends for each in self._waiting.get(end, ()))

    def _waiting_at(self, name: str) -> list[str]:
        return [*dict.fromkeys(each.socket for each in self._sockets(name))]

    def _services_meant(self, kind: str, selector: str) -> Mapping[str, None]:
        if kind == "segment":
            name = selector.removeprefix(SEGMENT)
            if name not in self.segments:
                what = f"there is no segment {quoted(name)}"
                raise Wrong(what, self._segment_names.nearest(name))
            services = (each for each in self.owners.values() if not each.outside)
            found = [end for each in services for end in each.ends_in(name)]
        else:
            meant = services_meant(selector, self.owners.values())
            found = [end for each in meant for end in each.ends]
        return dict.fromkeys(found)

    def _beside(self, aim: TestAim) -> tuple[str, ...]:
        """Whom a selector means beside services, where nobody is to get through."""
        if aim.kind == "segment":
            return (aim.name,)
        if aim.kind == "label":
            return ()
        sites = (each.name for each in self.owners.values() if each.outside)
        return (*sites, *(f"{SEGMENT}{each}" for each in self.segments), PUBLIC_INTERNET)

    def _owner(self, name: str) -> Owner:
        if (owner := self._interfaces.owner(name)) is not None:
            return owner
        expect_somebody(name, self.owners)
        if "/" in name:
            site = name.partition("/")[0]
            raise Wrong(f"{quoted(name)}: a socket is its site's", f"write {site} and the socket")
        what = f"there is no service or site {quoted(name)}"
        if name in self.segments:
            raise Wrong(f"{what}, but a segment", f"write {SEGMENT}{name}")
        raise Wrong(what, self._names.nearest(name))

    def _expect_host(self, name: str) -> None:
        site, _, host = name.partition("/")
        owner = self._owner(site)
        if host not in owner.hosts:
            remedy = nearest(host, owner.hosts) if owner.hosts else f"write {site}"
            raise Wrong(f"{owner.noun} has no host {quoted(host)}", remedy)

    def _expect_socket(self, aim: TestAim) -> None:
        owner, ends = self._owner(aim.name), self._interfaces.meant(aim.name)
        waiting = any(aim.socket in self._waiting.get(end, ()) for end in ends)
        if aim.socket not in owner.sockets and not waiting:
            expect_somebody(f"{aim.name}.{aim.socket}", self.owners)
            what = f"{owner.noun} has no socket {quoted(aim.socket)}"
            remedy = f"name a port, as in {aim.name}:443"
            if owner.sockets or self._waiting_at(aim.name):
                remedy = self._sockets_of(owner.name).nearest(aim.socket)
            if aim.socket == EVERYBODY:
                remedy = f"write {aim.name}, which means all of them"
            raise Wrong(what, remedy)

    def _expect_some_ports(self, aim: TestAim) -> None:
        if aim.traffic == ALL_TRAFFIC:
            what = f"{quoted(aim.text)} in accept would open everything"
            raise Wrong(what, f"name what must get through, as in {aim.name}:443")


def _alone_at(end: End, endpoint: ZmqEndpoint) -> object:
    """The addresses of a site at which alone a socket waits."""
    return end.at or as_place(endpoint.literal)


def _unread(owner: Owner) -> list[str]:
    """The sockets of which nobody knows whether they bind."""
    return [name for name, each in owner.sockets.items() if each is None or each.bind is None]
