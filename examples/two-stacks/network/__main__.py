"""The network of a topology, handed out to the stacks of others."""

from pathlib import Path

import pulumi

from bulkhead.components import Fabric

fabric = Fabric("floor", topology=Path("topology.yaml"))

pulumi.export("subnets", fabric.service_subnet_ids)
pulumi.export("groups", fabric.group_ids)
# Secret here, and secret in every stack that reads it.
pulumi.export("endpoints", fabric.endpoints)
