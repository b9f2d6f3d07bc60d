"""Auto Scaling, ECS and Lambda put interfaces into subnets as AWS does, and refuse what it does."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import client_of
from tests.local_aws.every_kind import ACCESS, TRUST


@pytest.fixture
def client(server: Any, ec2: Any) -> Any:
    """A client of another service of the same empty AWS."""
    return lambda service: ec2 if service == "ec2" else client_of(server.place, service)


@pytest.fixture
def place(ec2: Any) -> dict[str, Any]:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
        for number in range(2)
    ]
    group = ec2.create_security_group(GroupName="fleet", Description="d", VpcId=vpc)["GroupId"]
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_security_group(GroupName="other", Description="d", VpcId=other)["GroupId"]
    return {"subnets": subnets, "group": group, "foreign": foreign}


def held(ec2: Any, group: str) -> list[Any]:
    return list(
        ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group]}])[
            "NetworkInterfaces"
        ]
    )


def template(ec2: Any, group: str, **data: Any) -> str:
    said = {"ImageId": "ami-0123456789abcdef0", "InstanceType": "c7gn.large", **data}
    made = ec2.create_launch_template(
        LaunchTemplateName=f"t{len(ec2.describe_launch_templates()['LaunchTemplates'])}",
        LaunchTemplateData={**said, "SecurityGroupIds": [group]},
    )
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def group_of(place: dict[str, Any], template: str, **more: Any) -> dict[str, Any]:
    return {
        "AutoScalingGroupName": "fleet",
        "MinSize": 1,
        "MaxSize": 5,
        "DesiredCapacity": 3,
        "VPCZoneIdentifier": ",".join(place["subnets"]),
        "LaunchTemplate": {"LaunchTemplateId": template},
        **more,
    }


def test_instances_of_a_group_are_spread_over_its_subnets_and_go_with_it(client, place) -> None:
    ec2, scaling = client("ec2"), client("autoscaling")
    scaling.create_auto_scaling_group(**group_of(place, template(ec2, place["group"])))
    found = held(ec2, place["group"])
    assert sorted(Counter(each["SubnetId"] for each in found).values()) == [1, 2]
    assert all(each["Attachment"]["InstanceId"] for each in found)
    scaling.set_desired_capacity(AutoScalingGroupName="fleet", DesiredCapacity=5)
    assert len(held(ec2, place["group"])) == 5
    scaling.update_auto_scaling_group(AutoScalingGroupName="fleet", MaxSize=2, DesiredCapacity=2)
    assert len(held(ec2, place["group"])) == 2
    scaling.delete_auto_scaling_group(AutoScalingGroupName="fleet", ForceDelete=True)
    assert held(ec2, place["group"]) == []
    ec2.delete_security_group(GroupId=place["group"])


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"MaxSize": 0}, "Max bound, 0, must be greater than or equal to min bound, 1"),
        ({"DesiredCapacity": 6}, "between the specified min size:1 and max size:5"),
        ({"VPCZoneIdentifier": "subnet-0000"}, "The subnet ID 'subnet-0000' does not exist"),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-0"}}, "lt-0, does not exist"),
    ],
)
def test_a_group_that_could_not_start_anything_is_refused(client, place, said, message) -> None:
    ec2, scaling = client("ec2"), client("autoscaling")
    whole = group_of(place, template(ec2, place["group"]))
    with pytest.raises(ClientError, match=message):
        scaling.create_auto_scaling_group(**{**whole, **said})


def test_a_template_of_another_vpc_or_without_an_image_is_refused(client, place) -> None:
    ec2, scaling = client("ec2"), client("autoscaling")
    for bad, message in (
        (template(ec2, place["foreign"]), "belong to different networks"),
        (template(ec2, place["group"], ImageId=""), "must contain the parameter ImageId"),
    ):
        with pytest.raises(ClientError, match=message):
            scaling.create_auto_scaling_group(**group_of(place, bad))


def test_a_group_with_instances_stays(client, place, refused) -> None:
    ec2, scaling = client("ec2"), client("autoscaling")
    said = group_of(place, template(ec2, place["group"]))
    scaling.create_auto_scaling_group(**said)
    assert refused(scaling.create_auto_scaling_group, **said) == "AlreadyExists"
    named = {"AutoScalingGroupName": "fleet"}
    assert refused(scaling.delete_auto_scaling_group, **named) == "ResourceInUse"
    assert refused(scaling.set_desired_capacity, **named, DesiredCapacity=9) == "ValidationError"
    assert refused(ec2.delete_security_group, GroupId=place["group"]) == "DependencyViolation"


@pytest.fixture
def router(client, place) -> dict[str, Any]:
    """A service of ECS, as it is created."""
    ecs = client("ecs")
    ecs.create_cluster(clusterName="desks")
    ecs.register_task_definition(
        family="router",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "router", "image": "router:7"}],
    )
    where = {"subnets": place["subnets"], "securityGroups": [place["group"]]}
    return {
        "cluster": "desks",
        "serviceName": "router",
        "taskDefinition": "router",
        "launchType": "FARGATE",
        "desiredCount": 3,
        "networkConfiguration": {"awsvpcConfiguration": where},
    }


def test_each_task_of_a_service_has_an_interface(client, place, router, refused) -> None:
    ec2, ecs = client("ec2"), client("ecs")
    made = ecs.create_service(**router)["service"]
    assert made["runningCount"] == 3
    found = held(ec2, place["group"])
    assert sorted(Counter(each["SubnetId"] for each in found).values()) == [1, 2]
    assert all(each["RequesterManaged"] for each in found)
    name = found[0]["NetworkInterfaceId"]
    assert refused(ec2.delete_network_interface, NetworkInterfaceId=name) == "OperationNotPermitted"
    ecs.update_service(cluster="desks", service="router", desiredCount=1)
    assert len(held(ec2, place["group"])) == 1
    assert refused(ecs.delete_cluster, cluster="desks") == "ClusterContainsServicesException"
    ecs.delete_service(cluster="desks", service="router", force=True)
    assert held(ec2, place["group"]) == []


def test_a_service_that_could_not_run_is_refused(client, place, router) -> None:
    ecs = client("ecs")
    apart = {"subnets": place["subnets"], "securityGroups": [place["foreign"]]}
    for said, message in (
        ({"networkConfiguration": None}, "must be provided when networkMode 'awsvpc'"),
        ({"networkConfiguration": {"awsvpcConfiguration": apart}}, "different networks"),
    ):
        whole = {key: each for key, each in {**router, **said}.items() if each is not None}
        with pytest.raises(ClientError, match=message):
            ecs.create_service(**whole)


def test_tasks_that_would_run_on_instances_stay_pending(client, place, router) -> None:
    made = client("ecs").create_service(**{**router, "launchType": "EC2"})["service"]
    assert (made["runningCount"], made["pendingCount"]) == (0, 3)
    assert held(client("ec2"), place["group"]) == []


def function(place: dict[str, Any], role: str, name: str = "alarm") -> dict[str, Any]:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return 0")
    return {
        "FunctionName": name,
        "Role": role,
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Code": {"ZipFile": code.getvalue()},
        "VpcConfig": {"SubnetIds": place["subnets"], "SecurityGroupIds": [place["group"]]},
    }


def role_of(iam: Any, trusts: str = TRUST) -> str:
    return str(iam.create_role(RoleName="r", AssumeRolePolicyDocument=trusts)["Role"]["Arn"])


def test_functions_share_an_interface_in_each_subnet(client, place, refused) -> None:
    ec2, functions, iam = client("ec2"), client("lambda"), client("iam")
    role = role_of(iam)
    iam.attach_role_policy(RoleName="r", PolicyArn=ACCESS)
    for name in ("alarm", "report"):
        made = functions.create_function(**function(place, role, name))
    assert made["VpcConfig"]["VpcId"].startswith("vpc-")
    found = held(ec2, place["group"])
    assert {each["SubnetId"] for each in found} == set(place["subnets"])
    assert len(found) == 2
    assert {each["InterfaceType"] for each in found} == {"lambda"}
    name = found[0]["NetworkInterfaceId"]
    assert refused(ec2.delete_network_interface, NetworkInterfaceId=name) == "OperationNotPermitted"
    functions.delete_function(FunctionName="alarm")
    assert len(held(ec2, place["group"])) == 2
    functions.update_function_configuration(
        FunctionName="report", VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}
    )
    assert held(ec2, place["group"]) == []


def test_a_function_whose_role_may_make_no_interface_is_refused(client, place) -> None:
    functions, iam = client("lambda"), client("iam")
    role = role_of(iam)
    for said, message in (
        (function(place, role), "does not have permissions to call CreateNetworkInterface"),
        (function(place, f"{role}x"), "cannot be assumed by Lambda"),
    ):
        with pytest.raises(ClientError, match=message):
            functions.create_function(**said)
    statement = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}
    own = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(own))
    functions.create_function(**function(place, role))


def test_a_task_that_is_to_have_a_public_address_has_one(client, place, router) -> None:
    """So it is where people put services into the subnets of a default VPC."""
    ec2, ecs = client("ec2"), client("ecs")
    router["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] = "ENABLED"
    ecs.create_service(**router)
    addresses = {each["Association"]["PublicIp"] for each in held(ec2, place["group"])}
    assert len(addresses) == 3


def test_hosts_of_a_group_have_public_addresses_where_their_subnet_gives_some(client, place):
    ec2, scaling = client("ec2"), client("autoscaling")
    public, _ = place["subnets"]
    ec2.modify_subnet_attribute(SubnetId=public, MapPublicIpOnLaunch={"Value": True})
    scaling.create_auto_scaling_group(
        **group_of(place, template(ec2, place["group"]), DesiredCapacity=2)
    )
    found = {each["SubnetId"]: "Association" in each for each in held(ec2, place["group"])}
    assert found == {each: each == public for each in place["subnets"]}


def test_the_vpc_that_an_account_begins_with_leads_to_the_internet(client) -> None:
    ec2 = client("ec2")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    of_it = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    (table,) = ec2.describe_route_tables(Filters=of_it)["RouteTables"]
    routes = {each["DestinationCidrBlock"]: each["GatewayId"] for each in table["Routes"]}
    (gateway,) = ec2.describe_internet_gateways()["InternetGateways"]
    assert gateway["Attachments"][0]["VpcId"] == vpc["VpcId"]
    assert routes == {vpc["CidrBlock"]: "local", "0.0.0.0/0": gateway["InternetGatewayId"]}


def test_a_version_of_a_template_has_no_tags_of_the_template(client) -> None:
    ec2 = client("ec2")
    tags = [{"Key": "a", "Value": "b"}]
    made = ec2.create_launch_template(
        LaunchTemplateName="t",
        LaunchTemplateData={"TagSpecifications": [{"ResourceType": "instance", "Tags": tags}]},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": tags}],
    )["LaunchTemplate"]
    assert made["Tags"] == tags
    (version,) = ec2.describe_launch_template_versions(LaunchTemplateId=made["LaunchTemplateId"])[
        "LaunchTemplateVersions"
    ]
    launched = version["LaunchTemplateData"]["TagSpecifications"]
    assert [each["ResourceType"] for each in launched] == ["instance"]
