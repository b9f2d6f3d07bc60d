"""aws.ec2transitgateway: route tables, what is tied to them, and their routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.kinds.routes import canonical
from local_aws.provider.kinds.transit_gateways import (
    UNDER_WAY,
    find,
    made,
    set_tie,
    tie,
)
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, arguments_of, tags_of
from local_aws.provider.waiting import gone, settled
from local_aws.wire import Properties

TABLE = (Property("transitGatewayId", "TransitGatewayId", required=True, replaces=True),)


def find_table(aws: Aws, name: str) -> Answer | None:
    operation, field = "describe_transit_gateway_route_tables", "TransitGatewayRouteTables"
    return find(aws, operation, field, "TransitGatewayRouteTableIds", name)


def read_table(aws: Aws, name: str, state: State) -> State | None:
    found = find_table(aws, name)
    if found is None:
        return None
    return {
        "transitGatewayId": found["TransitGatewayId"],
        "arn": aws.arn("transit-gateway-route-table", name),
        "defaultAssociationRouteTable": found.get("DefaultAssociationRouteTable"),
        "defaultPropagationRouteTable": found.get("DefaultPropagationRouteTable"),
        "tags": tags_of(found),
    }


def delete_table(aws: Aws, name: str, state: State) -> None:
    if find_table(aws, name) is not None:
        aws.gone("delete_transit_gateway_route_table", TransitGatewayRouteTableId=name)
        gone(lambda: find_table(aws, name), name)


ATTACHED = Property(
    "transitGatewayAttachmentId", "TransitGatewayAttachmentId", required=True, replaces=True
)
AT = Property(
    "transitGatewayRouteTableId", "TransitGatewayRouteTableId", required=True, replaces=True
)


def tie_id(inputs: Properties) -> str:
    """Terraform's: the table, then the attachment."""
    return f"{inputs['transitGatewayRouteTableId']}_{inputs['transitGatewayAttachmentId']}"


