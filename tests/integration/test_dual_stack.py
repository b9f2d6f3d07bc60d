"""IPv6 of a stack that stands: turned on and off in place, and judged as it was given."""

import json
from ipaddress import IPv6Network

import pytest

pytestmark = pytest.mark.integration

SHOP = """
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
flow-logs: { to: none, why: nothing runs here }
segments: { front: { purpose: takes orders }, back: { purpose: keeps them } }
services:
  till: { segment: front, sockets: { out: { type: PUSH, connect: book.in } } }
  book: { segment: back, sockets: { in: { type: PULL, bind: "tcp://[::]:5556" } } }
"""
AMAZON = f"{SHOP}ipv6: amazon\n"
UNUSED = f"{AMAZON}defaults: {{ segment: {{ ipv6: unused }} }}\n"


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.bring_up(AMAZON)
    return checkout


def brought_up(checkout, text):
    """With what AWS shows by now, so that nothing rests on what the state remembers."""
    checkout.topology.write_text(text)
    ran = checkout.pulumi("up", "--yes", "--skip-preview", "--refresh")
    assert ran.code == 0, ran.said


def judged(checkout, on="aws"):
    answer = checkout.bulkhead("check", checkout.topology, "--on", on, "--json")
    return answer.code, json.loads(answer.out)["verdict"]


def standing(checkout):
    """The VPC's block, and the id, the blocks and the addresses of all that has some."""
    ec2 = checkout.ec2
    vpc = checkout.tagged("describe_vpcs", "Vpcs", bulkhead__topology="shop")
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    blocks = {
        each["Ipv6CidrBlock"]
        for each in vpc.get("Ipv6CidrBlockAssociationSet", ())
        if each["Ipv6CidrBlockState"]["State"] == "associated"
    }
    subnets = {
        each["SubnetId"]: [one["Ipv6CidrBlock"] for one in each["Ipv6CidrBlockAssociationSet"]]
        for each in ec2.describe_subnets(Filters=inside)["Subnets"]
    }
    interfaces = {
        each["NetworkInterfaceId"]: [one["Ipv6Address"] for one in each["Ipv6Addresses"]]
        for each in ec2.describe_network_interfaces(Filters=inside)["NetworkInterfaces"]
    }
    return blocks, subnets, interfaces


def test_ipv6_is_as_declared_in_the_account_and_in_a_preview(checkout, tmp_path):
    (block,), subnets, interfaces = standing(checkout)
    for each in (*subnets.values(), *interfaces.values()):
        assert [IPv6Network(one).subnet_of(IPv6Network(block)) for one in each] == [True]
    ran = checkout.stack("preview", "--keep", str(tmp_path), "--expect-no-changes")
    assert ran.code == 0, ran.said
    for on in ("aws", str(tmp_path / "preview.json")):
        assert judged(checkout, on) == (0, "as declared")
    ran = checkout.pulumi("stack", "output", "--json", "--show-secrets")
    told = json.loads(ran.out)
    assert told["ipv6CidrBlock"] == block
    assert "2001:db8" not in ran.out


def test_it_is_turned_off_and_on_again_and_nothing_is_made_anew(checkout):
    _, subnets, interfaces = standing(checkout)
    checkout.topology.write_text(SHOP)
    refused = checkout.pulumi("up", "--yes", "--skip-preview")
    assert refused.code
    assert "InvalidCidrBlock.InUse" in refused.said
    brought_up(checkout, UNUSED)
    brought_up(checkout, SHOP)
    left, *those = standing(checkout)
    assert (left, [*map(set, those)]) == (set(), [set(subnets), set(interfaces)])
    assert not any(one for each in those for one in each.values())
    assert judged(checkout) == (0, "as declared")
    brought_up(checkout, AMAZON)
    (block,), there, here = standing(checkout)
    assert (set(there), set(here)) == (set(subnets), set(interfaces))
    assert all(map(IPv6Network(block).supernet_of, (IPv6Network(one[0]) for one in there.values())))
    assert judged(checkout) == (0, "as declared")
