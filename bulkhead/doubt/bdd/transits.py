"""Through transit gateways, by their tables, and out of them into VPCs and tunnels."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.bdd.parts import Past, sites_of
from bulkhead.doubt.bdd.routers import Routers
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.network import (
    AttachmentKind,
    Direction,
    Subnet,
    TargetKind,
    TransitAttachment,
    TransitRoute,
)


class Transits(Routers):
    def _attachment(self, gateway: str, id_: str) -> TransitAttachment | None:
        for each in self.network.transit_attachments:
            if (each.gateway, each.id) == (gateway, id_):
                return each
        return None

    def _to_transit(self, gateway: str, here: Subnet, past: Past, part: PacketSet) -> None:
        hub = next((each for each in self.network.transit_gateways if each.id == gateway), None)
        ours = None
        for each in self.network.transit_attachments:
            if (
                each.gateway == gateway
                and each.kind is AttachmentKind.VPC
                and each.resource == here.vpc
            ):
                ours = each
                break
        if hub is None or ours is None:
            return self.drift(past, part)
        part = self._undoubted(past, part, gateway, ours.id)
        if not ours.available:
            return self.lose(part)
        known = [self.network.subnet[each] for each in ours.subnets if each in self.network.subnet]
        doors = [each.id for each in known if each.zone == here.zone]
        if not doors:
            foreign = len(known) != len(ours.subnets)
            return self.drift(past, part) if foreign else self.lose(part)
        counts = (
            past.ingress_refs
            and not past.transit
            and hub.references
            and ours.references
            and self.network.vpc[here.vpc].region == hub.region
        )
        sieve = self.f.acl(doors[0], Direction.INGRESS, self.role(past))
        for after, kept in self.sieve(sieve, past, part):
            inside = replace(after, transit=True, egress_refs=False, ingress_refs=counts)
            self.put(("transit", gateway, ours.id, here.zone), inside, kept)
        return None

    def _transit(self, gateway: str, door: str, zone: str, past: Past, part: PacketSet) -> None:
        came = self._attachment(gateway, door)
        mark = f"{gateway}/{door}"
        if came is None or came.table is None or mark in past.seen:
            return self.lose(part)
        past = replace(past, seen=past.seen | {mark})
        tables = [each for each in self.network.transit_route_tables if each.id == came.table]
        if not tables:
            return self.drift(past, part)
        part = self._undoubted(past, part, tables[0].id)
        destination = self.role(past).destination
        for route in sorted(tables[0].routes, key=_transit_rank):
            going = part & self.f.block(destination, route.destination)
            part &= ~going
            if not going.satisfiable():
                continue
            if route.blackhole or not route.attachments:
                self.lose(going)
                continue
            for each in route.attachments:
                self._out_by(gateway, each, zone, past, going)
        return self.lose(part)

    def _out_by(self, gateway: str, id_: str, zone: str, past: Past, part: PacketSet) -> None:
        door = self._attachment(gateway, id_)
        if door is None:
            return self.drift(past, part)
        part = self._undoubted(past, part, id_)
        part = self._keep(self.u.known(door.available), part)
        match door.kind:
            case AttachmentKind.VPC:
                self._into_vpc(door, zone, past, part)
            case AttachmentKind.VPN:
                self._into_tunnel(door.resource, past, part)
            case AttachmentKind.PEERING:
                self._to_other_gateway(door, past, part)
            case _:
                self.drift(past, part)
        return None

    def _into_tunnel(self, connection: str, past: Past, part: PacketSet) -> None:
        tunnel = self.network.vpn_connection.get(connection)
        if tunnel is None:
            return self.drift(past, part)
        sites = sites_of(self.network, tunnel.id)
        there = self.u.one_of(self.role(past).end, (self.f.number["site", one] for one in sites))
        return self.deliver(past, self._keep(there & self.u.known(tunnel.available), part))

    def _to_other_gateway(self, door: TransitAttachment, past: Past, part: PacketSet) -> None:
        for each in self.network.transit_attachments:
            meant = door.peer_gateway is None or each.gateway == door.peer_gateway
            if each.id == door.resource and each.gateway != door.gateway and meant:
                part = self._undoubted(past, part, each.gateway, each.id)
                if not each.available:
                    return self.lose(part)
                across = replace(past, egress_refs=False, ingress_refs=False)
                return self.put(("transit", each.gateway, each.id, ""), across, part)
        return self.drift(past, part)

    def _into_vpc(self, door: TransitAttachment, zone: str, past: Past, part: PacketSet) -> None:
        vpc = self.network.vpc.get(door.resource)
        hub = next(
            (each for each in self.network.transit_gateways if each.id == door.gateway), None
        )
        if vpc is None:
            return self.drift(past, part)
        if not door.references or hub is None or vpc.region != hub.region:
            past = replace(past, ingress_refs=False)
        doors: tuple[str, ...] = door.subnets
        if zone and not door.appliance_mode:
            near = [
                each
                for each in doors
                if each in self.network.subnet and self.network.subnet[each].zone == zone
            ]
            doors = tuple(near[:1]) or doors
        if not doors:
            return self.lose(part)
        for each in doors:
            if each in self.network.subnet:
                self.put(("exit", each, door.gateway), past, part)
            else:
                self.drift(past, part)
        return None

    def _exit(self, subnet: str, gateway: str, past: Past, part: PacketSet) -> None:
        """Out of a transit gateway: routed first, and only what goes on meets the ACL."""
        here = self.network.subnet[subnet]
        for route, portion in self._by_route(here, past, part):
            going = portion
            local = route is None or (route.target is TargetKind.LOCAL and not route.blackhole)
            if local:
                near = self.f.in_subnet(self.role(past).end, subnet)
                self.deliver(past, going & near)
                going &= ~near
            elif (
                route is not None
                and route.target is TargetKind.TRANSIT_GATEWAY
                and route.target_id == gateway
            ):
                self.lose(going)
                continue
            sieve = self.f.acl(subnet, Direction.EGRESS, self.role(past))
            for after, kept in self.sieve(sieve, past, going):
                self._follow(route, here, after, kept)


def _transit_rank(route: TransitRoute) -> tuple[int, bool, bool]:
    return -route.destination.prefixlen, route.propagated, route.blackhole
