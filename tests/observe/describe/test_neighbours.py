"""VPCs beside the one that was asked for: observed as far as they are here, and told apart."""

import pytest

from bulkhead.observe.join import expect_one, join
from tests.observe.conftest import tags


@pytest.fixture
def beside(account):
    """The same account with a VPC of another topology, that has a `ticker` of its own."""

    def add(vpc="vpc-2", topology="staging", block="10.77.0.0/16"):
        account.document["Vpcs"].append(
            {
                "VpcId": vpc,
                "CidrBlock": block,
                "Tags": tags(Name=vpc, bulkhead__topology=topology),
            }
        )
        account.document["Subnets"].append(
            {
                "SubnetId": f"subnet-{vpc}",
                "VpcId": vpc,
                "CidrBlock": block.replace("/16", "/24"),
                "Tags": tags(bulkhead__segment="feed"),
            }
        )
        account.document["SecurityGroups"].append(
            {
                "GroupId": f"sg-{vpc}",
                "GroupName": "ticker",
                "VpcId": vpc,
                "Tags": tags(
                    bulkhead__service="ticker", **{"bulkhead__socket__ticks": "PUB tcp 5556"}
                ),
                "IpPermissions": [],
                "IpPermissionsEgress": [],
            }
        )
        account.document["NetworkInterfaces"].append(
            {
                "NetworkInterfaceId": f"eni-{vpc}",
                "SubnetId": f"subnet-{vpc}",
                "VpcId": vpc,
                "PrivateIpAddress": block.replace("0.0/16", "0.10"),
                "Groups": [{"GroupId": f"sg-{vpc}"}],
                "TagSet": tags(bulkhead__service="ticker"),
            }
        )

    return add


def joined(account, *vpcs, code="active", name="pcx-1"):
    sides = [{"VpcId": vpc, "CidrBlock": "10.0.0.0/16"} for vpc in vpcs]
    account.document.setdefault("VpcPeeringConnections", []).append(
        {
            "VpcPeeringConnectionId": name,
            "Status": {"Code": code},
            "RequesterVpcInfo": sides[0],
            "AccepterVpcInfo": sides[1],
        }
    )


def attached(account, gateway, *vpcs):
    account.document.setdefault("TransitGatewayVpcAttachments", []).extend(
        {
            "TransitGatewayAttachmentId": f"att-{gateway}-{vpc}",
            "TransitGatewayId": gateway,
            "VpcId": vpc,
            "State": "available",
            "SubnetIds": [],
        }
        for vpc in vpcs
    )


def of(network):
    return {each.id: each.neighbour for each in network.vpcs}


def test_a_peer_in_the_same_answers_is_observed_with_what_is_in_it(account, beside):
    beside()
    joined(account, "vpc-2", "vpc-1")
    network = account.observe(topology="trading")
    assert of(network) == {"vpc-1": False, "vpc-2": True}
    assert network.interface["eni-vpc-2"].subnet == "subnet-vpc-2"
    assert "sg-vpc-2" in network.security_group
    assert not [each for each in network.unmodelled if each.id == "vpc-2"]


@pytest.mark.parametrize("code", ["pending-acceptance", "deleted"])
def test_a_peering_that_carries_nothing_makes_no_neighbour(account, beside, code):
    beside()
    joined(account, "vpc-1", "vpc-2", code=code)
    assert of(account.observe(topology="trading")) == {"vpc-1": False}


def test_a_neighbour_of_a_neighbour_is_none(account, beside):
    beside()
    beside("vpc-3", "third", "10.78.0.0/16")
    joined(account, "vpc-1", "vpc-2")
    joined(account, "vpc-2", "vpc-3", name="pcx-2")
    network = account.observe(topology="trading")
    assert of(network) == {"vpc-1": False, "vpc-2": True}
    assert not [each for each in network.unmodelled if each.id == "vpc-3"]


def test_what_a_transit_gateway_joins_are_neighbours_also_behind_its_peer(account, beside):
    beside()
    beside("vpc-3", "third", "10.78.0.0/16")
    attached(account, "tgw-1", "vpc-1", "vpc-2")
    attached(account, "tgw-2", "vpc-3")
    assert of(account.observe(topology="trading")) == {"vpc-1": False, "vpc-2": True}
    account.document["TransitGatewayPeeringAttachments"] = [
        {
            "TransitGatewayAttachmentId": "att-peer",
            "RequesterTgwInfo": {"TransitGatewayId": "tgw-2"},
            "AccepterTgwInfo": {"TransitGatewayId": "tgw-1"},
            "State": "available",
        }
    ]
    assert of(account.observe(topology="trading")) == {
        "vpc-1": False,
        "vpc-2": True,
        "vpc-3": True,
    }


def test_what_people_call_a_neighbours_things_is_never_what_a_topology_speaks_of(account, beside):
    beside()
    joined(account, "vpc-1", "vpc-2")
    network = account.observe(topology="trading")
    assert {each.name for each in network.services} == {"ticker", "strategy", "staging/ticker"}
    assert network.interface["eni-vpc-2"].service == "staging/ticker"
    assert network.subnet["subnet-vpc-2"].segment == "staging/feed"
    assert network.subnet["subnet-a"].segment == "feed"
    assert {each.name for each in network.listeners} >= {"ticker.ticks", "staging/ticker.ticks"}


def test_without_a_topology_every_vpc_was_asked_for(account, beside):
    beside()
    joined(account, "vpc-1", "vpc-2")
    assert of(account.observe()) == {"vpc-1": False, "vpc-2": False}


def test_a_peer_in_another_region_is_known_once_that_is_read_too(account, beside):
    joined(account, "vpc-1", "vpc-2")
    here = account.observe()
    assert [each.id for each in here.unmodelled] == ["vpc-2"]
    beside()
    account.document["Vpcs"] = [
        each for each in account.document["Vpcs"] if each["VpcId"] == "vpc-2"
    ]
    del account.document["VpcPeeringConnections"]
    there = account.observe(topology="staging", region="us-east-1")
    assert not [each for each in join([here, there]).unmodelled if each.id == "vpc-2"]


def test_two_peered_stacks_of_one_topology_are_one_that_was_asked_for_and_its_neighbour(
    account, beside
):
    beside(topology="trading")
    joined(account, "vpc-1", "vpc-2")
    network = account.observe(topology="trading", only="vpc-1")
    assert of(network) == {"vpc-1": False, "vpc-2": True}
    assert expect_one(join([network]), "trading", "here", str) == network
    assert {each.name for each in network.services} == {"ticker", "strategy", "vpc-2/ticker"}
