"""The network of a topology, and in it what this program makes itself."""

import base64
import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from bulkhead.components import Fabric

fabric = Fabric("market", topology=Path("topology.yaml"))

# Hosts that come and go, of an autoscaling group say, hold the service's group.
aws.ec2.LaunchTemplate(
    "momentum",
    image_id=pulumi.Config().get("image") or "ami-0123456789abcdef0",
    instance_type="c7gn.large",
    vpc_security_group_ids=fabric.held_group_ids["momentum"],
    # What to bind, connect to and set: a secret, and so is what is made of it.
    user_data=fabric.endpoints["momentum"].apply(
        lambda told: base64.b64encode(json.dumps(told["sockets"]).encode()).decode()
    ),
)

# One host of the program's own, in a subnet of the service.
aws.ec2.NetworkInterface(
    "momentum-canary",
    subnet_id=fabric.service_subnet_ids["momentum"]["eu-west-1a"],
    security_groups=fabric.held_group_ids["momentum"],
    tags={"Name": "momentum-canary"},
)

pulumi.export("interfaces", fabric.interface_ids)
pulumi.export("endpoints", fabric.endpoints)
