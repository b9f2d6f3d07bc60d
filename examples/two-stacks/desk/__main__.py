"""A team's own stack: it makes its hosts, in subnets and with groups of the network's stack."""

import pulumi
import pulumi_aws as aws

network = pulumi.StackReference(f"{pulumi.get_organization()}/shared-network/{pulumi.get_stack()}")
subnets = network.require_output("subnets")
groups = network.require_output("groups")

aws.ec2.NetworkInterface(
    "arbitrage-canary",
    subnet_id=subnets["arbitrage"]["eu-west-1a"],
    security_groups=[groups["arbitrage"]],
    tags={"Name": "arbitrage-canary"},
)

pulumi.export("sockets", network.require_output("endpoints")["arbitrage"]["sockets"])
