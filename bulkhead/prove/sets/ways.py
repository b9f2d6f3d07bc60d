"""The ways a packet can take from one standing to another.

docs/model.md defines them step by step; the names here follow that page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.ends.classes import EndpointKind, Partition
from bulkhead.ends.prefixes import Prefix, as_prefix
from bulkhead.network import (
    AttachmentKind,
    Direction,
    NatGateway,
    Network,
    PublicAccess,
    Route,
    Subnet,
    TargetKind,
    TransitAttachment,
    VpnConnection,
)
from bulkhead.prove.sets.carriers import Carriers
from bulkhead.prove.sets.passage import (
    DROPPED,
    Candidates,
    Exit,
    FirewallCheck,
    GroupReferences,
    Options,
    Passage,
    Standing,
)
from bulkhead.prove.sets.routing import Routing, Unrouted
from bulkhead.prove.sets.unknowns import Unknowns


class Ways:
    def __init__(
        self, network: Network, classes: Partition, unknowns: Unknowns, routing: Routing
    ) -> None:
        self._network = network
        self._unknowns = unknowns
        self._routing = routing
        self._tree = classes.tree
        self._carriers = Carriers(network, classes)
        self._leads_away: dict[tuple[str, Prefix], bool] = {}

    # From end to end

    def request(self, origin: Standing, target: Standing) -> Options:
        return self._travel(origin, target, reply=False)

    def reply(self, origin: Standing, target: Standing) -> Options:
        """A reply that follows nothing but routes: origin is who answers."""
        return self._travel(origin, target, reply=True)

    def _travel(self, origin: Standing, target: Standing, *, reply: bool) -> Options:
        if origin.is_ipv6 != target.is_ipv6:
            return ()
        if (origin.kind, origin.id) == (target.kind, target.id) and origin.subnet is None:
            return ()
        start = Passage(source=origin.home, public=origin.public, reply=reply, origin=origin.subnet)
        if origin.subnet is not None:
            return (self.leave(start, origin.subnet, target),)
        return tuple(self._enter(start, origin, target))

    def from_nat(self, nat: NatGateway, source: Prefix, target: Standing) -> Candidates:
        """The last stretch of a reply, translated back: from the gateway to the client."""
        start = Passage(source=source, public=False, reply=True, origin=nat.subnet, transit=True)
        return self.leave(start, nat.subnet, target)

    def nat(self, id_: str) -> NatGateway:
        return self._carriers.nats[id_]

    def nat_standing(self, id_: str) -> Standing:
        """A NAT gateway as somebody to whom replies are addressed."""
        nat = self._carriers.nats[id_]
        return Standing(
            home=self._tree.home(nat.address),
            kind=None,
            id=nat.id,
            vpc=nat.vpc,
            subnet=nat.subnet,
            public=nat.public_address is not None,
        )

    # Out of a subnet

    def leave(self, packet: Passage, subnet: str, target: Standing) -> Candidates:
        if target.subnet == subnet:
            return (packet,)
        here = self._network.subnet.get(subnet)
        if here is None:
            return (packet.unknown(),)
        return self._forward(packet.meets(here.nacl, Direction.EGRESS, target.home), here, target)

    def _forward(self, packet: Passage, here: Subnet, target: Standing) -> Candidates:
        choice = self._routing.choice(here.route_table, here.vpc, target.home)
        if choice is Unrouted.UNKNOWN:
            return (packet.unknown(),)
        if choice is Unrouted.LOCAL:
            return self._deliver(packet, here.vpc, target)
        if isinstance(choice, Unrouted) or choice.blackhole:
            return DROPPED
        return self._follow(choice, packet, here, target)

    def _follow(self, route: Route, packet: Passage, here: Subnet, target: Standing) -> Candidates:
        id_ = route.target_id
        if route.target is TargetKind.INTERFACE:
            return self._appliance(id_, packet, here.vpc, target)
        ways = {
            TargetKind.INTERNET_GATEWAY: self._internet_gateway,
            TargetKind.EGRESS_ONLY_GATEWAY: self._egress_only_gateway,
            TargetKind.VPN_GATEWAY: self._vpn_gateway,
            TargetKind.NAT_GATEWAY: self._nat_gateway,
            TargetKind.PEERING: self._peering,
            TargetKind.TRANSIT_GATEWAY: self._transit_gateway,
            TargetKind.GATEWAY_ENDPOINT: self._gateway_endpoint,
            TargetKind.FIREWALL: self._firewall,
        }
        if route.target not in ways:
            return (packet.unknown(),)
        return ways[route.target](id_, packet, here, target)

    def _deliver(self, packet: Passage, vpc: str, target: Standing) -> Candidates:
        if target.vpc != vpc or target.subnet is None:
            return DROPPED
        nacl = self._network.subnet[target.subnet].nacl
        return (packet.meets(nacl, Direction.INGRESS, packet.source),)

    def _attached(
        self, gateway: str, known: dict[str, str], vpc: str, packet: Passage
    ) -> Candidates | None:
        """What an attachment decides by itself; None where the packet passes on."""
        if gateway not in known or gateway in self._unknowns.gateways:
            return (packet.unknown(),)
        return None if known[gateway] == vpc else DROPPED

    def _internet_gateway(
        self, id_: str, packet: Passage, here: Subnet, target: Standing
    ) -> Candidates:
        if target.kind is not EndpointKind.INTERNET:
            return DROPPED
        decided = self._attached(id_, self._carriers.internet, here.vpc, packet)
        if decided is not None:
            return decided
        if not packet.public or not self._routing.is_in(here.vpc, packet.source):
            return DROPPED
        return self._to_the_public(replace(packet, exit=Exit.INTERNET_GATEWAY), here)

    def _to_the_public(self, packet: Passage, here: Subnet) -> Candidates:
        """What VPC Block Public Access says; replies pass where the request passed."""
        if packet.reply or (here.public_access is PublicAccess.OPEN and not packet.nat):
            return (packet,)
        if packet.nat is None or here.public_access is PublicAccess.BLOCKED:
            return DROPPED
        origin = self._network.subnet.get(packet.origin or "")
        blocked = origin is not None and origin.public_access is PublicAccess.BLOCKED
        return (packet.unknown(),) if blocked else (packet,)

    def _egress_only_gateway(
        self, id_: str, packet: Passage, here: Subnet, target: Standing
    ) -> Candidates:
        if target.kind is not EndpointKind.INTERNET or not target.is_ipv6:
            return DROPPED
        decided = self._attached(id_, self._carriers.egress_only, here.vpc, packet)
        if decided is not None:
            return decided
        ours = self._routing.is_in(here.vpc, packet.source)
        if here.public_access is PublicAccess.BLOCKED or not ours or packet.reply:
            return DROPPED
        return (replace(packet, exit=Exit.EGRESS_ONLY_GATEWAY),)

    def _vpn_gateway(self, id_: str, packet: Passage, here: Subnet, target: Standing) -> Candidates:
        """A VPN gateway forwards only what a connection knows, by the longest prefix.

        (docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html)
        """
        decided = self._attached(id_, self._carriers.vpn, here.vpc, packet)
        if decided is not None:
            return decided
        if not self._routing.is_in(here.vpc, packet.source):
            return DROPPED
        known = self._carriers.tunnels_of.get(id_, {})
        for prefix in self._tree.chain(target.home):
            if prefix in known:
                sites = {self._carriers.site_of[each.id] for each in known[prefix]}
                if target.kind is not EndpointKind.SITE or target.id not in sites:
                    return DROPPED
                if len(sites) > 1:
                    return (packet.unknown(),)
                usable = [each.id for each in known[prefix] if each.available]
                return (replace(packet, tunnels=tuple(usable)),) if usable else DROPPED
        return DROPPED

    def _nat_gateway(self, id_: str, packet: Passage, here: Subnet, target: Standing) -> Candidates:
        """(docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)"""
        nat = self._carriers.nats.get(id_)
        if nat is None or id_ in self._unknowns.gateways:
            return (packet.unknown(),)
        if packet.reply or packet.nat or not nat.available or nat.vpc != here.vpc:
            return DROPPED
        if target.is_ipv6 or not (packet.transit or self._routing.is_in(here.vpc, packet.source)):
            return DROPPED
        inside = self._network.subnet.get(nat.subnet)
        if inside is None:
            return (packet.unknown(),)
        if inside.id != here.id:
            packet = packet.meets(inside.nacl, Direction.INGRESS, packet.source)
        translated = replace(
            packet.limited(GroupReferences.NONE),
            source=self._tree.home(nat.address),
            public=nat.public_address is not None,
            nat=id_,
        )
        return self.leave(translated, inside.id, target)

    def _peering(self, id_: str, packet: Passage, here: Subnet, target: Standing) -> Candidates:
        """(docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html)"""
        peering = self._carriers.peerings.get(id_)
        if peering is None or id_ in self._unknowns.gateways:
            return (packet.unknown(),)
        far = peering.other(here.vpc)
        if not peering.active or far is None or not self._routing.is_in(here.vpc, packet.source):
            return DROPPED
        if set(map(as_prefix, far.cidrs)).isdisjoint(self._tree.chain(target.home)):
            return DROPPED
        if far.vpc not in self._network.vpc:
            return (packet.unknown(),)
        if peering.requester.region != peering.accepter.region:
            packet = packet.limited(GroupReferences.NONE)
        return self._deliver(packet, far.vpc, target)

    def _appliance(self, id_: str, packet: Passage, vpc: str, target: Standing) -> Candidates:
        interface = self._network.interface.get(id_)
        if interface is None or id_ in self._unknowns.interfaces:
            return (packet.unknown(),)
        if target.kind is EndpointKind.INTERFACE and target.id == id_:
            return self._deliver(packet, vpc, target)
        return DROPPED if interface.source_dest_check else (packet.unknown(),)

    def _gateway_endpoint(
        self, id_: str, packet: Passage, here: Subnet, target: Standing
    ) -> Candidates:
        """(docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)"""
        if target.kind is not EndpointKind.INTERNET or target.is_ipv6:
            return DROPPED
        if id_ not in self._carriers.endpoints or id_ in self._unknowns.gateways:
            return (packet.unknown(),)
        if packet.reply or not self._routing.is_in(here.vpc, packet.source):
            return DROPPED
        return (replace(packet, exit=Exit.GATEWAY_ENDPOINT),)

    def _firewall(
        self, id_: str, packet: Passage, here: Subnet | None, target: Standing
    ) -> Candidates:
        """(docs.aws.amazon.com/network-firewall/latest/developerguide/how-it-works.html)"""
        if id_ not in self._carriers.firewalls or id_ in self._unknowns.gateways:
            return (packet.unknown(),)
        firewall, subnet = self._carriers.firewalls[id_]
        inside = self._network.subnet.get(subnet)
        if inside is None or firewall in self._unknowns.gateways:
            return (packet.unknown(),)
        vpc = here.vpc if here else target.vpc
        if id_ in packet.visited or inside.vpc != vpc:
            return DROPPED
        if here is None or inside.id != here.id:
            packet = packet.meets(inside.nacl, Direction.INGRESS, packet.source)
        translated = packet.nat is not None
        asked = FirewallCheck(firewall, id_, packet.source, target.home, translated)
        packet = replace(packet.through(id_), checks=(*packet.checks, asked))
        return self.leave(packet.limited(GroupReferences.NONE), inside.id, target)

    # Through transit gateways (docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html)

    def _transit_gateway(
        self, id_: str, packet: Passage, here: Subnet, target: Standing
    ) -> Candidates:
        ours = [
            each
            for each in self._carriers.attachments.values()
            if each.gateway == id_ and each.kind is AttachmentKind.VPC and each.resource == here.vpc
        ]
        if id_ not in self._carriers.transits or not ours or self._doubtful(id_, ours[0].id):
            return (packet.unknown(),)
        attachment = ours[0]
        if not attachment.available:
            return DROPPED
        if any(each not in self._network.subnet for each in attachment.subnets):
            return (packet.unknown(),)
        entrances = [each for each in self._subnets_of(attachment) if each.zone == here.zone]
        if not entrances:
            return DROPPED
        packet = packet.meets(entrances[0].nacl, Direction.INGRESS, packet.source)
        packet = self._refer(packet, attachment)
        return self._cross(packet, attachment, here.zone, target)

    def _doubtful(self, *parts: str) -> bool:
        return not self._unknowns.gateways.isdisjoint(parts)

    def _subnets_of(self, attachment: TransitAttachment) -> list[Subnet]:
        known = self._network.subnet
        return [known[each] for each in sorted(attachment.subnets) if each in known]

    def _refer(self, packet: Passage, attachment: TransitAttachment) -> Passage:
        gateway = self._carriers.transits.get(attachment.gateway)
        allowed = gateway is not None and gateway.references and attachment.references
        return packet.limited(GroupReferences.INGRESS if allowed else GroupReferences.NONE)

    def _cross(
        self, packet: Passage, attachment: TransitAttachment, zone: str | None, target: Standing
    ) -> Candidates:
        table = attachment.table
        mark = f"{attachment.gateway} {attachment.id}"
        if mark in packet.visited:
            return DROPPED
        if self._doubtful(attachment.gateway, attachment.id, table or ""):
            return (packet.unknown(),)
        if table is None:
            return DROPPED
        if table not in self._carriers.transit_tables:
            return (packet.unknown(),)
        route = self._routing.transit(table, target.home)
        if route is None or route.blackhole:
            return DROPPED
        packet = packet.through(mark)
        found: list[Passage | None] = []
        for each in route.attachments:
            found.extend(self._depart(packet, (attachment.gateway, each), zone, target))
        return tuple(dict.fromkeys(found)) or DROPPED

    def _depart(
        self, packet: Passage, key: tuple[str, str], zone: str | None, target: Standing
    ) -> Candidates:
        attachment = self._carriers.attachments.get(key)
        if attachment is None or self._doubtful(*key):
            return (packet.unknown(),)
        if not attachment.available:
            return DROPPED
        if attachment.kind is AttachmentKind.VPC:
            return self._into_vpc(packet, attachment, zone, target)
        if attachment.kind is AttachmentKind.VPN:
            return self._into_tunnel(packet, attachment, target)
        if attachment.kind is AttachmentKind.PEERING:
            return self._over_peering(packet, attachment, target)
        return (packet.unknown(),)

    def _over_peering(
        self, packet: Passage, attachment: TransitAttachment, target: Standing
    ) -> Candidates:
        """To the attachment at the other transit gateway, whose table goes on."""
        far = self._carriers.attachments.get((attachment.peer_gateway or "", attachment.resource))
        if far is None or self._doubtful(far.gateway, far.id):
            return (packet.unknown(),)
        if not far.available:
            return DROPPED
        return self._cross(packet.limited(GroupReferences.NONE), far, None, target)

    def _into_tunnel(
        self, packet: Passage, attachment: TransitAttachment, target: Standing
    ) -> Candidates:
        connection = self._network.vpn_connection.get(attachment.resource)
        if connection is None:
            return (packet.unknown(),)
        arrives = (
            target.kind is EndpointKind.SITE and self._carriers.site_of[connection.id] == target.id
        )
        if not arrives or not connection.available:
            return DROPPED
        return (replace(packet, tunnels=(connection.id,)),)

    def _into_vpc(
        self, packet: Passage, attachment: TransitAttachment, zone: str | None, target: Standing
    ) -> Candidates:
        vpc = attachment.resource
        if vpc not in self._network.vpc:
            return (packet.unknown(),)
        packet = replace(self._refer(packet, attachment), transit=True)
        exits = self._subnets_of(attachment)
        near = [each for each in exits if each.zone == zone]
        if near and not attachment.appliance_mode:
            exits = near[:1]
        elif len(exits) != len(attachment.subnets):
            return (packet.unknown(),)
        found: list[Passage | None] = []
        for each in exits:
            found.extend(self._out_of_attachment(packet, attachment, each, target))
        return tuple(found) or DROPPED

    def _out_of_attachment(
        self, packet: Passage, attachment: TransitAttachment, here: Subnet, target: Standing
    ) -> Candidates:
        """The return from a transit gateway uses the route table of the attachment's subnet."""
        choice = self._routing.choice(here.route_table, here.vpc, target.home)
        if choice is Unrouted.LOCAL and target.subnet == here.id:
            return (packet,)
        back = isinstance(choice, Route) and choice.target_id == attachment.gateway
        if back and not (isinstance(choice, Route) and choice.blackhole):
            return DROPPED
        packet = packet.meets(here.nacl, Direction.EGRESS, target.home)
        return self._forward(packet, here, target)

    # Into a VPC from outside

    def _enter(self, packet: Passage, origin: Standing, target: Standing) -> Iterator[Candidates]:
        match origin.kind:
            case EndpointKind.INTERNET:
                yield self._from_internet(packet, target)
            case EndpointKind.SITE:
                yield from self._from_site(packet, origin, target)
            case _:
                yield self._from_elsewhere(packet, origin, target)

    def _from_internet(self, packet: Passage, target: Standing) -> Candidates:
        if target.vpc is None or self._routing.is_in(target.vpc, packet.source):
            return DROPPED
        doors = self._carriers.doors[target.vpc]
        if not doors or not target.public:
            return DROPPED
        subnet = self._network.subnet[target.subnet or ""]
        if not packet.reply and subnet.public_access is not PublicAccess.OPEN:
            return DROPPED
        known = [
            each for each in doors if each in self._carriers.internet and not self._doubtful(each)
        ]
        packet = replace(packet, references=GroupReferences.NONE)
        if not known:
            return (packet.unknown(),)
        return self._by_edge(known[0], packet, target)

    def _by_edge(self, gateway: str, packet: Passage, target: Standing) -> Candidates:
        """A table of the gateway itself may lead what enters to a firewall or an appliance.

        (docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html)
        """
        vpc = target.vpc or ""
        edge = self._carriers.edges.get(gateway)
        if edge is None:
            return self._deliver(packet, vpc, target)
        choice = self._routing.choice(edge, vpc, target.home)
        if isinstance(choice, Unrouted):
            unknown = choice is Unrouted.UNKNOWN
            return (packet.unknown(),) if unknown else self._deliver(packet, vpc, target)
        if choice.blackhole:
            return DROPPED
        if choice.target is TargetKind.FIREWALL:
            return self._firewall(choice.target_id, packet, None, target)
        if choice.target is TargetKind.INTERFACE:
            return self._appliance(choice.target_id, packet, vpc, target)
        return (packet.unknown(),) if choice.target is TargetKind.UNMODELLED else DROPPED

    def _from_site(
        self, packet: Passage, origin: Standing, target: Standing
    ) -> Iterator[Candidates]:
        if target.vpc is not None and self._routing.is_in(target.vpc, packet.source):
            return
        packet = replace(packet, references=GroupReferences.NONE)
        for connection in self._carriers.remotes[origin.id].connections:
            if connection.available:
                under_way = replace(packet, tunnels=(connection.id,))
                yield self._by_tunnel(connection, under_way, target)

    def _by_tunnel(
        self, connection: VpnConnection, packet: Passage, target: Standing
    ) -> Candidates:
        attached = [
            each
            for each in self._carriers.attachments.values()
            if each.kind is AttachmentKind.VPN and each.resource == connection.id
        ]
        if attached:
            return self._out_of_tunnel(packet, attached[0], target)
        gateway = connection.vpn_gateway
        if not gateway or gateway not in self._carriers.vpn or self._doubtful(gateway):
            return (packet.unknown(),)
        if target.vpc is None:
            return self._between_sites(gateway, packet, target)
        if self._carriers.vpn[gateway] != target.vpc:
            return DROPPED
        return self._by_edge(gateway, packet, target)

    def _out_of_tunnel(
        self, packet: Passage, attachment: TransitAttachment, target: Standing
    ) -> Candidates:
        if self._doubtful(attachment.gateway, attachment.id):
            return (packet.unknown(),)
        return self._cross(packet, attachment, None, target) if attachment.available else DROPPED

    def _between_sites(self, gateway: str, packet: Passage, target: Standing) -> Candidates:
        """Sites behind one VPN gateway may reach each other through it.

        (docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html)
        """
        if target.kind is not EndpointKind.SITE:
            return DROPPED
        connections = self._carriers.remotes[target.id].connections
        gateways = {each.vpn_gateway for each in connections if each.available}
        return (packet.unknown(),) if gateway in gateways else DROPPED

    def _from_elsewhere(self, packet: Passage, origin: Standing, target: Standing) -> Candidates:
        """Somebody nobody knows gets in where something nobody knows might lead back to him."""
        if target.vpc is None:
            return DROPPED
        key = (target.vpc, origin.home)
        if key not in self._leads_away:
            self._leads_away[key] = self._lets_in(origin, target.vpc) or any(
                self._may_lead_to(origin, subnet)
                for subnet in self._network.subnets
                if subnet.vpc == target.vpc
            )
        return (packet.unknown(),) if self._leads_away[key] else DROPPED

    def _lets_in(self, far: Standing, vpc: str) -> bool:
        """Whether something that was not observed may bring packets into the VPC."""
        if any(of == vpc and self._doubtful(id_) for id_, of in self._carriers.vpn.items()):
            return True
        for peering in self._carriers.peerings.values():
            side = peering.other(vpc)
            if side is None or not peering.active:
                continue
            blocks = set(map(as_prefix, side.cidrs))
            theirs = side.vpc not in self._network.vpc and not blocks.isdisjoint(
                self._tree.chain(far.home)
            )
            if theirs or self._doubtful(peering.id):
                return True
        return any(
            self._joins_the_unseen(each)
            for each in self._carriers.attachments.values()
            if each.kind is AttachmentKind.VPC and each.resource == vpc and each.available
        )

    def _joins_the_unseen(self, own: TransitAttachment) -> bool:
        if own.gateway not in self._carriers.transits or self._doubtful(own.gateway, own.id):
            return True
        for each in self._carriers.attachments.values():
            if each.gateway != own.gateway:
                continue
            far = (each.peer_gateway or "", each.resource)
            if (
                each.kind is AttachmentKind.OTHER
                or (each.kind is AttachmentKind.VPC and each.resource not in self._network.vpc)
                or (each.kind is AttachmentKind.PEERING and far not in self._carriers.attachments)
            ):
                return True
        return False

    def _may_lead_to(self, far: Standing, subnet: Subnet) -> bool:
        for cidr in self._network.vpc[subnet.vpc].cidrs:
            if (cidr.version == 6) == far.is_ipv6:
                start = Passage(source=as_prefix(cidr), public=False, reply=False, origin=subnet.id)
                ways = self._forward(start, subnet, far)
                return any(each is not None and not each.known for each in ways)
        return False
