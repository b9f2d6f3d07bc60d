"""Any Network, told in AWS's own shape, comes back as the same Network."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bulkhead import observe
from bulkhead.network import (
    ALL_PORTS,
    AccessBlock,
    AccessMode,
    AclEntry,
    Action,
    AttachmentKind,
    CidrPeer,
    CustomerGateway,
    Direction,
    EgressOnlyGateway,
    Exclusion,
    Firewall,
    FirewallAction,
    FirewallRule,
    GatewayEndpoint,
    GroupPeer,
    GroupRule,
    IdleTimeouts,
    Interface,
    InterfaceKind,
    InternetGateway,
    Listener,
    NatGateway,
    Network,
    NetworkAcl,
    PeeredVpc,
    Peering,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
    Service,
    Site,
    SiteRouting,
    Subnet,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    TransitRoute,
    TransitRouteTable,
    Tunnel,
    Vpc,
    VpnConnection,
    VpnGateway,
    has_ports,
    has_types,
    icmp_range,
    within,
)
from bulkhead.network.public_access import access_left
from tests.support.aws_firewalls import arn
from tests.support.dumps import as_answers
from tests.support.examples import examples

WORDS = st.text("abcdefghij-", min_size=1, max_size=8)
PORTS = st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(
    lambda pair: PortRange(min(pair), max(pair))
)
PROTOCOLS = st.sampled_from([-1, 1, 6, 17, 50, 58, 132])
MESSAGES = st.one_of(
    st.just(ALL_PORTS),
    st.builds(icmp_range, st.integers(0, 255), st.integers(-1, 255)),
)
BLOCKS = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
    lambda pair: IPv4Network((pair[0], pair[1]), strict=False)
)
PUBLIC = st.none() | st.just(IPv4Address("198.51.100.7"))
BLOCKS6 = st.tuples(st.integers(0, 2**128 - 1), st.integers(0, 128)).map(
    lambda pair: IPv6Network((pair[0], pair[1]), strict=False)
)
ANY_BLOCKS = BLOCKS | BLOCKS6
DIRECTIONS = st.sampled_from(Direction)
BLOCKED = st.none() | st.builds(
    AccessBlock,
    mode=st.sampled_from(AccessMode),
    excluded=st.sampled_from(Exclusion),
    managed_by=st.sampled_from(["", "account", "declarative-policy"]),
    exclusions_allowed=st.none() | st.booleans(),
)
"""VPC Block Public Access; None: nobody observed it."""
TOLD_TARGETS = {
    TargetKind.INTERNET_GATEWAY: ("igw-0", "GatewayId"),
    TargetKind.VPN_GATEWAY: ("vgw-0", "GatewayId"),
    TargetKind.EGRESS_ONLY_GATEWAY: ("eigw-0", "EgressOnlyInternetGatewayId"),
    TargetKind.PEERING: ("pcx-0", "VpcPeeringConnectionId"),
    TargetKind.TRANSIT_GATEWAY: ("tgw-0", "TransitGatewayId"),
    TargetKind.GATEWAY_ENDPOINT: ("vpce-0", "GatewayId"),
    TargetKind.FIREWALL: ("vpce-f", "GatewayId"),
}


def ports_of(draw: Any, protocol: int) -> PortRange:
    if has_types(protocol):
        return draw(MESSAGES)
    return draw(PORTS) if has_ports(protocol) else ALL_PORTS


@st.composite
def group(draw: Any, number: int, count: int, vpc: str) -> SecurityGroup:
    rules = []
    for index in range(draw(st.integers(0, 4))):
        protocol = draw(PROTOCOLS)
        peers = st.one_of(
            ANY_BLOCKS.map(CidrPeer),
            st.integers(0, count - 1).map(lambda each: GroupPeer(f"sg-{each}")),
        )
        rules.append(
            GroupRule(
                id=f"sgr-{number}-{index}",
                direction=draw(DIRECTIONS),
                protocol=protocol,
                ports=ports_of(draw, protocol),
                peer=draw(peers),
                description=draw(WORDS),
            )
        )
    return SecurityGroup(
        id=f"sg-{number}",
        name=draw(WORDS),
        vpc=vpc,
        rules=tuple(rules),
        service=f"service-{number}" if draw(st.booleans()) else None,
    )


@st.composite
def acl(draw: Any, number: int, vpc: str) -> NetworkAcl:
    places = draw(st.lists(st.tuples(DIRECTIONS, st.integers(1, 32766)), max_size=5, unique=True))
    entries = []
    for direction, place in sorted(places):
        protocol = draw(PROTOCOLS)
        entries.append(
            AclEntry(
                number=place,
                direction=direction,
                action=draw(st.sampled_from(Action)),
                protocol=protocol,
                ports=ports_of(draw, protocol),
                cidr=draw(ANY_BLOCKS),
            )
        )
    return NetworkAcl(
        id=f"acl-{number}", name=draw(WORDS), vpc=vpc, entries=tuple(entries), default=number == 0
    )


@st.composite
def table(draw: Any, number: int, vpc: str, announced: tuple[IPv4Network, ...]) -> RouteTable:
    """What a VPN connection announced may be propagated; without any, nothing gets to one."""
    routes = []
    places = ANY_BLOCKS | st.sampled_from(announced) if announced else ANY_BLOCKS
    for destination in draw(st.lists(places, max_size=4, unique=True)):
        target = draw(st.sampled_from(sorted(TOLD_TARGETS)))
        to_vpn = target is TargetKind.VPN_GATEWAY
        routes.append(
            Route(
                destination=destination,
                target=target,
                target_id=TOLD_TARGETS[target][0],
                propagated=to_vpn and destination in announced and draw(st.booleans()),
                blackhole=(to_vpn and not announced) or draw(st.booleans()),
            )
        )
    return RouteTable(
        id=f"rtb-{number}",
        name=draw(WORDS),
        vpc=vpc,
        routes=tuple(routes),
        main=number == 0,
        gateway=draw(st.sampled_from([None, "igw-0", "vgw-0"])),
    )


ALGORITHMS = st.lists(st.sampled_from(["AES128", "AES256", "SHA2-256"]), max_size=2).map(tuple)
GROUPS = st.lists(st.integers(2, 24), max_size=3).map(tuple)
TUNNELS = st.builds(
    Tunnel,
    inside_cidr=st.none() | st.just(IPv4Network("169.254.10.0/30")),
    ike_versions=ALGORITHMS,
    phase1_encryption=ALGORITHMS,
    phase1_integrity=ALGORITHMS,
    phase1_dh_groups=GROUPS,
    phase2_encryption=ALGORITHMS,
    phase2_integrity=ALGORITHMS,
    phase2_dh_groups=GROUPS,
    phase1_lifetime=st.integers(900, 28_800),
    phase2_lifetime=st.integers(900, 3_600),
    dpd_action=st.sampled_from(["clear", "none", "restart"]),
    startup_action=st.sampled_from(["add", "start"]),
    dpd_timeout=st.none() | st.integers(30, 3_600),
    rekey_margin=st.none() | st.integers(60, 1_800),
    rekey_fuzz=st.none() | st.integers(0, 100),
    replay_window=st.none() | st.integers(64, 2_048),
    lifecycle_control=st.none() | st.booleans(),
    logs=st.none() | st.booleans(),
)


@st.composite
def networks(draw: Any) -> Network:
    vpc = Vpc(
        id="vpc-0",
        name=draw(WORDS),
        region="eu-west-1",
        cidrs=(
            *draw(st.lists(BLOCKS, min_size=1, max_size=3, unique=True)),
            *draw(st.lists(BLOCKS6, max_size=2, unique=True)),
        ),
        topology=draw(st.none() | WORDS),
    )
    count = draw(st.integers(1, 4))
    groups = tuple(draw(group(number, count, vpc.id)) for number in range(count))
    acls = tuple(draw(acl(number, vpc.id)) for number in range(draw(st.integers(1, 3))))
    connections, sites = [], []
    for number in range(draw(st.integers(0, 2))):
        routes = tuple(draw(st.lists(BLOCKS, min_size=1, max_size=3, unique=True)))
        trusted, routing = draw(st.booleans()), draw(st.sampled_from(SiteRouting))
        connections.append(
            VpnConnection(
                id=f"vpn-{number}",
                name=draw(WORDS),
                vpn_gateway="vgw-0",
                customer_gateway=f"cgw-{number}",
                routes=routes,
                routing=routing,
                learns=routing is SiteRouting.BGP and not trusted,
                tunnels=tuple(draw(st.lists(TUNNELS, max_size=2))),
                site=f"site-{number}",
                version=4,
            )
        )
        sites.append(
            Site(
                name=f"site-{number}",
                cidrs=routes,
                vpn_connection=f"vpn-{number}",
                trusted=trusted,
            )
        )
    announced = tuple(route for each in connections for route in each.routes)
    tables = tuple(
        draw(table(number, vpc.id, announced)) for number in range(draw(st.integers(1, 3)))
    )
    block = draw(BLOCKED)
    mode, whole = (block.mode, block.excluded) if block else (AccessMode.OFF, Exclusion.NONE)
    vpc = replace(vpc, access_block=block)
    mine = [None if block is None else draw(st.sampled_from(Exclusion)) for _ in range(3)]
    blocks6 = [
        tuple(draw(st.lists(BLOCKS6, max_size=2, unique=True)))
        for _ in range(draw(st.integers(1, 3)))
    ]
    subnets = tuple(
        Subnet(
            id=f"subnet-{number}",
            name=draw(WORDS),
            vpc=vpc.id,
            zone=draw(WORDS),
            cidr=six[0] if six and draw(st.booleans()) else draw(BLOCKS),
            nacl=draw(st.sampled_from(acls)).id,
            route_table=draw(st.sampled_from(tables)).id,
            segment=draw(st.none() | WORDS),
            ipv6_cidrs=six,
            public_access=access_left(mode, whole, mine[number] or Exclusion.NONE),
            excluded=mine[number],
        )
        for number, six in enumerate(blocks6)
    )
    interfaces = []
    for number in range(draw(st.integers(0, 4))):
        held = draw(st.lists(st.sampled_from(groups), min_size=1, max_size=3, unique=True))
        home = draw(st.sampled_from(subnets))
        places = st.integers(0, home.cidr.num_addresses - 1).map(home.cidr.__getitem__)
        addresses = draw(st.lists(places, min_size=1, max_size=3, unique=True))
        six = tuple(draw(st.lists(st.ip_addresses(v=6), max_size=2, unique=True)))
        if home.cidr.version == 6:
            addresses, six = addresses[:1], (addresses[0], *six)
        served = {each.service for each in held if each.service}
        interfaces.append(
            Interface(
                id=f"eni-{number}",
                name=draw(WORDS),
                subnet=home.id,
                address=addresses[0],
                secondary_addresses=tuple(addresses[1:]),
                public_address=draw(PUBLIC) if addresses[0].version == 4 else None,
                source_dest_check=draw(st.booleans()),
                security_groups=tuple(each.id for each in held),
                service=draw(st.sampled_from(sorted(served))) if served else None,
                ipv6_addresses=tuple(dict.fromkeys(six)),
                ipv6_prefixes=tuple(draw(st.lists(BLOCKS6, max_size=1))),
                more_public=tuple(
                    sorted(
                        (each, IPv4Address("198.51.100.8"))
                        for each in addresses[1:]
                        if draw(st.booleans())
                    )
                ),
                kind=draw(st.sampled_from(InterfaceKind)),
                instance=draw(st.none() | st.just(f"i-{number}")),
                idle=draw(st.builds(IdleTimeouts, udp=st.none() | st.integers(30, 60))),
            )
        )
    services = tuple(
        Service(name=each.service, segment=draw(WORDS), security_group=each.id)
        for each in groups
        if each.service
    )
    owners = [each.name for each in services] + [each.name for each in sites]
    listeners = tuple(
        Listener(
            owner=owner,
            socket="ticks",
            type="PUB",
            protocol=6,
            ports=PortRange(port, port),
            address=address,
        )
        for owner in owners
        for port in sorted(draw(st.sets(st.integers(1, 65535), max_size=2)))
        for address in draw(st.just([None]) | st.sets(st.ip_addresses(v=4), max_size=3))
    )
    return Network(
        vpcs=(vpc,),
        subnets=subnets,
        interfaces=tuple(interfaces),
        security_groups=groups,
        nacls=acls,
        route_tables=tables,
        internet_gateways=(InternetGateway(id="igw-0", name=draw(WORDS), vpc=vpc.id),),
        vpn_gateways=(
            VpnGateway(
                id="vgw-0",
                name=draw(WORDS),
                vpc=vpc.id,
                asn=draw(st.none() | st.integers(64_512, 65_534)),
            ),
        ),
        customer_gateways=tuple(
            CustomerGateway(
                id=each.customer_gateway,
                name=draw(WORDS),
                address=draw(st.none() | st.just(IPv4Address("203.0.113.1"))),
                asn=draw(st.integers(1, 2**32 - 1)),
            )
            for each in connections
        ),
        vpn_connections=tuple(connections),
        services=services,
        sites=tuple(sites),
        listeners=listeners,
        egress_only_gateways=(EgressOnlyGateway(id="eigw-0", name=draw(WORDS), vpc=vpc.id),),
        nat_gateways=tuple(
            NatGateway(
                id=f"nat-{number}",
                name=draw(WORDS),
                vpc=vpc.id,
                subnet=draw(st.sampled_from(subnets)).id,
                address=draw(st.ip_addresses(v=4)),
                public_address=draw(st.none() | st.ip_addresses(v=4)),
                available=draw(st.booleans()),
                more_addresses=tuple(draw(st.lists(st.ip_addresses(v=4), max_size=2, unique=True))),
            )
            for number in range(draw(st.integers(0, 2)))
        ),
        peerings=(
            Peering(
                id="pcx-0",
                name=draw(WORDS),
                requester=PeeredVpc(vpc=vpc.id, region="eu-west-1", cidrs=vpc.cidrs),
                accepter=PeeredVpc(vpc="vpc-9", region="us-east-1", cidrs=(draw(BLOCKS),)),
                active=draw(st.booleans()),
            ),
        ),
        gateway_endpoints=(
            GatewayEndpoint(id="vpce-0", name=draw(WORDS), vpc=vpc.id, service=draw(WORDS)),
        ),
        firewalls=(draw(firewall(vpc.id, subnets[0].id)),),
        **draw(hub(vpc.id, subnets)),
    )


RULES = st.builds(
    FirewallRule,
    id=st.just(""),
    action=st.sampled_from([FirewallAction.PASS, FirewallAction.DROP]),
    protocols=st.sampled_from([(), (6,), (17,)]),
    sources=st.lists(BLOCKS, max_size=2, unique=True).map(tuple),
    # All of both families is told as nothing at all: any.
    destinations=st.lists(ANY_BLOCKS, max_size=2, unique=True)
    .filter(lambda blocks: sum(each.prefixlen == 0 for each in blocks) < 2)
    .map(tuple),
    client_ports=st.lists(st.builds(PortRange, st.integers(1, 9), st.just(99)), max_size=1).map(
        tuple
    ),
    ports=st.lists(st.builds(PortRange, st.integers(1, 9), st.just(99)), max_size=2).map(tuple),
)


@st.composite
def firewall(draw: Any, vpc: str, subnet: str) -> Firewall:
    stateless = draw(st.lists(RULES, max_size=3))
    stateful = draw(st.lists(st.tuples(RULES, st.booleans()), max_size=3))
    ordered = draw(st.booleans())
    return Firewall(
        id="edge",
        name=draw(WORDS),
        vpc=vpc,
        endpoints=(("vpce-f", subnet),),
        stateless=tuple(
            replace(each, id=f"edge/{number}") for number, each in enumerate(stateless, 1)
        ),
        stateless_default=draw(st.sampled_from(FirewallAction)),
        stateful=tuple(
            replace(each, id=f"edge/{number}", both_ways=both)
            for number, (each, both) in enumerate(stateful, 1)
        ),
        stateful_default=(
            FirewallAction.PASS
            if ordered
            else draw(st.sampled_from([FirewallAction.PASS, FirewallAction.DROP]))
        ),
        action_order=ordered,
    )


@st.composite
def hub(draw: Any, vpc: str, subnets: tuple[Subnet, ...]) -> dict[str, Any]:
    """A transit gateway with a VPC, a peer, and something else attached."""
    common = {"gateway": "tgw-0", "table": draw(st.sampled_from(["tgw-rtb-0", None]))}
    attachments = (
        TransitAttachment(
            id="tgw-attach-0",
            name=draw(WORDS),
            kind=AttachmentKind.VPC,
            resource=vpc,
            subnets=tuple(each.id for each in subnets),
            available=draw(st.booleans()),
            references=draw(st.booleans()),
            appliance_mode=draw(st.booleans()),
            **common,
        ),
        TransitAttachment(
            id="tgw-attach-1",
            name=draw(WORDS),
            kind=AttachmentKind.PEERING,
            resource="tgw-attach-1",
            peer_gateway="tgw-9",
            **common,
        ),
        TransitAttachment(
            id="tgw-attach-2",
            name=draw(WORDS),
            kind=AttachmentKind.OTHER,
            resource="dx-0",
            **common,
        ),
    )
    routes = []
    for block in draw(st.lists(ANY_BLOCKS, max_size=4, unique=True)):
        blackhole = draw(st.booleans())
        chosen = draw(st.lists(st.sampled_from(attachments), min_size=1, max_size=2, unique=True))
        routes.append(
            TransitRoute(
                destination=block,
                attachments=() if blackhole else tuple(each.id for each in chosen),
                propagated=draw(st.booleans()),
                blackhole=blackhole,
            )
        )
    table = TransitRouteTable(
        id="tgw-rtb-0", name=draw(WORDS), gateway="tgw-0", routes=tuple(routes)
    )
    gateway = TransitGateway(
        id="tgw-0", name=draw(WORDS), region="eu-west-1", references=draw(st.booleans())
    )
    return {
        "transit_gateways": (gateway,),
        "transit_attachments": attachments,
        "transit_route_tables": (table,),
    }


def as_called(network: Network) -> Network:
    """The same Network, with the names that AWS makes of those that were given."""
    return replace(
        network,
        firewalls=tuple(replace(each, id=arn("firewall", each.id)) for each in network.firewalls),
        gateway_endpoints=tuple(
            replace(each, service=f"com.amazonaws.eu-west-1.{each.service}")
            for each in network.gateway_endpoints
        ),
    )


def in_order(network: Network) -> Network:
    """The same Network in one order: AWS promises none."""
    kinds = {
        name: tuple(sorted(getattr(network, name), key=repr))
        for name in network.__dataclass_fields__
    }
    groups = (
        replace(each, rules=tuple(sorted(each.rules, key=repr))) for each in network.security_groups
    )
    acls = (replace(each, entries=tuple(sorted(each.entries, key=repr))) for each in network.nacls)
    tables = (
        replace(each, routes=tuple(sorted(each.routes, key=repr))) for each in network.route_tables
    )
    hubs = (
        replace(each, routes=tuple(sorted(each.routes, key=repr)))
        for each in network.transit_route_tables
    )
    kinds |= {
        "security_groups": tuple(sorted(groups, key=repr)),
        "nacls": tuple(sorted(acls, key=repr)),
        "route_tables": tuple(sorted(tables, key=repr)),
        "transit_route_tables": tuple(sorted(hubs, key=repr)),
    }
    return Network(**kinds)


def peers_elsewhere(network: Network) -> set[str]:
    """The VPCs that only an active peering tells of."""
    return {
        side.vpc
        for each in network.peerings
        if each.active
        for side in (each.requester, each.accepter)
    } - set(network.vpc)


def astray(network: Network) -> set[str]:
    """What was drawn at a place where AWS puts nothing: outside its VPC, or its subnet."""
    around, within_subnet = network.vpcs[0].cidrs, network.subnet
    return {
        each.id
        for each in network.subnets
        if not all(any(within(own, block) for block in around) for own in each.cidrs)
    } | {
        each.id
        for each in network.interfaces
        for block in [within_subnet[each.subnet].cidrs]
        if not all(
            any(own in some for some in block)
            for own in (*each.addresses, *(some.network_address for some in each.ipv6_prefixes))
        )
    }


@examples(2)
@given(networks())
def test_a_network_told_in_the_words_of_aws_comes_back_the_same(network):
    seen = observe.from_answers(as_answers(network), region="eu-west-1")
    # Blocks that are drawn at random contradict each other: they overlap, or are in no VPC.
    said = [each for each in seen.unmodelled if each.kind != "contradiction"]
    assert {each.id for each in said} == peers_elsewhere(network) | astray(network)
    ends = {(each.of, each.to) for each in seen.associations}
    assert ends == {(each.id, each.nacl) for each in network.subnets}  # the only ones that it told
    uncounted = any(each.cidr.version == 6 for each in network.subnets)
    silent = {"security_groups", "associations", *(["interfaces"] if uncounted else [])}
    assert not {each.field for each in seen.unlisted} - silent
    if {each.scope for each in seen.unmodelled} - peers_elsewhere(network) - astray(network):
        return  # a gateway that may be available counts as that
    bare = replace(seen, unmodelled=(), associations=(), unlisted=())
    assert in_order(bare) == in_order(as_called(network))


@examples()
@given(networks(), st.randoms())
def test_the_order_of_answers_makes_no_difference(network, random):
    answers = as_answers(network)
    before = observe.from_answers(answers, region="eu-west-1")
    for kind in answers.values():
        if isinstance(kind, list):
            random.shuffle(kind)
    assert observe.from_answers(answers, region="eu-west-1") == before
