"""Routes of the tables of transit gateways: those that were written, and what propagates.

"If a propagated route and a static route have the same destination, the static route has the
higher priority, so the propagated route is not included in the route table":
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from local_aws.strict.blocks import standing_blocks
from local_aws.strict.rules import Request, Result, answers, invalid, refusal
from local_aws.strict.transit.filters import matching
from local_aws.strict.transit.things import (
    CARRIES,
    Attachment,
    Shown,
    StaticRoute,
    Table,
    attachment_of,
    attachments,
    living,
    of_one_gateway,
    ready,
    table_of,
)
from local_aws.strict.values import AnyNetwork, canonical, network

SEARCHES: Final = ("exact-match", "longest-prefix-match", "subnet-of-match", "supernet-of-match")
FILTERS: Final = {
    "attachment.transit-gateway-attachment-id": "of.TransitGatewayAttachmentId",
    "attachment.resource-id": "of.ResourceId",
    "attachment.resource-type": "of.ResourceType",
    "prefix-list-id": "PrefixListId",
    "state": "State",
    "type": "Type",
}


def destination(request: Request) -> str:
    if not request.params.get("DestinationCidrBlock"):
        raise refusal(
            "MissingParameter", "The request must contain the parameter destinationCidrBlock"
        )
    return canonical(request.params["DestinationCidrBlock"])


def leading(request: Request, table: Table) -> StaticRoute:
    """To an attachment of the same gateway, or nowhere."""
    params = request.params
    name, blackhole = params.get("TransitGatewayAttachmentId"), bool(params.get("Blackhole"))
    if bool(name) == blackhole:
        raise refusal(
            "InvalidParameterCombination" if name else "MissingParameter",
            "The request must contain either transitGatewayAttachmentId or blackhole.",
        )
    if not name:
        return StaticRoute(None)
    attachment = ready(attachment_of(request.cloud, name))
    of_one_gateway(table, attachment)
    return StaticRoute(attachment.id)


@answers("CreateTransitGatewayRoute")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayRoute.html"""
    table, block = table_named(request), destination(request)
    route = leading(request, table)
    if block in table.routes:
        raise refusal("RouteAlreadyExists", f"Route {block} already exists in {table.id}.")
    table.routes[block] = route
    return {"Route": static(request.cloud, block, route)}


