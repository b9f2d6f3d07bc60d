"""A packet to a public address of what is here: out to the internet, and in again.

Each leg is a cell of docs/model.md ("Public addresses of what is here"). Who the sender
is to the receiver depends on how it left: by its own public address, or by that of a
NAT gateway.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, ip_network
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.partition import partition
from bulkhead.ends.public import PublicAddress
from bulkhead.explain.explain import said_of
from bulkhead.explain.guises import Guise, Unnamed, guises_of
from bulkhead.explain.hops import Code, Explanation, Hop, Layer, Path
from bulkhead.explain.nowhere import explain_nowhere
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.clients import asks_from
from bulkhead.explain.walk.conversation import Conversation
from bulkhead.explain.walk.filters import covers
from bulkhead.explain.walk.journey import Packet, together
from bulkhead.explain.walk.nat64 import ECHO, ECHO6
from bulkhead.explain.walk.unseen import to_everyone
from bulkhead.network import (
    ANY_CLIENT_PORTS,
    ICMP,
    ICMP6,
    Direction,
    Network,
    PortRange,
    Verdict,
    has_ports,
)
from bulkhead.network.traffic import merge


def explain_public(
    network: Network,
    source: Endpoint,
    public: PublicAddress,
    protocol: int,
    port: int = 0,
    *,
    client_ports: PortRange | None = None,
) -> Explanation:
    """Send a request to a public address, and on to what has it here; and the replies back.

    Denied if one leg is, else undetermined if one is, else half-open if one is.
    """
    client_ports = client_ports or asks_from(network, source)
    if source.kind is EndpointKind.NOWHERE:
        ends = source, public.end
        return explain_nowhere(network, *ends, protocol, port, client_ports=client_ports)
    asked = _Asked(network, public, *_over_ipv4(public, protocol, port))
    if source.kind is EndpointKind.INTERNET:
        return _joined(source, public, (asked.inward((source,), client_ports),), client_ports)
    talk = Conversation(Atlas(network, protocol), source, public.end, protocol, port, client_ports)
    outward = said_of(talk)
    if public.end.version == 6 and protocol == ICMP6 and port // 256 != ECHO6:
        return _joined(source, public, (outward, asked.ends_at(_NOT_TRANSLATED)), client_ports)
    guises = tuple(dict.fromkeys(guises_of(talk)))
    inward = asked.inwards(source, guises)
    legs = (outward, *(_by_no_group(network, source, each) for each in inward))
    said = _joined(source, public, legs, client_ports)
    return _by_a_line_of_its_own(asked, said)


def _over_ipv4(public: PublicAddress, protocol: int, port: int) -> tuple[int, int]:
    """As what comes in again that a NAT gateway made a packet of IPv4 (NAT64)."""
    if public.end.version == 6 and protocol == ICMP6:
        return ICMP, ECHO * 256 + port % 256
    return protocol, port


# The second leg


@dataclass(frozen=True, slots=True)
class _Asked:
    network: Network
    public: PublicAddress
    protocol: int
    port: int

    def inwards(self, source: Endpoint, guises: tuple[Guise, ...]) -> tuple[Explanation, ...]:
        """In again by every guise: one leg, or none where nobody knows who would come in."""
        if self.public.nats and not self.public.behind:
            return (self._at_nat_gateway(),)
        if not guises:
            return ()
        said = [self._as(source, each) for each in guises]
        return (_alike(said, "it may come in by several addresses, which are not treated alike"),)

    def inward(self, senders: Iterable[Endpoint], client_ports: PortRange) -> Explanation:
        """In from some addresses of the internet, to everything that has the public address."""
        said = [
            said_of(self._conversation(each, end, client_ports))
            for each in senders
            for end in self.public.behind
        ]
        if self.public.nats:
            said.append(self._at_nat_gateway())
        return _alike(said, "which public address it has is not known, and rules tell them apart")

    def _conversation(
        self, sender: Endpoint, end: Endpoint, client_ports: PortRange
    ) -> Conversation:
        return Conversation(
            atlas=Atlas(self.network, self.protocol),
            source=sender,
            destination=end,
            protocol=self.protocol,
            port=self.port,
            client_ports=client_ports,
            to_public=True,
        )

    def anybody(self, client_ports: PortRange) -> Explanation:
        """In from any address of the internet."""
        everybody = [
            each
            for each in partition(self.network).endpoints
            if each.kind is EndpointKind.INTERNET and each.version == 4
        ]
        return self.inward(everybody, client_ports)

    def _as(self, source: Endpoint, guise: Guise) -> Explanation:
        match guise.address:
            case Unnamed.SOME:
                return self.anybody(guise.client_ports)
            case Unnamed.UNSEEN:
                return self._out_of_sight(source)
            case Unnamed.SERVICE:
                return self.ends_at(_AT_A_SERVICE)
            case address:
                return self.inward((_of_the_internet(address, guise.of),), guise.client_ports)

    def _out_of_sight(self, source: Endpoint) -> Explanation:
        """In again, if at all, as nobody knows who: what the receivers say to everybody holds."""
        packet = self.protocol, self.port
        said = [
            _of_hops(
                (_OUT_OF_SIGHT, *to_everyone(self.network, source, each, *packet)),
                self.public.end,
                each,
                *packet,
            )
            for each in self.public.behind
        ]
        if self.public.nats:
            said.append(self._at_nat_gateway())
        return _alike(said, "what has the address here does not treat it alike")

    def _at_nat_gateway(self) -> Explanation:
        nat = self.public.nats[0]
        return self.ends_at(replace(_AT_A_NAT_GATEWAY, ids=(nat.id,), name=nat.name))

    def ends_at(self, hop: Hop) -> Explanation:
        end, behind = self.public.end, self.public.behind
        return _of_hops((hop,), end, behind[0] if behind else end, self.protocol, self.port)


_OUT_OF_SIGHT: Final = Hop(
    layer=Layer.UNMODELLED,
    ids=(),
    name="",
    passes=None,
    code=Code.UNKNOWN_DESTINATION,
    why="nobody knows whether it goes on to the public address, nor as whose packet",
)
_AT_A_SERVICE: Final = Hop(
    layer=Layer.GATEWAY_ENDPOINT,
    ids=(),
    name="",
    passes=False,
    code=Code.NO_POSSIBLE_DESTINATION,
    why="a gateway endpoint leads to its service alone, not to what has the address here",
)
_NOT_TRANSLATED: Final = Hop(
    layer=Layer.NAT,
    ids=(),
    name="",
    passes=False,
    code=Code.CANNOT_ROUTE,
    why="of icmpv6 an echo request alone is made a packet of IPv4 that opens something",
)
_AT_A_NAT_GATEWAY: Final = Hop(
    layer=Layer.NAT,
    ids=(),
    name="",
    passes=False,
    code=Code.CANNOT_ROUTE,
    why="a NAT gateway takes replies to what it sent, and no new connection",
)


def _by_no_group(network: Network, source: Endpoint, leg: Explanation) -> Explanation:
    """The second leg, told which rules would match the sender by its private address."""
    if source.kind is not EndpointKind.INTERFACE or leg.verdict is not Verdict.DENIED:
        return leg
    held = network.interface[source.id].security_groups
    packet = Packet(
        source=source.address,
        destination=leg.destination.address,
        protocol=leg.protocol,
        ports=PortRange(leg.port, leg.port),
        client_ports=leg.client_ports,
    )

    def named(hop: Hop) -> bool:
        groups = (network.security_group[id_] for id_ in hop.ids if id_ in network.security_group)
        return hop.layer is Layer.GROUP_INGRESS and any(
            rule.peer.kind == "group" and rule.peer.group in held and covers(rule, packet)
            for group in groups
            for rule in group.towards(Direction.INGRESS)
        )

    def told(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
        code = Code.SG_REFERENCES_NOT_PRESERVED
        return tuple(
            replace(hop, also=(*hop.also, code)) if hop.passes is False and named(hop) else hop
            for hop in hops
        )

    paths = tuple(replace(each, request=told(each.request)) for each in leg.paths)
    return replace(leg, request=told(leg.request), blocking=told(leg.blocking), paths=paths)


def _of_the_internet(address: IPv4Address, who: str) -> Endpoint:
    return Endpoint(
        kind=EndpointKind.INTERNET,
        id="internet",
        thing="internet",
        part=f"{address} of {who}",
        prefix=ip_network(address),
        ranges=((address, address),),
    )


def _of_hops(
    hops: tuple[Hop, ...], source: Endpoint, destination: Endpoint, protocol: int, port: int
) -> Explanation:
    """Of a packet that ends, or is lost sight of, where nothing answers it."""
    word = together(hop.passes for hop in hops)
    return Explanation(
        source=source,
        destination=destination,
        protocol=protocol,
        port=port,
        verdict=Verdict.DENIED if word is False else Verdict.UNDETERMINED,
        request=hops,
        reply=(),
        client_ports=ANY_CLIENT_PORTS,
        client_port=ANY_CLIENT_PORTS.first,
        lost=(),
        blocking=tuple(hop for hop in hops if hop.passes is False),
        paths=(Path(request=hops, reply=(), passes=word, returns=word),),
    )


def _alike(said: list[Explanation], why: str) -> Explanation:
    """What all say alike; where they differ nobody can tell, and the worst of them is shown."""
    worst = min(said, key=lambda each: _WORST_FIRST.index(each.verdict))
    if len({each.verdict for each in said}) == 1:
        return worst
    hop = Hop(
        layer=Layer.UNMODELLED,
        ids=(),
        name="",
        passes=None,
        code=Code.UNKNOWN_DESTINATION,
        why=why,
    )
    return _of_hops((hop,), worst.source, worst.destination, worst.protocol, worst.port)


# Both legs

_WORST_FIRST = (Verdict.DENIED, Verdict.UNDETERMINED, Verdict.HALF_OPEN, Verdict.ALLOWED)


def _joined(
    source: Endpoint,
    public: PublicAddress,
    legs: tuple[Explanation, ...],
    client_ports: PortRange,
) -> Explanation:
    first, verdicts = legs[0], [each.verdict for each in legs]
    lost = merge([ports for each in legs for ports in _lost(each, client_ports)])
    return Explanation(
        source=source,
        destination=public.end,
        protocol=first.protocol,
        port=first.port,
        verdict=min(verdicts, key=_WORST_FIRST.index),
        request=tuple(hop for each in legs for hop in each.request),
        reply=tuple(hop for each in reversed(legs) for hop in each.reply),
        client_ports=client_ports,
        client_port=first.client_port,
        lost=lost,
        blocking=tuple(dict.fromkeys(hop for each in legs for hop in each.blocking)),
        legs=legs,
        public=public,
    )


def _lost(leg: Explanation, client_ports: PortRange) -> tuple[PortRange, ...]:
    """Client ports without a reply. A NAT gateway may map any of them to one without."""
    if leg.client_ports == client_ports or not leg.lost:
        return leg.lost
    return (client_ports,) if has_ports(leg.protocol) else ()


def _by_a_line_of_its_own(asked: _Asked, said: Explanation) -> Explanation:
    """Whoever is outside may have another way to the internet, of which nothing here knows."""
    if said.source.kind is not EndpointKind.SITE or said.verdict is Verdict.ALLOWED:
        return said
    inward = asked.anybody(said.client_ports)
    if inward.verdict is Verdict.DENIED:
        return said
    hop = Hop(
        layer=Layer.UNMODELLED,
        ids=(said.source.id,),
        name=said.source.name,
        passes=None,
        code=Code.UNKNOWN_DESTINATION,
        why="it may have a way of its own to the internet, and which address there is not known",
    )
    ends = said.source, said.destination
    outward = _of_hops((hop,), *ends, said.protocol, said.port)
    return _joined(said.source, asked.public, (outward, inward), said.client_ports)
