"""Services whose copies come and go: an autoscaling group, a service of ECS, a function of Lambda.

The fabric has their groups and subnets. Whatever holds a group there, and no other, is one of the
members that the topology declares, however many there are.
"""

import base64
import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from bulkhead.components import Fabric

config = pulumi.Config()
fabric = Fabric("fleet", topology=Path("topology.yaml"))


def trusting(service: str) -> str:
    """What lets a service of AWS take a role."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": f"{service}.amazonaws.com"},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def told(service: str) -> pulumi.Output[str]:
    """What its programs bind, connect to and set: a secret, and so is what is made of it."""
    return fabric.endpoints[service].apply(lambda found: json.dumps(found["sockets"]))


# Workers: an autoscaling group, whose launch template has the group of the service.
template = aws.ec2.LaunchTemplate(
    "worker",
    image_id=config.get("image") or "ami-0123456789abcdef0",
    instance_type="c7gn.large",
    vpc_security_group_ids=fabric.held_group_ids["worker"],
    user_data=told("worker").apply(lambda text: base64.b64encode(text.encode()).decode()),
)
aws.autoscaling.Group(
    "worker",
    min_size=2,
    max_size=40,
    desired_capacity=config.get_int("workers") or 3,
    vpc_zone_identifiers=list(fabric.service_subnet_ids["worker"].values()),
    launch_template={"id": template.id, "version": template.latest_version.apply(str)},
)

# A router: tasks of ECS, each with an interface of its own (awsvpc).
cluster = aws.ecs.Cluster("fleet")
task = aws.ecs.TaskDefinition(
    "router",
    family="router",
    cpu="256",
    memory="512",
    network_mode="awsvpc",
    requires_compatibilities=["FARGATE"],
    container_definitions=pulumi.Output.json_dumps(
        [
            {
                "name": "router",
                "image": config.get("router") or "example.org/router:7",
                "environment": [{"name": "SOCKETS", "value": told("router")}],
            }
        ]
    ),
)
aws.ecs.Service(
    "router",
    cluster=cluster.arn,
    task_definition=task.arn,
    launch_type="FARGATE",
    desired_count=2,
    network_configuration={
        "subnets": list(fabric.service_subnet_ids["router"].values()),
        "security_groups": fabric.held_group_ids["router"],
    },
)

# An alarm: a function, which connects and to which nobody can.
role = aws.iam.Role("alarm", assume_role_policy=trusting("lambda"))
access = aws.iam.RolePolicyAttachment(
    "alarm",
    role=role.name,
    policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
)
aws.lambda_.Function(
    "alarm",
    role=role.arn,
    runtime="python3.12",
    handler="index.handler",
    code=pulumi.AssetArchive(
        {"index.py": pulumi.StringAsset("def handler(event, context):\n    return 0\n")}
    ),
    environment={"variables": {"SOCKETS": told("alarm")}},
    vpc_config={
        "subnet_ids": list(fabric.service_subnet_ids["alarm"].values()),
        "security_group_ids": fabric.held_group_ids["alarm"],
    },
    opts=pulumi.ResourceOptions(depends_on=[access]),
)

pulumi.export("groups", fabric.group_ids)
pulumi.export("subnets", fabric.service_subnet_ids)
