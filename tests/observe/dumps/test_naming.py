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
