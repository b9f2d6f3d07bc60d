"""What would open a cell that is shut, and what alone keeps one open.

Both are found by trying: every change is applied to the network and the packet
sent again, so what is said here has been seen to work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_network
from typing import Final

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.blocks import Block, blocks_of
from bulkhead.explain.edits import (
    Add,
    AddFirst,
    Associate,
    Edit,
    GivePublicAddress,
    OpenToPublic,
    Remove,
    SetRoute,
)
from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Code, Explanation, Hop, Layer
from bulkhead.explain.public import explain_public
from bulkhead.explain.rules import DefaultAction, Engine, RuleRef
from bulkhead.network import (
    ALL_PORTS,
    NAT64,
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    FirewallAction,
    FirewallRule,
    GroupPeer,
    GroupRule,
    IPNetwork,
    Network,
    Peer,
    PortRange,
    Route,
    TargetKind,
    TransitRoute,
    Verdict,
    VpnConnection,
    has_ports,
    has_types,
)

_ROUNDS: Final = 16
"""More layers than this in a row would be no small change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """The fewest changes found that open a cell: leave one out, and it stays shut.

    Where `opens` is False no change of rules and routes does, and `obstacles`
    are the layers in the way.
    """

    changes: tuple[Edit, ...]
    opens: bool
    obstacles: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pillar:
    """A rule without which an allowed cell is `then` something else.

    `name` is what people call the layer's component, all groups of an interface together.
    """

    name: str
    rule: RuleRef
    layer: Layer
    reply: bool
    then: Verdict


def remedy(network: Network, said: Explanation) -> Remedy | None:
    """What would open a denied or half-open cell; None for any other."""
    if said.verdict not in (Verdict.DENIED, Verdict.HALF_OPEN):
        return None
    changes: list[Edit] = []
    changed, now = network, said
    for _ in range(_ROUNDS):
        found = _next_changes(changed, now)
        new = [each for each in found if each not in changes]
        if not new or now.verdict is Verdict.ALLOWED:
            break
        for each in new:
            changes.append(each)
            changed = each.apply(changed)
        now = _again(changed, said)
        if now.verdict is Verdict.ALLOWED:
            break
    if now.verdict is not Verdict.ALLOWED:
        obstacles = tuple(dict.fromkeys((*now.blocking, *now.doubtful)))
        return Remedy(changes=(), opens=False, obstacles=obstacles)
    return Remedy(changes=tuple(_needed(network, changes, said)), opens=True)


def _again(network: Network, said: Explanation) -> Explanation:
    """The same packet, in a network that was changed a little."""
    packet, ports = (said.protocol, said.port), said.client_ports
    if said.public is not None:
        return explain_public(network, said.source, said.public, *packet, client_ports=ports)
    return explain(network, said.source, said.destination, *packet, client_ports=ports)


def _needed(network: Network, changes: list[Edit], said: Explanation) -> list[Edit]:
    """Less each change without which the cell is open as well."""
    needed = list(changes)
    for each in changes:
        rest = [other for other in needed if other is not each]
        if _again(_with(network, rest), said).verdict is Verdict.ALLOWED:
            needed = rest
    return needed


def _with(network: Network, changes: Iterable[Edit]) -> Network:
    for each in changes:
        network = each.apply(network)
    return network


def pillars(network: Network, said: Explanation) -> tuple[Pillar, ...]:
    """The rules, entries and routes that carry an allowed cell alone, each by itself."""
    if said.verdict is not Verdict.ALLOWED:
        return ()
    return tuple(_carrying(network, said))


def _carrying(network: Network, said: Explanation) -> Iterator[Pillar]:
    tried: set[RuleRef] = set()
    paths = (path for leg in said.stretches for path in leg.paths)
    hops = (hop for path in paths for hop in (*path.request, *path.reply))
    for hop in hops:
        for ref in hop.rules:
            change = without(hop, ref)
            if change is None or ref in tried:
                continue
            tried.add(ref)
            then = _again(change.apply(network), said).verdict
            if then is not Verdict.ALLOWED:
                yield Pillar(name=hop.name, rule=ref, layer=hop.layer, reply=hop.reply, then=then)


def without(hop: Hop, ref: RuleRef) -> Remove | None:
    """A rule of a hop taken away; None for what nobody wrote."""
    rule = ref.written
    return None if rule is None else Remove(component=ref.component, name=hop.name, rule=rule)


# What each layer that blocks would need


def _next_changes(network: Network, said: Explanation) -> list[Edit]:
    """For every layer that blocks now, the change that would open it."""
    found: list[Edit] = []
    for leg in said.stretches:
        if _of_anybody(said, leg):
            continue
        for path in leg.paths:
            for hops in (path.request, path.reply):
                for block in blocks_of(network, leg, path.request, hops):
                    open_it = _OPENERS.get(block.hop.layer)
                    found.extend(open_it(block) if open_it else ())
    return list(dict.fromkeys(found))


