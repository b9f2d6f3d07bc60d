"""What is planned in these tests, and every change of the account that they make."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from bulkhead.judge import FindingKind, judge
from bulkhead.judge.state.differing import differences
from bulkhead.judge.state.matching import matched
from bulkhead.network import (
    ALL_PORTS,
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    EgressOnlyGateway,
    GatewayEndpoint,
    GroupRule,
    InternetGateway,
    PeeredVpc,
    Peering,
    PortRange,
    Route,
    SecurityGroup,
    TargetKind,
)
from bulkhead.network.service_addresses import with_addresses_of
from bulkhead.prove import prove
from tests.support.topologies import HEAD

SHOP = {
    **HEAD,
    "segments": {
        "web": {"purpose": "front"},
        "data": {"purpose": "back"},
        "spare": {"purpose": "-"},
    },
    "services": {
        "db": {"segment": "data", "sockets": {"ask": {"type": "REP", "bind": "tcp://*:6000"}}},
        "front": {
            "segment": "web",
            "replicas": 2,
            "sockets": {
                "ask": {"type": "REQ", "connect": "db.ask"},
                "news": {"type": "PUB", "bind": "tcp://*:6001"},
            },
        },
        "idle": {"segment": "spare", "sockets": {"in": {"type": "PAIR", "bind": "inproc://i"}}},
    },
    "sites": {
        "plant": {
            "cidrs": ["192.168.10.0/24"],
            "gateway": {"address": "203.0.113.10", "asn": 65010},
            "sockets": {"news": {"type": "SUB", "connect": "front.news"}},
        }
    },
}
ANYWHERE = IPv4Network("0.0.0.0/0")


def judged(planned, network):
    return judge(prove(network), planned.declaration)


def told(judgement):
    """Every finding, with what follows from it."""
    return [each for found in judgement.findings for each in (found, *found.effects)]


def said_of(planned, observed):
    return list(differences(matched(with_addresses_of(planned, observed), observed)))


def changed(kind, name, /, **values):
    """The network with other values in one thing."""

    def change(network):
        things = getattr(network, kind)
        assert name in {each.name for each in things}
        return replace(
            network,
            **{
                kind: tuple(
                    replace(each, **{k: v(each) if callable(v) else v for k, v in values.items()})
                    if each.name == name
                    else each
                    for each in things
                )
            },
        )

    return change


def added(kind, make):
    def change(network):
        return replace(network, **{kind: (*getattr(network, kind), make(network))})

    return change


def removed(kind, name):
    def change(network):
        kept = tuple(each for each in getattr(network, kind) if each.name != name)
        assert len(kept) < len(getattr(network, kind))
        return replace(network, **{kind: kept})

    return change


def both(*changes):
    def change(network):
        for each in changes:
            network = each(network)
        return network

    return change


def named(network, kind, name):
    return next(each for each in getattr(network, kind) if each.name == name)


def like(kind, name, /, **values):
    return added(kind, lambda network: replace(named(network, kind, name), **values))


def weak(connection):
    first, *others = connection.tunnels
    weakened = replace(
        first, ike_versions=("ikev1",), phase1_integrity=("SHA1",), phase1_dh_groups=(2,)
    )
    return (weakened, *others)


def kept_when_dead(connection):
    first, *others = connection.tunnels
    changed = replace(first, phase1_lifetime=900, dpd_action="none", startup_action="start")
    return (changed, *others)


def entry(number, direction=Direction.INGRESS, action=Action.ALLOW, cidr=ANYWHERE, port=22):
    return AclEntry(
        number=number,
        direction=direction,
        action=action,
        protocol=6,
        ports=PortRange(port, port),
        cidr=cidr,
    )


def replaced(nacl):
    """Its entry ingress 100 says something else."""
    return tuple(
        entry(100) if (each.direction, each.number) == (Direction.INGRESS, 100) else each
        for each in nacl.entries
    )


def more(field, *parts):
    return {field: lambda each: (*getattr(each, field), *parts)}


RULE = GroupRule(
    id="sgr-1",
    direction=Direction.INGRESS,
    protocol=6,
    ports=PortRange(22, 22),
    peer=CidrPeer(ANYWHERE),
)
VPC = "vpc-vpc/shop"
IGW = InternetGateway(id="igw-1", name="igw-1", vpc=VPC)
FREE = IPv4Address("10.20.0.200")

SITE_ROUTE = Route(
    destination=IPv4Network("192.168.10.0/24"),
    target=TargetKind.VPN_GATEWAY,
    target_id="vgw-vgw/shop",
)


def any_of(protocol, cidr="0.0.0.0/0"):
    peer = CidrPeer(ip_network(cidr))
    return replace(RULE, protocol=protocol, ports=ALL_PORTS, peer=peer)


def wider(parts):
    """The first of them that is for port 6000 alone, and one more."""
    own = next((each for each in parts if each.ports == PortRange(6000, 6000)), None)
    assert own, "an earlier change took it away"
    return tuple(
        replace(each, ports=PortRange(6000, 6001)) if each is own else each for each in parts
    )


CHANGES = {
    "an interface that holds a planned group": (
        like("interfaces", "front-1", id="eni-x", name="eni-x", address=FREE),
        "interface eni-x (address 10.20.0.200, security groups front (sg-sg/front)) is in no plan",
    ),
    "an instance with a public address in a planned group": (
        like(
            "interfaces",
            "front-1",
            id="eni-x",
            name="eni-x",
            address=FREE,
            public_address=IPv4Address("198.51.100.1"),
        ),
        "interface eni-x (address 10.20.0.200, security groups front (sg-sg/front), "
        "public address 198.51.100.1) is in no plan",
    ),
    "an interface named as a replica": (
        like("interfaces", "front-1", id="eni-x", address=FREE),
        "interface front-1 (eni-x) (address 10.20.0.200",
    ),
    "a replica deleted": (removed("interfaces", "front-2"), "interface front-2 is not there"),
    "a replica at another address": (
        changed("interfaces", "front-1", address=FREE),
        "interface front-1 (eni-eni/front-1): address 10.20.0.200, planned ",
    ),
    "a replica with a second address": (
        changed("interfaces", "front-1", secondary_addresses=(FREE,)),
        "interface front-1 (eni-eni/front-1): secondary addresses 10.20.0.200, planned none",
    ),
    "a replica with a public address": (
        changed("interfaces", "front-1", public_address=IPv4Address("198.51.100.1")),
        "interface front-1 (eni-eni/front-1): public address 198.51.100.1, planned none",
    ),
    "a replica that holds the default group": (
        changed("interfaces", "front-1", security_groups=("sg-sg/front", "sg-sg/(vpc)")),
        "interface front-1 (eni-eni/front-1): security groups front (sg-sg/front), default",
    ),
    "the VPN at another customer gateway": (
        both(
            changed(
                "customer_gateways",
                "plant",
                id="cgw-x",
                name="other",
                address=IPv4Address("198.51.100.2"),
            ),
            changed("vpn_connections", "plant", customer_gateway="cgw-x"),
        ),
        "VPN connection plant (vpn-vpn/plant): customer gateway other (cgw-x), planned plant",
    ),
    "the VPN at another customer gateway of the same name": (
        both(
            changed("customer_gateways", "plant", id="cgw-x", address=IPv4Address("198.51.100.2")),
            changed("vpn_connections", "plant", customer_gateway="cgw-x"),
        ),
        "customer gateway plant (cgw-x): address 198.51.100.2, planned 203.0.113.10",
    ),
    "a second VPN with the same tags": (
        both(
            like("customer_gateways", "plant", id="cgw-x", name="other", asn=65011),
            like("vpn_connections", "plant", id="vpn-x", customer_gateway="cgw-x"),
        ),
        "VPN connection plant (vpn-x) (customer gateway other (cgw-x)) is in no plan",
    ),
    "a tunnel set to IKEv1, SHA-1 and group 2": (
        changed("vpn_connections", "plant", tunnels=weak),
        "IKE versions ikev1, planned ikev2; "
        "integrity of phase 1 SHA1, planned SHA2-384, SHA2-512; "
        "Diffie-Hellman groups of phase 1 2, planned 19, 20, 21",
    ),
    "the trust tag flipped": (
        changed("sites", "plant", trusted=lambda each: not each.trusted),
        "site plant: trusted yes, planned no",
    ),
    "a subnet behind another's route table": (
        changed("subnets", "spare-eu-west-1a", route_table="rtb-rtb/web"),
        "subnet spare-eu-west-1a (subnet-subnet/spare/eu-west-1a): "
        "route table web (rtb-rtb/web), planned spare",
    ),
    "a NACL swapped on an empty subnet": (
        changed("subnets", "spare-eu-west-1b", nacl="acl-acl/web"),
        "network ACL web (acl-acl/web), planned spare",
    ),
    "a second block of the VPC": (
        changed("vpcs", "shop", **more("cidrs", IPv4Network("10.99.0.0/16"))),
        "VPC shop (vpc-vpc/shop): blocks 10.20.0.0/16, 10.99.0.0/16, planned 10.20.0.0/16",
    ),
    "an IPv6 block of the VPC": (
        changed("vpcs", "shop", **more("cidrs", IPv6Network("2001:db8::/56"))),
        "2001:db8::/56",
    ),
    "an IPv6 block of a subnet": (
        both(
            changed("vpcs", "shop", **more("cidrs", IPv6Network("2001:db8::/56"))),
            changed("subnets", "web-eu-west-1a", ipv6_cidrs=(IPv6Network("2001:db8::/64"),)),
        ),
        "IPv6 blocks 2001:db8::/64, planned none",
    ),
    "one more subnet": (
        like(
            "subnets",
            "web-eu-west-1a",
            id="subnet-x",
            name="subnet-x",
            cidr=IPv4Network("10.20.250.0/24"),
        ),
        "subnet subnet-x (block 10.20.250.0/24) is in no plan",
    ),
    "a public address on launch": (
        changed("subnets", "spare-eu-west-1a", public_on_launch=True),
        "public address on launch yes, planned no",
    ),
    "an IPv6 address on launch": (
        changed("subnets", "spare-eu-west-1a", ipv6_on_launch=True),
        "IPv6 address on launch yes, planned no",
    ),
    "a tunnel that AWS opens and keeps when it is dead": (
        changed("vpn_connections", "plant", tunnels=kept_when_dead),
        "lifetime of phase 1 in seconds 900, planned 28800; "
        "action on a dead peer none, planned clear; startup action start, planned add",
    ),
    "an internet gateway without a route": (
        added("internet_gateways", lambda _: IGW),
        "internet gateway igw-1 is in no plan",
    ),
    "a pending peering": (
        added(
            "peerings",
            lambda _: Peering(
                id="pcx-1",
                name="pcx-1",
                requester=PeeredVpc(vpc="vpc-x", region="eu-west-1", cidrs=()),
                accepter=PeeredVpc(vpc=VPC, region="eu-west-1", cidrs=()),
                active=False,
            ),
        ),
        "VPC peering connection pcx-1 (with VPC vpc-x) is in no plan",
    ),
    "a service tag swapped": (
        changed("security_groups", "idle", service="front"),
        "security group idle (sg-sg/idle): service front, planned idle",
    ),
    "a service tag gone": (
        changed("security_groups", "idle", service=None),
        "security group idle (sg-sg/idle): service none, planned idle",
    ),
    "an open group that nobody holds": (
        added(
            "security_groups",
            lambda _: SecurityGroup(id="sg-x", name="open", vpc=VPC, rules=(RULE,)),
        ),
        "security group open (sg-x) is in no plan",
    ),
    "a rule in a planned group": (
        changed("security_groups", "idle", **more("rules", RULE)),
        "security group idle (sg-sg/idle) holds a rule that no plan has: "
        "ingress tcp 22 from 0.0.0.0/0",
    ),
    "a rule gone": (
        changed("security_groups", "db", rules=()),
        "security group db (sg-sg/db) lacks a rule: ingress tcp 6000 from front",
    ),
    "the default group opened": (
        changed("security_groups", "default", **more("rules", RULE)),
        "security group default (sg-sg/(vpc)) holds a rule that no plan has",
    ),
    "the default NACL opened": (
        changed("nacls", "default", **more("entries", entry(100))),
        "network ACL default (acl-acl/(vpc)) holds an entry that no plan has: ingress 100",
    ),
    "a stray allow entry": (
        changed("nacls", "spare", **more("entries", entry(5))),
        "network ACL spare (acl-acl/spare) holds an entry that no plan has: "
        "ingress 5: allow tcp 22 from 0.0.0.0/0",
    ),
    "a stray deny entry": (
        changed("nacls", "web", **more("entries", entry(5, action=Action.DENY))),
        "network ACL web (acl-acl/web) holds an entry that no plan has: "
        "ingress 5: deny tcp 22 from 0.0.0.0/0",
    ),
    "an IPv6 entry": (
        changed("nacls", "web", **more("entries", entry(5, cidr=IPv6Network("::/0")))),
        "ingress 5: allow tcp 22 from ::/0",
    ),
    "an entry of its number replaced": (
        changed("nacls", "data", entries=replaced),
        "network ACL data (acl-acl/data): entry ingress 100: allow tcp 22 from 0.0.0.0/0, planned",
    ),
    "an S3 endpoint": (
        both(
            added(
                "gateway_endpoints",
                lambda _: GatewayEndpoint(
                    id="vpce-1",
                    name="vpce-1",
                    vpc=VPC,
                    service="com.amazonaws.eu-west-1.s3",
                    cidrs=(IPv4Network("3.5.0.0/19"),),
                ),
            ),
            changed(
                "route_tables",
                "data",
                **more(
                    "routes",
                    Route(
                        destination=IPv4Network("3.5.0.0/19"),
                        target=TargetKind.GATEWAY_ENDPOINT,
                        target_id="vpce-1",
                        prefix_list="pl-1",
                    ),
                ),
            ),
        ),
        "gateway endpoint vpce-1 (service com.amazonaws.eu-west-1.s3) is in no plan",
    ),
    "the VPN gateway detached": (
        both(
            *(removed(kind, "plant") for kind in ("vpn_connections", "customer_gateways", "sites")),
            removed("vpn_gateways", "shop"),
            changed(
                "route_tables",
                "web",
                routes=lambda each: tuple(replace(one, blackhole=True) for one in each.routes),
            ),
        ),
        "VPN gateway shop is not attached to the VPC",
    ),
    "a route to the internet with a public address": (
        both(
            added("internet_gateways", lambda _: IGW),
            changed("interfaces", "db-1", public_address=IPv4Address("198.51.100.1")),
            changed(
                "route_tables",
                "data",
                **more(
                    "routes",
                    Route(
                        destination=ANYWHERE,
                        target=TargetKind.INTERNET_GATEWAY,
                        target_id="igw-1",
                    ),
                ),
            ),
        ),
        "",
    ),
    "a rule for all protocols": (
        changed("security_groups", "db", **more("rules", any_of(-1, "10.20.0.0/16"))),
        "holds a rule that no plan has: ingress all from 10.20.0.0/16",
    ),
    "a rule for icmp": (
        changed("security_groups", "db", **more("rules", any_of(1))),
        "holds a rule that no plan has: ingress icmp from 0.0.0.0/0",
    ),
    "a rule for a protocol without a name": (
        changed("security_groups", "db", **more("rules", any_of(50))),
        "holds a rule that no plan has: ingress protocol 50 from 0.0.0.0/0",
    ),
    "a rule for IPv6": (
        changed("security_groups", "db", **more("rules", any_of(6, "::/0"))),
        "holds a rule that no plan has: ingress tcp from ::/0",
    ),
    "a declared flow by udp": (
        changed(
            "security_groups",
            "db",
            rules=lambda each: (*each.rules, replace(each.rules[0], id="sgr-1", protocol=17)),
        ),
        "holds a rule that no plan has: ingress udp 6000 from front (sg-sg/front)",
    ),
    "a declared flow one port wider": (
        changed("security_groups", "db", rules=lambda each: wider(each.rules)),
        "holds a rule that no plan has: ingress tcp 6000-6001 from front (sg-sg/front)",
    ),
    "an entry one port wider": (
        changed("nacls", "data", entries=lambda each: wider(each.entries)),
        "tcp 6000-6001 from",
    ),
    "an entry gone": (
        changed("nacls", "data", entries=lambda each: each.entries[1:]),
        "network ACL data (acl-acl/data) lacks an entry: ",
    ),
    "a deny behind everything": (
        changed(
            "nacls",
            "data",
            **more("entries", entry(32000, action=Action.DENY)),
        ),
        "ingress 32000: deny tcp 22 from 0.0.0.0/0",
    ),
    "the default NACL at a subnet": (
        changed("subnets", "data-eu-west-1a", nacl="acl-acl/(vpc)"),
        "network ACL default (acl-acl/(vpc)), planned data",
    ),
    "the main table at a subnet": (
        changed("subnets", "web-eu-west-1a", route_table="rtb-rtb/(vpc)"),
        "planned web",
    ),
    "the groups of an interface replaced by the default one": (
        changed("interfaces", "db-1", security_groups=("sg-sg/(vpc)",)),
        "security groups default (sg-sg/(vpc)), planned db",
    ),
    "a table that learns from the VPN gateway": (
        changed("route_tables", "data", learns_from=("vgw-vgw/shop",)),
        "route table data (rtb-rtb/data): VPN gateways whose routes it learns vgw-vgw/shop, "
        "planned none",
    ),
    "a route of the site gone": (
        changed("route_tables", "web", routes=()),
        "route table web (rtb-rtb/web) lacks a route: 192.168.10.0/24 -> shop",
    ),
    "a route of the site to an interface": (
        changed(
            "route_tables",
            "web",
            routes=lambda each: (
                replace(each.routes[0], target=TargetKind.INTERFACE, target_id="eni-eni/db-1"),
            ),
        ),
        "192.168.10.0/24 -> db-1 (eni-eni/db-1), planned 192.168.10.0/24 -> shop",
    ),
    "the route of the site for another unit": (
        changed("route_tables", "data", routes=(SITE_ROUTE,)),
        "route table data (rtb-rtb/data) holds a route that no plan has: "
        "192.168.10.0/24 -> shop (vgw-vgw/shop)",
    ),
    "the route of the site as a blackhole": (
        changed(
            "route_tables", "web", routes=lambda each: (replace(each.routes[0], blackhole=True),)
        ),
        "(blackhole)",
    ),
    "another main table": (
        both(
            changed("route_tables", "main", main=False),
            changed("route_tables", "spare", main=True),
        ),
        "main table ",
    ),
    "an egress-only gateway": (
        added(
            "egress_only_gateways",
            lambda _: EgressOnlyGateway(id="eigw-1", name="eigw-1", vpc=VPC),
        ),
        "egress-only internet gateway eigw-1 is in no plan",
    ),
    "an endpoint in no table": (
        added(
            "gateway_endpoints",
            lambda _: GatewayEndpoint(
                id="vpce-1", name="vpce-1", vpc=VPC, service="com.amazonaws.eu-west-1.s3"
            ),
        ),
        "gateway endpoint vpce-1",
    ),
    "the VPN gone": (
        both(removed("vpn_connections", "plant"), removed("sites", "plant")),
        "VPN connection plant is not there",
    ),
    "a network of the site gone": (
        both(changed("vpn_connections", "plant", routes=()), changed("sites", "plant", cidrs=())),
        "routes none, planned 192.168.10.0/24",
    ),
    "a customer gateway with the planned address": (
        both(
            like("customer_gateways", "plant", id="cgw-x", name="other", asn=65011),
            changed("vpn_connections", "plant", customer_gateway="cgw-x"),
        ),
        "customer gateway other (cgw-x), planned plant",
    ),
    "the segment of a subnet": (
        changed("subnets", "spare-eu-west-1a", segment="web"),
        "segment web, planned spare",
    ),
    "an empty subnet gone": (
        removed("subnets", "spare-eu-west-1b"),
        "subnet spare-eu-west-1b is not there",
    ),
    "the tags of a group at another": (
        like("security_groups", "db", id="sg-x", rules=(RULE,)),
        "security group db (sg-x) (service db) is in no plan",
    ),
    "source/destination check off": (
        changed("interfaces", "front-1", source_dest_check=False),
        "interface front-1 (eni-eni/front-1): source/destination check no, planned yes",
    ),
}


STATE = {FindingKind.UNPLANNED, FindingKind.LACKING, FindingKind.DIFFERS}


def mends(planned, network):
    return [each.mend for each in judged(planned, network).findings]


# Anything at all


def other(value, data):
    """Another value for a compared field, or None where there is none to be had."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, IPv4Address):
        return value + 1
    if isinstance(value, tuple) and value:
        return value[1:]
    if isinstance(value, IPv4Network):
        return next(value.subnets(1))
    return None
