"""The network of a topology, and in it what this program makes itself."""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from bulkhead.components import Fabric

fabric = Fabric("market", topology=Path("topology.yaml"))

# A host of the program's own, in the subnet of a service and with the service's group.
aws.ec2.NetworkInterface(
    "momentum-canary",
    subnet_id=fabric.service_subnet_ids["momentum"]["eu-west-1a"],
    security_groups=[fabric.group_ids["momentum"]],
    tags={"Name": "momentum-canary"},
)

pulumi.export("interfaces", fabric.interface_ids)
pulumi.export("endpoints", fabric.endpoints)
