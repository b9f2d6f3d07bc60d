"""An account is exactly as planned, or what differs is said: first the cause, then what it does."""

import tempfile
from dataclasses import fields, is_dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import get_args, get_type_hints

import boto3
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.judge import FindingKind, judge
from bulkhead.judge.packets import packets
from bulkhead.judge.state.differing import differences, unknown
from bulkhead.judge.state.matching import matched
from bulkhead.judge.state.mending import Mending
from bulkhead.judge.state.roles import Compared, Parts, Reference
from bulkhead.judge.state.table import FIELDS, KINDS, UNCOMPARED
from bulkhead.network import (
    ALL_PORTS,
    AclEntry,
    Action,
    AttachmentKind,
    CidrPeer,
    Direction,
    EgressOnlyGateway,
    Expectation,
    GatewayEndpoint,
    GroupPeer,
    GroupRule,
    IdleTimeouts,
    InterfaceKind,
    InternetGateway,
    NatGateway,
    Network,
    NetworkAcl,
    PeeredVpc,
    Peering,
    PortRange,
    PublicAccess,
    Route,
    RouteTable,
    SecurityGroup,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    TransitRouteTable,
    Unmodelled,
)
from bulkhead.observe.dumps.dump import dump
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.support import aws_cli
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.topologies import HEAD, documents, topology_from
from tests.support.wide import wide_networks

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


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return plan(topology_from(tmp_path_factory.mktemp("shop"), SHOP))


@pytest.fixture(scope="module")
def account(planned):
    return with_aws_ids(planned.network)


def judged(planned, network):
    return judge(prove(network), planned.declaration)


def said_of(planned, observed):
    return list(differences(matched(planned, observed)))


# Nothing is forgotten


def classes_below(kind, seen):
    """The dataclasses that the fields of a class hold."""
    for hint in get_type_hints(kind).values():
        waiting = [hint]
        while waiting:
            each = waiting.pop()
            waiting += get_args(each)
            if is_dataclass(each) and each not in seen:
                seen.add(each)
                classes_below(each, seen)


def test_every_field_of_everything_in_a_network_is_classified():
    hints = get_type_hints(Network)
    assert set(KINDS) | set(UNCOMPARED) == {each.name for each in fields(Network)}
    found = set()
    for kind in KINDS:
        (held, *_) = get_args(hints[kind])
        found.add(held)
        classes_below(held, found)
    assert set(FIELDS) == found
    for kind in found:
        assert set(FIELDS[kind]) == {each.name for each in fields(kind)}, kind


def test_every_kind_says_what_takes_one_away():
    assert {kind for kind, words in KINDS.items() if not words.removal} == {"sites"}


# As planned


@examples(1)
@given(documents())
def test_what_was_planned_is_as_planned_whoever_gives_the_ids(document):
    with tempfile.TemporaryDirectory() as folder:
        network = plan(topology_from(Path(folder), document)).network
    for observed in (network, with_aws_ids(network)):
        assert said_of(network, observed) == []


@examples(1 / 2)
@given(documents())
def test_what_was_planned_is_as_planned_as_aws_describes_it(document):
    with tempfile.TemporaryDirectory() as folder:
        network = plan(topology_from(Path(folder), document)).network
        files = as_files(with_aws_ids(network))
        observed = dump(write(files, Path(folder) / "dump"), topology=document["name"])
    assert said_of(network, observed) == []


@examples(1)
@given(st.one_of(networks(), wide_networks()))
def test_no_network_differs_from_itself(network):
    assert said_of(network, network) == []
    assert list(unknown(matched(network, network))) == []


# Changes


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
                    id="vpce-1", name="vpce-1", vpc=VPC, service="com.amazonaws.eu-west-1.s3"
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


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named_first_and_never_exactly_as_declared(planned, account, name):
    change, message = CHANGES[name]
    judgement = judged(planned, change(account))
    assert not judgement.ok
    first = judgement.findings[0]
    assert first.kind in STATE
    assert message in first.message
    assert first.why
    assert first.mend
    assert all(each.kind in STATE for each in judgement.findings), "an effect without its cause"


@pytest.fixture(scope="module")
def checking():
    """An EC2 client that asks nobody, and takes what botocore would send."""
    client = boto3.client("ec2", region_name="eu-west-1", **dict.fromkeys(KEYS, "test"))
    client.meta.events.register(
        "before-call.ec2", lambda **_: (SimpleNamespace(status_code=200), {})
    )
    return client


