"""What AWS does and refuses of clusters of EKS and their nodes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.local_aws.conftest import client_of
from tests.local_aws.every_kind import TRUST

pytestmark = pytest.mark.slow


@pytest.fixture
def eks(server: Any, ec2: Any) -> Any:
    return client_of(server.place, "eks")


@pytest.fixture
def asked(server: Any, ec2: Any) -> dict[str, Any]:
    """What a cluster of two zones is asked for by."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-west-1{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="control", Description="d", VpcId=vpc)["GroupId"]
    return {
        "name": "pods",
        "roleArn": role(server, "eks"),
        "resourcesVpcConfig": {"subnetIds": subnets, "securityGroupIds": [group]},
    }


def role(server: Any, service: str) -> str:
    iam, trust = client_of(server.place, "iam"), TRUST.replace("lambda", service)
    made = iam.create_role(RoleName=service, AssumeRolePolicyDocument=trust)
    return str(made["Role"]["Arn"])


def with_places(asked: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**asked, "resourcesVpcConfig": {**asked["resourcesVpcConfig"], **changed}}


def test_a_cluster_puts_interfaces_with_a_group_of_its_own_into_its_subnets(
    ec2, eks, asked
) -> None:
    made = eks.create_cluster(**asked)["cluster"]
    config = made["resourcesVpcConfig"]
    own = config["clusterSecurityGroupId"]
    (group,) = ec2.describe_security_groups(GroupIds=[own])["SecurityGroups"]
    assert group["GroupName"].startswith("eks-cluster-sg-pods-")
    assert {"Key": "aws:eks:cluster-name", "Value": "pods"} in group["Tags"]
    assert [each["UserIdGroupPairs"][0]["GroupId"] for each in group["IpPermissions"]] == [own]
    found = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert sorted(each["SubnetId"] for each in found) == sorted(config["subnetIds"])
    for each in found:
        assert (each["Description"], each["RequesterManaged"]) == ("Amazon EKS pods", True)
        assert {held["GroupId"] for held in each["Groups"]} == {own, *config["securityGroupIds"]}
    eks.delete_cluster(name="pods")
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_a_cluster_that_eks_would_not_make_is_refused(ec2, eks, asked, refused) -> None:
    create, wrong = eks.create_cluster, "InvalidParameterException"
    one = asked["resourcesVpcConfig"]["subnetIds"][:1]
    foreign = ec2.create_security_group(GroupName="x", Description="d")["GroupId"]
    for changed in (
        {"subnetIds": one},
        {"subnetIds": []},
        {"subnetIds": [*one, "subnet-0123456789abcdef0"]},
        {"securityGroupIds": [foreign]},
        {"endpointPublicAccess": False},
    ):
        assert refused(create, **with_places(asked, **changed)) == wrong, changed
    trusted = {**asked, "roleArn": "arn:aws:iam::123456789012:role/nobody"}
    assert refused(create, **trusted) == wrong
    create(**asked)
    assert refused(create, **asked) == "ResourceInUseException"


def test_nodes_hold_the_groups_of_their_template_and_stand_in_their_subnets(
    server, ec2, eks, asked, refused
) -> None:
    cluster = eks.create_cluster(**asked)["cluster"]
    config = cluster["resourcesVpcConfig"]
    nodes = {
        "clusterName": "pods",
        "nodegroupName": "first",
        "nodeRole": role(server, "ec2"),
        "subnets": config["subnetIds"],
        "scalingConfig": {"minSize": 1, "desiredSize": 3, "maxSize": 4},
    }
    create = eks.create_nodegroup
    few = {**nodes, "scalingConfig": {"minSize": 2, "desiredSize": 1, "maxSize": 4}}
    assert refused(create, **few) == "InvalidParameterException"
    control = {**nodes, "nodeRole": cluster["roleArn"]}
    assert refused(create, **control) == "InvalidParameterException"
    (group,) = config["securityGroupIds"]
    template = ec2.create_launch_template(
        LaunchTemplateName="nodes", LaunchTemplateData={"SecurityGroupIds": [group]}
    )["LaunchTemplate"]["LaunchTemplateId"]
    create(**nodes, launchTemplate={"id": template, "version": "1"})

    def held(by: str) -> list[Any]:
        found = ec2.describe_instances(Filters=[{"Name": "instance.group-id", "Values": [by]}])
        several = [each for one in found["Reservations"] for each in one["Instances"]]
        return [each for each in several if each["State"]["Name"] == "running"]

    assert sorted(Counter(each["SubnetId"] for each in held(group)).values()) == [1, 2]
    assert held(config["clusterSecurityGroupId"]) == []
    assert refused(eks.delete_cluster, name="pods") == "ResourceInUseException"
    named = {"clusterName": "pods", "nodegroupName": "first"}
    eks.update_nodegroup_config(**named, scalingConfig={"desiredSize": 1})
    assert len(held(group)) == 1
    eks.delete_nodegroup(**named)
    assert held(group) == []
    create(**nodes)  # without a template they hold the cluster's own
    assert len(held(config["clusterSecurityGroupId"])) == 3
    eks.delete_nodegroup(**named)
    eks.delete_cluster(name="pods")
    assert eks.list_clusters()["clusters"] == []
