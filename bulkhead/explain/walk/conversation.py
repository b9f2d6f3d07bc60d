"""A request from end to end, and the reply to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.hops import Code, Layer
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.boxes import cuts_of
from bulkhead.explain.walk.entering import enter
from bulkhead.explain.walk.filters import acl, groups, listening
from bulkhead.explain.walk.journey import (
    Aim,
    Ended,
    Fork,
    InSubnet,
    Journey,
    Packet,
    Reference,
    SentOn,
    Tree,
    Word,
    all_ways,
    together,
    value,
)
from bulkhead.explain.walk.nat64 import replied_as_ipv4
from bulkhead.explain.walk.stages import follow
from bulkhead.explain.walk.tunnels import as_behind
from bulkhead.explain.walk.unseen import acl_to_everyone, groups_to_everyone
from bulkhead.network import (
    NAT_PORTS,
    Direction,
    InterfaceKind,
    IPAddress,
    PortRange,
    TargetKind,
    has_ports,
    has_types,
    icmp_answer,
)

ACLS = (Layer.ACL_EGRESS, Layer.ACL_INGRESS)
GROUPS = (Layer.GROUP_EGRESS, Layer.GROUP_INGRESS)


@dataclass(frozen=True)
class Conversation:
    """Two ends, what is asked, and the ports that the asker may use."""

    atlas: Atlas
    source: Endpoint
    destination: Endpoint
    protocol: int
    port: int
    client_ports: PortRange
    to_public: bool = False
    """Whether the destination is sent to by its public address, from the internet."""

    # The request

    @cached_property
    def request(self) -> Tree:
        """Every way of the request to its end."""
        packet = Packet(
            source=self.source.address,
            destination=self.destination.address,
            protocol=self.protocol,
            ports=PortRange(self.port, self.port),
            client_ports=self.client_ports,
        )
        doubts = {
            end: why
            for end in (self.source, self.destination)
            if (why := self.atlas.doubt_about(end))
        }
        self.atlas.unsure = frozenset(end.subnet for end in doubts if end.subnet)
        aim = replace(self.atlas.aim(self.destination), by_public=self.to_public)
        if doubts:
            sent: Tree = self._somehow(packet, aim)
        else:
            sent = _set_out(self.atlas, packet, self.atlas.aim(self.source), aim)
        return _each(sent, lambda way: self._between_groups(packet, way, doubts))

    def _somehow(self, packet: Packet, aim: Aim) -> Journey:
        """To or from an end in doubt: nobody knows how, but past the other end's NACL."""
        way = Journey(packet=packet, aim=aim, stage=Ended.ARRIVED)
        if self.source.subnet is not None and self.source.subnet == aim.subnet:
            return way
        if self.source.subnet is not None:
            way = acl(self.atlas, way, self.source.subnet, Direction.EGRESS)
        way = way.note(Layer.ROUTE, "", "", None, why="the routes of an end in doubt may be any")
        if aim.subnet is None or aim.subnet in self.atlas.unsure:
            return way
        if self.atlas.doubt_about(self.source):
            return acl_to_everyone(self.atlas, way, packet)
        return acl(self.atlas, way, aim.subnet, Direction.INGRESS)

    def _between_groups(
        self, packet: Packet, way: Journey, doubts: Mapping[Endpoint, str]
    ) -> Journey:
        """The way, between what the two interfaces themselves say."""
        start = replace(way, packet=packet, hops=(), nats=())
        if way.stage is Ended.BEYOND:
            start = replace(start, reference=Reference.BOTH)
        for end, why in doubts.items():
            code = Code.UNKNOWN_RESOURCE
            start = start.note(Layer.UNMODELLED, end.id, end.name, None, why=why, code=code)
        for end in dict.fromkeys((self.source, self.destination)):
            start = self._carries(start, end)
        if self._grouped(self.source) and self.source not in doubts:
            ends = self.source, self.destination
            start = groups(self.atlas, start, Direction.EGRESS, *ends)
        way = replace(way, hops=(*start.hops, *way.hops))
        receiver = way.as_ipv4 or self.destination
        if way.as_ipv4:
            packet = way.packet
            way = self._carries(way, receiver)
        if way.stage is Ended.BEYOND:
            return self._to_everyone(acl_to_everyone(self.atlas, way, packet), packet, doubts)
        if self.source in doubts:
            return self._to_everyone(way, packet, doubts)
        way = _as_if_delivered(self.atlas, way, self.source.subnet)
        if self._grouped(receiver) and receiver not in doubts:
            way = groups(self.atlas, way, Direction.INGRESS, receiver, self.source)
            way = listening(self.atlas, way, receiver)
        return way

    def _to_everyone(self, way: Journey, packet: Packet, doubts: Mapping[Endpoint, str]) -> Journey:
        """What the receiver says to whatever comes to it by a way that nobody knows."""
        receiver = way.as_ipv4 or self.destination
        if self._grouped(receiver) and receiver not in doubts:
            sender = None if way.as_ipv4 else self.source
            return groups_to_everyone(self.atlas, way, packet, receiver, sender)
        return way

    def _carries(self, journey: Journey, end: Endpoint) -> Journey:
        """What some interfaces never do: open a connection, or take one."""
        if end.opens_nothing and end == self.source:
            code, why = Code.CANNOT_ROUTE, "what comes from such an address is a reply (NAT64)"
            return journey.note(Layer.INTERFACE, "", end.name, False, code=code, why=why)
        if end.kind is not EndpointKind.INTERFACE:
            return journey
        kind = self.atlas.network.interface[end.id].kind
        if kind is InterfaceKind.GATEWAY:
            code, why = Code.CANNOT_ROUTE, "a gateway has no connections of its own"
        elif kind is InterfaceKind.ENDPOINT and end == self.source:
            code, why = Code.VPCE_INTRA_VPC_TRAFFIC, "an interface endpoint opens no connections"
        else:
            return journey
        return journey.note(Layer.INTERFACE, end.id, end.name, False, code=code, why=why)

    def _grouped(self, end: Endpoint) -> bool:
        if end.kind is not EndpointKind.INTERFACE:
            return False
        return self.atlas.network.interface[end.id].kind is not InterfaceKind.GATEWAY

    # The reply

    def reply(self, asked: Journey, client: PortRange) -> Tree:
        """Every way of the reply to a request that went this way, to one client port."""
        if asked.stage is Ended.BEYOND:
            why = "nobody knows where the request went, nor what answers it"
            lost = Journey(packet=asked.packet, aim=asked.aim, stage=Ended.BEYOND, reply=True)
            return lost.note(Layer.UNMODELLED, "", "", None, why=why)
        if not asked.nats:
            client_end = as_behind(self.atlas.aim(self.source), asked.behind)
            sent = self._answer(asked, client_end, self._packet(client))
        else:
            ports = NAT_PORTS if has_ports(self.protocol) else client
            through = asked.nats[-1]
            sent = self._to_nat(asked, through, ports)
            by_ipv6 = self.destination.address if asked.as_ipv4 else None
            sent = _each(sent, lambda way: self._handed_on(way, through, client, by_ipv6))
        return _each(sent, lambda way: _by_the_same_firewalls(asked, way))

    def _packet(self, client: PortRange) -> Packet:
        """What the other end sends back, to the asker's own address."""
        answer = icmp_answer(self.protocol, self.port) if has_types(self.protocol) else self.port
        own = PortRange(answer, answer)
        return Packet(
            source=self.destination.address,
            destination=self.source.address,
            protocol=self.protocol,
            ports=client if has_ports(self.protocol) else own,
            client_ports=own,
        )

    def _answer(self, asked: Journey, aim: Aim, packet: Packet) -> Tree:
        """From the other end to the asker, or to the NAT gateway that stands for it."""
        if asked.exit is TargetKind.GATEWAY_ENDPOINT:
            way = Journey(packet=packet, aim=aim, stage=Ended.ARRIVED, reply=True)
            endpoint = Layer.GATEWAY_ENDPOINT
            gateway = next(hop for hop in reversed(asked.hops) if hop.layer is endpoint)
            way = way.note(gateway.layer, gateway.ids, gateway.name)
            return acl(self.atlas, way, aim.subnet, Direction.INGRESS) if aim.subnet else way
        end = asked.as_ipv4 or self.destination
        origin = as_behind(self.atlas.aim(end), asked.behind)
        sent = _set_out(self.atlas, packet, origin, aim, asked=asked)
        return _each(sent, lambda way: _as_if_delivered(self.atlas, way, end.subnet))

    def _to_nat(self, asked: Journey, through: SentOn, ports: PortRange) -> Tree:
        """To a NAT gateway; to a regional one replies come from the internet alone."""
        nat, aim = through.gateway, self.atlas.aim_at(through.gateway)
        address = through.address or asked.packet.source
        packet = replace(self._packet(ports), destination=address)
        if asked.as_ipv4:
            packet = replied_as_ipv4(asked.packet, ports)
        if nat.subnet is not None:
            return self._answer(asked, aim, packet)
        way = Journey(packet=packet, aim=aim, stage=Ended.ARRIVED, reply=True)
        gateways = [hop for hop in asked.hops if hop.layer is Layer.GATEWAY]
        return way.note(Layer.GATEWAY, gateways[-1].ids, gateways[-1].name) if gateways else way

    def _handed_on(
        self, way: Journey, through: SentOn, client: PortRange, by_ipv6: IPAddress | None
    ) -> Tree:
        """From the NAT gateway to the asker, from the address that was asked.

        `by_ipv6`: that one, where the gateway makes a packet of IPv6 of it.
        """
        if way.stage is Ended.BEYOND:
            return way
        packet, nat = self._packet(client), through.gateway
        inside = self.atlas.network.subnet[nat.subnet] if nat.subnet else nat.ground(through.zone)
        way = way.note(Layer.NAT, nat.id, nat.name)
        told = replace(way.hops[-1], source=by_ipv6, destination=packet.destination)
        way = replace(
            way,
            hops=(*way.hops[:-1], told),
            packet=packet,
            aim=self.atlas.aim(self.source),
            stage=InSubnet(inside),
        )
        sent = follow(self.atlas, way)
        return _each(sent, lambda one: _as_if_delivered(self.atlas, one, inside.id))

    # What both say

    def answered(self, client: PortRange) -> Word:
        """Whether the request arrives and its reply returns to this client port."""
        return value(self.request, lambda asked: self._returns(asked, client))

    def _returns(self, asked: Journey, client: PortRange) -> Word:
        back = value(self.reply(asked, client), lambda way: way.word)
        return together((asked.word, back))

    def alike(self) -> Iterator[PortRange]:
        """The client ports, cut where a rule on the way back begins or ends."""
        ports = self.client_ports
        if not has_ports(self.protocol):
            yield ports
            return
        first = PortRange(ports.first, ports.first)
        starts = {ports.first}
        for asked in all_ways(self.request):
            for way in all_ways(self.reply(asked, first)):
                starts.update(cut for cut in self._cuts(way) if cut in ports)
        cuts = sorted(starts)
        for start, after in zip(cuts, [*cuts[1:], ports.last + 1], strict=True):
            yield PortRange(start, after - 1)

    def _cuts(self, way: Journey) -> Iterator[int]:
        firewalls = {each.id: each for each in self.atlas.network.firewalls}
        for hop in way.hops:
            if hop.layer in ACLS and hop.id in self.atlas.network.nacl:
                for entry in self.atlas.network.nacl[hop.id].entries:
                    yield from (entry.ports.first, entry.ports.last + 1)
            elif hop.layer is Layer.FIREWALL and hop.id in firewalls:
                yield from cuts_of(firewalls[hop.id])


