"""What a route leads to, and what each gateway does with the part that comes to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bulkhead.doubt.bdd.filters import NAT_SPAN, UDP
from bulkhead.doubt.bdd.parts import Past, sites_of
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.doubt.bdd.transits import Transits
from bulkhead.network import PublicAccess, Route, Subnet, TargetKind


class Gateways(Transits):
    def _follow(self, route: Route | None, here: Subnet, past: Past, part: PacketSet) -> None:
        if route is None or (route.target is TargetKind.LOCAL and not route.blackhole):
            return self._local(here.vpc, past, part)
        if route.blackhole:
            return self.lose(part)
        if route.target is TargetKind.INTERFACE:
            return self._to_interface(route.target_id, here.vpc, past, part)
        if route.target is TargetKind.FIREWALL:
            return self._to_firewall(route.target_id, here.vpc, here, past, part)
        steps = {
            TargetKind.INTERNET_GATEWAY: self._to_internet,
            TargetKind.EGRESS_ONLY_GATEWAY: self._to_egress_only,
            TargetKind.GATEWAY_ENDPOINT: self._to_service,
            TargetKind.VPN_GATEWAY: self._to_tunnels,
            TargetKind.NAT_GATEWAY: self._to_nat,
            TargetKind.PEERING: self._to_peer,
            TargetKind.TRANSIT_GATEWAY: self._to_transit,
        }
        if route.target not in steps:
            return self.drift(past, part)
        return steps[route.target](route.target_id, here, past, part)

    def _to_internet(self, gateway: str, here: Subnet, past: Past, part: PacketSet) -> None:
        attached = {each.id: each.vpc for each in self.network.internet_gateways}
        part = self._keep(self._internet(past), part)
        part = self._attached(attached, gateway, here, past, part)
        part = self._keep(self._of_vpc(here.vpc, past) & self._has_public(past), part)
        out = replace(past, exit="internet-gateway")
        if self.reply or (here.public_access is PublicAccess.OPEN and not past.nat):
            self.deliver(out, part)
        elif not past.nat or here.public_access is PublicAccess.BLOCKED:
            self.lose(part)
        else:
            blocked = self.f.in_blocked_subnet(self.role(past).start)
            self.drift(past, part & blocked)
            self.deliver(out, part & ~blocked)

    def _attached(
        self, known: dict[str, str], gateway: str, here: Subnet, past: Past, part: PacketSet
    ) -> PacketSet:
        """What gets to a gateway of this VPC: nothing if it is another's or not here."""
        if gateway not in known:
            self.drift(past, part)
            return self.u.none
        part = self._undoubted(past, part, gateway)
        return self._keep(self.u.known(known[gateway] == here.vpc), part)

    def _to_egress_only(self, gateway: str, here: Subnet, past: Past, part: PacketSet) -> None:
        attached = {each.id: each.vpc for each in self.network.egress_only_gateways}
        part = self._keep(self._internet(past) & self.u.known(self.f.version == 6), part)
        part = self._attached(attached, gateway, here, past, part)
        let_out = not self.reply and here.public_access is not PublicAccess.BLOCKED
        part = self._keep(self._of_vpc(here.vpc, past) & self.u.known(let_out), part)
        self.deliver(replace(past, exit="egress-only"), part)

    def _has_public(self, past: Past) -> PacketSet:
        role = self.role(past)
        if past.nat:
            return self.u.known(self._gateways[past.nat].public_address is not None)
        return ~self.f.unknown_to_internet(role.start, role.source)

    def _to_service(self, endpoint: str, here: Subnet, past: Past, part: PacketSet) -> None:
        u, role = self.u, self.role(past)
        part = self._keep(self._internet(past) & u.known(self.f.version == 4), part)
        if endpoint not in {each.id for each in self.network.gateway_endpoints}:
            return self.drift(past, part)
        part = self._undoubted(past, part, endpoint)
        echo = u.is_(u.protocol, 1) & u.span(role.port, 8 * 256, 8 * 256 + 255)
        spoken = (u.is_(u.protocol, 6) | echo) & u.known(not self.reply)
        part = self._keep(self._of_vpc(here.vpc, past) & spoken, part)
        return self.deliver(replace(past, exit="service"), part)

    def _to_tunnels(self, gateway: str, here: Subnet, past: Past, part: PacketSet) -> None:
        role = self.role(past)
        attached = {each.id: each.vpc for each in self.network.vpn_gateways}
        part = self._attached(attached, gateway, here, past, part)
        part = self._keep(self._of_vpc(here.vpc, past) & ~self.f.in_any_subnet(role.end), part)
        tunnels = [each for each in self.network.vpn_connections if each.vpn_gateway == gateway]
        prefixes = {cidr for each in tunnels for cidr in each.routes}
        for prefix in sorted(prefixes, key=lambda each: -each.prefixlen):
            inside = part & self.f.block(role.destination, prefix)
            part &= ~inside
            chosen = [each for each in tunnels if prefix in each.routes]
            sites = {site for each in chosen for site in sites_of(self.network, each.id)}
            there = self.u.one_of(role.end, (self.f.number["site", site] for site in sites))
            inside = self._keep(there, inside)
            if len(sites) > 1:
                self.drift(past, inside)
            elif any(each.available for each in chosen):
                self.deliver(past, inside)
            else:
                self.lose(inside)
        return self.lose(part)

    def _to_nat(self, gateway: str, here: Subnet, past: Past, part: PacketSet) -> None:
        nat = self._gateways.get(gateway)
        if nat is None or nat.subnet not in self.network.subnet:
            return self.drift(past, part)
        part = self._undoubted(past, part, gateway)
        if self.reply or self.f.version == 6 or past.nat:
            return self.lose(part)
        if not nat.available or nat.vpc != here.vpc:
            return self.lose(part)
        part = self._keep(self.u.one_of(self.u.protocol, (1, 6, UDP)), part)
        if not past.transit:
            part = self._keep(self.f.in_vpc(self.role(past).start, here.vpc), part)
        for after, kept in self._passing(nat.subnet, here, past, part):
            translated = replace(
                after,
                nat=gateway,
                egress_refs=False,
                ingress_refs=False,
                stretch="far",
            )
            self.from_subnet(nat.subnet, translated, kept)
        return None

    def _to_peer(self, peering: str, here: Subnet, past: Past, part: PacketSet) -> None:
        link = next((each for each in self.network.peerings if each.id == peering), None)
        if link is None:
            return self.drift(past, part)
        part = self._undoubted(past, part, peering)
        sides = {link.requester.vpc: link.accepter, link.accepter.vpc: link.requester}
        if not link.active or here.vpc not in sides:
            return self.lose(part)
        far, role = sides[here.vpc], self.role(past)
        ours = self.f.blocks(role.source, self.network.vpc[here.vpc].cidrs)
        part = self._keep(ours & self.f.blocks(role.destination, far.cidrs), part)
        if link.requester.region != link.accepter.region:
            past = replace(past, egress_refs=False, ingress_refs=False)
        if far.vpc not in self.network.vpc:
            return self.drift(past, part)
        return self._local(far.vpc, past, part)

    def _to_interface(self, interface: str, vpc: str, past: Past, part: PacketSet) -> None:
        box, role = self.network.interface.get(interface), self.role(past)
        if box is None:
            return self.drift(past, part)
        part = self._undoubted(past, part, interface)
        addressed = self.u.one_of(role.destination, map(int, self.f.own_of(box)))
        mine = self.f.in_subnet(role.end, box.subnet) & addressed
        self._local(vpc, past, part & mine)
        self.lose(part & addressed & ~mine)
        part &= ~addressed
        if box.source_dest_check:
            return self.lose(part)
        return self.drift(replace(past, egress_refs=False, ingress_refs=False), part)

    def _walls(self, endpoint: str) -> tuple[Any, str] | None:
        for wall in self.network.firewalls:
            for id_, subnet in wall.endpoints:
                if id_ == endpoint:
                    return wall, subnet
        return None

    def _to_firewall(
        self, endpoint: str, vpc: str, here: Subnet | None, past: Past, part: PacketSet
    ) -> None:
        found = self._walls(endpoint)
        if found is None or found[1] not in self.network.subnet:
            return self.drift(past, part)
        wall, subnet = found
        part = self._undoubted(past, part, wall.id, endpoint)
        if endpoint in past.seen or self.network.subnet[subnet].vpc != vpc:
            return self.lose(part)
        for after, kept in self._passing(subnet, here, past, part):
            for inspected, left in self._inspect(wall, endpoint, after, kept):
                seen = replace(inspected, seen=inspected.seen | {endpoint})
                self.from_subnet(subnet, seen, left)
        return None

    def _inspect(
        self, wall: Any, endpoint: str, past: Past, part: PacketSet
    ) -> Iterator[tuple[Past, PacketSet]]:
        """The rules judge a request here, and a reply when its whole way is known."""
        after = replace(
            past,
            egress_refs=False,
            ingress_refs=False,
            walls=past.walls | {(endpoint, past.stretch)},
        )
        if self.reply:
            yield after, part
            return
        span = NAT_SPAN if past.nat else self.f.client
        yield from self.sieve(self.f.inspection(wall, self.role(past), span), after, part)
