"""The way of a packet as a formula: what must hold for it to arrive, from wherever it starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from bulkhead.doubt.smt.filters import Layers
from bulkhead.doubt.smt.gateways import Gateways
from bulkhead.doubt.smt.terms import (
    Formula,
    Header,
    all_of,
    among,
    any_of,
    either,
    inside,
    negated,
    same,
)
from bulkhead.doubt.smt.trail import Final, Spot, Trail
from bulkhead.network import AttachmentKind, PublicAccess, Route, TargetKind, VpnConnection

__all__ = ["Final", "Trail", "Way"]


class Way(Gateways):
    def from_anywhere(self, header: Header, trail: Trail) -> Formula:
        atlas = self.atlas
        within = same(header.origin, header.target)
        ways = []
        for spot in self._spots():
            here = among(header.origin, map(atlas.subnet, spot.subnets))
            neighbours = all_of((within, self.final(header, trail)))
            ways.append(all_of((here, either(within, neighbours, self.leave(spot, header, trail)))))
        for place, number in atlas.numbers.items():
            if place[0] == "site":
                way = self.from_site(place[1], header, trail)
            elif place[0] == "internet":
                way = self.from_internet(header, trail)
            elif place[0] == "elsewhere":
                way = self.from_elsewhere(header, trail)
            else:
                continue
            ways.append(all_of((same(header.origin, number), way)))
        return any_of(ways)

    def _spots(self) -> Iterable[Spot]:
        alike: dict[tuple[str, str, str, PublicAccess], set[str]] = defaultdict(set)
        for each in self.network.subnets:
            alike[each.vpc, each.zone, each.route_table, each.public_access].add(each.id)
        for (vpc, zone, table, access), subnets in alike.items():
            yield Spot(frozenset(subnets), vpc, zone, table, access)

    def from_internet(self, header: Header, trail: Trail) -> Formula:
        return any_of(
            all_of(
                (
                    among(header.target, self.atlas.in_vpc(vpc.id)),
                    negated(self._within(header.source, vpc.cidrs)),
                    self._reachable(header),
                    self._from_internet(vpc.id, header, trail),
                )
            )
            for vpc in self.network.vpcs
        )

    def _reachable(self, header: Header) -> Formula:
        if self._towards is not None:
            return self._towards.public_address is not None
        let_in = self.answering or self.layers.wide_open(header.target)
        return all_of((let_in, self.layers.public(header.target, header.destination)))

    def _from_internet(self, vpc: str, header: Header, trail: Trail) -> Formula:
        gateways = [each.id for each in self.network.internet_gateways if each.vpc == vpc]
        if gateways:
            return any_of(
                self._known(each, header, trail, self._by_edge(each, vpc, header, trail))
                for each in gateways
            )
        tables = {each.route_table for each in self.network.subnets if each.vpc == vpc}
        known = {each.id for each in self.network.internet_gateways}
        named = any(
            route.target is TargetKind.INTERNET_GATEWAY
            and route.target_id not in known
            and not route.blackhole
            for table in self.network.route_tables
            if table.vpc == vpc or table.id in tables
            for route in table.routes
        )
        return named and self.unsure(trail)

    def _by_edge(self, gateway: str, vpc: str, header: Header, trail: Trail) -> Formula:
        """By the edge table of a gateway, if it has one."""
        deliver = self._local(vpc, header, trail)
        tables = [each for each in self.network.route_tables if each.gateway == gateway]
        if not tables:
            return deliver

        def outcome(route: Route | None) -> Formula:
            if route is None or (route.target is TargetKind.LOCAL and not route.blackhole):
                return deliver
            redirects = (TargetKind.UNMODELLED, TargetKind.INTERFACE, TargetKind.FIREWALL)
            nowhere = Spot(frozenset(("",)), vpc, "", "", PublicAccess.OPEN)
            return route.target in redirects and self._target(route, nowhere, header, trail)

        return self._routed(tables[0].id, vpc, header, trail, outcome)

    def from_site(self, site: str, header: Header, trail: Trail) -> Formula:
        honest = all_of(
            any_of(
                (
                    negated(among(header.target, self.atlas.in_vpc(vpc.id))),
                    negated(self._within(header.source, vpc.cidrs)),
                )
            )
            for vpc in self.network.vpcs
        )
        elsewhere = negated(same(header.target, self.atlas.numbers["site", site]))
        ways = [
            self._through_tunnel(each, header, trail)
            for each in self.network.vpn_connections
            if site in self._sites_of(each) and each.available
        ]
        return all_of((honest, elsewhere, any_of(ways)))

    def _through_tunnel(self, connection: VpnConnection, header: Header, trail: Trail) -> Formula:
        ends = [
            each
            for each in self.network.transit_attachments
            if each.kind is AttachmentKind.VPN and each.resource == connection.id
        ]
        crossed = replace(trail, over_transit=True, sends=False, receives=False)
        ways = []
        for each in ends:
            way = each.available and self._cross(each, "", header, crossed)
            known = self._known(each.id, header, trail, way)
            ways.append(self._known(each.gateway, header, trail, known))
        gateways = [each for each in self.network.vpn_gateways if each.id == connection.vpn_gateway]
        if not gateways and not ends:
            return self.unsure(trail)
        for gateway in gateways:
            hub = all_of((self._shares(gateway.id, header), self.unsure(trail)))
            into = all_of(
                (
                    among(header.target, self.atlas.in_vpc(gateway.vpc)),
                    self._by_edge(gateway.id, gateway.vpc, header, trail),
                )
            )
            ways.append(self._known(gateway.id, header, trail, any_of((hub, into))))
        return any_of(ways)

    def _shares(self, gateway: str, header: Header) -> Formula:
        """Whether the target is a site behind the same VPN gateway."""
        others = {
            site
            for each in self.network.vpn_connections
            if each.vpn_gateway == gateway and each.available
            for site in self._sites_of(each)
        }
        return among(header.target, (self.atlas.numbers["site", each] for each in others))

    def from_elsewhere(self, header: Header, trail: Trail) -> Formula:
        """Somebody's packets: only where a route for their addresses ends in the unknown."""
        if not self.open_:
            return False
        back = replace(
            header,
            origin=header.target,
            source=header.destination,
            target=header.origin,
            destination=header.source,
        )
        ignorant = _Unfiltered(self.layers.atlas, self.layers.client)
        probe = Way(ignorant, lambda *_: False, lambda _: True, open_=True)
        return all_of(
            (
                any_of(
                    all_of(
                        (
                            among(header.target, self.atlas.in_vpc(vpc.id)),
                            any_of(
                                (
                                    self._unseen_door(vpc.id, header),
                                    *(
                                        probe.leave(self._spot(subnet.id), back, Trail())
                                        for subnet in self.network.subnets
                                        if subnet.vpc == vpc.id
                                    ),
                                )
                            ),
                        )
                    )
                    for vpc in self.network.vpcs
                ),
                self.unsure(trail),
            )
        )

    def _unseen_door(self, vpc: str, header: Header) -> Formula:
        """Whether something nobody observed may bring the packet into the VPC."""
        network, doubt = self.network, self.layers.doubt
        here = {each.id for each in network.vpcs}
        known = {(each.gateway, each.id) for each in network.transit_attachments}
        transits = {each.id for each in network.transit_gateways}
        opened: list[Formula] = [
            doubt(each.id, header.protocol) for each in network.vpn_gateways if each.vpc == vpc
        ]
        for peering in network.peerings:
            for near, far in (
                (peering.requester, peering.accepter),
                (peering.accepter, peering.requester),
            ):
                if near.vpc == vpc and peering.active:
                    opened.append(doubt(peering.id, header.protocol))
                    if far.vpc not in here:
                        opened.extend(
                            inside(header.source, cidr)
                            for cidr in far.cidrs
                            if cidr.version == self.layers.atlas.version
                        )
        for own in network.transit_attachments:
            if own.kind is AttachmentKind.VPC and own.resource == vpc and own.available:
                opened += [doubt(own.gateway, header.protocol), doubt(own.id, header.protocol)]
                opened.append(own.gateway not in transits)
                for each in network.transit_attachments:
                    if each.gateway == own.gateway:
                        opened.append(
                            each.kind is AttachmentKind.OTHER
                            or (each.kind is AttachmentKind.VPC and each.resource not in here)
                            or (
                                each.kind is AttachmentKind.PEERING
                                and (each.peer_gateway, each.resource) not in known
                            )
                        )
        return any_of(opened)


class _Unfiltered(Layers):
    """Routes alone: every ACL and every firewall passes."""

    def acl(self, *_: object, open_: bool) -> Formula:
        return open_

    def acl_at(self, *_: object, open_: bool) -> Formula:
        return open_

    def inspects(self, *_: object, open_: bool) -> Formula:
        return open_
