"""Services in subnets of others. Before: `bulkhead adopt topology.yaml`."""

from pathlib import Path

import pulumi

from bulkhead.components import Fabric

fabric = Fabric("guests", topology=Path("topology.yaml"))

pulumi.export("subnets", fabric.service_subnet_ids["recorder"])
pulumi.export("groups", fabric.held_group_ids["recorder"])
