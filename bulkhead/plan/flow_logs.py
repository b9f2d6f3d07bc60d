"""What is recorded of the traffic of a topology's VPC."""

from __future__ import annotations

from bulkhead.intent import Topology
from bulkhead.network import FlowLogging
from bulkhead.network.flow_logs import ENCRYPTION, RECORDED
from bulkhead.network.inventory import FlowLog, Listed
from bulkhead.plan.existing import vpc_id


def flow_logging(topology: Topology) -> FlowLogging | None:
    """Where flow logs go; None where somebody said why nothing is recorded, and in a VPC of others,
    which they look after."""
    said = topology.flow_logs
    if said.to == "none" or topology.vpc is not None:
        return None
    return FlowLogging(
        id=flow_log_id(topology),
        name=topology.name,
        vpc=vpc_id(topology),
        to=said.to,
        retention=said.retention if said.to == "cloudwatch" else 0,
        bucket=said.bucket,
        fields=(*RECORDED, *((ENCRYPTION,) if topology.vpc_encryption else ())),
    )


def flow_log_id(topology: Topology) -> str:
    """What the flow log is called in a plan."""
    return f"flow-log/{topology.name}"


def recorded(topology: Topology) -> str:
    """What of the traffic, and where: 'all, to CloudWatch for 365 days'; or why nothing is."""
    said = topology.flow_logs
    if topology.vpc is not None:
        return "what the owner of the VPC records"
    if said.to == "none":
        return f"nothing: {said.why}"
    place = f"S3 in {said.bucket}" if said.bucket else f"CloudWatch for {said.retention} days"
    return f"all, to {place}{', with what is encrypted' * (topology.vpc_encryption is not None)}"


def as_listed(logging: FlowLogging | None) -> Listed[FlowLog]:
    """The same as it is read back of an account: all there is."""
    if logging is None:
        return Listed((), ())
    log = FlowLog(id=logging.id, resource=logging.vpc, traffic=logging.traffic)
    return Listed((log,), ())
