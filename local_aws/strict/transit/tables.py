"""Route tables of transit gateways: what each attachment uses, and what propagates to them."""

from __future__ import annotations

from typing import Any, Final

from moto.ec2.utils import add_tag_specification, random_id

from local_aws.strict.rules import Request, Result, answers, refusal
from local_aws.strict.transit.filters import chosen, matching
from local_aws.strict.transit.things import (
    LIMIT,
    Attachment,
    Shown,
    Table,
    attachment_of,
    attachments,
    gateway_of,
    of_one_gateway,
    ready,
    table_of,
    tables,
    tables_of,
    tag_list,
)

TABLES: Final = 20
"""https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-quotas.html"""
FILTERS: Final = {
    "default-association-route-table": "DefaultAssociationRouteTable",
    "default-propagation-route-table": "DefaultPropagationRouteTable",
    "state": "State",
    "transit-gateway-id": "TransitGatewayId",
    "transit-gateway-route-table-id": "TransitGatewayRouteTableId",
}
OF_A_TIE: Final = {
    "resource-id": "ResourceId",
    "resource-type": "ResourceType",
    "transit-gateway-attachment-id": "TransitGatewayAttachmentId",
}


def new_table(cloud: Any, gateway: str) -> Table:
    table = Table(random_id("tgw-rtb"), gateway)
    tables(cloud)[table.id] = table
    return table


