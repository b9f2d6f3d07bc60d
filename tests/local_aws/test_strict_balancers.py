"""Network Load Balancers stand in subnets as AWS has them, and refuse what it does."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import client_of


@pytest.fixture
def elb(server: Any, ec2: Any) -> Any:
    return client_of(server.place, "elbv2")


@pytest.fixture
def place(ec2: Any) -> dict[str, Any]:
    """A VPC that leads out, two subnets, a group and addresses; and a group of another VPC."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)
        for number, zone in enumerate(("eu-west-1a", "eu-west-1b", "eu-west-1a"))
    ]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    group = ec2.create_security_group(GroupName="front", Description="d", VpcId=vpc)["GroupId"]
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_security_group(GroupName="other", Description="d", VpcId=other)["GroupId"]
    away = ec2.create_subnet(VpcId=other, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    return {
        "vpc": vpc,
        "subnets": [each["Subnet"]["SubnetId"] for each in subnets],
        "group": group,
        "foreign": foreign,
        "away": away,
        "addresses": [ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in range(2)],
    }


def front(place: dict[str, Any], **more: Any) -> dict[str, Any]:
    mappings = [
        {"SubnetId": subnet, "AllocationId": address}
        for subnet, address in zip(place["subnets"], place["addresses"], strict=False)
    ]
    return {
        "Name": "front",
        "Type": "network",
        "Scheme": "internet-facing",
        "SecurityGroups": [place["group"]],
        "SubnetMappings": mappings,
        **more,
    }


def refused(call: Any, **said: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**said)
    return str(error.value.response["Error"]["Code"])


def interfaces(ec2: Any) -> list[Any]:
    every = ec2.describe_network_interfaces()["NetworkInterfaces"]
    return [each for each in every if each["Description"].startswith("ELB net/")]


def test_it_has_an_interface_in_each_subnet_with_its_groups_and_addresses(ec2, elb, place):
    (made,) = elb.create_load_balancer(**front(place))["LoadBalancers"]
    standing = interfaces(ec2)
    assert {each["SubnetId"] for each in standing} == set(place["subnets"][:2])
    assert {one["GroupId"] for each in standing for one in each["Groups"]} == {place["group"]}
    assert {each["InterfaceType"] for each in standing} == {"network_load_balancer"}
    given = {each["Association"]["AllocationId"] for each in standing}
    assert given == set(place["addresses"])
    (shown,) = elb.describe_load_balancers(LoadBalancerArns=[made["LoadBalancerArn"]])[
        "LoadBalancers"
    ]
    assert {
        one["AllocationId"]
        for zone in shown["AvailabilityZones"]
        for one in zone["LoadBalancerAddresses"]
    } == given
    assert refused(ec2.delete_security_group, GroupId=place["group"]) == "DependencyViolation"
    elb.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    assert interfaces(ec2) == []
    assert not any("AssociationId" in each for each in ec2.describe_addresses()["Addresses"])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"Type": "application"}, "OperationNotPermitted"),
        ({"Name": "-front"}, "ValidationError"),
        ({"Name": "internal-front"}, "ValidationError"),
        ({"SecurityGroups": ["sg-0123456789abcdef0"]}, "InvalidSecurityGroup"),
        ({"SubnetMappings": [{"SubnetId": "subnet-0123456789abcdef0"}]}, "SubnetNotFound"),
        ({"Scheme": "internal"}, "InvalidConfigurationRequest"),
    ],
)
def test_what_aws_makes_nothing_of_is_refused(elb, place, more, code):
    assert refused(elb.create_load_balancer, **front(place, **more)) == code


def test_subnets_are_of_one_vpc_and_each_of_a_zone_of_its_own(elb, place):
    said = front(place, SubnetMappings=[])
    first, _, again = place["subnets"]
    said["Scheme"] = "internal"
    for subnets, code in (
        ([first, again], "InvalidConfigurationRequest"),
        ([first, place["away"]], "InvalidConfigurationRequest"),
    ):
        asked = {**said, "SubnetMappings": [{"SubnetId": each} for each in subnets]}
        assert refused(elb.create_load_balancer, **asked) == code
    foreign = {
        **said,
        "SubnetMappings": [{"SubnetId": first}],
        "SecurityGroups": [place["foreign"]],
    }
    assert refused(elb.create_load_balancer, **foreign) == "InvalidSecurityGroup"