KEYS = ("aws_access_key_id", "aws_secret_access_key")


@pytest.mark.parametrize("name", CHANGES)
def test_what_mends_a_change_is_the_engine_or_a_call_that_the_aws_cli_takes(
    planned, account, checking, name
):
    for finding in judged(planned, CHANGES[name][0](account)).findings:
        if finding.mend != "pulumi up --refresh":
            aws_cli.run(checking, finding.mend)


def test_of_entries_that_say_the_same_the_one_with_another_number_is_the_unplanned(
    planned, account
):
    """Whoever takes that one away has what Pulumi knows, and not what it would make anew."""

    (acl,) = (each for each in account.nacls if each.name == "web")
    copies = (replace(each, number=each.number - 99) for each in acl.entries)
    twice = replace(acl, entries=(*copies, *acl.entries))
    network = replace(
        account, nacls=tuple(twice if each is acl else each for each in account.nacls)
    )
    found = judged(planned, network).findings
    assert found
    for finding in found:
        assert not any(f"--rule-number {each.number} " in finding.mend for each in acl.entries)


def test_a_detached_gateway_is_one_finding_with_everything_under_it(planned, account):
    change, _ = CHANGES["the VPN gateway detached"]
    (found,) = judged(planned, change(account)).findings
    assert found.why.startswith("Breaks 1 declared flow")
    assert FindingKind.MISSING in {each.kind for each in found.effects}


NO_CHANGES = {
    "a rule made anew, and described otherwise": changed(
        "security_groups",
        "db",
        rules=lambda each: tuple(replace(one, id="sgr-9", description="x") for one in each.rules),
    ),
    "rules in another order": changed(
        "security_groups", "front", rules=lambda each: each.rules[::-1]
    ),
    "a number that decides nothing": changed(
        "nacls",
        "data",
        entries=lambda each: (replace(each.entries[0], number=7), *each.entries[1:]),
    ),
    "an instance at a planned interface": changed("interfaces", "db-1", instance="i-1"),
    "an interface made anew": changed("interfaces", "db-1", id="eni-x"),
    "public access blocked for the whole account": changed(
        "subnets", "web-eu-west-1a", public_access=PublicAccess.BLOCKED
    ),
    "sockets in words": lambda network: replace(network, listeners=()),
}


@pytest.mark.parametrize("name", NO_CHANGES)
def test_what_decides_no_packet_is_no_difference(planned, account, name):
    assert judged(planned, NO_CHANGES[name](account)).ok


def test_a_gateway_is_not_said_to_do_what_a_route_to_it_does(planned, account):
    route = replace(SITE_ROUTE, destination=IPv4Network("192.168.10.128/25"))
    change = both(
        added("internet_gateways", lambda _: IGW),
        changed(
            "route_tables",
            "web",
            **more("routes", replace(route, target=TargetKind.INTERNET_GATEWAY, target_id="igw-1")),
        ),
    )
    first, second = judged(planned, change(account)).findings
    assert "holds a route" in first.message
    assert "reaks" in first.why
    assert "internet gateway igw-1" in second.message
    assert second.effects == ()


def test_a_name_tag_decides_nothing(planned, account):
    for kind, name in (
        ("subnets", "web-eu-west-1a"),
        ("nacls", "web"),
        ("route_tables", "web"),
        ("interfaces", "front-1"),
        ("security_groups", "front"),
        ("security_groups", "default"),
        ("nacls", "default"),
        ("route_tables", "main"),
        ("customer_gateways", "plant"),
        ("vpn_connections", "plant"),
        ("vpn_gateways", "shop"),
        ("vpcs", "shop"),
    ):
        renamed = changed(kind, name, name="called otherwise")(account)
        assert judged(planned, renamed).ok, kind


def test_what_was_not_observed_is_said_as_not_known(planned, account):
    dark = changed("vpn_connections", "plant", tunnels=())(account)
    judgement = judged(planned, dark)
    assert judgement.ok
    assert judgement.unknown == ("the tunnel of VPN connection plant (vpn-vpn/plant)",)
    gone = removed("vpn_connections", "plant")(account)
    (found, *_) = judged(planned, replace(gone, unobserved=("vpn_connections",))).findings
    assert FindingKind.LACKING not in {found.kind}


