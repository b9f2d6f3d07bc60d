"""The four verdicts as sets of packets: requests pushed there, and their replies pushed back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bulkhead.doubt.bdd.filters import NAT_SPAN, Filters, Role, Sieve
from bulkhead.doubt.bdd.graph import Flood, Past
from bulkhead.doubt.bdd.places import Places, all_places
from bulkhead.doubt.bdd.sets import Field, PacketSet, Universe
from bulkhead.doubt.claims import Span
from bulkhead.network import (
    AttachmentKind,
    Direction,
    Network,
    TargetKind,
    TransitAttachment,
    VpnConnection,
)


@dataclass(frozen=True, slots=True)
class Journey:
    """One way to set out. Where a sender has several, one that passes is enough."""

    start: PacketSet
    flood: Flood


class _Routes(Flood):
    """Where routes lead, whatever stands on the way."""

    def sieve(self, sieve: Sieve, past: Past, part: PacketSet) -> Iterator[tuple[Past, PacketSet]]:
        del sieve
        if part.satisfiable():
            yield past, part


class Verdicts:
    def __init__(self, network: Network, version: int, client: Span) -> None:
        self.network = network
        places = all_places(network)
        self.u = Universe(len(places), version)
        self.f = Filters(self.u, network, version, places, client)
        self.places = Places(self.f)
        self._replies: dict[tuple[object, ...], Sieve] = {}
        u = self.u
        self.ask = Role(u.origin, u.source, u.target, u.destination, u.port, u.client)
        self.back = Role(u.target, u.destination, u.origin, u.source, u.client, u.port)
        self.legal = self._legal(client)
        self._judge()

    def _legal(self, client: Span) -> PacketSet:
        """The ports that a reply may come to, by protocol."""
        u = self.u
        ported = u.one_of(u.protocol, (6, 17))
        ports = u.span(u.client, *client) & u.span(u.middle, *NAT_SPAN)
        found = ported & ports
        for protocol, pairs in ((1, ((8, 0), (13, 14), (15, 16), (17, 18))), (58, ((128, 129),))):
            answers = self._answers(pairs, u.client) & self._answers(pairs, u.middle)
            found |= u.is_(u.protocol, protocol) & answers
        return found | ~u.one_of(u.protocol, (6, 17, 1, 58))

    def _answers(self, pairs: tuple[tuple[int, int], ...], reply: Field) -> PacketSet:
        """Messages beside what answers them: a query by its answer, the rest by their like."""
        u = self.u
        kind, answer = u.port.part(0, 8), reply.part(0, 8)
        found, other = u.none, u.all
        for asks, answers in pairs:
            found |= u.is_(kind, asks) & u.is_(answer, answers)
            other &= ~u.is_(kind, asks)
        found |= other & u.equal(kind, answer)
        return found & u.equal(u.port.part(8, 16), reply.part(8, 16))

    # Setting out

    def _journeys(
        self, make: Callable[[], Flood], first: Past, role: Role, *, reply: bool
    ) -> Iterator[Journey]:
        """All ways in which a packet of this role can set out."""
        f, u = self.f, self.u
        inner = make()
        for subnet in self.network.subnets:
            inner.from_subnet(subnet.id, first, f.in_subnet(role.start, subnet.id))
        internet = u.is_(role.start, f.number["internet", ""])
        self._from_internet(inner, first, role, internet, reply=reply)
        elsewhere = u.is_(role.start, f.number["elsewhere", ""])
        led = self._led_back(role)
        inner.drift(first, elsewhere & led)
        inner.lose(elsewhere & ~led)
        inner.run()
        yield Journey(f.in_any_subnet(role.start) | internet | elsewhere, inner)
        for (kind, name), number in f.number.items():
            if kind == "site":
                start = u.is_(role.start, number)
                for flood in self._from_site(make, name, first, role, start):
                    flood.run()
                    yield Journey(start, flood)

    def _from_internet(
        self, flood: Flood, first: Past, role: Role, part: PacketSet, *, reply: bool
    ) -> None:
        f = self.f
        if isinstance(role.end, int):
            nat = self.network.nat_gateways
            known = any(
                each.public_address is not None and int(each.address) == role.destination
                for each in nat
                if f.number["subnet", each.subnet] == role.end
            )
            welcome = self.u.known(known)
        else:
            welcome = ~f.unknown_to_internet(role.end, role.destination)
            if not reply:
                welcome &= ~f.closed_to_internet(role.end)
        for vpc in self.network.vpcs:
            into = part & f.in_vpc(role.end, vpc.id)
            part &= ~into
            honest = welcome & ~f.blocks(role.source, vpc.cidrs)
            flood.lose(into & ~honest)
            into &= honest
            gateway = next(
                (each for each in self.network.internet_gateways if each.vpc == vpc.id), None
            )
            if gateway is not None:
                flood.from_edge(gateway.id, vpc.id, first, into)
            elif self._names_a_gateway(vpc.id):
                flood.drift(first, into)
            else:
                flood.lose(into)
        flood.lose(part)

    def _names_a_gateway(self, vpc: str) -> bool:
        """Whether a route of the VPC leads to an internet gateway that is not here."""
        here = {each.id for each in self.network.internet_gateways}
        used = {each.route_table for each in self.network.subnets if each.vpc == vpc}
        for table in self.network.route_tables:
            if table.vpc != vpc and table.id not in used:
                continue
            for route in table.routes:
                foreign = route.target_id not in here and not route.blackhole
                if route.target is TargetKind.INTERNET_GATEWAY and foreign:
                    return True
        return False

    def _led_back(self, role: Role) -> PacketSet:
        """Ends whose VPC has a route for the sender's address that ends in the unknown."""
        turned = replace(
            role,
            start=role.end,
            source=role.destination,
            end=role.start,
            destination=role.source,
        )
        elsewhere = self.u.is_(role.start, self.f.number["elsewhere", ""])
        found = self.u.none
        for vpc in self.network.vpcs:
            into = elsewhere & self.f.in_vpc(role.end, vpc.id)
            probe = _Routes(self.f, _by_nat(self.network, turned))
            for subnet in self.network.subnets:
                if subnet.vpc == vpc.id:
                    probe.put(("router", subnet.id), Past(), into)
            probe.run()
            found |= self.u.union(list(probe.adrift.values()))
            found |= into & self._unseen_door(vpc.id, role)
        return found

    def _unseen_door(self, vpc: str, role: Role) -> PacketSet:
        """Packets that something nobody observed may bring into the VPC."""
        found = self.f.noted(*(each.id for each in self.network.vpn_gateways if each.vpc == vpc))
        here = {each.id for each in self.network.vpcs}
        for peering in self.network.peerings:
            sides = (peering.requester, peering.accepter)
            for near, far in (sides, sides[::-1]):
                if near.vpc == vpc and peering.active:
                    found |= self.f.noted(peering.id)
                    if far.vpc not in here:
                        found |= self.f.blocks(role.source, far.cidrs)
        for own in self.network.transit_attachments:
            if own.kind is AttachmentKind.VPC and own.resource == vpc and own.available:
                found |= self.f.noted(own.gateway, own.id) | self.u.known(self._out_of_sight(own))
        return found

    def _out_of_sight(self, own: TransitAttachment) -> bool:
        """Whether the gateway is not here, or something at it is not."""
        here = {each.id for each in self.network.vpcs}
        known = {(each.gateway, each.id) for each in self.network.transit_attachments}
        if all(each.id != own.gateway for each in self.network.transit_gateways):
            return True
        for each in self.network.transit_attachments:
            if each.gateway == own.gateway and (
                each.kind is AttachmentKind.OTHER
                or (each.kind is AttachmentKind.VPC and each.resource not in here)
                or (
                    each.kind is AttachmentKind.PEERING
                    and (each.peer_gateway, each.resource) not in known
                )
            ):
                return True
        return False

    def _from_site(
        self, make: Callable[[], Flood], site: str, first: Past, role: Role, start: PacketSet
    ) -> Iterator[Flood]:
        tunnels = list(self.places.tunnels(site))
        forged = self.u.none
        for vpc in self.network.vpcs:
            forged |= self.f.in_vpc(role.end, vpc.id) & self.f.blocks(role.source, vpc.cidrs)
        for tunnel in tunnels:
            if tunnel.available:
                away = start & ~forged & ~self.u.is_(role.end, self.f.number["site", site])
                yield from self._by_tunnel(make, tunnel, first, role, away)

    def _by_tunnel(
        self,
        make: Callable[[], Flood],
        tunnel: VpnConnection,
        first: Past,
        role: Role,
        part: PacketSet,
    ) -> Iterator[Flood]:
        found = False
        for door in self.network.transit_attachments:
            if door.kind is AttachmentKind.VPN and door.resource == tunnel.id:
                found = True
                if door.available:
                    flood = make()
                    noted = self.f.noted(door.id, door.gateway)
                    past = replace(first, transit=True, egress_refs=False, ingress_refs=False)
                    flood.drift(first, part & noted)
                    flood.put(("transit", door.gateway, door.id, ""), past, part & ~noted)
                    yield flood
        for gateway in self.network.vpn_gateways:
            if gateway.id == tunnel.vpn_gateway:
                found = True
                flood = make()
                noted = self.f.noted(gateway.id)
                hub = self.u.one_of(role.end, self._sharing(gateway.id))
                flood.drift(first, part & (noted | hub))
                into = part & ~noted & self.f.in_vpc(role.end, gateway.vpc)
                flood.from_edge(gateway.id, gateway.vpc, first, into)
                yield flood
        if not found:
            flood = make()
            flood.drift(first, part)
            yield flood

    def _sharing(self, gateway: str) -> list[int]:
        """Sites behind one VPN gateway: they may reach each other through it, or not."""
        return [
            number
            for (kind, name), number in self.f.number.items()
            if kind == "site"
            and any(
                each.vpn_gateway == gateway and each.available for each in self.places.tunnels(name)
            )
        ]

    # Requests

    def _judge(self) -> None:
        f, u = self.f, self.u
        sends = {
            refs: f.groups(Direction.EGRESS, self.ask, references=refs) for refs in (True, False)
        }
        role_of = _by_nat(self.network, self.ask)
        arrives_may, arrives_sure = [], []
        answered_may, answered_sure = [], []
        self.translated = u.none
        for journey in self._journeys(lambda: Flood(f, role_of), Past(), self.ask, reply=False):
            flood = journey.flood
            may, failed, returned, unreturned = u.none, flood.lost, u.none, u.none
            for past, part in flood.delivered.items():
                sender = sends[past.egress_refs]
                receiver = f.groups(Direction.INGRESS, role_of(past), references=past.ingress_refs)
                reply = self._reply(past)
                here = part & sender.may & receiver.may
                may |= here
                failed |= part & ~(sender.sure & receiver.sure) if past.sure else part
                returned |= here & reply.may
                unreturned |= part & ~reply.sure
                if past.nat:
                    self.translated |= part
            for part in flood.adrift.values():
                failed |= part
                may |= part & sends[True].may
                returned |= part & sends[True].may
            sure = journey.start & may & ~failed
            arrives_may.append(may)
            arrives_sure.append(sure)
            answered_may.append(returned)
            answered_sure.append(sure & ~unreturned)
        able = ~self.places.unable()
        asks = self.places.in_doubt(u.origin, u.source)
        asked = self.places.in_doubt(u.target, u.destination)
        known = able & ~asks & ~asked
        there, back = self._past_the_other_end(asks, asked, sends[True])
        self.may_arrive = known & u.union(arrives_may) | able & there
        self.surely_arrives = known & u.union(arrives_sure)
        self.may_return = known & u.union(answered_may) | able & there & back
        self.surely_returns = known & u.union(answered_sure)
        ports = u.cube(u.client, u.middle)
        always = ~(self.legal & ~self.surely_returns).exists(ports)
        at_best = ~(self.legal & ~self.may_return).exists(ports)
        self.allowed = self.surely_arrives & always
        self.half_open = self.surely_arrives & ~at_best
        self.undetermined = self.may_arrive & ~self.allowed & ~self.half_open

    def _past_the_other_end(
        self, sender: PacketSet, receiver: PacketSet, sends: Sieve
    ) -> tuple[PacketSet, PacketSet]:
        """Requests from or to an end in doubt, and their replies: only the other end denies."""
        f, u = self.f, self.u
        receives = f.groups(Direction.INGRESS, self.ask, references=True)
        neighbours = u.union(
            [
                f.in_subnet(u.origin, each.id) & f.in_subnet(u.target, each.id)
                for each in self.network.subnets
            ]
        )
        there = (sender | receiver) & (sender | sends.may) & (receiver | receives.may)
        there &= neighbours | (sender | f.acl_out_of(self.ask).may) & (
            receiver | f.acl_into(self.ask).may
        )
        back = (receiver | f.acl_out_of(self.back).may) & (sender | f.acl_into(self.back).may)
        return there, neighbours | back

    # Replies

    def _reply(self, asked: Past) -> Sieve:
        """To which ports the reply returns, for requests with this past."""
        key = (asked.nat, asked.exit, asked.walls)
        if key not in self._replies:
            self._replies[key] = self._push_back(asked)
        return self._replies[key]

    def _push_back(self, asked: Past) -> Sieve:
        u, f = self.u, self.f
        nat = next((each for each in self.network.nat_gateways if each.id == asked.nat), None)
        far = self.back
        if nat is not None:
            number = f.number["subnet", nat.subnet]
            far = replace(self.back, end=number, destination=int(nat.address), port=u.middle)
        roles = {"client": self.back, "far": far}
        first = Past(stretch="client" if nat is None else "far")

        def make() -> Flood:
            flood = Flood(f, lambda past: roles[past.stretch], reply=True)
            flood.home = asked.nat
            return flood

        may, sure = u.none, u.none
        for journey in self._set_out_back(make, asked, first, far):
            flood = journey.flood
            returned, failed = u.none, flood.lost
            for past, part in flood.delivered.items():
                seen = {wall for wall, _ in past.walls} == {wall for wall, _ in asked.walls}
                judged = Sieve(u.all, u.all)
                for wall, stretch in past.walls:
                    box = next(
                        each
                        for each in self.network.firewalls
                        if wall in [endpoint for endpoint, _ in each.endpoints]
                    )
                    one = f.answer(box, roles[stretch])
                    judged = Sieve(judged.sure & one.sure, judged.may & one.may)
                returned |= part & judged.may if seen else part
                failed |= part & ~judged.sure if seen and past.sure else part
            for part in flood.adrift.values():
                returned |= part
                failed |= part
            may |= returned
            sure |= journey.start & returned & ~failed
        return Sieve(sure, may)

    def _set_out_back(
        self, make: Callable[[], Flood], asked: Past, first: Past, far: Role
    ) -> Iterator[Journey]:
        if asked.exit not in ("egress-only", "service"):
            yield from self._journeys(make, first, far, reply=True)
            return
        flood = make()
        for after, kept in flood.sieve(self.f.acl_into(far), first, self.u.all):
            flood.deliver(after, kept)
        flood.run()
        yield Journey(self.u.all, flood)


def _by_nat(network: Network, role: Role) -> Callable[[Past], Role]:
    """The role of a request: behind a NAT gateway it comes from there."""
    translated = {each.id: replace(role, source=int(each.address)) for each in network.nat_gateways}
    return lambda past: translated[past.nat] if past.nat else role