def test_one_that_the_internet_reaches_needs_a_gateway_and_addresses_of_its_own(ec2, elb, place):
    away = front(place, SubnetMappings=[{"SubnetId": place["away"]}], SecurityGroups=[])
    assert refused(elb.create_load_balancer, **away) == "InvalidSubnet"
    elb.create_load_balancer(**front(place))
    assert refused(elb.create_load_balancer, **front(place, Name="other")) == "ResourceInUse"
    assert elb.create_load_balancer(**front(place))["LoadBalancers"]  # the same again
    different = front(place, SecurityGroups=[])
    assert refused(elb.create_load_balancer, **different) == "DuplicateLoadBalancerName"


def test_one_that_was_made_without_groups_takes_none_later(elb, place):
    bare = front(place, SecurityGroups=[])
    arn = elb.create_load_balancer(**bare)["LoadBalancers"][0]["LoadBalancerArn"]
    groups = {"LoadBalancerArn": arn, "SecurityGroups": [place["group"]]}
    assert refused(elb.set_security_groups, **groups) == "InvalidConfigurationRequest"


def group_of(elb: Any, place: dict[str, Any], **more: Any) -> str:
    said = {"Name": "tape", "Protocol": "TCP", "Port": 5556, "VpcId": place["vpc"], **more}
    made = elb.create_target_group(**{"TargetType": "ip", **said})
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def attributes(elb: Any, arn: str) -> dict[str, str]:
    shown = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    return {each["Key"]: each["Value"] for each in shown}


def test_only_addresses_over_tcp_see_the_load_balancer_unless_somebody_says_otherwise(elb, place):
    kinds = {
        ("ip", "TCP"): "false",
        ("ip", "UDP"): "true",
        ("instance", "TCP"): "true",
    }
    for number, ((target, protocol), kept) in enumerate(kinds.items()):
        arn = group_of(elb, place, Name=f"g{number}", TargetType=target, Protocol=protocol)
        assert attributes(elb, arn)["preserve_client_ip.enabled"] == kept


def test_a_target_is_in_the_vpc_or_private(elb, place):
    group = group_of(elb, place)
    for address, code in (("198.51.100.7", "InvalidTarget"), ("x", "ValidationError")):
        said = {"TargetGroupArn": group, "Targets": [{"Id": address}]}
        assert refused(elb.register_targets, **said) == code
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.9"}])


def test_a_listener_has_a_port_of_its_own_and_forwards_to_a_group_of_its_protocol(elb, place):
    arn = elb.create_load_balancer(**front(place))["LoadBalancers"][0]["LoadBalancerArn"]
    tcp, udp = group_of(elb, place), group_of(elb, place, Name="udp", Protocol="UDP")

    def listening(group: str, **more: Any) -> dict[str, Any]:
        action = [{"Type": "forward", "TargetGroupArn": group}]
        said = {"LoadBalancerArn": arn, "Protocol": "TCP", "Port": 5556, "DefaultActions": action}
        return {**said, **more}

    assert refused(elb.create_listener, **listening(udp)) == "InvalidConfigurationRequest"
    made = elb.create_listener(**listening(tcp))["Listeners"][0]["ListenerArn"]
    again = elb.create_listener(**listening(tcp))["Listeners"][0]["ListenerArn"]
    assert again == made
    other = group_of(elb, place, Name="other")
    assert refused(elb.create_listener, **listening(other)) == "DuplicateListener"
    assert group_of(elb, place, Name="other") == other
    code = refused(group_of, elb=elb, place=place, Name="other", Port=5557)
    assert code == "DuplicateTargetGroupName"
    assert refused(elb.delete_target_group, TargetGroupArn=tcp) == "ResourceInUse"
    idle = {"Key": "tcp.idle_timeout.seconds"}
    shown = elb.describe_listener_attributes(ListenerArn=made)["Attributes"]
    assert {**idle, "Value": "350"} in shown
    for seconds in ("59", "6001"):
        said = {"ListenerArn": made, "Attributes": [{**idle, "Value": seconds}]}
        assert refused(elb.modify_listener_attributes, **said) == "InvalidConfigurationRequest"
    elb.delete_listener(ListenerArn=made)
    elb.delete_target_group(TargetGroupArn=tcp)


def test_what_is_protected_stays(elb, place):
    arn = elb.create_load_balancer(**front(place))["LoadBalancers"][0]["LoadBalancerArn"]
    for value in ("true", "false"):
        elb.modify_load_balancer_attributes(
            LoadBalancerArn=arn,
            Attributes=[{"Key": "deletion_protection.enabled", "Value": value}],
        )
        if value == "true":
            code = refused(elb.delete_load_balancer, LoadBalancerArn=arn)
            assert code == "OperationNotPermitted"
    elb.delete_load_balancer(LoadBalancerArn=arn)