@pytest.mark.parametrize(
    ("kind", "parts", "part"),
    [
        ("nacls", "entries", "network-acl-entry"),
        ("security_groups", "rules", "security-group-rule"),
        ("route_tables", "routes", "route"),
    ],
)
def test_what_could_not_be_read_of_a_thing_is_not_said_to_be_lacking(
    planned, account, kind, parts, part
):
    (thing, *_) = [each for each in getattr(account, kind) if getattr(each, parts)]
    less = changed(kind, thing.name, **{parts: getattr(thing, parts)[1:]})(account)
    assert FindingKind.LACKING in {each.kind for each in judged(planned, less).findings}
    doubt = Unmodelled(kind=part, id=thing.id, scope=thing.id, why="it cannot be read")
    judgement = judged(planned, replace(less, unmodelled=(doubt,)))
    assert FindingKind.LACKING not in {each.kind for each in judgement.findings}
    assert [what for what in judgement.unknown if thing.id in what]


@pytest.mark.parametrize("other", [lambda account: account, removed("interfaces", "front-2")])
def test_what_was_planned_and_nobody_looked_for_is_never_as_declared(planned, account, other):
    dark = replace(removed("subnets", "spare-eu-west-1b")(other(account)), unobserved=("subnets",))
    judgement = judged(planned, dark)
    assert not judgement.ok
    found = [each for each in judgement.findings if each.kind is FindingKind.UNDETERMINED]
    assert [each.message for each in found] == [
        "it is not known whether subnet spare-eu-west-1b is there"
    ]


def test_what_is_there_and_in_no_plan_is_said_though_not_all_of_its_kind_was_shown(
    planned, account
):
    change, message = CHANGES["a second VPN with the same tags"]
    partly = replace(change(account), unobserved=("vpn_connections",))
    assert message in judged(planned, partly).findings[0].message


def test_a_gateway_that_only_a_route_names_is_the_planned_one_where_none_was_shown(
    planned, account
):
    nameless = changed("vpn_gateways", "shop", name="vgw-vgw/shop")
    unseen = (removed(kind, "plant") for kind in ("vpn_connections", "customer_gateways"))
    dark = both(nameless, *unseen)(account)
    kinds = ("vpn_gateways", "vpn_connections", "customer_gateways")
    assert {each.kind for each in said_of(planned.network, dark)} > {"vpn_gateways"}
    said = said_of(planned.network, replace(dark, unobserved=kinds))
    assert {each.kind for each in said} <= {"sites"}


def test_a_connection_at_a_gateway_that_nobody_showed_is_at_none_other(planned, account):
    dark = both(removed("vpn_gateways", "shop"), changed("route_tables", "web", routes=()))(account)
    said = said_of(planned.network, dark)
    assert "vpn_connections" in {each.kind for each in said}
    said = said_of(planned.network, replace(dark, unobserved=("vpn_gateways",)))
    assert {each.kind for each in said} == {"route_tables"}


@pytest.mark.parametrize(
    "change",
    [lambda account: account, changed("nacls", "spare", **more("entries", entry(5)))],
    ids=["as planned", "with a difference that has nothing to do with it"],
)
def test_a_test_of_the_topology_that_the_plan_itself_fails_is_told(planned, account, change):
    (flow,) = [each for each in planned.declaration.flows if each.server.name == "db.ask"]
    denied = Expectation(client=flow.client, server=flow.server, accept=False, file="x", line=1)
    declaration = replace(planned.declaration, expectations=(denied,))
    judgement = judge(prove(change(account)), declaration)
    assert not judgement.ok
    assert judgement.findings[-1].kind is FindingKind.EXPECTATION


@pytest.mark.parametrize("kind", ["vpn_connections", "security_groups", "nacls", "route_tables"])
def test_of_two_that_are_called_alike_the_one_that_differs_is_the_unplanned(planned, account, kind):
    (own, *_) = [each for each in getattr(account, kind) if each.name in ("plant", "web", "db")]
    parts = {"vpn_connections": "routes", "security_groups": "rules", "nacls": "entries"}
    copy = replace(own, id="x", **{parts.get(kind, "routes"): ()})
    for things in ((copy, *getattr(account, kind)), (*getattr(account, kind), copy)):
        found = said_of(planned.network, replace(account, **{kind: things}))
        assert [each.observed.id for each in found if each.planned is None] == ["x"]
        assert all(each.planned is None for each in found)


def test_whoever_stands_in_a_planned_group_is_said_to_have_its_flows(planned, account):
    change, _ = CHANGES["an interface that holds a planned group"]
    assert "every flow of the groups" in judged(planned, change(account)).findings[0].why


