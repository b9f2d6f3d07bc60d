"""VPC endpoints: those that routes lead to, and those that have interfaces of their own."""

from __future__ import annotations

from bulkhead.network import GatewayEndpoint
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.record import Gaps, Record

_GONE = ("deleting", "deleted")


def gateway_endpoints(described: Described, gaps: Gaps) -> tuple[GatewayEndpoint, ...]:
    """S3 and DynamoDB by route. Interface endpoints are their interfaces."""
    found = []
    for record in described["VpcEndpoints"]:
        with gaps.needing(record):
            endpoint = record.text("VpcEndpointId")
            if _is_gateway(record) and (record.maybe("State") or "").lower() not in _GONE:
                found.append(
                    GatewayEndpoint(
                        id=endpoint,
                        name=name_of(record, endpoint),
                        vpc=record.text("VpcId"),
                        service=record.maybe("ServiceName") or "",
                    )
                )
    return tuple(found)


def other_endpoints(described: Described) -> set[str]:
    """VPC endpoints that are not a gateway endpoint."""
    return {
        each.text("VpcEndpointId") for each in described["VpcEndpoints"] if not _is_gateway(each)
    }


def _is_gateway(record: Record) -> bool:
    # Answers from before 2017 know no other type and do not name it.
    return (record.maybe("VpcEndpointType") or "Gateway") == "Gateway"