def _of_anybody(said: Explanation, leg: Explanation) -> bool:
    """Whether a leg comes in from an address that nobody knows: to let it in is to let all in."""
    known = leg.source.kind is not EndpointKind.INTERNET or leg.source.is_one_address
    return leg.source != said.source and not known


def _traffic(block: Block) -> PortRange:
    looks = has_ports(block.said.protocol) or has_types(block.said.protocol)
    return block.ports if looks else ALL_PORTS


def _group_rule(block: Block) -> Iterator[Edit]:
    said, hop = block.said, block.hop
    egress = hop.layer is Layer.GROUP_EGRESS
    peer_end = block.end if egress else said.source
    address = block.receiver if egress else block.sender
    peer: Peer = CidrPeer(address)
    own = [each for each in hop.ids if each in block.network.security_group]
    direct = all(each.layer in _DIRECT for each in block.before)
    if direct and peer_end.kind is EndpointKind.INTERFACE and not hop.also:
        theirs = block.network.interface[peer_end.id].security_groups
        peer = GroupPeer(theirs[0]) if theirs else peer
    if own:
        found = block.network.security_group[own[0]]
        rule = GroupRule(
            id="new",
            direction=Direction.EGRESS if egress else Direction.INGRESS,
            protocol=block.protocol,
            ports=_traffic(block),
            peer=peer,
        )
        yield Add(component=found.id, name=found.name, rule=rule)


_DIRECT: Final = (
    *(Layer.GROUP_EGRESS, Layer.ACL_EGRESS, Layer.ROUTE, Layer.ACL_INGRESS, Layer.INTERFACE),
)


_IMPLICIT_DENY: Final = 32767
"""Nobody can write an entry with this number, or a higher one
(docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html)."""


def _acl_entry(block: Block) -> Iterator[Edit]:
    found = block.network.nacl.get(block.hop.id)
    if found is None:
        return
    egress = block.hop.layer is Layer.ACL_EGRESS
    direction = Direction.EGRESS if egress else Direction.INGRESS
    taken = {each.number for each in found.entries if each.direction is direction}
    deciding = {ref.rule for ref in block.hop.rules}
    denying = [each.number for each in found.entries if each in deciding]
    before = min(denying, default=min(max(taken, default=90) + 11, _IMPLICIT_DENY))
    number = next((each for each in range(before - 1, 0, -1) if each not in taken), None)
    if number is None:
        return
    entry = AclEntry(
        number=number,
        direction=direction,
        action=Action.ALLOW,
        protocol=block.protocol,
        ports=_traffic(block),
        cidr=block.receiver if egress else block.sender,
    )
    yield Add(component=found.id, name=found.name, rule=entry)


def _firewall_rule(block: Block) -> Iterator[Edit]:
    box = next((each for each in block.network.firewalls if each.id == block.hop.id), None)
    if box is None:
        return
    stateless = {*box.stateless, DefaultAction(Engine.STATELESS, box.stateless_default)}
    decided = any(ref.rule in stateless for ref in block.hop.rules)
    engine = Engine.STATELESS if decided else Engine.STATEFUL
    rule = FirewallRule(
        id=f"{box.id}-new",
        action=FirewallAction.PASS,
        protocols=(block.protocol,),
        sources=(block.sender,),
        destinations=(block.receiver,),
        ports=(block.ports,) if has_ports(block.said.protocol) else (),
    )
    yield AddFirst(component=box.id, name=box.name, engine=engine, rule=rule)


def _public_access(block: Block) -> Iterator[Edit]:
    subnet = block.network.subnet[block.hop.id]
    yield OpenToPublic(component=subnet.id, name=subnet.name)


# Routes


def _gateway(block: Block) -> Iterator[Edit]:
    """A public address for who needs one, or another way out."""
    said, codes = block.said, block.hop.codes
    asked = said.source if not block.hop.reply else block.end
    for code, end in (
        (Code.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, asked),
        (Code.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS, block.end),
    ):
        address = end.address
        known = end.kind is EndpointKind.INTERFACE and isinstance(address, IPv4Address)
        if code in codes and known and isinstance(address, IPv4Address):
            name = block.network.interface[end.id].name
            yield GivePublicAddress(component=end.id, name=name, address=address)
            return
    yield from _route_elsewhere(block)


def _route_elsewhere(block: Block) -> Iterator[Edit]:
    """Another target for the last route that the packet took."""
    table = next(
        (hop for hop in (block.hop, *reversed(block.before)) if hop.layer is Layer.ROUTE), None
    )
    found = block.network.route_table.get(table.id) if table else None
    if found is None:
        return
    aim = block.said.source if block.hop.reply else block.end
    for destination, kind, target in _targets(block, found.vpc, aim):
        route = Route(destination=destination, target=kind, target_id=target)
        if route not in found.routes:
            yield SetRoute(component=found.id, name=found.name, route=route)
            return