def test_a_stray_deny_is_not_said_to_open(planned, account):
    change, _ = CHANGES["a stray deny entry"]
    assert "opens" not in judged(planned, change(account)).findings[0].why.lower()


def test_what_either_of_two_changes_does_is_said_of_both_together(planned, account):
    wide = replace(RULE, ports=PortRange(6000, 6000), peer=CidrPeer(IPv4Network("10.20.0.0/16")))
    change = changed("security_groups", "db", **more("rules", wide, replace(wide, id="sgr-2")))
    first, second = judged(planned, change(account)).findings
    assert "Together with other differences, opens" in first.why
    assert FindingKind.EXTRA not in {each.kind for each in second.effects}


def test_two_changes_have_each_their_own_effects(planned, account):
    change = both(
        removed("interfaces", "db-1"), changed("nacls", "web", **more("entries", entry(5)))
    )
    first, second = judged(planned, change(account)).findings
    assert "db-1" in first.message
    assert FindingKind.MISSING in {each.kind for each in first.effects}
    assert "entry" in second.message
    assert FindingKind.MISSING not in {each.kind for each in second.effects}


def test_a_stranger_at_the_address_of_a_planned_host_is_what_keeps_that_away(planned, account):
    address = named(account, "interfaces", "db-1").address
    change = both(
        removed("interfaces", "db-1"),
        like("interfaces", "front-1", id="eni-x", name="eni-x", address=address),
    )
    # In the planned one's subnet: nothing else of it is the planned one's.
    moved = changed("interfaces", "eni-x", subnet=named(account, "interfaces", "db-1").subnet)
    (found,) = judged(planned, moved(change(account))).findings
    assert "interface eni-x" in found.message
    assert "is in no plan" in found.message
    assert "interface db-1 is not there" in [each.message for each in found.effects]
    assert "Breaks 2 declared flows" in found.why
    assert found.mend == (
        "aws ec2 delete-network-interface --network-interface-id eni-x && pulumi up --refresh"
    )


def test_a_replica_in_another_subnet_is_one_finding_and_is_made_anew(planned, account):
    moved = changed("interfaces", "front-1", subnet="subnet-subnet/data/eu-west-1a", address=FREE)
    (found,) = judged(planned, moved(account)).findings
    assert "subnet data-eu-west-1a" in found.message
    assert "address 10.20.0.200, planned" in found.effects[0].message
    assert found.mend == (
        "aws ec2 delete-network-interface --network-interface-id eni-eni/front-1"
        " && pulumi up --refresh"
    )


def test_whoever_holds_groups_without_a_rule_is_said_to_open_nothing(planned, account):
    change = like(
        "interfaces",
        "front-1",
        id="eni-x",
        name="eni-x",
        address=FREE,
        service=None,
        security_groups=("sg-sg/(vpc)",),
    )
    (found,) = judged(planned, change(account)).findings
    assert found.why.startswith("It opens nothing today: it takes effect with the first rule")


def test_a_stranger_that_calls_itself_a_planned_service_breaks_no_flow(planned, account):
    change = like("interfaces", "db-1", id="eni-x", address=FREE, security_groups=("sg-sg/(vpc)",))
    (found,) = judged(planned, change(account)).findings
    assert FindingKind.MISSING in {each.kind for each in found.effects}
    assert "Is left out of 1 declared flow" in found.why
    assert "breaks" not in found.why.lower()


def test_what_a_tag_alone_makes_wrong_is_said_to_be_read_by_it(planned, account):
    change = changed("interfaces", "db-1", service="front")
    (found,) = judged(planned, change(account)).findings
    assert "service front, planned db" in found.message
    assert found.why.startswith("It opens nothing itself: the tag says which service runs there")
    assert "Read by it, breaks 2 declared flows" in found.why


def test_an_ipv6_address_breaks_no_flow_of_the_ipv4_one(planned, account):
    block, address = IPv6Network("2001:db8::/64"), IPv6Network("2001:db8::5/128")[0]
    change = both(
        changed("subnets", "data-eu-west-1a", ipv6_cidrs=(block,)),
        changed("interfaces", "db-1", ipv6_addresses=(address,)),
    )
    found = judged(planned, change(account)).findings
    assert {each.kind for each in found} == {FindingKind.DIFFERS}
    assert not any(each.effects for each in found)


