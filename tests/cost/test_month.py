"""A month of a network: what is counted, what it comes to, and what has no price."""

from dataclasses import replace
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.cost import NOTHING, Charged, PaidBeside, ceilings, cost_step, month
from bulkhead.cost.prices import PRICES
from bulkhead.network import (
    AttachmentKind,
    FlowLogging,
    Interface,
    InterfaceKind,
    InternetGateway,
    NatGateway,
    Network,
    Subnet,
    TransitAttachment,
    TransitGateway,
    Tunnel,
    Vpc,
    VpnConnection,
    VpnGateway,
)

HERE = Network(
    vpcs=(Vpc(id="vpc", name="lab", region="us-east-1", cidrs=(IPv4Network("10.0.0.0/16"),)),),
    subnets=tuple(
        Subnet(
            id=zone,
            name=zone,
            vpc="vpc",
            zone=zone,
            cidr=IPv4Network(f"10.0.{number}.0/24"),
            nacl="acl",
            route_table="table",
        )
        for number, zone in enumerate("ab")
    ),
    vpn_gateways=(VpnGateway(id="vgw", name="lab", vpc="vpc"),),
)
"""Nothing in it is charged for."""


def elsewhere(network, region):
    return replace(network, vpcs=tuple(replace(each, region=region) for each in network.vpcs))


def vpn(number, **said):
    name = f"site-{number}"
    parts = {"vpn_gateway": "vgw", "customer_gateway": "cgw", "routes": ()} | said
    return VpnConnection(id=f"vpn-{number}", name=name, **parts)


def host(number, **said):
    parts = {"subnet": "a", "security_groups": ()} | said
    return Interface(
        id=f"eni-{number}", name=f"host-{number}", address=IPv4Address("10.0.0.9"), **parts
    )


def nat(number, **said):
    parts = {"subnet": "a", "address": IPv4Address("10.0.0.8")} | said
    return NatGateway(id=f"nat-{number}", name=f"nat-{number}", vpc="vpc", **parts)


def attachment(number):
    return TransitAttachment(
        id=f"att-{number}",
        name=f"att-{number}",
        gateway="tgw",
        kind=AttachmentKind.VPC,
        resource="vpc",
        table=None,
    )


TRANSIT = TransitGateway(id="tgw", name="hub", region="us-east-1")
ADDRESS = IPv4Address("203.0.113.9")
LOGS = FlowLogging(id="log", name="lab", vpc="vpc", to="cloudwatch", retention=30)


def counted(found):
    return {each.charged: each.number for each in found.lines}


def test_a_network_in_which_all_is_free_costs_nothing():
    found = month(replace(HERE, interfaces=(host(1),)))
    assert (found.lines, found.total, found.whole) == ((), 0, True)


def test_a_vpn_connection_has_hours_two_public_addresses_and_a_secret():
    found = month(replace(HERE, vpn_connections=(vpn(1),)), PaidBeside(keys_in_secrets=True))
    assert [(each.charged, each.number, each.month) for each in found.lines] == [
        (Charged.VPN, 1, Decimal("36.50")),
        (Charged.PUBLIC_ADDRESS, 2, Decimal("7.30")),
        (Charged.KEYS, 1, Decimal("0.40")),
    ]
    assert (found.total, found.whole) == (Decimal("44.20"), True)


def test_a_vpn_connection_that_is_not_available_and_a_gateway_that_is_gone_cost_nothing():
    gone = replace(
        HERE, vpn_connections=(vpn(1, available=False),), nat_gateways=(nat(1, available=False),)
    )
    assert month(gone) == NOTHING


def test_what_others_have_in_the_vpc_is_theirs_to_pay():
    endpoint = host(1, kind=InterfaceKind.ENDPOINT, public_address=ADDRESS)
    both = replace(HERE, interfaces=(endpoint,), vpn_connections=(vpn(1),))
    theirs = replace(both, beside=("eni-1", "vpn-1"))
    assert counted(month(both)) == {
        Charged.VPN: 1,
        Charged.PUBLIC_ADDRESS: 3,
        Charged.ENDPOINT: 1,
    }
    assert month(theirs) == NOTHING


def test_nat_gateways_are_counted_whole_or_zone_by_zone_with_their_addresses():
    regional = nat(
        2, subnet=None, address=None, zones=(("a", ADDRESS), ("b", ADDRESS + 1)), expands=True
    )
    found = month(replace(HERE, nat_gateways=(nat(1, public_address=ADDRESS), regional)))
    assert counted(found) == {
        Charged.PUBLIC_ADDRESS: 3,
        Charged.NAT: 1,
        Charged.REGIONAL_NAT: 2,
    }
    assert [each.charged for each in found.unpriced] == [Charged.REGIONAL_NAT]
    assert found.at_least == ("regional NAT gateway nat-2 comes by itself to further zones",)
    assert not found.whole


