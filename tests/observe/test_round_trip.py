"""Any Network, told in AWS's own shape, comes back as the same Network."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bulkhead import observe
from bulkhead.network import (
    ALL_PORTS,
    AclEntry,
    Action,
    CidrPeer,
    CustomerGateway,
    Direction,
    GroupPeer,
    GroupRule,
    Interface,
    InternetGateway,
    Listener,
    Network,
    NetworkAcl,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
    Service,
    Site,
    Subnet,
    TargetKind,
    Tunnel,
    Vpc,
    VpnConnection,
    VpnGateway,
    has_ports,
)
from bulkhead.network import tags as words

WORDS = st.text("abcdefghij-", min_size=1, max_size=8)
PORTS = st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(
    lambda pair: PortRange(min(pair), max(pair))
)
PROTOCOLS = st.sampled_from([-1, 1, 6, 17, 50, 132])
BLOCKS = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
    lambda pair: IPv4Network((pair[0], pair[1]), strict=False)
)
DIRECTIONS = st.sampled_from(Direction)
TOLD_TARGETS = {TargetKind.INTERNET_GATEWAY: "igw-0", TargetKind.VPN_GATEWAY: "vgw-0"}


def ports_of(draw: Any, protocol: int) -> PortRange:
    return draw(PORTS) if has_ports(protocol) else ALL_PORTS


@st.composite
def group(draw: Any, number: int, count: int, vpc: str) -> SecurityGroup:
    rules = []
    for index in range(draw(st.integers(0, 4))):
        protocol = draw(PROTOCOLS)
        peers = st.one_of(
            BLOCKS.map(CidrPeer),
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
                cidr=draw(BLOCKS),
            )
        )
    return NetworkAcl(
        id=f"acl-{number}", name=draw(WORDS), vpc=vpc, entries=tuple(entries), default=number == 0
    )


@st.composite
def table(draw: Any, number: int, vpc: str) -> RouteTable:
    destinations = draw(st.lists(BLOCKS, max_size=4, unique=True))
    routes = []
    for destination in sorted(destinations):
        target = draw(st.sampled_from(sorted(TOLD_TARGETS)))
        routes.append(
            Route(
                destination=destination,
                target=target,
                target_id=TOLD_TARGETS[target],
                propagated=target is TargetKind.VPN_GATEWAY and draw(st.booleans()),
                blackhole=draw(st.booleans()),
            )
        )
    return RouteTable(
        id=f"rtb-{number}", name=draw(WORDS), vpc=vpc, routes=tuple(routes), main=number == 0
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
)


@st.composite
def networks(draw: Any) -> Network:
    vpc = Vpc(
        id="vpc-0",
        name=draw(WORDS),
        region="eu-west-1",
        cidrs=tuple(draw(st.lists(BLOCKS, min_size=1, max_size=3, unique=True))),
        topology=draw(st.none() | WORDS),
    )
    count = draw(st.integers(1, 4))
    groups = tuple(draw(group(number, count, vpc.id)) for number in range(count))
    acls = tuple(draw(acl(number, vpc.id)) for number in range(draw(st.integers(1, 3))))
    tables = tuple(draw(table(number, vpc.id)) for number in range(draw(st.integers(1, 3))))
    subnets = tuple(
        Subnet(
            id=f"subnet-{number}",
            name=draw(WORDS),
            vpc=vpc.id,
            zone=draw(WORDS),
            cidr=draw(BLOCKS),
            nacl=draw(st.sampled_from(acls)).id,
            route_table=draw(st.sampled_from(tables)).id,
            segment=draw(st.none() | WORDS),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    interfaces = []
    for number in range(draw(st.integers(0, 4))):
        held = draw(st.lists(st.sampled_from(groups), min_size=1, max_size=3, unique=True))
        addresses = draw(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=3, unique=True))
        served = {each.service for each in held if each.service}
        interfaces.append(
            Interface(
                id=f"eni-{number}",
                name=draw(WORDS),
                subnet=draw(st.sampled_from(subnets)).id,
                address=IPv4Address(addresses[0]),
                secondary_addresses=tuple(map(IPv4Address, addresses[1:])),
                public_address=draw(st.none() | st.just(IPv4Address("198.51.100.7"))),
                source_dest_check=draw(st.booleans()),
                security_groups=tuple(each.id for each in held),
                service=draw(st.sampled_from(sorted(served))) if served else None,
            )
        )
    services = tuple(
        Service(name=each.service, segment=draw(WORDS), security_group=each.id)
        for each in groups
        if each.service
    )
    connections, sites = [], []
    for number in range(draw(st.integers(0, 2))):
        routes = tuple(draw(st.lists(BLOCKS, min_size=1, max_size=3, unique=True)))
        connections.append(
            VpnConnection(
                id=f"vpn-{number}",
                name=draw(WORDS),
                vpn_gateway="vgw-0",
                customer_gateway=f"cgw-{number}",
                routes=routes,
                tunnels=tuple(draw(st.lists(TUNNELS, max_size=2))),
                site=f"site-{number}",
            )
        )
        sites.append(
            Site(
                name=f"site-{number}",
                cidrs=routes,
                vpn_connection=f"vpn-{number}",
                trusted=draw(st.booleans()),
            )
        )
    owners = [each.name for each in services] + [each.name for each in sites]
    listeners = tuple(
        Listener(owner=owner, socket="ticks", type="PUB", protocol=6, port=port)
        for owner in owners
        for port in sorted(draw(st.sets(st.integers(1, 65535), max_size=2)))
    )
    return Network(
        vpcs=(vpc,),
        subnets=subnets,
        interfaces=tuple(interfaces),
        security_groups=groups,
        nacls=acls,
        route_tables=tables,
        internet_gateways=(InternetGateway(id="igw-0", name=draw(WORDS), vpc=vpc.id),),
        vpn_gateways=(VpnGateway(id="vgw-0", name=draw(WORDS), vpc=vpc.id),),
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
    )


def tagged(**named: str | None) -> list[dict[str, str]]:
    keys = {"name": "Name", **{key: f"bulkhead:{key}" for key in named if key != "name"}}
    return [{"Key": keys[key], "Value": value} for key, value in named.items() if value]


def sockets(network: Network, owner: str | None) -> list[dict[str, str]]:
    found = words.socket_tags(each for each in network.listeners if each.owner == owner)
    return [{"Key": key, "Value": value} for key, value in found.items()]


def told(network: Network) -> dict[str, Any]:
    """The answers that AWS would give about a Network."""
    service = {each.security_group: each for each in network.services}
    site = {each.vpn_connection: each for each in network.sites}
    return {
        "Vpcs": [
            {
                "VpcId": each.id,
                "CidrBlock": str(each.cidrs[0]),
                "CidrBlockAssociationSet": [{"CidrBlock": str(cidr)} for cidr in each.cidrs],
                "Tags": tagged(name=each.name, topology=each.topology),
            }
            for each in network.vpcs
        ],
        "Subnets": [
            {
                "SubnetId": each.id,
                "VpcId": each.vpc,
                "CidrBlock": str(each.cidr),
                "AvailabilityZone": each.zone,
                "Tags": tagged(name=each.name, segment=each.segment),
            }
            for each in network.subnets
        ],
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": each.id,
                "SubnetId": each.subnet,
                "SourceDestCheck": each.source_dest_check,
                "PrivateIpAddress": str(each.address),
                "PrivateIpAddresses": [
                    {"PrivateIpAddress": str(address)} for address in each.addresses
                ],
                "Groups": [{"GroupId": held} for held in each.security_groups],
                "TagSet": tagged(name=each.name, service=each.service),
                **(
                    {"Association": {"PublicIp": str(each.public_address)}}
                    if each.public_address
                    else {}
                ),
            }
            for each in network.interfaces
        ],
        "SecurityGroups": [
            {
                "GroupId": each.id,
                "GroupName": "not used where there is a Name tag",
                "VpcId": each.vpc,
                "Tags": tagged(
                    name=each.name,
                    service=each.service,
                    segment=service[each.id].segment if each.service else None,
                )
                + sockets(network, each.service),
            }
            for each in network.security_groups
        ],
        "SecurityGroupRules": [
            {
                "SecurityGroupRuleId": rule.id,
                "GroupId": each.id,
                "IsEgress": rule.direction is Direction.EGRESS,
                "IpProtocol": str(rule.protocol),
                "FromPort": rule.ports.first if has_ports(rule.protocol) else -1,
                "ToPort": rule.ports.last if has_ports(rule.protocol) else -1,
                "Description": rule.description,
                **(
                    {"CidrIpv4": str(rule.peer.cidr)}
                    if isinstance(rule.peer, CidrPeer)
                    else {"ReferencedGroupInfo": {"GroupId": rule.peer.group}}
                ),
            }
            for each in network.security_groups
            for rule in each.rules
        ],
        "NetworkAcls": [
            {
                "NetworkAclId": each.id,
                "VpcId": each.vpc,
                "IsDefault": each.default,
                "Tags": tagged(name=each.name),
                "Associations": [
                    {"SubnetId": subnet.id} for subnet in network.subnets if subnet.nacl == each.id
                ],
                "Entries": [
                    {
                        "RuleNumber": entry.number,
                        "Egress": entry.direction is Direction.EGRESS,
                        "Protocol": str(entry.protocol),
                        "RuleAction": str(entry.action),
                        "CidrBlock": str(entry.cidr),
                        "PortRange": {"From": entry.ports.first, "To": entry.ports.last},
                    }
                    for entry in each.entries
                ],
            }
            for each in network.nacls
        ],
        "RouteTables": [
            {
                "RouteTableId": each.id,
                "VpcId": each.vpc,
                "Tags": tagged(name=each.name),
                "Associations": [{"Main": each.main}]
                + [
                    {"SubnetId": subnet.id}
                    for subnet in network.subnets
                    if subnet.route_table == each.id and not each.main
                ],
                "Routes": [
                    {
                        "DestinationCidrBlock": str(route.destination),
                        "GatewayId": route.target_id,
                        "State": "blackhole" if route.blackhole else "active",
                        "Origin": "EnableVgwRoutePropagation" if route.propagated else "Other",
                    }
                    for route in each.routes
                ],
            }
            for each in network.route_tables
        ],
        "InternetGateways": [
            {
                "InternetGatewayId": each.id,
                "Attachments": [{"VpcId": each.vpc, "State": "available"}],
                "Tags": tagged(name=each.name),
            }
            for each in network.internet_gateways
        ],
        "VpnGateways": [
            {
                "VpnGatewayId": each.id,
                "VpcAttachments": [{"VpcId": each.vpc, "State": "attached"}],
                "Tags": tagged(name=each.name),
            }
            for each in network.vpn_gateways
        ],
        "CustomerGateways": [
            {
                "CustomerGatewayId": each.id,
                "BgpAsn": str(each.asn),
                "IpAddress": str(each.address) if each.address else "",
                "Tags": tagged(name=each.name),
            }
            for each in network.customer_gateways
        ],
        "VpnConnections": [
            {
                "VpnConnectionId": each.id,
                "VpnGatewayId": each.vpn_gateway,
                "CustomerGatewayId": each.customer_gateway,
                "Options": {
                    "StaticRoutesOnly": True,
                    "TunnelOptions": [options(tunnel) for tunnel in each.tunnels],
                },
                "Routes": [{"DestinationCidrBlock": str(route)} for route in each.routes],
                "Tags": tagged(
                    name=each.name,
                    site=each.site,
                    trust=words.TRUSTED if site[each.id].trusted else words.UNTRUSTED,
                )
                + sockets(network, each.site),
            }
            for each in network.vpn_connections
        ],
        "VpcPeeringConnections": [],
        "TransitGatewayVpcAttachments": [],
        "PrefixLists": [],
    }


def options(tunnel: Tunnel) -> dict[str, Any]:
    lists = {
        "IkeVersions": tunnel.ike_versions,
        "Phase1EncryptionAlgorithms": tunnel.phase1_encryption,
        "Phase1IntegrityAlgorithms": tunnel.phase1_integrity,
        "Phase1DHGroupNumbers": tunnel.phase1_dh_groups,
        "Phase2EncryptionAlgorithms": tunnel.phase2_encryption,
        "Phase2IntegrityAlgorithms": tunnel.phase2_integrity,
        "Phase2DHGroupNumbers": tunnel.phase2_dh_groups,
    }
    inside = {"TunnelInsideCidr": str(tunnel.inside_cidr)} if tunnel.inside_cidr else {}
    return {
        **inside,
        **{key: [{"Value": each} for each in values] for key, values in lists.items()},
    }


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
    kinds |= {
        "security_groups": tuple(sorted(groups, key=repr)),
        "nacls": tuple(sorted(acls, key=repr)),
        "route_tables": tuple(sorted(tables, key=repr)),
    }
    return Network(**kinds)


@settings(max_examples=150, deadline=None)
@given(networks())
def test_a_network_told_in_the_words_of_aws_comes_back_the_same(network):
    seen = observe.describe(told(network), region="eu-west-1")
    assert in_order(seen) == in_order(network)


@settings(max_examples=60, deadline=None)
@given(networks(), st.randoms())
def test_the_order_of_answers_makes_no_difference(network, random):
    answers = told(network)
    before = observe.describe(answers, region="eu-west-1")
    for kind in answers.values():
        random.shuffle(kind)
    assert observe.describe(answers, region="eu-west-1") == before
