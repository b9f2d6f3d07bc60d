"""A group that an answer of another service names is not free, whatever interfaces there are."""

import json

import pytest

from bulkhead.lint import SmellKind, lint
from bulkhead.observe.dumps.dump import dump
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.estate import Estate


def files():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("spare", "in tcp 80 10.0.1.0/24")
    estate.group("web", "in tcp 80 10.0.1.0/24")
    estate.host("one", "a", "10.0.1.10", "web")
    network = with_aws_ids(estate.build())
    (spare,) = [each.id for each in network.security_groups if each.name == "spare"]
    return as_files(network), spare


def said_of(group, folder):
    return {each.kind for each in lint(dump(folder)) if each.component == group}


def test_of_a_whole_dump_a_group_that_nobody_holds_is_unattached(tmp_path):
    answers, spare = files()
    assert said_of(spare, write(answers, tmp_path / "eu-west-1")) == {SmellKind.UNATTACHED}


@pytest.mark.parametrize(
    ("key", "record"),
    [
        ("Functions", {"FunctionName": "f", "VpcConfig": {"SecurityGroupIds": ["{}"]}}),
        ("DBInstances", {"VpcSecurityGroups": [{"VpcSecurityGroupId": "{}"}]}),
        ("services", {"networkConfiguration": {"awsvpcConfiguration": {"securityGroups": ["{}"]}}}),
        ("LaunchTemplateVersions", {"LaunchTemplateData": {"SecurityGroupIds": ["{}"]}}),
        ("LoadBalancerDescriptions", {"LoadBalancerName": "old", "SecurityGroups": ["{}"]}),
        ("resources", {"arn": "arn:aws:ec2:eu-west-1:123456789012:security-group/{}"}),
        ("projects", {"name": "build", "vpcConfig": {"securityGroupIds": ["{}"]}}),
        ("computeEnvironments", {"computeResources": {"securityGroupIds": ["{}"]}}),
        ("cluster", {"name": "k8s", "resourcesVpcConfig": {"securityGroupIds": ["{}"]}}),
    ],
)
def test_unless_something_that_is_not_running_now_names_it(tmp_path, key, record):
    answers, spare = files()
    told = json.loads(json.dumps(record).replace("{}", spare))
    answers["other.json"] = {key: told if key == "cluster" else [told]}
    assert said_of(spare, write(answers, tmp_path / "eu-west-1")) == set()


def test_but_not_what_only_speaks_of_groups(tmp_path):
    answers, spare = files()
    answers["tags.json"] = {"Tags": [{"ResourceId": spare, "Key": "Name", "Value": "spare"}]}
    assert said_of(spare, write(answers, tmp_path / "eu-west-1")) == {SmellKind.UNATTACHED}


def test_a_dump_of_which_tagged_interfaces_alone_were_asked_for_tells_nobody(tmp_path):
    answers, _ = files()
    answers["NetworkInterfaces.json"] = {"NetworkInterfaces": []}
    folder = write(answers, tmp_path / "eu-west-1")
    found = {each.kind for each in lint(dump(folder)) if each.name.startswith("security group")}
    assert SmellKind.UNATTACHED not in found
    assert SmellKind.UNSURE in found


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("spare", "kubernetes.io/cluster/prod"),
        ("spare", "aws:eks:cluster-name"),
        ("eks-cluster-sg-prod-1234567", None),
        ("d-9067aa1f2b_controllers", None),
        ("ElasticMapReduce-slave", None),
    ],
)
def test_a_group_that_a_service_of_aws_made_for_itself_is_not_free(tmp_path, name, tag):
    answers, spare = files()
    for each in answers["SecurityGroups.json"]["SecurityGroups"]:
        if each["GroupId"] == spare:
            each["GroupName"] = name
            each["Tags"] += [{"Key": tag, "Value": "owned"}] if tag else []
    assert said_of(spare, write(answers, tmp_path / "eu-west-1")) == set()


# What AWS itself says of groups


def associated(group, vpc, state="associated"):
    record = {"GroupId": group, "VpcId": vpc, "State": state}
    return {"associations.json": {"SecurityGroupVpcAssociations": [record]}}


def test_a_group_that_is_associated_with_a_vpc_that_is_not_here_is_not_free(tmp_path):
    answers, spare = files()
    told = answers | associated(spare, "vpc-0badf00d0badf00d0")
    assert said_of(spare, write(told, tmp_path / "eu-west-1")) == set()
    parted = answers | associated(spare, "vpc-0badf00d0badf00d0", "disassociated")
    assert said_of(spare, write(parted, tmp_path / "eu-west-2")) == {SmellKind.UNATTACHED}


def test_where_nobody_asked_for_associations_that_is_to_be_made_sure_of_first(tmp_path):
    answers, spare = files()
    (found,) = [
        each
        for each in lint(dump(write(answers, tmp_path / "eu-west-1")))
        if each.kind is SmellKind.UNATTACHED and each.component == spare
    ]
    assert "describe-security-group-vpc-associations" in found.remedy
    told = answers | {"associations.json": {"SecurityGroupVpcAssociations": []}}
    (sure,) = [
        each
        for each in lint(dump(write(told, tmp_path / "eu-west-2")))
        if each.kind is SmellKind.UNATTACHED and each.component == spare
    ]
    assert "associations" not in sure.remedy


def stale(group, gone):
    pair = {"UserIdGroupPairs": [{"GroupId": gone, "PeeringStatus": "deleted"}]}
    record = {"GroupId": group, "VpcId": "vpc-1", "StaleIpPermissions": [pair]}
    return {"stale.json": {"StaleSecurityGroupSet": [record]}}


def test_a_rule_that_aws_calls_stale_is_stale(tmp_path):
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("web", "in tcp 80 far")
    estate.group("more", "in tcp 80 far")
    estate.host("one", "a", "10.0.1.10", "web", "more")
    network = with_aws_ids(estate.build())
    answers = as_files(network)
    web, more = (each.id for each in network.security_groups)
    (far,) = {rule.peer.group for each in network.security_groups for rule in each.rules}
    assert SmellKind.STALE not in said_of(web, write(answers, tmp_path / "eu-west-1"))
    one = write(answers | stale(web, far), tmp_path / "eu-west-2")
    assert SmellKind.STALE not in said_of(web, one), "elsewhere the group is still meant"
    told = stale(web, far)["stale.json"]["StaleSecurityGroupSet"]
    told += stale(more, far)["stale.json"]["StaleSecurityGroupSet"]
    both = write(
        answers | {"stale.json": {"StaleSecurityGroupSet": told}}, tmp_path / "eu-central-1"
    )
    assert SmellKind.STALE in said_of(web, both)


def test_an_interface_whose_subnet_is_not_here_holds_its_groups_all_the_same(tmp_path):
    answers, spare = files()
    (one,) = answers["NetworkInterfaces.json"]["NetworkInterfaces"]
    held = one["Groups"][0]["GroupId"]
    without = {key: each for key, each in answers.items() if key != "Subnets.json"}
    folder = write(without, tmp_path / "eu-west-1")
    assert said_of(held, folder) == set()
    assert said_of(spare, folder) == {SmellKind.UNSURE}
