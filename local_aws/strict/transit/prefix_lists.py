"""Routes of a transit gateway's table by prefix list.

https://docs.aws.amazon.com/vpc/latest/tgw/create-prefix-list-reference.html
"""

from __future__ import annotations

from typing import Any, Final

from local_aws.strict.prefix_lists import list_of
from local_aws.strict.rules import Request, Result, answers, refusal, refuses
from local_aws.strict.transit.filters import matching
from local_aws.strict.transit.routes import leading, leads_to, table_named
from local_aws.strict.transit.things import Shown, StaticRoute, Table, attachments, living, tables

FILTERS: Final = {
    "attachment.resource-id": "TransitGatewayAttachment.ResourceId",
    "attachment.resource-type": "TransitGatewayAttachment.ResourceType",
    "attachment.transit-gateway-attachment-id": (
        "TransitGatewayAttachment.TransitGatewayAttachmentId"
    ),
    "is-blackhole": "Blackhole",
    "prefix-list-id": "PrefixListId",
    "prefix-list-owner-id": "PrefixListOwnerId",
    "state": "State",
}
FIELD: Final = "TransitGatewayPrefixListReference"


@answers("CreateTransitGatewayPrefixListReference")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayPrefixListReference.html"""
    table, held = table_named(request), list_of(request)
    route = leading(request, table)
    if held.id in table.lists:
        raise refusal("RouteAlreadyExists", f"{held.id} is referenced in {table.id} already.")
    table.lists[held.id] = route
    return {FIELD: {**shown(request.cloud, table, held.id), "State": "pending"}}


@answers("ModifyTransitGatewayPrefixListReference")
def modify(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGatewayPrefixListReference.html"""
    table, name = referenced(request)
    table.lists[name] = leading(request, table)
    return {FIELD: {**shown(request.cloud, table, name), "State": "modifying"}}


@answers("DeleteTransitGatewayPrefixListReference")
def delete(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGatewayPrefixListReference.html"""
    table, name = referenced(request)
    gone = shown(request.cloud, table, name)
    del table.lists[name]
    return {FIELD: {**gone, "State": "deleting"}}


def referenced(request: Request) -> tuple[Table, str]:
    table, held = table_named(request), list_of(request)
    if held.id not in table.lists:
        raise refusal("InvalidPrefixListID.NotFound", f"{held.id} is not in {table.id}.")
    return table, str(held.id)


def shown(cloud: Any, table: Table, prefix_list: str) -> Shown:
    route: StaticRoute = table.lists[prefix_list]
    held = attachments(cloud).get(route.attachment or "")
    return {
        "TransitGatewayRouteTableId": table.id,
        "PrefixListId": prefix_list,
        "PrefixListOwnerId": cloud.managed_prefix_lists[prefix_list].owner_id,
        "State": "available",
        "Blackhole": route.attachment is None,
        **({"TransitGatewayAttachment": leads_to(held)} if held is not None else {}),
    }


@answers("GetTransitGatewayPrefixListReferences")
def references(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetTransitGatewayPrefixListReferences.html"""
    table = table_named(request)
    held = [shown(request.cloud, table, each) for each in table.lists]
    return {f"{FIELD}s": matching(request, held, FILTERS)}


@refuses("DeleteManagedPrefixList")
def a_list_that_a_table_refers_to_stays(request: Request) -> None:
    """ "You must first remove all references to the prefix list in your resources":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteManagedPrefixList.html"""
    name = request.params["PrefixListId"]
    if any(name in each.lists for each in tables(request.cloud).values() if living(each)):
        raise refusal("DependencyViolation", f"The prefix list '{name}' is in use.")
