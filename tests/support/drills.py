"""What a drill is made of in tests: a client and a server, and the cells that were found open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bulkhead.network import Flow, Listener
from bulkhead.twin import Drill, drill
from tests.support.estate import Estate, flow

ANYBODY = ("in all 0.0.0.0/0", "out all 0.0.0.0/0")
"""The rules of a group that holds nobody back, in the one family that the twin measures."""

Cell = tuple[str, str, int]
"""Source, target, port."""


def sketched() -> Estate:
    """An estate with a group 'open' that lets everything through."""
    estate = Estate()
    estate.group("open", *ANYBODY)
    return estate


def host(estate: Estate, name: str, subnet: str, address: str, *groups: str, **more) -> None:
    """An interface that is a service of its own, in the group 'open' if nothing else is said."""
    estate.host(name, subnet, address, *(groups or ("open",)), **{"service": name, **more})


def listen(
    estate: Estate,
    owner: str,
    kind: str,
    port: int | str,
    protocol: str = "tcp",
    address: str | None = None,
) -> Listener:
    """A socket of this type, bound by a service or site and called as its type is."""
    return estate.listener(owner, kind.lower(), port, protocol, kind=kind, address=address)


def pair(
    *, client: Iterable[str] = (), server: Iterable[str] = (), same_subnet: bool = False
) -> Estate:
    """A client at the left and a server (REP 5555) at the right; the rules of their groups."""
    estate = sketched()
    estate.subnet("left", "10.0.1.0/24")
    estate.subnet("right", "10.0.2.0/24")
    estate.group("client", *client)
    estate.group("server", *server)
    host(estate, "client", "left", "10.0.1.10", "client")
    if same_subnet:
        host(estate, "server", "left", "10.0.1.20", "server")
    else:
        host(estate, "server", "right", "10.0.2.10", "server")
    listen(estate, "server", "REP", 5555)
    return estate


def asks(estate: Estate, client: str = "client", kind: str = "REQ") -> Flow:
    """The flow of a client to the first listener."""
    return flow(client, estate.parts["listeners"][0], kind=kind)


def run(estate: Estate, flows: Sequence[Flow] = ()) -> Drill:
    """A drill of the network, with the patience that a user has."""
    return drill(estate.build(), flows)


def allowed(result: Drill) -> set[Cell]:
    """The open cells."""
    return {
        (each.source.name, each.target.name, each.port)
        for each in result.measurements
        if each.allowed
    }


def asked(result: Drill) -> set[Cell]:
    """The cells that were tried."""
    return {(each.source.name, each.target.name, each.port) for each in result.measurements}
