"""VPC peering connections: whose blocks overlap fails, and who is asked accepts."""

from __future__ import annotations

from local_aws.strict.blocks import standing_blocks
from local_aws.strict.rules import Request, Result, amends, refusal, refuses
from local_aws.strict.values import network


@amends("CreateVpcPeeringConnection")
def a_connection_of_overlapping_blocks_fails(request: Request, result: Result) -> None:
    """https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations"""
    made = result["VpcPeeringConnection"]
    for ipv6 in (False, True):
        for one in standing_blocks(made.vpc, ipv6):
            for other in standing_blocks(made.peer_vpc, ipv6):
                if network(one["cidr_block"]).overlaps(network(other["cidr_block"])):
                    made._status.code = "failed"
                    made._status.message = "Failed due to incorrect VPC-ID, Account ID, or"
                    made._status.message += " overlapping CIDR range"


@refuses("AcceptVpcPeeringConnection")
def what_waits_is_accepted(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcPeeringConnection.html"""
    name = request.params["VpcPeeringConnectionId"]
    held = request.cloud.get_vpc_peering_connection(name)
    if held._status.code != "pending-acceptance":
        raise refusal(
            "InvalidStateTransition",
            f"Invalid state transition for {name}, attempted to transition from"
            f" {held._status.code} to active",
        )