def _targets(block: Block, vpc: str, aim: Endpoint) -> Iterator[tuple[IPNetwork, TargetKind, str]]:
    """What is there and could lead a packet from a VPC to an end, the direct way first."""
    network, address = block.network, aim.address
    four = isinstance(address, IPv4Address)
    if aim.ipv4:
        # A NAT gateway makes packets of IPv4 of those to it.
        nats = (each.id for each in network.nat_gateways if each.vpc == vpc and each.available)
        yield from ((NAT64, TargetKind.NAT_GATEWAY, each) for each in nats)
    if aim.kind is EndpointKind.INTERNET:
        everything = ip_network("0.0.0.0/0" if four else "::/0")
        kinds: tuple[tuple[TargetKind, Iterable[tuple[str, str]]], ...] = (
            (TargetKind.INTERNET_GATEWAY, [(g.id, g.vpc) for g in network.internet_gateways]),
            (TargetKind.NAT_GATEWAY, [(g.id, g.vpc) for g in network.nat_gateways if four]),
            (
                TargetKind.EGRESS_ONLY_GATEWAY,
                [(g.id, g.vpc) for g in network.egress_only_gateways if not four],
            ),
        )
        for kind, gateways in kinds:
            yield from ((everything, kind, id_) for id_, where in gateways if where == vpc)
    elif aim.kind is EndpointKind.SITE:
        served = {each.vpn_gateway for each in _connections(network, aim)}
        near = [each.id for each in network.vpn_gateways if each.vpc == vpc and each.id in served]
        yield from ((_class(aim), TargetKind.VPN_GATEWAY, each) for each in near)
    if aim.vpc is not None and aim.vpc != vpc:
        theirs = network.vpc[aim.vpc].cidrs
        holding = next((block for block in theirs if address in block), _class(aim))
        for peering in network.peerings:
            other = peering.other(vpc)
            if peering.active and other is not None and other.vpc == aim.vpc:
                yield holding, TargetKind.PEERING, peering.id
    for attachment in network.transit_attachments:
        if attachment.resource == vpc and aim.vpc != vpc:
            yield _class(aim), TargetKind.TRANSIT_GATEWAY, attachment.gateway
    if aim.vpc not in (None, vpc) and aim.public and not four:
        # Its public IPv6 address is its own on the internet, too.
        doors = [each.id for each in network.internet_gateways if each.vpc == vpc]
        yield from ((_class(aim), TargetKind.INTERNET_GATEWAY, each) for each in doors)


def _class(end: Endpoint) -> IPNetwork:
    """A route is for a whole class, whatever part of it was asked about."""
    return (end.whole or end).prefix


def _transit_route(block: Block) -> Iterator[Edit]:
    """A route of the transit gateway to an attachment behind which the end is."""
    found = next(
        (each for each in block.network.transit_route_tables if each.id == _transit_table(block)),
        None,
    )
    aim = block.said.source if block.hop.reply else block.end
    if found is None:
        return
    behind = {each.id for each in _connections(block.network, aim)} | {aim.vpc}
    for each in block.network.transit_attachments:
        if each.gateway == found.gateway and each.resource in behind:
            route = TransitRoute(destination=_whole(block.network, aim), attachments=(each.id,))
            if route not in found.routes:
                yield SetRoute(component=found.id, name=found.name, route=route)
                return


def _transit_table(block: Block) -> str:
    hops = (block.hop, *reversed(block.before))
    return next((hop.id for hop in hops if hop.layer is Layer.TRANSIT_ROUTE), "")


def _whole(network: Network, end: Endpoint) -> IPNetwork:
    """The VPC's block that holds an end, or the end's own prefix."""
    blocks = network.vpc[end.vpc].cidrs if end.vpc else ()
    return next((block for block in blocks if end.address in block), _class(end))


def _association(block: Block) -> Iterator[Edit]:
    if block.hop.code is not Code.TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION:
        yield from _transit_route(block)
        return
    for each in block.network.transit_attachments:
        tables = [t for t in block.network.transit_route_tables if t.gateway == each.gateway]
        if each.id == block.hop.id and tables:
            yield Associate(
                component=each.id, name=each.name, gateway=each.gateway, table=tables[0].id
            )


def _connections(network: Network, end: Endpoint) -> tuple[VpnConnection, ...]:
    return network.connections_to(end.id) if end.kind is EndpointKind.SITE else ()


_OPENERS: Final[dict[Layer, Callable[[Block], Iterator[Edit]]]] = {
    Layer.GROUP_EGRESS: _group_rule,
    Layer.GROUP_INGRESS: _group_rule,
    Layer.ACL_EGRESS: _acl_entry,
    Layer.ACL_INGRESS: _acl_entry,
    Layer.FIREWALL: _firewall_rule,
    Layer.PUBLIC_ACCESS: _public_access,
    Layer.GATEWAY: _gateway,
    Layer.ROUTE: _route_elsewhere,
    Layer.PEERING: _route_elsewhere,
    Layer.APPLIANCE: _route_elsewhere,
    Layer.NAT: _route_elsewhere,
    Layer.TRANSIT_ROUTE: _transit_route,
    Layer.TRANSIT: _association,
    Layer.VPN: _transit_route,
}
