"""Through transit gateways (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)."""

from __future__ import annotations

from dataclasses import replace

from bulkhead.doubt.smt.routes import Routes
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
from bulkhead.doubt.smt.trail import Spot, Trail
from bulkhead.network import AttachmentKind, Direction, Route, TargetKind, TransitAttachment


class Transit(Routes):
    def _transit(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        gateway = next((each for each in self.network.transit_gateways if each.id == id_), None)
        ours = [
            each
            for each in self.network.transit_attachments
            if each.gateway == id_ and each.kind is AttachmentKind.VPC and each.resource == spot.vpc
        ]
        if gateway is None or not ours:
            return self.unsure(trail)
        attachment = ours[0]
        subnets = [self.network.subnet.get(each) for each in attachment.subnets]
        entry = [each for each in subnets if each is not None and each.zone == spot.zone]
        refer = (
            gateway.references
            and attachment.references
            and not trail.over_transit
            and gateway.region == self.network.vpc[spot.vpc].region
        )
        later = replace(trail, over_transit=True, sends=False, receives=trail.receives and refer)
        way: Formula = self.unsure(trail) if None in subnets else False
        if entry:
            way = all_of(
                (
                    self.layers.acl(Direction.INGRESS, entry[0].id, header, open_=self.open_),
                    self._cross(attachment, spot.zone, header, later),
                )
            )
        way = attachment.available and way
        return self._known(id_, header, trail, self._known(attachment.id, header, trail, way))

    def _cross(
        self, attachment: TransitAttachment, zone: str, header: Header, trail: Trail
    ) -> Formula:
        """Through the gateway, by the table of the attachment that the packet came in by."""
        mark = f"{attachment.gateway} {attachment.id}"
        if mark in trail.entered or attachment.table is None:
            return False
        found = [each for each in self.network.transit_route_tables if each.id == attachment.table]
        if not found:
            return self.unsure(trail)
        key = ("cross", mark, zone, id(header), trail)
        if key in self._kept:
            return self._kept[key][0]
        later = replace(trail, entered=trail.entered | {mark})
        way: Formula = False
        routes = sorted(
            (each for each in found[0].routes if each.destination.version == self.atlas.version),
            # What is written last into the chain wins: the longest, the static, the one that lives.
            key=lambda each: (each.destination.prefixlen, not each.propagated, not each.blackhole),
        )
        for route in routes:
            led: Formula = False
            if not route.blackhole:
                led = self._candidates(
                    self._candidate(each, attachment.gateway, zone, header, later)
                    for each in route.attachments
                )
            way = either(inside(header.destination, route.destination), led, way)
        way = self._known(found[0].id, header, trail, way)
        self._kept[key] = way, header
        return way

    def _candidate(
        self, id_: str, gateway: str, zone: str, header: Header, trail: Trail
    ) -> Formula:
        found = [
            each
            for each in self.network.transit_attachments
            if each.id == id_ and each.gateway == gateway
        ]
        if not found:
            return self.unsure(trail)
        there = found[0]
        if not there.available:
            way: Formula = False
        elif there.kind is AttachmentKind.VPC:
            way = self._out_of_transit(there, zone, header, trail)
        elif there.kind is AttachmentKind.VPN:
            way = self._tunnel(there, header, trail)
        elif there.kind is AttachmentKind.PEERING:
            way = self._peered_gateway(there, header, trail)
        else:
            way = self.unsure(trail)
        return self._known(id_, header, trail, way)

    def _tunnel(self, there: TransitAttachment, header: Header, trail: Trail) -> Formula:
        connection = self.network.vpn_connection.get(there.resource)
        if connection is None:
            return self.unsure(trail)
        sites = (self.atlas.numbers["site", site] for site in self._sites_of(connection))
        return all_of(
            (connection.available, among(header.target, sites), self.final(header, trail))
        )

    def _peered_gateway(self, there: TransitAttachment, header: Header, trail: Trail) -> Formula:
        far = [
            each
            for each in self.network.transit_attachments
            if each.id == there.resource
            and each.gateway == (there.peer_gateway or each.gateway)
            and each.gateway != there.gateway
        ]
        if not far:
            return self.unsure(trail)
        way = far[0].available and self._cross(
            far[0], "", header, replace(trail, sends=False, receives=False)
        )
        return self._known(
            far[0].gateway, header, trail, self._known(far[0].id, header, trail, way)
        )

    def _out_of_transit(
        self, there: TransitAttachment, zone: str, header: Header, trail: Trail
    ) -> Formula:
        """By the attachment's subnets into a VPC."""
        vpc = self.network.vpc.get(there.resource)
        if vpc is None:
            return self.unsure(trail)
        region = next(
            (each.region for each in self.network.transit_gateways if each.id == there.gateway), ""
        )
        receives = trail.receives and there.references and vpc.region == region
        later = replace(trail, receives=receives)
        exits = list(there.subnets)
        if zone and not there.appliance_mode:
            in_zone = [
                each
                for each in exits
                if each in self.network.subnet and self.network.subnet[each].zone == zone
            ]
            exits = in_zone[:1] or exits
        return self._candidates(
            self._exit(each, there.gateway, header, later)
            if each in self.network.subnet
            else self.unsure(trail)
            for each in exits
        )

    def _exit(self, subnet: str, gateway: str, header: Header, trail: Trail) -> Formula:
        spot = self._spot(subnet)
        out = self._out(spot, header)

        def outcome(route: Route | None) -> Formula:
            if route is None or (route.target is TargetKind.LOCAL and not route.blackhole):
                here = all_of(
                    (same(header.target, self.atlas.subnet(subnet)), self.final(header, trail))
                )
                away = all_of(
                    (
                        negated(same(header.target, self.atlas.subnet(subnet))),
                        out,
                        self._local(spot.vpc, header, trail),
                    )
                )
                return any_of((here, away))
            if route.target is TargetKind.TRANSIT_GATEWAY and route.target_id == gateway:
                return False
            return all_of((out, self._target(route, spot, header, trail)))

        return self._routed(spot.table, spot.vpc, header, trail, outcome)
