"""What people's own programs have around a network is here, each kind by what they call it.

Of every type `test_provider` and `test_own_programs` show that it comes up, stays as it is, is read
back, is imported and goes; this table says which types have to be among them.
"""

from __future__ import annotations

import pytest

from local_aws.provider.invokes import INVOKES
from local_aws.provider.kinds import KINDS
from local_aws.provider.states import all_properties

TYPES = {
    "Elastic IP": ("ec2/eip:Eip", "ec2/eipAssociation:EipAssociation"),
    "NAT gateway": ("ec2/natGateway:NatGateway",),
    "endpoints": ("ec2/vpcEndpoint:VpcEndpoint",),
    "peering": (
        "ec2/vpcPeeringConnection:VpcPeeringConnection",
        "ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    ),
    "transit gateway": (
        "ec2transitgateway/transitGateway:TransitGateway",
        "ec2transitgateway/vpcAttachment:VpcAttachment",
        "ec2transitgateway/routeTable:RouteTable",
        "ec2transitgateway/routeTableAssociation:RouteTableAssociation",
        "ec2transitgateway/routeTablePropagation:RouteTablePropagation",
        "ec2transitgateway/route:Route",
        "ec2transitgateway/prefixListReference:PrefixListReference",
        "ec2transitgateway/peeringAttachment:PeeringAttachment",
        "ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
    ),
    "instance": ("ec2/instance:Instance",),
    "launch template": ("ec2/launchTemplate:LaunchTemplate",),
    "load balancer": (
        "lb/loadBalancer:LoadBalancer",
        "lb/targetGroup:TargetGroup",
        "lb/targetGroupAttachment:TargetGroupAttachment",
        "lb/listener:Listener",
        "lb/listenerRule:ListenerRule",
    ),
    "default VPC": ("ec2/defaultVpc:DefaultVpc", "ec2/defaultSubnet:DefaultSubnet"),
    "flow log": ("ec2/flowLog:FlowLog",),
    "managed prefix list": ("ec2/managedPrefixList:ManagedPrefixList",),
    "DHCP options": ("ec2/vpcDhcpOptions:VpcDhcpOptions",),
    "key pair": ("ec2/keyPair:KeyPair",),
    "Route 53 zone": ("route53/zone:Zone", "route53/record:Record"),
    "IAM role": ("iam/role:Role", "iam/rolePolicy:RolePolicy", "iam/policy:Policy"),
    "S3 bucket": ("s3/bucket:Bucket", "s3/bucketV2:BucketV2"),
    "autoscaling group": ("autoscaling/group:Group",),
    "ECS": ("ecs/cluster:Cluster", "ecs/service:Service", "ecs/taskDefinition:TaskDefinition"),
    "EKS": ("eks/cluster:Cluster", "eks/nodeGroup:NodeGroup"),
    "function": ("lambda/function:Function",),
}
INLINE = {
    "ec2/securityGroup:SecurityGroup": {"ingress", "egress"},
    "ec2/networkAcl:NetworkAcl": {"ingress", "egress", "subnetIds"},
    "ec2/routeTable:RouteTable": {"routes", "propagatingVgws"},
}
FUNCTIONS = (
    "getAmi",
    "getVpc",
    "getVpcs",
    "getSubnet",
    "getSubnets",
    "getSecurityGroup",
    "getSecurityGroups",
    "getRouteTable",
    "getRouteTables",
    "getNetworkAcls",
    "getPrefixList",
    "getManagedPrefixList",
    "getNetworkInterface",
    "getNetworkInterfaces",
    "getInternetGateway",
    "getNatGateway",
    "getVpcEndpoint",
    "getElasticIp",
    "getInstance",
    "getKeyPair",
    "getLaunchTemplate",
)


@pytest.mark.parametrize("called", TYPES)
def test_a_program_may_have_it_around_its_network(called: str) -> None:
    assert {f"aws:{each}" for each in TYPES[called]} <= KINDS.keys()


@pytest.mark.parametrize("token", INLINE)
def test_rules_may_be_listed_where_most_examples_list_them(token: str) -> None:
    known = {each.name for each in all_properties(KINDS[f"aws:{token}"])}
    assert INLINE[token] <= known


def test_what_programs_look_up_is_answered() -> None:
    assert {f"aws:ec2/{each}:{each}" for each in FUNCTIONS} <= INVOKES.keys()
    for each in ("getAvailabilityZones", "getCallerIdentity", "getRegion", "getPartition"):
        assert f"aws:index/{each}:{each}" in INVOKES


@pytest.mark.parametrize("name", ["policyTable", "connect", "multicastDomain"])
def test_what_is_not_here_is_no_type_of_the_table(name: str) -> None:
    assert not [each for each in KINDS if each.startswith(f"aws:ec2transitgateway/{name}:")]
