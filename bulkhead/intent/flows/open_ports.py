"""One door, one name: what flows open at a server, beside the ports that its sockets bind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bulkhead.intent.complaints import Complain
from bulkhead.intent.document import KeyPath
from bulkhead.intent.taken import Taken
from bulkhead.intent.traffic import PlainTraffic
from bulkhead.intent.wiring import Owner
from bulkhead.intent.written import WrittenFlow
from bulkhead.intent.wrong import quoted

_ALL = (0, 0xFFFF)


class OpenPorts:
    """Of each server: by which name which traffic is let in."""

    def __init__(self, owners: Mapping[str, Owner], complain: Complain) -> None:
        self._owners = owners
        self._complain = complain
        self._named: dict[tuple[str, str], tuple[PlainTraffic, ...]] = {}
        self._taken: dict[tuple[str, int], Taken] = defaultdict(Taken)
        self._names: list[str] = []
        self._told: set[KeyPath] = set()
        for owner in owners.values():
            self._take_sockets(owner)

    def _take_sockets(self, owner: Owner) -> None:
        for name, socket in owner.sockets.items():
            for endpoint in (socket and socket.listens) or ():
                taken = self._taken[owner.name, 6]
                if endpoint.ports is not None and not taken.by(endpoint.ports):
                    taken.take(endpoint.ports, self._number(f"socket {owner.name}.{name}"))

    def take(self, server: Owner, flow: WrittenFlow, path: KeyPath) -> None:
        """Let a flow in at a server; complains where its name or its traffic is another's.

        Of one line once, however many servers it means.
        """
        if flow.name is None or flow.traffic is None or path in self._told:
            return
        if server.sockets.get(flow.name) is not None:
            self._say(
                (*path, "name"),
                path,
                f"flow {flow.name}: {server.noun} has a socket {quoted(flow.name)}",
                "choose another name; both stand for what waits there",
            )
            return
        before = self._named.setdefault((server.name, flow.name), flow.traffic)
        if before is not flow.traffic:
            if set(before) != set(flow.traffic):
                what = f"flow {flow.name} to {server.name} is {_listed(before)} elsewhere"
                self._say((*path, "traffic"), path, what, "give each traffic a name of its own")
            return
        for each in flow.traffic:
            self._take(server, each, flow.name, path)

    def _take(self, server: Owner, traffic: PlainTraffic, name: str, path: KeyPath) -> None:
        taken, ports = self._taken[server.name, traffic.protocol], _as_ports(traffic)
        if found := taken.by(ports):
            who = self._names[found[0]]
            if who == f"flow {name}":
                what = f"flow {name} names {traffic} twice"
                self._say((*path, "traffic"), path, what, "name it once")
                return
            told = f"flow {name}: {traffic} of {server.noun} is that of {who} already"
            remedy = (
                "let its clients connect to the socket"
                if who.startswith("socket")
                else ("give both one name: from: takes a list")
            )
            self._say((*path, "traffic"), path, told, remedy)
        else:
            taken.take(ports, self._number(f"flow {name}"))

    def _number(self, name: str) -> int:
        self._names.append(name)
        return len(self._names) - 1

    def _say(self, at: KeyPath, flow: KeyPath, what: str, remedy: str) -> None:
        self._told.add(flow)
        self._complain(at, what, remedy)


def _as_ports(traffic: PlainTraffic) -> tuple[int, int]:
    """Ports; of ICMP its messages in order; of others all there is."""
    if traffic.message is not None:
        kind, code = traffic.message
        return (kind << 8 | (code or 0), kind << 8 | (0xFF if code is None else code))
    return traffic.ports or _ALL


def _listed(several: Iterable[PlainTraffic]) -> str:
    return ", ".join(map(str, several))
