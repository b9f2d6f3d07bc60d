"""A regional NAT gateway with addresses of one's own."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

ZONES = ("eu-west-1a", "eu-west-1b")


@pytest.fixture
def vpc(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return vpc


@pytest.fixture
def make(ec2, vpc):
    def made(*places):
        answer = ec2.create_nat_gateway(
            VpcId=vpc, AvailabilityMode="regional", AvailabilityZoneAddresses=[*places]
        )
        return answer["NatGateway"]["NatGatewayId"]

    return made


def address(ec2):
    return ec2.allocate_address(Domain="vpc")["AllocationId"]


def at(zone, *allocations):
    return {"AvailabilityZone": zone, "AllocationIds": [*allocations]}


def shown(ec2, gateway):
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"]
    return found, {
        each["AvailabilityZone"]: each["AllocationId"] for each in found["NatGatewayAddresses"]
    }


def test_it_has_the_addresses_that_it_is_given_and_finds_no_others(ec2, make):
    given = {zone: address(ec2) for zone in ZONES}
    found, places = shown(ec2, make(*(at(zone, each) for zone, each in given.items())))
    assert places == given
    assert found["AutoProvisionZones"] == "disabled"
    held = ec2.describe_addresses(AllocationIds=[*given.values()])["Addresses"]
    assert all(each.get("AssociationId") for each in held)


def test_an_address_comes_and_goes_and_is_free_again(ec2, make):
    first, second = address(ec2), address(ec2)
    gateway = make(at(ZONES[0], first))
    ec2.associate_nat_gateway_address(
        NatGatewayId=gateway, AllocationIds=[second], AvailabilityZone=ZONES[1]
    )
    found, places = shown(ec2, gateway)
    assert places == {ZONES[0]: first, ZONES[1]: second}
    leaving = [
        each["AssociationId"]
        for each in found["NatGatewayAddresses"]
        if each["AllocationId"] == first
    ]
    ec2.disassociate_nat_gateway_address(NatGatewayId=gateway, AssociationIds=leaving)
    assert shown(ec2, gateway)[1] == {ZONES[1]: second}
    ec2.release_address(AllocationId=first)
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    ec2.release_address(AllocationId=second)


def test_an_address_is_given_once_in_a_zone_that_there_is(ec2, make):
    taken = address(ec2)
    make(at(ZONES[0], taken))
    for place, code in (
        (at(ZONES[1], taken), "Resource.AlreadyAssociated"),
        (at("eu-west-9z", address(ec2)), "InvalidParameterValue"),
        ({"AllocationIds": [address(ec2)]}, "InvalidParameterCombination"),
    ):
        with pytest.raises(ClientError) as refused:
            make(place)
        assert refused.value.response["Error"]["Code"] == code
