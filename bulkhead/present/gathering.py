"""What is no flow, in few words: one line for all who send the same to one for the same reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.network import PortRange
from bulkhead.network.traffic import gathered, listed
from bulkhead.present.named import LeftOut, PresentParty
from bulkhead.present.opening import PresentOpening

_MOST_RANGES: Final = 6
_MOST_NAMES: Final = 8


def gathered_by_pair(several: Iterable[tuple[PresentOpening, str]]) -> Iterator[LeftOut]:
    """One for all who send the same to one, for the same reason."""
    traffic: dict[tuple[str, str, str], dict[int, list[PortRange]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for each, why in several:
        key = _called(each.client), _called(each.server), why
        traffic[key][each.protocol].append(each.ports)
    clients: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for (client, server, why), ports in traffic.items():
        clients[server, listed(gathered(ports), _MOST_RANGES), why].append(client)
    for (server, ports_said, why), names in clients.items():
        for first in range(0, len(names), _MOST_NAMES):
            some = ", ".join(names[first : first + _MOST_NAMES])
            yield LeftOut(what=f"{some} to {server}, {ports_said}", why=why)


def _called(party: PresentParty) -> str:
    if party.site is None or len(party.site.places) == 1:
        return party.name
    return f"{party.name} at {', '.join(map(str, party.site.at([party.at])))}"


_SAY: Final = {
    True: "name who it is under peers:, with addresses, and say its exposure: at the socket",
    False: "it is no service or site here",
}


def beside_of(several: Iterable[PresentOpening]) -> Iterator[LeftOut]:
    """What they exchange with who is not written, and what would have to be said for it."""

    def why(each: PresentOpening) -> str:
        outer = each.client.outer or each.server.outer
        return f"{each.passes}; {_SAY[outer]}"

    return gathered_by_pair((each, why(each)) for each in several)
