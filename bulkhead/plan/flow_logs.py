"""What is recorded of the traffic of a topology's VPCs."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.intent import Topology
from bulkhead.network import FlowLogging
from bulkhead.network.flow_logs import ENCRYPTION, RECORDED
from bulkhead.network.inventory import FlowLog, Listed
from bulkhead.plan.existing import vpc_id, vpc_name


def flow_logging(topology: Topology) -> tuple[FlowLogging, ...]:
    """Where flow logs go, of each VPC; none where somebody said why nothing is recorded, and in a
    VPC of others, which they look after."""
    said = topology.flow_logs
    if said.to == "none" or topology.vpc is not None:
        return ()
    return tuple(
        FlowLogging(
            id=flow_log_id(topology, name),
            name=vpc_name(topology, name),
            vpc=vpc_id(topology, name),
            to=said.to,
            retention=said.retention if said.to == "cloudwatch" else 0,
            bucket=said.bucket,
            fields=(*RECORDED, *((ENCRYPTION,) if topology.vpc_encryption else ())),
        )
        for name in topology.own_vpcs
    )


def flow_log_id(topology: Topology, vpc: str = "") -> str:
    """What the flow log of a VPC is called in a plan."""
    return f"flow-log/{vpc_name(topology, vpc)}"


def recorded(topology: Topology) -> str:
    """What of the traffic, and where: 'all, to CloudWatch for 365 days'; or why nothing is."""
    said = topology.flow_logs
    if topology.vpc is not None:
        return "what the owner of the VPC records"
    if said.to == "none":
        return f"nothing: {said.why}"
    place = f"S3 in {said.bucket}" if said.bucket else f"CloudWatch for {said.retention} days"
    return f"all, to {place}{', with what is encrypted' * (topology.vpc_encryption is not None)}"


def as_listed(logs: Iterable[FlowLogging]) -> Listed[FlowLog]:
    """The same as it is read back of an account: all there is."""
    found = (FlowLog(id=each.id, resource=each.vpc, traffic=each.traffic) for each in logs)
    return Listed(tuple(found), ())
