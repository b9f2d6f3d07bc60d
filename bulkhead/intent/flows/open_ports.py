"""One door, one name: what flows open at a server, beside the ports that its sockets bind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.endpoints import ZmqEndpoint
from bulkhead.intent.flows.ends_meant import FlowEnd
from bulkhead.intent.places import as_place, meet
from bulkhead.intent.taken import Taken
from bulkhead.intent.traffic import PlainTraffic
from bulkhead.intent.wiring import End, Owner, ends_of
from bulkhead.intent.written import WrittenFlow
from bulkhead.intent.wrong import quoted

_ALL = (0, 0xFFFF)


class OpenPorts:
    """Of each server: by which name which traffic is let in."""

    def __init__(self, owners: Mapping[str, Owner], complain: Complain) -> None:
        self._owners = owners
        self._complain = complain
        self._named: dict[tuple[str, str], tuple[PlainTraffic, ...]] = {}
        self._seen: set[tuple[str, str]] = set()
        self._taken: dict[tuple[str, int], dict[object, Taken]] = defaultdict(
            lambda: defaultdict(Taken)
        )
        """By server and protocol, then by those of its addresses (None: all of them)."""
        self._takers: list[tuple[str, object]] = []
        """Who takes ports, and where."""
        self._told: set[KeyPath] = set()
        for owner in owners.values():
            self._take_sockets(owner)

    def _take_sockets(self, owner: Owner) -> None:
        for end in ends_of({owner.name: owner}):
            for endpoint in end.written.listens:
                at = _where(end, endpoint)
                taken = self._at(owner, at, endpoint.protocol or 6)
                if endpoint.outside is not None and not taken.by(endpoint.outside):
                    taken.take(endpoint.outside, self._number(f"socket {end.reference}", at))

    def _at(self, server: Owner, at: object, protocol: int) -> Taken:
        apart = server.outside or server.several
        return self._taken[server.name, protocol][at if apart else None]

    def take(self, end: FlowEnd, flow: WrittenFlow, path: KeyPath) -> None:
        """Let a flow in at a server; complains where its name or its traffic is another's.

        Of one line once, however many servers it means.
        """
        if flow.name is None or flow.traffic is None or path in self._told:
            return
        server = end.owner
        if server.sockets.get(flow.name) is not None:
            self._say(
                (*path, "name"),
                path,
                f"flow {flow.name}: {server.noun} has a socket {quoted(flow.name)}",
                "choose another name; both stand for what waits there",
            )
            return
        if flow.name in server.interfaces:
            what = f"flow {flow.name}: {server.noun} has an interface {quoted(flow.name)}"
            self._say((*path, "name"), path, what, "choose another name")
            return
        before = self._named.setdefault((server.name, flow.name), flow.traffic)
        if set(before) != set(flow.traffic):
            what = f"flow {flow.name} to {server.name} is {_listed(before)} elsewhere"
            self._say((*path, "traffic"), path, what, "give each traffic a name of its own")
        elif (str(end), flow.name) not in self._seen:
            self._seen.add((str(end), flow.name))
            for each in flow.traffic:
                self._take(end, each, flow.name, path)

    def _take(self, end: FlowEnd, traffic: PlainTraffic, name: str, path: KeyPath) -> None:
        server, ports = end.owner, _as_ports(traffic)
        at: object = end.at
        if server.several:
            at = end.end
        every = self._taken[server.name, traffic.protocol]
        # Where it has more addresses, a server has there what it has at any of them.
        near = [each for where, each in every.items() if meet(where, at)]
        found = next(filter(None, (each.by(ports) for each in near)), None)
        if found is None:
            self._at(server, at, traffic.protocol).take(ports, self._number(f"flow {name}", at))
            return
        who, where = self._takers[found[0]]
        if who == f"flow {name}" and where != at:
            what = f"flow {name}: {end} overlaps where it lets {traffic} in already"
            remedy = "name the wider one alone, or hosts that are apart"
        elif who == f"flow {name}":
            what, remedy = f"flow {name} names {traffic} twice", "name it once"
        else:
            what = f"flow {name}: {traffic} of {server.noun} is that of {who} already"
            remedy = "give both one name: from: takes a list"
            if end.at is not None and where not in (None, at):
                what = f"{what}, and {end} overlaps where that is"
                remedy = "name both at the same host, or at hosts that are apart"
            if who.startswith("socket"):
                remedy = "let its clients connect to the socket"
        self._say((*path, "traffic"), path, what, remedy)

    def _number(self, name: str, at: object) -> int:
        self._takers.append((name, at))
        return len(self._takers) - 1

    def _say(self, at: KeyPath, flow: KeyPath, what: str, remedy: str) -> None:
        self._told.add(flow)
        self._complain(at, what, remedy)


def _where(end: End, endpoint: ZmqEndpoint) -> object:
    """At which addresses of a site a socket waits alone, or at which interface of a service."""
    if end.owner.outside:
        return end.at or as_place(endpoint.literal)
    return None if endpoint.everywhere else end.reached_at(endpoint)


def _as_ports(traffic: PlainTraffic) -> tuple[int, int]:
    """Ports; of ICMP its messages in order; of others all there is."""
    if traffic.message is not None:
        kind, code = traffic.message
        return (kind << 8 | (code or 0), kind << 8 | (0xFF if code is None else code))
    return traffic.ports or _ALL


def _listed(several: Iterable[PlainTraffic]) -> str:
    return ", ".join(map(str, several))
