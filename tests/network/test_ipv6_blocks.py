"""A plan over a block that stands for AWS's is the same network over any other."""

import dataclasses
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest

from bulkhead.network import (
    ALL_PORTS,
    TCP,
    AclEntry,
    Action,
    CidrPeer,
    Direction,
    EgressOnlyGateway,
    GroupRule,
    Interface,
    Network,
    NetworkAcl,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    TargetKind,
    Vpc,
)
from bulkhead.network.ipv6_blocks import (
    STAND_IN,
    has_stand_in,
    rebased,
    stands_in,
    with_ipv6_of,
)

REAL = IPv6Network("2600:1f18:1234:5600::/56")
IPV4 = IPv6Network("::ffff:0:0/96")
SUBNET, HOST = IPv6Network("2001:db8:a:5::/64"), IPv6Address("2001:db8:a:5::4")


def network() -> Network:
    """Everything that may name a block of IPv6, and things outside it."""
    rule = GroupRule(
        id="r",
        direction=Direction.INGRESS,
        protocol=TCP,
        ports=ALL_PORTS,
        peer=CidrPeer(SUBNET),
    )
    entry = AclEntry(
        number=100,
        direction=Direction.INGRESS,
        action=Action.ALLOW,
        protocol=TCP,
        ports=ALL_PORTS,
        cidr=IPv6Network("2001:db8:a:4::/62"),
    )
    to = {"target": TargetKind.EGRESS_ONLY_GATEWAY, "target_id": "eigw"}
    return Network(
        vpcs=(
            Vpc(
                id="vpc",
                name="shop",
                region="eu-west-1",
                cidrs=(IPv4Network("10.0.0.0/16"), STAND_IN),
                topology="shop",
            ),
        ),
        subnets=(
            Subnet(
                id="subnet",
                name="left-a",
                vpc="vpc",
                zone="eu-west-1a",
                cidr=IPv4Network("10.0.1.0/24"),
                nacl="acl",
                route_table="rtb",
                ipv6_cidrs=(SUBNET,),
            ),
        ),
        interfaces=(
            Interface(
                id="eni",
                name="a-1",
                subnet="subnet",
                address=IPv4Address("10.0.1.4"),
                security_groups=("sg",),
                ipv6_addresses=(HOST,),
                ipv6_prefixes=(IPv6Network("2001:db8:a:5:8::/80"),),
            ),
        ),
        security_groups=(SecurityGroup(id="sg", name="a", vpc="vpc", rules=(rule,)),),
        nacls=(NetworkAcl(id="acl", name="left", vpc="vpc", entries=(entry,)),),
        route_tables=(
            RouteTable(
                id="rtb",
                name="left",
                vpc="vpc",
                routes=(
                    Route(destination=IPv6Network("::/0"), **to),
                    Route(destination=IPv6Network("2001:db8:a:80::/57"), **to),
                ),
            ),
        ),
        egress_only_gateways=(EgressOnlyGateway(id="eigw", name="out", vpc="vpc"),),
    )


def text(found: Network) -> str:
    return repr(found)


def test_everything_inside_the_block_moves_and_nothing_else() -> None:
    before, after = network(), rebased(network(), REAL)
    assert text(before).count("2001:db8:a:") == 7
    assert "2001:db8:a:" not in text(after)
    assert text(after) == text(before).replace("2001:db8:a::/56", str(REAL)).replace(
        "2001:db8:a:80::", "2600:1f18:1234:5680::"
    ).replace("2001:db8:a:", "2600:1f18:1234:560")


def test_moved_back_it_is_what_it_was() -> None:
    assert rebased(rebased(network(), REAL), STAND_IN, of=REAL) == network()
    assert rebased(network(), STAND_IN) == network()


def test_a_block_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="no block of the size"):
        rebased(network(), IPv6Network("2600:1f18:1234:5600::/60"))


def test_what_only_aws_will_tell_is_known_as_that() -> None:
    assert stands_in(STAND_IN) and stands_in(SUBNET) and stands_in(HOST)
    assert not stands_in(REAL) and not stands_in(REAL[4]) and not stands_in(IPV4[4])
    assert has_stand_in(network()) and not has_stand_in(rebased(network(), REAL))


def found(*blocks: IPv6Network, **changed: object) -> Network:
    """As AWS shows it, with ids of its own and these blocks."""
    shown = rebased(network(), blocks[0]) if blocks else network()
    (vpc,) = shown.vpcs
    own = {"id": "vpc-0a", "cidrs": (vpc.cidrs[0], *blocks), **changed}
    subnets = [dataclasses.replace(each, vpc="vpc-0a") for each in shown.subnets]
    return dataclasses.replace(
        shown, vpcs=(dataclasses.replace(vpc, **own),), subnets=tuple(subnets)
    )


def test_a_plan_is_held_against_the_block_that_its_vpc_was_given() -> None:
    assert with_ipv6_of(network(), found(REAL)) == rebased(network(), REAL)
    # Of several blocks it is the one in which subnets were made.
    other = IPv6Network("2600:1f18:9999:100::/56")
    more = found(REAL, other)
    (vpc,) = more.vpcs
    swapped = dataclasses.replace(vpc, cidrs=(vpc.cidrs[0], other, REAL))
    assert with_ipv6_of(network(), dataclasses.replace(more, vpcs=(swapped,))) == rebased(
        network(), REAL
    )


def test_it_stays_where_nobody_knows_the_block() -> None:
    assert with_ipv6_of(network(), found()) is not None
    for there in (found(), found(REAL, neighbour=True), Network()):
        assert with_ipv6_of(network(), there) == network()
    pinned = rebased(network(), REAL)
    assert with_ipv6_of(pinned, found(IPv6Network("2600:1f18:9999:100::/56"))) is pinned


def test_a_vpc_whose_name_and_tags_were_changed_is_known_by_its_addresses() -> None:
    assert with_ipv6_of(network(), found(REAL, topology=None, name="x")) == rebased(network(), REAL)
