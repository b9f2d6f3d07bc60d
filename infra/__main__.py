"""What `pulumi up` runs: read the stack's config, load the topology, plan it, build it."""

from __future__ import annotations

import sys
from pathlib import Path

# The engine runs this folder as a program; the rooms beside it are its libraries.
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import pulumi  # noqa: E402
import pulumi_aws as aws  # noqa: E402

from bulkhead.intent import load  # noqa: E402
from bulkhead.plan import Plan  # noqa: E402
from bulkhead.plan.files import locked_plan, save_lock  # noqa: E402
from bulkhead.problems import InputError, Problem  # noqa: E402
from bulkhead.settings import as_plain, every_settings  # noqa: E402
from infra.build import build  # noqa: E402


def planned() -> Plan:
    """The plan of the topology that the stack's config names.

    Only an update writes the lock file; a preview leaves everything as it was.
    """
    path = Path(pulumi.Config().require("topology"))
    # Paths in Pulumi.<stack>.yaml are relative to Pulumi.yaml; messages name them as written.
    plan = locked_plan(path, root=ROOT)
    region = plan.network.vpcs[0].region
    if aws.config.region and aws.config.region != region:
        raise InputError(
            [
                Problem(
                    str(path),
                    0,
                    f"is for region {region}, the stack's aws:region is {aws.config.region}",
                    f"run: pulumi config set aws:region {region}",
                )
            ]
        )
    if not pulumi.runtime.is_dry_run():
        save_lock(path, plan, root=ROOT)
    return plan


def main() -> None:
    """Build the network and export what other stacks and people need of it."""
    try:
        plan = planned()
    except InputError as error:
        raise pulumi.RunError(f"nothing was changed:\n{error}") from None
    for warning in plan.warnings:
        pulumi.log.warn(str(warning))
    vpc = build(plan)
    pulumi.export("topology", plan.topology)
    pulumi.export("vpcId", vpc.vpc_id)
    wanted = load(ROOT / pulumi.Config().require("topology"))
    told = {name: as_plain(each) for name, each in every_settings(wanted, plan).items()}
    # Who has it has the map of the network; and of what is no secret an engine prints every leaf.
    pulumi.export("endpoints", pulumi.Output.secret(told))


main()