@answers("ReplaceTransitGatewayRoute")
def replace(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceTransitGatewayRoute.html"""
    table, block = table_named(request), there(request)
    table.routes[block] = leading(request, table)
    return {"Route": static(request.cloud, block, table.routes[block])}


@answers("DeleteTransitGatewayRoute")
def delete(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGatewayRoute.html"""
    table, block = table_named(request), there(request)
    gone = static(request.cloud, block, table.routes.pop(block))
    return {"Route": {**gone, "State": "deleted"}}


def table_named(request: Request) -> Table:
    return table_of(request.cloud, request.params.get("TransitGatewayRouteTableId"))


def there(request: Request) -> str:
    table, block = table_named(request), destination(request)
    if block not in table.routes:
        raise refusal("InvalidRoute.NotFound", f"Route {block} is not in {table.id}.")
    return block


def static(cloud: Any, block: str, route: StaticRoute, prefix_list: str | None = None) -> Shown:
    held = attachments(cloud).get(route.attachment or "")
    leads = [] if held is None or not living(held) else [leads_to(held)]
    return {
        "DestinationCidrBlock": block,
        "Type": "static",
        "State": "active" if leads else "blackhole",
        **({"PrefixListId": prefix_list} if prefix_list else {}),
        **({"TransitGatewayAttachments": leads} if leads else {}),
    }


def leads_to(attachment: Attachment) -> Shown:
    return {
        "TransitGatewayAttachmentId": attachment.id,
        "ResourceId": attachment.resource,
        "ResourceType": attachment.kind,
    }


def blocks_propagated(cloud: Any, attachment: Attachment) -> list[str]:
    """A VPC's; of a VPN what its device would announce by BGP, and none here ever calls.

    Static routes of a VPN are routes of the table: "you must create a static route in the transit
    gateway route table" (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpn-attachments.html).
    """
    vpc = cloud.vpcs.get(attachment.resource)
    if attachment.kind != "vpc" or vpc is None:
        return []
    families = (False, True) if attachment.options["Ipv6Support"] == "enable" else (False,)
    return [each["cidr_block"] for six in families for each in standing_blocks(vpc, six)]


def propagated(cloud: Any, table: Table) -> Iterator[tuple[str, Attachment]]:
    """In the order in which they were attached: if a block "overlaps, the CIDR of another VPC
    that's already attached …, the routes for the newly attached VPC aren't propagated"
    (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html)."""
    before: list[AnyNetwork] = []
    for name, attachment in attachments(cloud).items():
        if attachment.gateway != table.gateway or attachment.state != CARRIES:
            continue
        blocks = blocks_propagated(cloud, attachment)
        clear = not any(network(block).overlaps(held) for block in blocks for held in before)
        before += [network(block) for block in blocks]
        if clear and name in table.propagating:
            yield from ((block, attachment) for block in blocks)


def routes_of(cloud: Any, table: Table) -> list[Shown]:
    """Those that decide: of one destination the static one, then one by prefix list."""
    found = {block: static(cloud, block, route) for block, route in table.routes.items()}
    for prefix_list, route in table.lists.items():
        held = cloud.managed_prefix_lists.get(prefix_list)
        for entry in (held.entries.get(held.version) or []) if held is not None else []:
            shown = static(cloud, entry["Cidr"], route, prefix_list)
            found.setdefault(entry["Cidr"], shown)
    for block, attachment in propagated(cloud, table):
        shown = {
            "DestinationCidrBlock": block,
            "Type": "propagated",
            "State": "active",
            "TransitGatewayAttachments": [leads_to(attachment)],
        }
        found.setdefault(block, shown)
    return sorted(found.values(), key=lambda each: str(each["DestinationCidrBlock"]))


@answers("SearchTransitGatewayRoutes")
def search(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SearchTransitGatewayRoutes.html"""
    params, table = request.params, table_named(request)
    if not params.get("Filters"):
        raise refusal("MissingParameter", "The request must contain the parameter Filters")
    most = params.get("MaxResults")
    if most is not None and not 5 <= int(most) <= 1000:
        raise invalid(f"Value ( {most} ) for parameter maxResults is invalid. 5 to 1000.")
    found = routes_of(request.cloud, table)
    others = []
    for each in params["Filters"]:
        begins, _, way = each["Name"].partition(".")
        if begins == "route-search" and way in SEARCHES:
            found = searched(found, way, [network(value) for value in each["Values"]])
        else:
            others.append(each)
    for each in found:
        each["of"] = next(iter(each.get("TransitGatewayAttachments", [])), {})
    found = matching(Request("", {"Filters": others}, request.cloud), found, FILTERS)
    for each in found:
        del each["of"]
    last = len(found) if most is None else int(most)
    return {"Routes": found[:last], "AdditionalRoutesAvailable": last < len(found)}


def searched(routes: list[Shown], way: str, wanted: list[AnyNetwork]) -> list[Shown]:
    def fits(route: Shown, block: AnyNetwork) -> bool:
        held = network(route["DestinationCidrBlock"])
        if held.version != block.version:
            return False
        if way == "exact-match":
            return held == block
        inside = held.subnet_of(block)  # type: ignore[arg-type]
        return inside if way == "subnet-of-match" else block.subnet_of(held)  # type: ignore[arg-type]

    kept = []
    for block in wanted:
        fitting = [route for route in routes if fits(route, block)]
        if way == "longest-prefix-match":
            longest = lambda each: network(each["DestinationCidrBlock"]).prefixlen  # noqa: E731
            fitting = sorted(fitting, key=longest)[-1:]
        kept += [each for each in fitting if each not in kept]
    return kept