def test_the_interface_of_a_nat_gateway_is_told_with_the_gateway(planned, account):
    subnet = named(account, "subnets", "web-eu-west-1a").id
    change = both(
        added(
            "nat_gateways",
            lambda _: NatGateway(id="nat-1", name="nat-1", vpc=VPC, subnet=subnet, address=FREE),
        ),
        like(
            "interfaces",
            "front-1",
            id="eni-x",
            name="eni-x",
            address=FREE,
            service=None,
            subnet=subnet,
            security_groups=(),
            kind=InterfaceKind.GATEWAY,
        ),
    )
    (found,) = judged(planned, change(account)).findings
    assert "NAT gateway nat-1 (address 10.20.0.200) is in no plan" in found.message
    assert "interface eni-x" in found.effects[0].message


def test_another_vpn_gateway_in_the_place_of_the_planned_one_is_the_cause(planned, account):
    other = replace(named(account, "vpn_gateways", "shop"), id="vgw-x", name="x")
    change = both(
        *(removed(kind, "plant") for kind in ("vpn_connections", "customer_gateways", "sites")),
        removed("vpn_gateways", "shop"),
        added("vpn_gateways", lambda _: other),
    )
    (found,) = judged(planned, change(account)).findings
    assert "VPN gateway x (vgw-x) is in no plan" in found.message
    assert found.why.startswith("Breaks 1 declared flow")
    said = [each.message for each in found.effects]
    assert "VPN gateway shop is not attached to the VPC" in said
    assert "VPN connection plant is not there" in said
    assert found.mend == (
        f"aws ec2 detach-vpn-gateway --vpn-gateway-id vgw-x --vpc-id {VPC} && pulumi up --refresh"
    )


def test_a_group_without_its_tags_is_known_by_who_holds_it(planned, account):
    bare = changed("security_groups", "db", name="db-group-1a2b", service=None)
    (found,) = judged(planned, bare(account)).findings
    assert "security group db-group-1a2b (sg-sg/db): service none, planned db" in found.message


def test_a_transit_gateway_is_taken_from_the_vpc_and_not_from_others(planned, account):
    change = both(
        added(
            "transit_gateways",
            lambda _: TransitGateway(id="tgw-1", name="tgw-1", region="eu-west-1"),
        ),
        added(
            "transit_attachments",
            lambda _: TransitAttachment(
                id="tgw-attach-1",
                name="tgw-attach-1",
                gateway="tgw-1",
                kind=AttachmentKind.VPC,
                resource=VPC,
                table="tgw-rtb-1",
            ),
        ),
        added(
            "transit_route_tables",
            lambda _: TransitRouteTable(
                id="tgw-rtb-1", name="tgw-rtb-1", gateway="tgw-1", routes=()
            ),
        ),
    )
    (found,) = judged(planned, change(account)).findings
    assert found.mend == (
        "aws ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id tgw-attach-1"
    )
    assert "(transit gateway tgw-1) is in no plan" in found.message


def test_one_more_network_behind_a_vpn_breaks_no_flow_of_the_planned_one(planned, account):
    change = both(
        changed("vpn_connections", "plant", **more("routes", IPv4Network("192.168.99.0/24"))),
        changed("sites", "plant", **more("cidrs", IPv4Network("192.168.99.0/24"))),
    )
    (found,) = judged(planned, change(account)).findings
    assert FindingKind.MISSING in {each.kind for each in found.effects}
    assert "breaks" not in found.why.lower()
    assert "Is left out of 1 declared flow" in found.why
    assert found.mend == (
        "aws ec2 delete-vpn-connection-route --vpn-connection-id vpn-vpn/plant "
        "--destination-cidr-block 192.168.99.0/24"
    )


def test_what_is_still_used_is_deleted_after_what_uses_it(planned, account):
    change = both(
        added(
            "security_groups",
            lambda _: SecurityGroup(id="sg-x", name="x", vpc=VPC, rules=()),
        ),
        changed("security_groups", "db", **more("rules", replace(RULE, peer=GroupPeer("sg-x")))),
        added("nacls", lambda _: NetworkAcl(id="acl-x", name="x", vpc=VPC, entries=())),
        changed("subnets", "spare-eu-west-1a", nacl="acl-x"),
    )
    said = mends(planned, change(account))
    assert [each.partition(" --")[0] for each in said] == [
        "aws ec2 revoke-security-group-ingress",
        "aws ec2 delete-security-group",
        "pulumi up",
        "aws ec2 delete-network-acl",
    ]


