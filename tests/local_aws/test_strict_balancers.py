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
        ({"Type": "gateway"}, "OperationNotPermitted"),
        ({"Type": "application"}, "InvalidConfigurationRequest"),
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


def of_http(place: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"Name": "web", "Subnets": place["subnets"][:2], "SecurityGroups": [place["group"]]}
    return {"Scheme": "internal", **said, **more}


def pages(elb: Any, place: dict[str, Any], **more: Any) -> str:
    return group_of(elb, place, **{"Name": "pages", "Protocol": "HTTP", "Port": 8080, **more})


def test_one_of_applications_stands_in_two_zones_with_its_groups(ec2, elb, place):
    (made,) = elb.create_load_balancer(**of_http(place))["LoadBalancers"]
    assert made["Type"] == "application"
    every = ec2.describe_network_interfaces()["NetworkInterfaces"]
    standing = [each for each in every if each["Description"].startswith("ELB app/web/")]
    assert {each["SubnetId"] for each in standing} == set(place["subnets"][:2])
    assert {each["InterfaceType"] for each in standing} == {"interface"}
    assert {one["GroupId"] for each in standing for one in each["Groups"]} == {place["group"]}
    assert not any("Association" in each for each in standing)
    first = {"SubnetId": place["subnets"][0]}
    chosen = {**first, "AllocationId": place["addresses"][0]}
    for more, code in (
        ({"Subnets": place["subnets"][:1]}, "ValidationError"),
        ({"Subnets": [], "SubnetMappings": [first]}, "ValidationError"),
        ({"Subnets": [], "SubnetMappings": [chosen]}, "InvalidConfigurationRequest"),
    ):
        assert refused(elb.create_load_balancer, **of_http(place, Name="other", **more)) == code


def test_one_that_nobody_gives_a_group_holds_the_default_one(ec2, elb, place):
    (made,) = elb.create_load_balancer(**of_http(place, SecurityGroups=[]))["LoadBalancers"]
    (default,) = ec2.describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [place["vpc"]]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"]
    assert made["SecurityGroups"] == [default["GroupId"]]
    groups = {"LoadBalancerArn": made["LoadBalancerArn"], "SecurityGroups": [place["group"]]}
    elb.set_security_groups(**groups)
    assert refused(elb.set_security_groups, **{**groups, "SecurityGroups": []})


@pytest.mark.parametrize("kind", ["application", "network"])
def test_one_that_the_internet_reaches_has_addresses_of_aws_where_it_is_told_none(
    ec2, elb, place, kind
):
    said = of_http(place, Type=kind, Scheme="internet-facing")
    elb.create_load_balancer(**said)
    every = ec2.describe_network_interfaces()["NetworkInterfaces"]
    standing = [each for each in every if each["Description"].startswith("ELB ")]
    assert len({each["Association"]["PublicIp"] for each in standing}) == 2
    assert not any("AllocationId" in each["Association"] for each in standing)


def test_one_of_applications_moves_between_subnets_of_two_zones(ec2, elb, place):
    (made,) = elb.create_load_balancer(**of_http(place))["LoadBalancers"]
    first, second, third = place["subnets"]
    arn = {"LoadBalancerArn": made["LoadBalancerArn"]}
    assert refused(elb.set_subnets, **arn, Subnets=[first, third])
    elb.set_subnets(**arn, Subnets=[second, third])
    every = ec2.describe_network_interfaces()["NetworkInterfaces"]
    standing = {each["SubnetId"] for each in every if each["Description"].startswith("ELB app/")}
    assert standing == {second, third}


def test_http_is_passed_on_to_groups_of_http_and_by_rules(elb, place):
    (made,) = elb.create_load_balancer(**of_http(place))["LoadBalancers"]
    http, tcp = pages(elb, place), group_of(elb, place)

    def listening(group: str, **more: Any) -> dict[str, Any]:
        action = [{"Type": "forward", "TargetGroupArn": group}]
        said = {"LoadBalancerArn": made["LoadBalancerArn"], "Protocol": "HTTP", "Port": 80}
        return {**said, "DefaultActions": action, **more}

    assert refused(elb.create_listener, **listening(tcp)) == "InvalidConfigurationRequest"
    assert refused(elb.create_listener, **listening(http, Protocol="TCP")) == "UnsupportedProtocol"
    assert refused(elb.create_listener, **listening(http, Protocol="HTTPS"))
    listener = elb.create_listener(**listening(http))["Listeners"][0]["ListenerArn"]
    more = pages(elb, place, Name="more")
    rule = {
        "ListenerArn": listener,
        "Priority": 5,
        "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/more/*"]}}],
        "Actions": [{"Type": "forward", "TargetGroupArn": more}],
    }
    astray = [{"Type": "forward", "TargetGroupArn": tcp}]
    assert refused(elb.create_rule, **{**rule, "Actions": astray}) == "InvalidConfigurationRequest"
    elb.create_rule(**rule)
    assert refused(elb.create_rule, **rule) == "PriorityInUse"
    for each in (http, more):
        assert refused(elb.delete_target_group, TargetGroupArn=each) == "ResourceInUse"


def test_a_listener_of_a_network_has_no_rules(elb, place):
    arn = elb.create_load_balancer(**front(place))["LoadBalancers"][0]["LoadBalancerArn"]
    action = [{"Type": "forward", "TargetGroupArn": group_of(elb, place)}]
    said = {"LoadBalancerArn": arn, "Protocol": "TCP", "Port": 5556, "DefaultActions": action}
    listener = elb.create_listener(**said)["Listeners"][0]["ListenerArn"]
    rule = {
        "ListenerArn": listener,
        "Priority": 5,
        "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/more/*"]}}],
        "Actions": action,
    }
    assert refused(elb.create_rule, **rule) == "UnsupportedFeature"


def test_the_tasks_of_a_service_are_targets_as_long_as_they_are_there(server, elb, place):
    ecs = client_of(server.place, "ecs")
    group = pages(elb, place)
    cluster = ecs.create_cluster(clusterName="desks")["cluster"]["clusterArn"]
    port = [{"containerPort": 8080}]
    ecs.register_task_definition(
        family="web",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "web", "image": "web:1", "portMappings": port}],
    )
    network = {"subnets": place["subnets"][:2], "securityGroups": [place["group"]]}
    target = {"targetGroupArn": group, "containerName": "web", "containerPort": 8080}
    said = {
        "cluster": cluster,
        "serviceName": "web",
        "taskDefinition": "web",
        "launchType": "FARGATE",
        "desiredCount": 3,
        "networkConfiguration": {"awsvpcConfiguration": network},
        "loadBalancers": [target],
    }
    assert refused(ecs.create_service, **said) == "InvalidParameterException"  # of no balancer yet
    (made,) = elb.create_load_balancer(**of_http(place))["LoadBalancers"]
    elb.create_listener(
        LoadBalancerArn=made["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    for wrong in ({"containerName": "other"}, {"containerPort": 80}):
        asked = {**said, "loadBalancers": [{**target, **wrong}]}
        assert refused(ecs.create_service, **asked) == "InvalidParameterException"

    def targets() -> set[str]:
        shown = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return {each["Target"]["Id"] for each in shown}

    ecs.create_service(**said)
    assert len(targets()) == 3
    ecs.update_service(cluster=cluster, service="web", desiredCount=1)
    assert len(targets()) == 1
    ecs.update_service(cluster=cluster, service="web", desiredCount=0)
    assert targets() == set()