def test_a_region_of_which_no_price_was_read_has_none_and_is_not_free():
    found = month(elsewhere(replace(HERE, vpn_connections=(vpn(1),)), "mx-central-1"))
    assert {each.month for each in found.lines} == {None}
    assert (found.total, found.whole) == (0, False)
    assert {each.price for each in found.volumes} == {None}


def test_where_not_all_was_observed_there_may_be_more():
    found = month(replace(HERE, unobserved=("nat_gateways",)))
    assert found.at_least == ("not all nat gateways were observed",)
    assert not found.whole


def test_what_is_charged_by_the_gb_is_in_no_sum():
    apart = replace(
        HERE,
        interfaces=(host(1), host(2, subnet="b")),
        internet_gateways=(InternetGateway(id="igw", name="igw", vpc="vpc"),),
    )
    found = month(apart, PaidBeside(logging=LOGS))
    assert found.total == 0
    assert {each.charged for each in found.volumes} == {
        Charged.ZONES_DATA,
        Charged.OUT_DATA,
        Charged.LOGS_CLOUDWATCH,
    }
    assert month(apart, PaidBeside(logging=replace(LOGS, to="s3"))).volumes[-1].charged == (
        Charged.LOGS_S3
    )


ADDED = {
    "vpn_connections": vpn,
    "nat_gateways": nat,
    "transit_attachments": attachment,
    "interfaces": lambda number: host(
        number, kind=InterfaceKind.ENDPOINT, public_address=ADDRESS + number
    ),
}


@given(
    more=st.lists(st.sampled_from(sorted(ADDED)), max_size=8),
    region=st.sampled_from(["us-east-1", "eu-west-1", "eu-central-1", "mx-central-1"]),
)
def test_a_total_is_the_sum_of_its_lines_and_nothing_that_is_added_lowers_it(more, region):
    network = elsewhere(replace(HERE, transit_gateways=(TRANSIT,)), region)
    before = month(network)
    for number, field in enumerate(more):
        several = (*getattr(network, field), ADDED[field](number))
        network = replace(network, **{field: several})
        after = month(network, PaidBeside(keys_in_secrets=True))
        assert after.total == sum(each.month or 0 for each in after.lines)
        assert after.total >= before.total
        step = cost_step(before, after)
        assert step.more == after.total - before.total
        before = after


def test_as_many_of_everything_is_no_step():
    one = month(replace(HERE, vpn_connections=(vpn(1),)))
    other = month(replace(HERE, vpn_connections=(vpn(2),)))
    assert cost_step(one, other) is None
    assert cost_step(NOTHING, one).more == Decimal("43.80")
    assert cost_step(one, NOTHING).more == Decimal("-43.80")


@pytest.mark.parametrize("price", PRICES, ids=lambda each: f"{each.region} {each.charged}")
def test_a_price_has_the_page_of_aws_and_the_day_on_which_it_was_read(price):
    assert price.amount > 0
    assert price.source.page.startswith("https://aws.amazon.com/")
    assert price.source.basis
    assert price.source.read.year >= 2025


def test_no_price_is_in_the_table_twice():
    assert len({(each.region, each.charged) for each in PRICES}) == len(PRICES)


def test_ceilings_of_a_tunnel_follow_its_ciphers():
    def largest(*ciphers):
        tunnels = (Tunnel(phase2_encryption=ciphers),) * 2
        found = ceilings(replace(HERE, vpn_connections=(vpn(1, tunnels=tunnels),)))
        return next(each.says for each in found if "bytes" in each.says)

    assert "1,438 where" in largest("AES256-GCM-16")
    assert "fewer by other ciphers" in largest("AES256-GCM-16", "AES256")
    assert "fewer by other ciphers" in largest()


def test_ceilings_are_of_what_is_there_each_with_the_page_of_aws():
    there = replace(
        HERE,
        nat_gateways=(nat(1),),
        transit_gateways=(TRANSIT,),
        interfaces=(host(1, kind=InterfaceKind.ENDPOINT, service="AWS ssm"),),
    )
    found = ceilings(there)
    assert [each.of for each in found] == [
        "NAT gateway nat-1",
        "interface endpoint AWS ssm",
        "transit gateway hub",
    ]
    assert all(each.page.startswith("https://docs.aws.amazon.com/") for each in found)
    assert ceilings(HERE) == ()
