"""What a part is called where another refers to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bulkhead.intent.document import KeyPath
from bulkhead.intent.selectors import SEGMENT
from bulkhead.intent.wrong import Wrong, alternatives, quoted
from bulkhead.topology.network_interface import NetworkInterface
from bulkhead.topology.part import NamedPart, TopologyPart
from bulkhead.topology.segment import Segment
from bulkhead.topology.site_host import SiteHost
from bulkhead.topology.socket import Socket

_OF_ITS_OWN: Final = ("front", "back", "capture")
"""Keys behind which a service names its own sockets, without its own name."""


class PartReferences:
    """Of the parts of one topology. A socket learns here whose it is."""

    def __init__(self, topology: TopologyPart) -> None:
        self._owned: dict[int, dict[str, None]] = defaultdict(dict)
        for _, _, held in topology.said():
            for owner in _named(held):
                for socket in _named(getattr(owner, "sockets", None)):
                    self._owned[id(socket)][f"{owner.name}.{socket.name}"] = None
                for each in _named(getattr(owner, "interfaces", None)):
                    self._owned[id(each)][f"{owner.name}.{each.name}"] = None
                for host in _named(getattr(owner, "hosts", None)):
                    self._owned[id(host)][f"{owner.name}/{host.name}"] = None

    def to(self, part: TopologyPart, at: KeyPath) -> str:
        """The text by which the language means a part at a path. Raises Wrong."""
        if isinstance(part, Socket):
            return part.name if at[-1] in _OF_ITS_OWN else self._of_an_owner(part)
        if isinstance(part, SiteHost):
            return part.name if at[-1] == "host" else self._of_an_owner(part)
        if isinstance(part, NetworkInterface):
            return part.name if at[-1] == "interface" else self._of_an_owner(part)
        if isinstance(part, Segment):
            return part.name if at[-1] == "segment" else f"{SEGMENT}{part.name}"
        if isinstance(part, NamedPart):
            return part.name
        raise Wrong(f"a {type(part).__name__} has no name to refer to", "write what is meant")

    def _of_an_owner(self, part: Socket | SiteHost | NetworkInterface) -> str:
        known = list(self._owned.get(id(part), {}))
        if len(known) == 1:
            return known[0]
        what = f"{type(part).__name__} {quoted(part.name)}"
        if known:
            which = f'write which is meant: "{known[0]}"'
            raise Wrong(f"{what} is of several: {alternatives(known)}", which)
        if isinstance(part, SiteHost):
            said = f"{what} is no host of a site of this topology"
            raise Wrong(said, "put it among the hosts of one: hosts=[…]")
        if isinstance(part, NetworkInterface):
            said = f"{what} is no interface of a service of this topology"
            raise Wrong(said, "put it among the interfaces of one: interfaces=[…]")
        raise Wrong(
            f"{what} is no socket of a service or site of this topology",
            "put it among the sockets of one: sockets=[…]",
        )


def _named(values: object) -> Iterator[NamedPart]:
    if isinstance(values, tuple):
        yield from (each for each in values if isinstance(each, NamedPart))