def test_a_site_that_has_no_address_of_the_family_of_its_peers_misses_its_flow(planned, account):
    block = (IPv6Network("2001:db8:9::/64"),)
    change = both(
        changed("vpn_connections", "plant", routes=block), changed("sites", "plant", cidrs=block)
    )
    (found,) = judged(planned, change(account)).findings
    assert FindingKind.MISSING in {each.kind for each in found.effects}


def test_a_block_goes_after_what_lies_in_it(planned, account):
    block, address = IPv6Network("2001:db8::/64"), IPv6Network("2001:db8::5/128")[0]
    change = both(
        changed("vpcs", "shop", **more("cidrs", IPv6Network("2001:db8::/56"))),
        changed("subnets", "data-eu-west-1a", ipv6_cidrs=(block,)),
        changed("interfaces", "db-1", ipv6_addresses=(address,)),
    )
    said = [each.message.partition(" ")[0] for each in judged(planned, change(account)).findings]
    assert said == ["interface", "subnet", "VPC"]


@pytest.mark.parametrize(
    "name",
    [
        "an interface named as a replica",
        "a replica deleted",
        "a second VPN with the same tags",
        "the trust tag flipped",
        "an S3 endpoint",
        "the VPN gateway detached",
        "the VPN gone",
        "a network of the site gone",
        "a customer gateway with the planned address",
        "a route of the site gone",
        "source/destination check off",
    ],
)
def test_one_cause_is_one_finding(planned, account, name):
    assert len(judged(planned, CHANGES[name][0](account)).findings) == 1


def test_an_edge_table_says_of_which_gateway(planned, account):
    table = RouteTable(id="rtb-x", name="rtb-x", vpc=VPC, routes=(), gateway="vgw-vgw/shop")
    (found,) = judged(planned, added("route_tables", lambda _: table)(account)).findings
    assert "(gateway whose incoming packets it routes shop (vgw-vgw/shop))" in found.message
    assert "decides about what comes in there" in found.why
    first, last = found.mend.split(" && ")
    assert first.startswith("aws ec2 disassociate-route-table --association-id ")
    assert last == "aws ec2 delete-route-table --route-table-id rtb-x"


def test_the_trust_of_a_site_is_said_beside_what_its_connection_is(planned, account):
    change = both(
        changed("vpn_connections", "plant", **more("routes", IPv4Network("192.168.99.0/24"))),
        changed("sites", "plant", trusted=True, **more("cidrs", IPv4Network("192.168.99.0/24"))),
    )
    found = judged(planned, change(account)).findings
    assert ["trusted" in each.message for each in found] == [False, True]


def test_the_interface_of_an_endpoint_goes_with_it(planned, account):
    change = like(
        "interfaces",
        "front-1",
        id="eni-x",
        name="VPC Endpoint Interface vpce-0a1b",
        address=FREE,
        kind=InterfaceKind.ENDPOINT,
    )
    assert mends(planned, change(account)) == [
        "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids vpce-0a1b"
    ]


@pytest.mark.parametrize(("tcp", "differs"), [(432000, False), (60, True), (None, False)])
def test_time_outs_as_aws_has_them_are_no_difference(planned, account, tcp, differs):
    change = changed("interfaces", "db-1", idle=IdleTimeouts(tcp_established=tcp))
    assert judged(planned, change(account)).ok is not differs


def mends(planned, network):
    return [each.mend for each in judged(planned, network).findings]


SUBNET = IPv4Network("10.20.1.0/28")


