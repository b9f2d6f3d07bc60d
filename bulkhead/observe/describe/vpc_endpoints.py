"""VPC endpoints: those that routes lead to, and those that have interfaces of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from bulkhead.network import GatewayEndpoint
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.describe.prefix_lists import PrefixLists
from bulkhead.observe.record import Gaps, Record

_GONE = ("deleting", "deleted")
_CARRIES: Final[Mapping[str, Collection[int]]] = {"ipv4": (4,), "ipv6": (6,), "dualstack": (4, 6)}


def gateway_endpoints(
    described: Described, lists: PrefixLists, gaps: Gaps
) -> tuple[GatewayEndpoint, ...]:
    """S3 and DynamoDB by route. Interface endpoints are their interfaces.

    AWS calls the list of a service as it calls the service
    (docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html).
    """
    found = []
    listed = {name: known_as for known_as, name in lists.names.items()}
    for record in described["VpcEndpoints"]:
        with gaps.needing(record):
            endpoint = record.text("VpcEndpointId")
            if _is_gateway(record) and (record.maybe("State") or "").lower() not in _GONE:
                service = record.maybe("ServiceName") or ""
                found.append(
                    GatewayEndpoint(
                        id=endpoint,
                        name=name_of(record, endpoint),
                        vpc=record.text("VpcId"),
                        service=service,
                        prefix_list=listed.get(service),
                        cidrs=lists.blocks.get(listed.get(service, ""), ()),
                    )
                )
    return tuple(found)


def families_of_endpoints(
    described: Described, endpoints: Iterable[GatewayEndpoint]
) -> dict[str, Collection[int]]:
    """Gateway endpoint -> of which families its prefix lists may be: 4, 6 or both.

    An answer that does not say it leaves both open
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html)
    """
    stated = {each.text("VpcEndpointId"): each for each in described["VpcEndpoints"]}
    return {
        each.id: _CARRIES.get(stated[each.id].maybe("IpAddressType") or "", (4, 6))
        for each in endpoints
    }


def _is_gateway(record: Record) -> bool:
    # Answers from before 2017 know no other type and do not name it.
    return (record.maybe("VpcEndpointType") or "Gateway") == "Gateway"
