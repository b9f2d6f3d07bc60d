"""What a route leads to: gateways of every kind, peers, interfaces, firewalls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network

from bulkhead.doubt.smt.terms import (
    Formula,
    Header,
    all_of,
    among,
    any_of,
    between,
    either,
    inside,
    negated,
    same,
)
from bulkhead.doubt.smt.trail import Spot, Trail
from bulkhead.doubt.smt.transit import Transit
from bulkhead.network import PublicAccess, Route, TargetKind, VpnConnection


class Gateways(Transit):
    def _target(self, route: Route, spot: Spot, header: Header, trail: Trail) -> Formula:
        if route.blackhole:
            return False
        steps: dict[TargetKind, Callable[[str, Spot, Header, Trail], Formula]] = {
            TargetKind.LOCAL: lambda _, spot, header, trail: self._local(spot.vpc, header, trail),
            TargetKind.INTERNET_GATEWAY: self._internet_gateway,
            TargetKind.EGRESS_ONLY_GATEWAY: self._egress_only,
            TargetKind.VPN_GATEWAY: self._vpn_gateway,
            TargetKind.NAT_GATEWAY: self._nat,
            TargetKind.PEERING: self._peering,
            TargetKind.TRANSIT_GATEWAY: self._transit,
            TargetKind.INTERFACE: self._interface,
            TargetKind.GATEWAY_ENDPOINT: self._endpoint,
            TargetKind.FIREWALL: self._firewall,
            TargetKind.UNMODELLED: lambda _id, _spot, _header, trail: self.unsure(trail),
        }
        return steps[route.target](route.target_id, spot, header, trail)

    def _internet_gateway(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        found = [each for each in self.network.internet_gateways if each.id == id_]
        if not found:
            return all_of((self._is_internet(header), self.unsure(trail)))
        through = all_of(
            (
                found[0].vpc == spot.vpc,
                self._ours(spot, header),
                self._translated(header, trail),
                self._let_out(spot, header, trail),
                self.final(header, replace(trail, left_by="internet gateway")),
            )
        )
        return all_of((self._is_internet(header), self._known(id_, header, trail, through)))

    def _translated(self, header: Header, trail: Trail) -> Formula:
        """Whether an internet gateway knows a public address for the sender."""
        if self.atlas.version == 6:
            return True
        if trail.nat:
            nat = self._nat_gateway(trail.nat)
            return nat is not None and nat.public_address is not None
        return self.layers.public(header.origin, header.source)

    def _let_out(self, spot: Spot, header: Header, trail: Trail) -> Formula:
        """VPC Block Public Access."""
        if self.answering:
            return True
        if not trail.nat:
            return spot.access is PublicAccess.OPEN
        blocked = among(
            header.origin,
            (
                self.atlas.subnet(each.id)
                for each in self.network.subnets
                if each.public_access is PublicAccess.BLOCKED
            ),
        )
        passes = spot.access is not PublicAccess.BLOCKED
        return passes and either(blocked, self.unsure(trail), True)

    def _egress_only(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        if self.atlas.version == 4:
            return False
        found = [each for each in self.network.egress_only_gateways if each.id == id_]
        if not found:
            return all_of((self._is_internet(header), self.unsure(trail)))
        through = all_of(
            (
                not self.answering and found[0].vpc == spot.vpc,
                self._ours(spot, header),
                spot.access is not PublicAccess.BLOCKED,
                self.final(header, replace(trail, left_by="egress-only gateway")),
            )
        )
        return all_of((self._is_internet(header), self._known(id_, header, trail, through)))

    def _endpoint(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        if self.atlas.version == 6:
            return False
        if all(each.id != id_ for each in self.network.gateway_endpoints):
            return all_of((self._is_internet(header), self.unsure(trail)))
        spoken = any_of(
            (
                same(header.protocol, 6),
                all_of((same(header.protocol, 1), between(header.port, 2048, 2303))),
            )
        )
        later = replace(trail, left_by="gateway endpoint")
        through = not self.answering and all_of(
            (spoken, self._ours(spot, header), self.final(header, later))
        )
        return all_of((self._is_internet(header), self._known(id_, header, trail, through)))

    def _vpn_gateway(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        outside = negated(
            among(header.target, (number for place, number in self._places() if place == "subnet"))
        )
        found = [each for each in self.network.vpn_gateways if each.id == id_]
        if not found:
            return self.unsure(trail)
        tunnels: dict[IPv4Network | IPv6Network, list[VpnConnection]] = defaultdict(list)
        for connection in self.network.vpn_connections:
            for prefix in connection.routes if connection.vpn_gateway == id_ else ():
                if prefix.version == self.atlas.version:
                    tunnels[prefix].append(connection)
        way: Formula = False
        for prefix in sorted(tunnels, key=lambda each: each.prefixlen):
            sites = {site for each in tunnels[prefix] for site in self._sites_of(each)}
            there = among(header.target, (self.atlas.numbers["site", site] for site in sites))
            if len(sites) > 1:
                led = all_of((there, self.unsure(trail)))
            else:
                up = any(each.available for each in tunnels[prefix])
                led = all_of((up, there, self.final(header, trail)))
            way = either(inside(header.destination, prefix), led, way)
        way = all_of((found[0].vpc == spot.vpc, self._ours(spot, header), outside, way))
        return self._known(id_, header, trail, way)

    def _nat(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        nat = self._nat_gateway(id_)
        if nat is None or nat.subnet not in self.network.subnet:
            return self.unsure(trail)
        if self.answering or self.atlas.version == 6 or trail.nat or id_ in trail.entered:
            return self._known(id_, header, trail, False)
        ours = trail.over_transit or among(header.origin, self.atlas.in_vpc(spot.vpc))
        key = ("nat", id_, id(header))
        if key not in self._kept:
            self._kept[key] = replace(header, source=int(nat.address)), header
        behind: Header = self._kept[key][0]
        later = replace(
            trail,
            nat=id_,
            sends=False,
            receives=False,
            entered=trail.entered | {id_},
        )
        through = all_of(
            (
                nat.available and nat.vpc == spot.vpc,
                among(header.protocol, (1, 6, 17)),
                ours,
                self._arrives_at_subnet(nat.subnet, spot, header),
                self.from_subnet(nat.subnet, behind, later),
            )
        )
        return self._known(id_, header, trail, through)

    def _peering(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        found = [each for each in self.network.peerings if each.id == id_]
        if not found:
            return self.unsure(trail)
        far = found[0].other(spot.vpc)
        if far is None or not found[0].active:
            return self._known(id_, header, trail, False)
        one_region = found[0].requester.region == found[0].accepter.region
        later = replace(
            trail, sends=trail.sends and one_region, receives=trail.receives and one_region
        )
        arrives: Formula = self.unsure(trail)
        if far.vpc in self.network.vpc:
            arrives = self._local(far.vpc, header, later)
        through = all_of(
            (
                self._within(header.source, self.network.vpc[spot.vpc].cidrs),
                self._within(header.destination, far.cidrs),
                arrives,
            )
        )
        return self._known(id_, header, trail, through)

    def _interface(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        found = self.network.interface.get(id_)
        if found is None:
            return self.unsure(trail)
        own = self.atlas.is_one_of((found,), header.target, header.destination)
        delivered = all_of((own, self._local(spot.vpc, header, trail)))
        forwarded: Formula = False
        if not found.source_dest_check:
            addressed = among(header.destination, self.atlas.addresses(found))
            beyond = replace(trail, sends=False, receives=False)
            forwarded = all_of((negated(addressed), self.unsure(beyond)))
        return self._known(id_, header, trail, any_of((delivered, forwarded)))

    def _firewall(self, id_: str, spot: Spot, header: Header, trail: Trail) -> Formula:
        for wall in self.network.firewalls:
            for endpoint, subnet in wall.endpoints:
                if endpoint != id_:
                    continue
                if subnet not in self.network.subnet:
                    return self.unsure(trail)
                if id_ in trail.entered:
                    looped = self._known(wall.id, header, trail, False)
                    return self._known(id_, header, trail, looped)
                later = self._inspected(id_, trail)
                through = all_of(
                    (
                        self.network.subnet[subnet].vpc == spot.vpc,
                        self._arrives_at_subnet(subnet, spot, header),
                        self._inspects(wall.id, header, trail),
                        self.from_subnet(subnet, header, later),
                    )
                )
                return self._known(id_, header, trail, self._known(wall.id, header, trail, through))
        return self.unsure(trail)

    def _inspected(self, endpoint: str, trail: Trail) -> Trail:
        leg = self.leg if self.answering else int(bool(trail.nat))
        return replace(
            trail,
            sends=False,
            receives=False,
            entered=trail.entered | {endpoint},
            walls=trail.walls | {(endpoint, leg)},
        )

    def _inspects(self, id_: str, header: Header, trail: Trail) -> Formula:
        """A reply is judged at the end, when it is known what else its request has passed."""
        if self.answering:
            return True
        (wall,) = (each for each in self.network.firewalls if each.id == id_)
        own = (1024, 65535) if trail.nat else self.layers.client
        return self.layers.inspects(wall, header, own, open_=self.open_)