@pytest.mark.parametrize(
    ("change", "mend"),
    [
        (
            changed("security_groups", "db", **more("rules", replace(RULE, id="sgr-7/10.0.0.0/8"))),
            "revoke-security-group-ingress --group-id sg-sg/db --security-group-rule-ids sgr-7",
        ),
        (
            changed("security_groups", "db", **more("rules", replace(RULE, id="known by itself"))),
            "revoke-security-group-ingress --group-id sg-sg/db --ip-permissions "
            "'IpProtocol=6,FromPort=22,ToPort=22,IpRanges=[{CidrIp=0.0.0.0/0}]'",
        ),
        (
            changed(
                "security_groups",
                "db",
                **more(
                    "rules",
                    replace(
                        RULE,
                        id="known by itself",
                        direction=Direction.EGRESS,
                        protocol=1,
                        ports=PortRange(2048, 2303),
                        peer=GroupPeer("sg-sg/front"),
                    ),
                ),
            ),
            "revoke-security-group-egress --group-id sg-sg/db --ip-permissions "
            "'IpProtocol=1,FromPort=8,ToPort=-1,UserIdGroupPairs=[{GroupId=sg-sg/front}]'",
        ),
        (
            changed(
                "route_tables",
                "web",
                **more(
                    "routes",
                    Route(
                        destination=IPv4Network("192.168.99.0/24"),
                        target=TargetKind.VPN_GATEWAY,
                        target_id="vgw-vgw/shop",
                        propagated=True,
                    ),
                ),
            ),
            "disable-vgw-route-propagation --gateway-id vgw-vgw/shop --route-table-id rtb-rtb/web",
        ),
        (
            changed("interfaces", "db-1", secondary_addresses=(FREE, FREE + 1)),
            "unassign-private-ip-addresses --network-interface-id eni-eni/db-1 "
            "--private-ip-addresses 10.20.0.200 10.20.0.201",
        ),
        (
            changed("interfaces", "db-1", secondary_addresses=tuple(SUBNET)),
            "unassign-private-ip-addresses --network-interface-id eni-eni/db-1 "
            "--ipv4-prefixes 10.20.1.0/28",
        ),
        (
            changed("interfaces", "db-1", ipv6_addresses=(IPv6Network("2001:db8::5/128")[0],)),
            "unassign-ipv6-addresses --network-interface-id eni-eni/db-1 "
            "--ipv6-addresses 2001:db8::5",
        ),
        (
            changed("interfaces", "db-1", idle=IdleTimeouts(udp=60)),
            "modify-network-interface-attribute --network-interface-id eni-eni/db-1 "
            "--connection-tracking-specification "
            "TcpEstablishedTimeout=432000,UdpStreamTimeout=180,UdpTimeout=30",
        ),
        (
            like("interfaces", "db-1", id="eni-x", name="x", address=FREE, instance="i-1"),
            "terminate-instances --instance-ids i-1",
        ),
    ],
)
def test_what_the_engine_does_not_know_is_mended_by_a_call(planned, account, change, mend):
    assert f"aws ec2 {mend}" in mends(planned, change(account))


@examples(1 / 2, shrink=False)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=4, unique=True))
def test_several_changes_mended_together_are_none(planned, account, names):
    network = account
    for name in names:
        try:
            network = CHANGES[name][0](network)
        except (AssertionError, StopIteration, IndexError):
            assume(False)  # an earlier one took away what it changes
    judgement = judged(planned, network)
    assert {each.kind for each in judgement.findings} <= STATE
    assert not judgement.ok
    found = matched(planned.network, network)
    every = list(differences(found))
    mended = Mending(found, every).mended(every)
    assert said_of(planned.network, mended) == []
    assert list(packets(prove(mended), planned.declaration)) == []


def test_the_order_of_entries_is_a_difference_only_where_it_decides():
    def nacl(*entries):
        return Network(nacls=(NetworkAcl(id="acl", name="acl", vpc="vpc", entries=entries),))

    allow, deny = entry(100), entry(200, action=Action.DENY)
    first, last = replace(deny, number=50), replace(allow, number=300)
    assert said_of(nacl(allow), nacl(last)) == []
    assert said_of(nacl(allow, deny), nacl(allow, first))
    assert said_of(nacl(allow, deny), nacl(deny, last))


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


@examples(1, shrink=False)
@given(st.data())
def test_no_change_of_anything_compared_goes_unseen(planned, account, data):
    kind = data.draw(st.sampled_from([each for each in KINDS if getattr(account, each)]))
    things = getattr(account, kind)
    place = data.draw(st.integers(0, len(things) - 1))
    thing = things[place]
    roles = FIELDS[type(thing)]
    names = [name for name, role in roles.items() if isinstance(role, Compared | Reference | Parts)]
    name = data.draw(st.sampled_from(["gone", "twice", *names]))
    if name == "gone":
        after = (*things[:place], *things[place + 1 :])
    elif name == "twice":
        after = (*things, replace(thing, **({"id": "x"} if "id" in roles else {"name": "x"})))
    else:
        value = other(getattr(thing, name), data)
        if value is None or value == roles[name].unknown:
            return
        after = (*things[:place], replace(thing, **{name: value}), *things[place + 1 :])
    assert said_of(planned.network, replace(account, **{kind: after}))
