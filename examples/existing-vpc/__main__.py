"""The network of a topology in a VPC of others. Before: `bulkhead adopt topology.yaml`."""

from pathlib import Path

import pulumi

from bulkhead.components import Fabric

fabric = Fabric("annex", topology=Path("topology.yaml"))

pulumi.export("vpc", fabric.vpc_id)
pulumi.export("groups", fabric.group_ids)