def _set_out(
    atlas: Atlas,
    packet: Packet,
    origin: Aim,
    aim: Aim,
    *,
    asked: Journey | None = None,
) -> Tree:
    """From an end, inside or outside, to the aim; a reply to what was `asked`."""
    subnet = atlas.network.subnet[origin.subnet] if origin.subnet else None
    if subnet:
        stage = InSubnet(subnet)
        journey = Journey(packet=packet, aim=aim, stage=stage, start=subnet.id)
        return follow(atlas, _answering(journey, asked))
    journey = Journey(packet=packet, aim=aim, stage=Ended.DROPPED)
    return follow(atlas, enter(atlas, _answering(journey, asked), origin))


def _answering(journey: Journey, asked: Journey | None) -> Journey:
    if asked is None:
        return journey
    return replace(journey, reply=True, asked_by=asked.exit, flows_by=asked.flows_by)


def _as_if_delivered(atlas: Atlas, way: Journey, origin: str | None) -> Journey:
    """What the receiver's NACL would say to a packet dropped on the way."""
    subnet = way.aim.subnet
    if way.stage is not Ended.DROPPED or subnet is None or subnet == origin:
        return way
    return acl(atlas, replace(way, reference=Reference.BOTH), subnet, Direction.INGRESS)


def _by_the_same_firewalls(asked: Journey, way: Journey) -> Journey:
    """A firewall passes replies only to requests that it saw.

    (docs.aws.amazon.com/network-firewall/latest/developerguide/asymmetric-routing.html)
    """
    if set(asked.firewalls) == set(way.firewalls):
        return way
    hops = tuple(
        replace(hop, passes=None) if hop.code is Code.FIREWALL_RULES_RESTRICTION else hop
        for hop in way.hops
    )
    ids = tuple(sorted(set(asked.firewalls) ^ set(way.firewalls)))
    names = ", ".join(ids)
    why = f"of request and reply {names} sees only one"
    code = Code.INGRESS_RTB_TRAFFIC_REDIRECTION
    return replace(way, hops=hops).note(Layer.FIREWALL, ids, names, None, why=why, code=code)


def _each(tree: Tree, turn: Callable[[Journey], Tree]) -> Tree:
    if isinstance(tree, Fork):
        return Fork(tree.rule, tuple(_each(branch, turn) for branch in tree.branches))
    return turn(tree)
