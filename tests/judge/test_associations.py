"""What mends a difference that an association makes is the exact call, where its id is known."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Network

import pytest

from bulkhead.judge.lines import TopologyLines
from bulkhead.judge.state.associations import JoinsById
from bulkhead.judge.state.differing import differences
from bulkhead.judge.state.matching import matched
from bulkhead.judge.state.words import Words
from bulkhead.network import Association, Origins
from bulkhead.plan import plan
from tests.judge.changes import SHOP, changed
from tests.support.aws_ids import with_aws_ids
from tests.support.topologies import topology_from

SUBNET = "subnet-subnet/spare/eu-west-1a"
VPC = "vpc-vpc/shop"
HOST = "eni-eni/front-1"
PUBLIC = IPv4Address("198.51.100.1")
SECOND = (IPv4Network("10.99.0.0/16"), IPv6Network("2001:db8::/56"))
CASES = {
    "a NACL": (
        changed("subnets", "spare-eu-west-1a", nacl="acl-acl/web"),
        [(SUBNET, "acl-acl/web")],
        "aws ec2 replace-network-acl-association --association-id assoc-0 "
        "--network-acl-id acl-acl/spare",
    ),
    "a route table": (
        changed("subnets", "spare-eu-west-1a", route_table="rtb-rtb/web"),
        [(SUBNET, "rtb-rtb/web")],
        "aws ec2 replace-route-table-association --association-id assoc-0 "
        "--route-table-id rtb-rtb/spare",
    ),
    "blocks of the VPC": (
        changed("vpcs", "shop", cidrs=lambda each: (*each.cidrs, *SECOND)),
        [(VPC, "10.99.0.0/16"), (VPC, "2001:db8::/56")],
        "aws ec2 disassociate-vpc-cidr-block --association-id assoc-0 && "
        "aws ec2 disassociate-vpc-cidr-block --association-id assoc-1",
    ),
    "a block of a subnet": (
        changed("subnets", "spare-eu-west-1a", ipv6_cidrs=(IPv6Network("2001:db8::/64"),)),
        [(SUBNET, "2001:db8::/64")],
        "aws ec2 disassociate-subnet-cidr-block --association-id assoc-0",
    ),
    "a public address": (
        changed("interfaces", "front-1", public_address=PUBLIC),
        [(HOST, str(PUBLIC))],
        "aws ec2 disassociate-address --association-id assoc-0",
    ),
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return plan(topology_from(tmp_path_factory.mktemp("shop"), SHOP)).network


def mended(planned, network):
    found = matched(planned, network)
    (difference,) = differences(found)
    return Words(found, TopologyLines(Origins())).finding(difference).mend


@pytest.mark.parametrize("name", CASES)
def test_the_call_names_the_association_that_the_source_named(planned, name):
    change, ends, call = CASES[name]
    named = tuple(
        Association(id=f"assoc-{number}", of=of, to=to) for number, (of, to) in enumerate(ends)
    )
    network = replace(change(with_aws_ids(planned)), associations=named)
    assert mended(planned, network) == call


@pytest.mark.parametrize("name", CASES)
def test_without_its_id_no_call_is_made_up(planned, name):
    change, _, _ = CASES[name]
    said = mended(planned, change(with_aws_ids(planned)))
    assert "assoc-" not in said
    assert said


def test_a_main_table_is_made_so_again_by_the_association_of_the_one_that_is(planned):
    account = with_aws_ids(planned)
    (main,) = [each for each in account.route_tables if each.main]
    other = next(each for each in account.route_tables if not each.main)
    tables = tuple(
        replace(each, main=each is other) if each in (main, other) else each
        for each in account.route_tables
    )
    named = (Association(id="assoc-0", of=VPC, to=other.id),)
    network = replace(account, route_tables=tables, associations=named)
    observed = network.route_table[main.id]
    assert JoinsById(network).call(main, observed, "main") == (
        "aws ec2 replace-route-table-association --association-id assoc-0 "
        f"--route-table-id {main.id}"
    )
