"""Pods of EKS with security groups of their own, and the cluster that runs them.

The fabric has the groups and subnets. A node stands where its launch template's group belongs, a
pod gets an interface of its own in the subnet of its node, and which group that holds a
SecurityGroupPolicy says: `pulumi stack output securityGroupPolicies --json | kubectl apply -f -`.
"""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from bulkhead.components import Fabric

PODS = ("ventilator", "worker")
NAMESPACE = "market"

config = pulumi.Config()
fabric = Fabric("pods", topology=Path("topology.yaml"))


def role(name: str, service: str, *policies: str) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    """A role that a service of AWS takes, and what it may do."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": f"{service}.amazonaws.com"},
    }
    made = aws.iam.Role(
        name, assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    allowed: list[pulumi.Resource] = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{policy}", role=made.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}"
        )
        for policy in policies
    ]
    return made, allowed


# AmazonEKSVPCResourceController is what makes interfaces for pods.
controls, may_control = role(
    "control", "eks", "AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"
)
cluster = aws.eks.Cluster(
    "pods",
    name="pods",  # as the topology has it
    role_arn=controls.arn,
    vpc_config={
        "subnet_ids": list(fabric.service_subnet_ids["control"].values()),
        "security_group_ids": [fabric.group_ids["control"]],
        "endpoint_private_access": True,
        "endpoint_public_access": config.get_bool("public") or False,
    },
    opts=pulumi.ResourceOptions(depends_on=may_control),
)

# A node whose launch template names no group holds EKS's own, whose members may do anything.
template = aws.ec2.LaunchTemplate("nodes", vpc_security_group_ids=[fabric.group_ids["nodes"]])
runs, may_run = role(
    "nodes",
    "ec2",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryReadOnly",
)
aws.eks.NodeGroup(
    "nodes",
    cluster_name=cluster.name,
    node_role_arn=runs.arn,
    subnet_ids=list(fabric.service_subnet_ids["nodes"].values()),
    # Of a type that takes trunk interfaces: no type of the family t does.
    instance_types=["m7g.large"],
    ami_type="AL2023_ARM_64_STANDARD",
    launch_template={"id": template.id, "version": template.latest_version.apply(str)},
    scaling_config={"min_size": 2, "desired_size": config.get_int("nodes") or 2, "max_size": 4},
    opts=pulumi.ResourceOptions(depends_on=may_run),
)


def policy(service: str) -> pulumi.Output[dict[str, object]]:
    """Pods of the service hold its group and no other."""
    return fabric.group_ids[service].apply(
        lambda group: {
            "apiVersion": "vpcresources.k8s.aws/v1beta1",
            "kind": "SecurityGroupPolicy",
            "metadata": {"name": service, "namespace": NAMESPACE},
            "spec": {
                "podSelector": {"matchLabels": {"app": service}},
                "securityGroups": {"groupIds": [group]},
            },
        }
    )


pulumi.export(
    "securityGroupPolicies",
    {"apiVersion": "v1", "kind": "List", "items": [policy(service) for service in PODS]},
)
pulumi.export("cluster", cluster.name)
pulumi.export("groups", fabric.group_ids)
pulumi.export("subnets", fabric.service_subnet_ids)
