"""What any host of a segment may send to a site: of all of the site once, where it is so of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bulkhead.judge.findings import Residue, ResidueKind
from bulkhead.network import PortRange
from bulkhead.network.traffic import merge, without

_REST = ""


class AnyHost:
    """By who sends, the site and the protocol: ports, at each block of its addresses."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int], dict[str, list[PortRange]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._blocks: dict[str, set[str]] = defaultdict(set)

    def block(self, site: str, at: str) -> None:
        """There are such addresses of a site: '10.0.0.7', or '' for all that no other block has."""
        self._blocks[site].add(at)

    def add(self, host: str, site: str, at: str, protocol: int, ports: PortRange) -> None:
        self._found[host, site, protocol][at].append(ports)

    def residue(self) -> Iterator[Residue]:
        """Of a block what is not so of the whole site."""
        for (host, site, protocol), found in self._found.items():
            everywhere = found[_REST]
            for at in self._blocks[site] - {_REST}:
                both = (one.overlap(other) for one in everywhere for other in found[at])
                everywhere = [each for each in both if each is not None]
            for at, several in found.items():
                taken = everywhere if at else ()
                for ports in merge(piece for each in several for piece in without(each, taken)):
                    yield Residue(
                        source=host,
                        destination=f"{site} ({at})" if at else site,
                        protocol=protocol,
                        ports=ports,
                        kind=ResidueKind.ANY_HOST,
                    )