@answers("CreateTransitGatewayRouteTable")
def create(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayRouteTable.html"""
    params, cloud = request.params, request.cloud
    gateway = gateway_of(cloud, params.get("TransitGatewayId"))
    if len(tables_of(cloud, gateway.id)) >= TABLES:
        raise refusal(LIMIT, f"{gateway.id} has {TABLES} route tables.")
    table = new_table(cloud, gateway.id)
    cloud.create_tags([table.id], add_tag_specification(params.get("TagSpecifications") or []))
    return {"TransitGatewayRouteTable": {**shown(cloud, table), "State": "pending"}}


def shown(cloud: Any, table: Table) -> Shown:
    return {
        "TransitGatewayRouteTableId": table.id,
        "TransitGatewayId": table.gateway,
        "State": table.state,
        "DefaultAssociationRouteTable": default_for(cloud, table, "Association"),
        "DefaultPropagationRouteTable": default_for(cloud, table, "Propagation"),
        "CreationTime": table.created,
        "Tags": tag_list(cloud, table.id),
    }


def default_for(cloud: Any, table: Table, way: str) -> bool:
    options = cloud.transit_gateways[table.gateway].options
    on = options[f"DefaultRouteTable{way}"] == "enable"
    return bool(on and options.get(f"{way}DefaultRouteTableId") == table.id)


@answers("DescribeTransitGatewayRouteTables")
def describe(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTransitGatewayRouteTables.html"""
    cloud = request.cloud
    those = chosen(
        request,
        "TransitGatewayRouteTableIds",
        "TransitGatewayRouteTableId",
        FILTERS,
        lambda name: table_of(cloud, name),
    )
    found = those([shown(cloud, each) for each in tables(cloud).values()])
    return {"TransitGatewayRouteTables": found}


@answers("DeleteTransitGatewayRouteTable")
def delete(request: Request) -> Result:
    """ "you must first run DisassociateTransitGatewayRouteTable":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTransitGatewayRouteTable.html"""
    cloud = request.cloud
    table = table_of(cloud, request.params.get("TransitGatewayRouteTableId"))
    if table.associated:
        held = ", ".join(table.associated)
        raise refusal("IncorrectState", f"{table.id} has associations: {held}.")
    if any(default_for(cloud, table, way) for way in ("Association", "Propagation")):
        raise refusal("IncorrectState", f"{table.id} is the default route table of its gateway.")
    table.state = "deleted"
    table.propagating.clear()
    cloud.tags.pop(table.id, None)
    return {"TransitGatewayRouteTable": {**shown(cloud, table), "State": "deleting"}}


def table_used_by(cloud: Any, attachment: Attachment) -> Table | None:
    found = (each for each in tables(cloud).values() if attachment.id in each.associated)
    return next(found, None)


def tie(cloud: Any, attachment: Attachment) -> None:
    """With the default tables, as far as the gateway has such. A peering learns nothing.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """
    options = cloud.transit_gateways[attachment.gateway].options
    for way in ("Association", "Propagation"):
        if options[f"DefaultRouteTable{way}"] != "enable":
            continue
        table = tables(cloud)[options[f"{way}DefaultRouteTableId"]]
        if way == "Association":
            table.associated.append(attachment.id)
        elif attachment.kind != "peering":
            table.propagating.append(attachment.id)


def untie(cloud: Any, attachment: Attachment) -> None:
    for table in tables(cloud).values():
        for held in (table.associated, table.propagating):
            if attachment.id in held:
                held.remove(attachment.id)


def tied(request: Request, attachment: Attachment, state: str) -> Shown:
    return {
        "TransitGatewayAttachmentId": attachment.id,
        "TransitGatewayRouteTableId": request.params["TransitGatewayRouteTableId"],
        "ResourceId": attachment.resource,
        "ResourceType": attachment.kind,
        "State": state,
    }


def both(request: Request) -> tuple[Table, Attachment]:
    params, cloud = request.params, request.cloud
    table = table_of(cloud, params.get("TransitGatewayRouteTableId"))
    attachment = attachment_of(cloud, params.get("TransitGatewayAttachmentId"))
    of_one_gateway(table, attachment)
    return table, attachment


@answers("AssociateTransitGatewayRouteTable")
def associate(request: Request) -> Result:
    """ "You can associate only one route table with an attachment":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateTransitGatewayRouteTable.html"""
    table, attachment = both(request)
    ready(attachment)
    if table_used_by(request.cloud, attachment) is not None:
        raise refusal(
            "Resource.AlreadyAssociated",
            f"Transit Gateway Attachment {attachment.id} is already associated to a route table.",
        )
    table.associated.append(attachment.id)
    return {"Association": tied(request, attachment, "associating")}


@answers("DisassociateTransitGatewayRouteTable")
def disassociate(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateTransitGatewayRouteTable.html"""
    table, attachment = both(request)
    if attachment.id not in table.associated:
        raise refusal(
            "InvalidAssociation.NotFound", f"{attachment.id} is not associated with {table.id}."
        )
    table.associated.remove(attachment.id)
    return {"Association": tied(request, attachment, "disassociating")}


@answers("EnableTransitGatewayRouteTablePropagation")
def enable(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableTransitGatewayRouteTablePropagation.html"""
    table, attachment = both(request)
    ready(attachment)
    if attachment.kind == "peering":
        # https://docs.aws.amazon.com/vpc/latest/tgw/tgw-peering.html: routes to a peer are static
        raise refusal("UnsupportedOperation", f"{attachment.id} is a peering: it learns no routes")
    if attachment.id in table.propagating:
        raise refusal(
            "TransitGatewayRouteTablePropagation.Duplicate",
            f"Propagation of {attachment.id} to {table.id} exists already.",
        )
    table.propagating.append(attachment.id)
    return {"Propagation": tied(request, attachment, "enabled")}


@answers("DisableTransitGatewayRouteTablePropagation")
def disable(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisableTransitGatewayRouteTablePropagation.html"""
    table, attachment = both(request)
    if attachment.id not in table.propagating:
        raise refusal(
            "TransitGatewayRouteTablePropagation.NotFound",
            f"There is no propagation of {attachment.id} to {table.id}.",
        )
    table.propagating.remove(attachment.id)
    return {"Propagation": tied(request, attachment, "disabled")}


def ties(request: Request, names: list[str], state: str) -> list[Shown]:
    held = [tied(request, attachments(request.cloud)[each], state) for each in names]
    return matching(request, held, OF_A_TIE)


@answers("GetTransitGatewayRouteTableAssociations")
def associations(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetTransitGatewayRouteTableAssociations.html"""
    table = table_of(request.cloud, request.params.get("TransitGatewayRouteTableId"))
    return {"Associations": ties(request, table.associated, "associated")}


@answers("GetTransitGatewayRouteTablePropagations")
def propagations(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetTransitGatewayRouteTablePropagations.html"""
    table = table_of(request.cloud, request.params.get("TransitGatewayRouteTableId"))
    return {"TransitGatewayRouteTablePropagations": ties(request, table.propagating, "enabled")}


@answers("GetTransitGatewayAttachmentPropagations")
def propagations_of_an_attachment(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetTransitGatewayAttachmentPropagations.html"""
    attachment = attachment_of(request.cloud, request.params.get("TransitGatewayAttachmentId"))
    found = [
        {"TransitGatewayRouteTableId": each.id, "State": "enabled"}
        for each in tables(request.cloud).values()
        if attachment.id in each.propagating
    ]
    names = {"transit-gateway-route-table-id": "TransitGatewayRouteTableId"}
    return {"TransitGatewayAttachmentPropagations": matching(request, found, names)}
