"""What `pulumi up` runs: the fabric of the topology that the stack's config names."""

from __future__ import annotations

import sys
from contextlib import chdir
from pathlib import Path

# The engine runs this folder as a program; the rooms beside it are its libraries.
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pulumi  # noqa: E402

from components import Fabric  # noqa: E402
from infra.before import known_before  # noqa: E402


def main() -> None:
    """Build the network and export what other stacks and people need of it."""
    topology = Path(pulumi.Config().require("topology"))
    # Paths in Pulumi.<stack>.yaml are relative to Pulumi.yaml; messages name them as written.
    with chdir(ROOT):
        fabric = Fabric(
            pulumi.get_project(),
            topology=topology,
            opts=pulumi.ResourceOptions(transformations=[known_before]),
        )
    pulumi.export("topology", fabric.topology)
    pulumi.export("vpcId", fabric.vpc_id)
    if len(fabric.vpc_ids) > 1:
        pulumi.export("vpcIds", fabric.vpc_ids)
    for key, told in (
        ("publicAddresses", fabric.public_addresses),
        ("natAddresses", fabric.nat_addresses),
    ):
        if told:
            pulumi.export(key, told)
    if fabric.plan.ipv6_pool is not None:
        pulumi.export("ipv6CidrBlock", fabric.ipv6_cidr_block)
    # Who has it has the map of the network; and of what is no secret an engine prints every leaf.
    pulumi.export("endpoints", pulumi.Output.secret(fabric.endpoints))


main()
