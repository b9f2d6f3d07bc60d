"""What AWS refuses of instances, and what becomes of their interfaces."""

from __future__ import annotations

from typing import Any

import pytest

from local_aws.strict.images import IMAGES, described

pytestmark = pytest.mark.slow

AMI = described("eu-west-1", *IMAGES[0])["ImageId"]
ONE = {"ImageId": AMI, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}


@pytest.fixture
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def subnet(ec2: Any, vpc: str) -> str:
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"])


@pytest.fixture
def group(ec2: Any, vpc: str) -> str:
    return str(ec2.create_security_group(VpcId=vpc, GroupName="g", Description="d")["GroupId"])


def shown(ec2: Any, name: str) -> Any:
    (held,) = ec2.describe_instances(InstanceIds=[name])["Reservations"]
    return held["Instances"][0]


def run(ec2: Any, **more: Any) -> str:
    return str(ec2.run_instances(**ONE, **more)["Instances"][0]["InstanceId"])


def test_an_instance_is_launched_only_of_what_there_is(ec2, vpc, subnet, group, refused) -> None:
    launch = ec2.run_instances
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_security_group(VpcId=other, GroupName="f", Description="d")["GroupId"]
    eni = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    brought = [{"DeviceIndex": 0, "NetworkInterfaceId": eni}]
    for said, code in (
        ({"ImageId": "ami-0123456789abcdef0", "SubnetId": subnet}, "InvalidAMIID.NotFound"),
        ({"InstanceType": "large", "SubnetId": subnet}, "InvalidParameterValue"),
        ({"KeyName": "nobody", "SubnetId": subnet}, "InvalidKeyPair.NotFound"),
        ({"SubnetId": subnet, "SecurityGroupIds": [foreign]}, "InvalidParameter"),
        ({"SubnetId": subnet, "PrivateIpAddress": "10.0.0.2"}, "InvalidParameterValue"),
        ({"SubnetId": subnet, "PrivateIpAddress": "10.0.9.9"}, "InvalidParameterValue"),
        ({"SubnetId": subnet, "Ipv6AddressCount": 1}, "InvalidParameterValue"),
        ({"SubnetId": subnet, "NetworkInterfaces": brought}, "InvalidParameterCombination"),
        ({"NetworkInterfaces": [{**brought[0], "DeviceIndex": 1}]}, "InvalidParameterValue"),
    ):
        assert refused(launch, **{**ONE, **said}) == code, said
    public = {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": True}
    assert refused(launch, **ONE, NetworkInterfaces=[public]) == "Gateway.NotAttached"
    run(ec2, NetworkInterfaces=brought)
    assert refused(launch, **ONE, NetworkInterfaces=brought) == "InvalidNetworkInterface.InUse"


def test_the_interface_of_an_instance_goes_with_it_and_one_that_it_was_given_stays(
    ec2, subnet, group, refused
) -> None:
    eni = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]
    given = run(
        ec2,
        NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": eni["NetworkInterfaceId"]}],
    )
    own = run(ec2, SubnetId=subnet, SecurityGroupIds=[group], PrivateIpAddress="10.0.0.20")
    for name, address in ((given, eni["PrivateIpAddress"]), (own, "10.0.0.20")):
        there = shown(ec2, name)
        assert (there["PrivateIpAddress"], there["SubnetId"]) == (address, subnet)
        assert [each["GroupId"] for each in there["SecurityGroups"]] == [group]
        assert there["Placement"]["AvailabilityZone"] == eni["AvailabilityZone"]
    deleting = ec2.delete_network_interface
    assert refused(deleting, NetworkInterfaceId=eni["NetworkInterfaceId"])
    assert refused(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    ec2.terminate_instances(InstanceIds=[given, own])
    (left,) = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert (left["NetworkInterfaceId"], left["Status"]) == (eni["NetworkInterfaceId"], "available")
    deleting(NetworkInterfaceId=eni["NetworkInterfaceId"])
    ec2.delete_subnet(SubnetId=subnet)


def test_an_instance_is_changed_as_its_state_allows(ec2, subnet, group, refused) -> None:
    name = run(ec2, SubnetId=subnet, SecurityGroupIds=[group], DisableApiTermination=True)
    change = ec2.modify_instance_attribute
    larger = {"InstanceId": name, "InstanceType": {"Value": "t3.large"}}
    assert refused(change, **larger) == "IncorrectInstanceState"
    assert refused(ec2.terminate_instances, InstanceIds=[name]) == "OperationNotPermitted"
    ec2.stop_instances(InstanceIds=[name])
    change(**larger)
    ec2.start_instances(InstanceIds=[name])
    assert shown(ec2, name)["InstanceType"] == "t3.large"
    change(InstanceId=name, DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=[name])


def test_what_is_not_said_of_metadata_stays_as_it_was(ec2, subnet, refused) -> None:
    name = run(ec2, SubnetId=subnet, MetadataOptions={"HttpTokens": "required"})
    change = ec2.modify_instance_metadata_options
    change(InstanceId=name, HttpPutResponseHopLimit=2)
    held = shown(ec2, name)["MetadataOptions"]
    assert (held["HttpTokens"], held["HttpPutResponseHopLimit"]) == ("required", 2)
    assert held["HttpEndpoint"] == "enabled"
    many = {"InstanceId": name, "HttpPutResponseHopLimit": 65}
    assert refused(change, **many) == "InvalidParameterValue"
