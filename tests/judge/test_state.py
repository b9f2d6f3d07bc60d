"""An account is exactly as planned, or what differs is said: first the cause, then what it does."""

import tempfile
from dataclasses import fields, is_dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.judge import FindingKind, judge
from bulkhead.judge.packets import packets
from bulkhead.judge.state.differing import differences
from bulkhead.judge.state.matching import matched
from bulkhead.judge.state.mending import Mending
from bulkhead.judge.state.roles import Compared, Parts, Reference
from bulkhead.judge.state.table import FIELDS, KINDS, UNCOMPARED
from bulkhead.network import (
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    GatewayEndpoint,
    GroupRule,
    InternetGateway,
    Network,
    NetworkAcl,
    PeeredVpc,
    Peering,
    PortRange,
    Route,
    SecurityGroup,
    TargetKind,
)
from bulkhead.observe.dumps.dump import dump
from bulkhead.plan import plan
from bulkhead.prove import prove
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
        "2001:db8::/56",
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


def test_a_detached_gateway_is_one_finding_with_everything_under_it(planned, account):
    change, _ = CHANGES["the VPN gateway detached"]
    (found,) = judged(planned, change(account)).findings
    assert found.why.startswith("Breaks 1 declared flow")
    assert FindingKind.MISSING in {each.kind for each in found.effects}


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


@examples(1 / 2, shrink=False)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=4, unique=True))
def test_several_changes_mended_together_are_none(planned, account, names):
    network = account
    for name in names:
        try:
            network = CHANGES[name][0](network)
        except (AssertionError, StopIteration):  # an earlier one took away what it changes
            assume(False)
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