def tied(way: str) -> Callable[[Aws, Properties, Mapping[str, str]], str]:
    def create(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
        table, attachment = tie_id(inputs).split("_")
        if way == "Association" and inputs.get("replaceExistingAssociation"):
            leave_other(aws, attachment, table)
        # Without a look before: what is tied already, AWS refuses, as the program has it twice.
        do = {
            "Association": "associate_transit_gateway_route_table",
            "Propagation": "enable_transit_gateway_route_table_propagation",
        }[way]
        aws.call(do, TransitGatewayRouteTableId=table, TransitGatewayAttachmentId=attachment)
        settled(
            lambda: tie(aws, way, table, attachment), tie_id(inputs), ("associating", "enabling")
        )
        return tie_id(inputs)

    return create


def leave_other(aws: Aws, attachment: str, table: str) -> None:
    found = aws.one(
        "describe_transit_gateway_attachments",
        "TransitGatewayAttachments",
        TransitGatewayAttachmentIds=[attachment],
    )
    held = found.inside("Association").get("TransitGatewayRouteTableId") if found else None
    if held and held != table:
        set_tie(aws, "Association", str(held), attachment, wanted=False)


def read_tie(way: str) -> Callable[[Aws, str, State], State | None]:
    def read(aws: Aws, name: str, state: State) -> State | None:
        table, _, attachment = name.partition("_")
        if not attachment:
            raise Refused("", "import it by <route table id>_<attachment id>")
        found = tie(aws, way, table, attachment)
        if found is None:
            return None
        return {
            "transitGatewayAttachmentId": attachment,
            "transitGatewayRouteTableId": table,
            "resourceId": found["ResourceId"],
            "resourceType": found["ResourceType"],
            # Who was there before is no part of what stands.
            "replaceExistingAssociation": state.get("replaceExistingAssociation"),
        }

    return read


def untied(way: str) -> Callable[[Aws, str, State], None]:
    def delete(aws: Aws, name: str, state: State) -> None:
        table, _, attachment = name.partition("_")
        try:
            set_tie(aws, way, table, attachment, wanted=False)
        except Refused as refused:
            if not refused.not_found:
                raise

    return delete


def found_tie(way: str) -> Callable[[Aws, Properties], str | None]:
    def look(aws: Aws, inputs: Properties) -> str | None:
        table, attachment = tie_id(inputs).split("_")
        return tie_id(inputs) if tie(aws, way, table, attachment) is not None else None

    return look


LEADS = (
    Property("blackhole", "Blackhole", replaces=True, default=False),
    Property("transitGatewayAttachmentId", "TransitGatewayAttachmentId", replaces=True),
)
ROUTE = (
    Property(
        "destinationCidrBlock",
        "DestinationCidrBlock",
        required=True,
        replaces=True,
        canonical=canonical,
    ),
    AT,
    *LEADS,
)


def either(inputs: Properties) -> Mapping[str, str]:
    if bool(inputs.get("blackhole")) == bool(inputs.get("transitGatewayAttachmentId")):
        return {"transitGatewayAttachmentId": "give either it or blackhole"}
    return {}


def create_route(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    aws.call("create_transit_gateway_route", **arguments_of(ROUTE, inputs))
    return route_id(inputs)


def route_id(inputs: Properties) -> str:
    return f"{inputs['transitGatewayRouteTableId']}_{inputs['destinationCidrBlock']}"


def find_route(aws: Aws, name: str) -> Answer | None:
    """The static one: a propagated one of the same destination is nobody's."""
    table, _, block = name.partition("_")
    if not block:
        raise Refused("", "import a route by <route table id>_<destination>")
    wanted = [
        {"Name": "type", "Values": ["static"]},
        {"Name": "route-search.exact-match", "Values": [block]},
    ]
    named: dict[str, Any] = {"TransitGatewayRouteTableId": table, "Filters": wanted}
    try:
        found = aws.listed("search_transit_gateway_routes", "Routes", **named)
    except Refused as refused:
        if refused.not_found:
            return None
        raise
    return next((each for each in found if not each.get("PrefixListId")), None)


def read_route(aws: Aws, name: str, state: State) -> State | None:
    found = find_route(aws, name)
    if found is None:
        return None
    leads = found.get("TransitGatewayAttachments")
    return {
        "destinationCidrBlock": found["DestinationCidrBlock"],
        "transitGatewayRouteTableId": name.partition("_")[0],
        "transitGatewayAttachmentId": leads[0]["TransitGatewayAttachmentId"] if leads else None,
        "blackhole": found["State"] == "blackhole",
    }


def delete_route(aws: Aws, name: str, state: State) -> None:
    table, _, block = name.partition("_")
    named = {"TransitGatewayRouteTableId": table, "DestinationCidrBlock": block}
    aws.gone("delete_transit_gateway_route", **named)


REFERENCE = (
    Property("prefixListId", "PrefixListId", required=True, replaces=True),
    AT,
    Property("blackhole", "Blackhole", default=False),
    Property("transitGatewayAttachmentId", "TransitGatewayAttachmentId"),
)


def reference_id(inputs: Properties) -> str:
    return f"{inputs['transitGatewayRouteTableId']}_{inputs['prefixListId']}"


def find_reference(aws: Aws, name: str) -> Answer | None:
    table, _, prefix_list = name.partition("_")
    if not prefix_list:
        raise Refused("", "import it by <route table id>_<prefix list id>")
    return aws.one(
        "get_transit_gateway_prefix_list_references",
        "TransitGatewayPrefixListReferences",
        TransitGatewayRouteTableId=table,
        Filters=[{"Name": "prefix-list-id", "Values": [prefix_list]}],
    )


def create_reference(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = reference_id(inputs)
    operation = "create_transit_gateway_prefix_list_reference"
    aws.call(operation, **arguments_of(REFERENCE, inputs))
    settled(lambda: find_reference(aws, name), name, UNDER_WAY)
    return name


def read_reference(aws: Aws, name: str, state: State) -> State | None:
    found = find_reference(aws, name)
    if found is None:
        return None
    attachment = found.inside("TransitGatewayAttachment").get("TransitGatewayAttachmentId")
    return {
        "prefixListId": found["PrefixListId"],
        "prefixListOwnerId": found.get("PrefixListOwnerId"),
        "transitGatewayRouteTableId": found["TransitGatewayRouteTableId"],
        "transitGatewayAttachmentId": attachment,
        "blackhole": found["Blackhole"],
    }


def change_reference(aws: Aws, name: str, old: State, new: Properties) -> None:
    operation = "modify_transit_gateway_prefix_list_reference"
    aws.call(operation, **arguments_of(REFERENCE, new))
    settled(lambda: find_reference(aws, name), name, UNDER_WAY)


def delete_reference(aws: Aws, name: str, state: State) -> None:
    table, _, prefix_list = name.partition("_")
    aws.gone(
        "delete_transit_gateway_prefix_list_reference",
        TransitGatewayRouteTableId=table,
        PrefixListId=prefix_list,
    )


def tie_kind(way: str, *more: Property) -> Kind:
    short = f"outeTable{way}"
    return Kind(
        token=f"aws:ec2transitgateway/r{short}:R{short}",
        properties=(ATTACHED, AT, *more),
        outputs=("resourceId", "resourceType"),
        create=tied(way),
        read=read_tie(way),
        delete=untied(way),
        find=found_tie(way),
        taggable=False,
    )


KINDS = (
    Kind(
        token="aws:ec2transitgateway/routeTable:RouteTable",
        properties=TABLE,
        outputs=("arn", "defaultAssociationRouteTable", "defaultPropagationRouteTable"),
        create=made(
            "create_transit_gateway_route_table",
            "TransitGatewayRouteTable",
            "TransitGatewayRouteTableId",
            "transit-gateway-route-table",
            find_table,
            lambda aws, inputs: arguments_of(TABLE, inputs),
        ),
        read=read_table,
        delete=delete_table,
    ),
    tie_kind("Association", Property("replaceExistingAssociation", replaces=True)),
    tie_kind("Propagation"),
    Kind(
        token="aws:ec2transitgateway/route:Route",
        properties=ROUTE,
        outputs=(),
        create=create_route,
        read=read_route,
        delete=delete_route,
        find=lambda aws, inputs: route_id(inputs) if find_route(aws, route_id(inputs)) else None,
        taggable=False,
        problems=either,
    ),
    Kind(
        token="aws:ec2transitgateway/prefixListReference:PrefixListReference",
        properties=REFERENCE,
        outputs=("prefixListOwnerId",),
        create=create_reference,
        read=read_reference,
        update=change_reference,
        delete=delete_reference,
        find=lambda aws, inputs: reference_id(inputs),
        taggable=False,
        problems=either,
    ),
)
