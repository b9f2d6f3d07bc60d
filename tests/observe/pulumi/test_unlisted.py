"""A state says which of its resources run interfaces that it does not list, in which groups."""

import pytest

from bulkhead import observe
from tests.observe.pulumi.test_state_edges import PLACE, resource

GROUP, SUBNET = "sg-0123456789abcdef0", "subnet-0123456789abcdef0"

RUNNERS = [
    ("aws:lb/loadBalancer:LoadBalancer", {"securityGroups": [GROUP], "subnets": [SUBNET]}),
    ("aws:alb/loadBalancer:LoadBalancer", {"subnetMappings": [{"subnetId": SUBNET}]}),
    ("aws:ecs/service:Service", {"networkConfiguration": {"securityGroups": [GROUP]}}),
    ("aws:lambda/function:Function", {"vpcConfig": {"securityGroupIds": [GROUP]}}),
    ("aws:rds/instance:Instance", {"vpcSecurityGroupIds": [GROUP]}),
    ("aws:eks/cluster:Cluster", {"vpcConfig": {"subnetIds": [SUBNET]}}),
    ("aws:efs/mountTarget:MountTarget", {"securityGroups": [GROUP], "subnetId": SUBNET}),
    ("aws:ec2/launchTemplate:LaunchTemplate", {"networkInterfaces": [{"securityGroups": [GROUP]}]}),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Interface", "subnetIds": [SUBNET]}),
    ("aws-native:elasticloadbalancingv2:LoadBalancer", {"securityGroups": [GROUP]}),
    ("kubernetes:core/v1:Service", {"annotations": {"groups": f"{GROUP},sg-2"}}),
]


@pytest.mark.parametrize(("token", "named"), RUNNERS)
def test_what_names_a_subnet_or_a_group_is_said_to_run_interfaces(token, named, write_state):
    runner = resource(token, "runner", vpcId="vpc-1", **named)
    network = observe.state(write_state([*PLACE, runner]))
    (found,) = network.unlisted_runners
    assert found.name == "runner"
    assert found.security_groups == ((GROUP,) if GROUP in str(named) else ())


def test_a_group_is_known_by_the_id_that_this_state_gives_it(write_state):
    group = resource("aws:ec2/securityGroup:SecurityGroup", "sg-yet-to-be", vpcId="vpc-1")
    function = resource("aws:lambda/function:Function", "f", vpcConfig={"ids": ["sg-yet-to-be"]})
    (found,) = observe.state(write_state([*PLACE, group, function])).unlisted_runners
    assert found.security_groups == ("sg-yet-to-be",)


@pytest.mark.parametrize(
    ("token", "named"),
    [
        ("aws:rds/subnetGroup:SubnetGroup", {"subnetIds": [SUBNET]}),
        ("aws:ssm/parameter:Parameter", {"value": GROUP}),
        ("aws:ec2/tag:Tag", {"resourceId": GROUP}),
        ("aws:lb/targetGroup:TargetGroup", {"vpcId": "vpc-1"}),
        ("aws:s3/bucket:Bucket", {"bucket": "orders"}),
    ],
)
def test_what_only_speaks_of_a_subnet_or_a_group_runs_none(token, named, write_state):
    network = observe.state(write_state([*PLACE, resource(token, "other", **named)]))
    assert network.unlisted_runners == ()


def test_every_state_leaves_open_what_other_stacks_run(write_state):
    (found,) = observe.state(write_state(PLACE)).unlisted
    assert not found.runs
    assert found.field == ""
