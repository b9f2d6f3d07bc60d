"""aws.ec2transitgateway: gateways, attachments of VPCs and peerings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import (
    Kind,
    Property,
    State,
    arguments_of,
    shown_of,
    tag_list,
    tags_of,
    unordered,
)
from local_aws.provider.waiting import gone, settled
from local_aws.wire import Properties

UNDER_WAY = ("pending", "modifying", "initiating", "initiatingrequest")
NOT_THERE = ("deleted", "deleting", "rejected", "rejecting", "failed", "failing")


def enabled(name: str, default: str, group: str = "Options") -> Property:
    """`dnsSupport`, which AWS takes and shows as "enable" or "disable"."""
    return Property(name, f"{group}.{name[0].upper()}{name[1:]}", default=default)


GATEWAY = (
    Property("amazonSideAsn", "Options.AmazonSideAsn", default=64512),
    enabled("autoAcceptSharedAttachments", "disable"),
    enabled("defaultRouteTableAssociation", "enable"),
    enabled("defaultRouteTablePropagation", "enable"),
    Property("description", "Description", computed=True),
    enabled("dnsSupport", "enable"),
    Property("multicastSupport", "Options.MulticastSupport", default="disable", replaces=True),
    enabled("securityGroupReferencingSupport", "disable"),
    Property("transitGatewayCidrBlocks", "Options.TransitGatewayCidrBlocks", canonical=unordered),
    enabled("vpnEcmpSupport", "enable"),
)
DEFAULT_TABLES = ("Association", "Propagation")


def asked_for(found: Answer, properties: tuple[Property, ...]) -> State:
    return {each.name: shown_of_path(found, each) for each in properties if each.member}


def shown_of_path(found: Answer, prop: Property) -> Any:
    *folders, last = str(prop.member).split(".")
    for folder in folders:
        found = found.inside(folder)
    held = Property(prop.name, last, prop.required, default=prop.default, computed=prop.computed)
    return shown_of(found, held)


def find(aws: Aws, operation: str, field: str, ids: str, name: str) -> Answer | None:
    """One that is not gone. AWS goes on showing what is."""
    asked: dict[str, Any] = {ids: [name]}
    shown = aws.one(operation, field, **asked)
    return None if shown is None or shown["State"] in NOT_THERE else shown


def find_gateway(aws: Aws, name: str) -> Answer | None:
    return find(aws, "describe_transit_gateways", "TransitGateways", "TransitGatewayIds", name)


def find_vpc_attachment(aws: Aws, name: str) -> Answer | None:
    operation, field = "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments"
    return find(aws, operation, field, "TransitGatewayAttachmentIds", name)


def find_peering(aws: Aws, name: str) -> Answer | None:
    operation = "describe_transit_gateway_peering_attachments"
    field = "TransitGatewayPeeringAttachments"
    return find(aws, operation, field, "TransitGatewayAttachmentIds", name)


def made(
    operation: str,
    field: str,
    key: str,
    tag_type: str,
    look: Callable[[Aws, str], Answer | None],
    arguments: Callable[[Aws, Properties], dict[str, Any]],
) -> Callable[[Aws, Properties, Mapping[str, str]], str]:
    def create(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
        asked = arguments(aws, inputs)
        if tags:
            asked["TagSpecifications"] = [{"ResourceType": tag_type, "Tags": tag_list(tags)}]
        name = str(aws.call(operation, **asked)[field][key])
        if settled(lambda: look(aws, name), f"the creation of {name}", UNDER_WAY) is None:
            raise Refused("", f"{name} failed")
        return name

    return create


def read_gateway(aws: Aws, name: str, state: State) -> State | None:
    found = find_gateway(aws, name)
    if found is None:
        return None
    options = found.inside("Options")
    return {
        **asked_for(found, GATEWAY),
        "transitGatewayCidrBlocks": options.get("TransitGatewayCidrBlocks") or None,
        "arn": found["TransitGatewayArn"],
        "ownerId": found.get("OwnerId"),
        "encryptionSupport": "disable",
        **{
            f"{way.lower()}DefaultRouteTableId": options.get(f"{way}DefaultRouteTableId") or ""
            for way in DEFAULT_TABLES
        },
        "tags": tags_of(found),
    }


def change_gateway(aws: Aws, name: str, old: State, new: Properties) -> None:
    changed = tuple(
        prop
        for prop in GATEWAY
        if prop.name != "transitGatewayCidrBlocks" and new.get(prop.name) is not None
        and not prop.equal(new[prop.name], old.get(prop.name))
    )  # fmt: skip
    arguments = arguments_of(changed, new)
    before = set(old.get("transitGatewayCidrBlocks") or ())
    after = set(new.get("transitGatewayCidrBlocks") or ())
    blocks = {
        "AddTransitGatewayCidrBlocks": sorted(after - before),
        "RemoveTransitGatewayCidrBlocks": sorted(before - after),
    }
    options = {
        **arguments.pop("Options", {}),
        **{key: each for key, each in blocks.items() if each},
    }
    if arguments or options:
        aws.call("modify_transit_gateway", TransitGatewayId=name, Options=options, **arguments)
        settled(lambda: find_gateway(aws, name), f"the change of {name}", UNDER_WAY)


def switched_on(state: State, news: Properties, changed: frozenset[str]) -> frozenset[str]:
    """AWS makes a default table with its gateway, and none for one that stands."""
    return frozenset(
        name
        for name in (f"defaultRouteTable{way}" for way in DEFAULT_TABLES)
        if name in changed and news.get(name, "enable") == "enable"
    )


def delete_gateway(aws: Aws, name: str, state: State) -> None:
    if find_gateway(aws, name) is not None:
        aws.gone("delete_transit_gateway", TransitGatewayId=name)
        gone(lambda: find_gateway(aws, name), name)


ATTACHMENT = (
    enabled("applianceModeSupport", "disable"),
    enabled("dnsSupport", "enable"),
    enabled("ipv6Support", "disable"),
    Property(
        "securityGroupReferencingSupport",
        "Options.SecurityGroupReferencingSupport",
        computed=True,
    ),
    Property("subnetIds", "SubnetIds", required=True, canonical=unordered),
    Property("transitGatewayDefaultRouteTableAssociation", default=True),
    Property("transitGatewayDefaultRouteTablePropagation", default=True),
    Property("transitGatewayId", "TransitGatewayId", required=True, replaces=True),
    Property("vpcId", "VpcId", required=True, replaces=True),
)
TIES = {
    "Association": (
        "get_transit_gateway_route_table_associations",
        "Associations",
        "associate_transit_gateway_route_table",
        "disassociate_transit_gateway_route_table",
    ),
    "Propagation": (
        "get_transit_gateway_route_table_propagations",
        "TransitGatewayRouteTablePropagations",
        "enable_transit_gateway_route_table_propagation",
        "disable_transit_gateway_route_table_propagation",
    ),
}
"""How each is listed, made and undone."""


def tie(aws: Aws, way: str, table: str, attachment: str) -> Answer | None:
    """Whether an attachment uses a table, or propagates to it."""
    operation, field, _, _ = TIES[way]
    wanted = [{"Name": "transit-gateway-attachment-id", "Values": [attachment]}]
    return aws.one(operation, field, TransitGatewayRouteTableId=table, Filters=wanted)


def set_tie(aws: Aws, way: str, table: str, attachment: str, wanted: bool) -> None:
    if (tie(aws, way, table, attachment) is not None) != wanted:
        _, _, do, undo = TIES[way]
        aws.call(
            do if wanted else undo,
            TransitGatewayRouteTableId=table,
            TransitGatewayAttachmentId=attachment,
        )


def default_table(aws: Aws, gateway: str, way: str) -> str | None:
    found = find_gateway(aws, gateway)
    if found is None or found["Options"][f"DefaultRouteTable{way}"] != "enable":
        return None
    return str(found["Options"][f"{way}DefaultRouteTableId"])


def set_defaults(aws: Aws, name: str, inputs: Properties) -> None:
    """With the default tables of its gateway or without, as the program says."""
    for way in DEFAULT_TABLES:
        table = default_table(aws, str(inputs["transitGatewayId"]), way)
        if table:
            wanted = inputs.get(f"transitGatewayDefaultRouteTable{way}", True)
            set_tie(aws, way, table, name, bool(wanted))


def read_attachment(aws: Aws, name: str, state: State) -> State | None:
    found = find_vpc_attachment(aws, name)
    if found is None:
        return None
    live: State = asked_for(found, ATTACHMENT)
    for way in DEFAULT_TABLES:
        table = default_table(aws, str(found["TransitGatewayId"]), way)
        said = f"transitGatewayDefaultRouteTable{way}"
        # Without a default table nothing is to be seen of it, and what was said stays said.
        seen = table is not None and tie(aws, way, table, name) is not None
        live[said] = seen if table is not None else state.get(said, True)
    return {
        **live,
        "arn": aws.arn("transit-gateway-attachment", name),
        "vpcOwnerId": found.get("VpcOwnerId"),
        "tags": tags_of(found),
    }


def change_attachment(aws: Aws, name: str, old: State, new: Properties) -> None:
    options = tuple(
        prop
        for prop in ATTACHMENT
        if str(prop.member).startswith("Options.") and new.get(prop.name) is not None
        and new[prop.name] != old.get(prop.name)
    )  # fmt: skip
    before, after = set(old.get("subnetIds") or ()), set(new["subnetIds"])
    asked: dict[str, Any] = arguments_of(options, new)
    if added := sorted(after - before):
        asked["AddSubnetIds"] = added
    if removed := sorted(before - after):
        asked["RemoveSubnetIds"] = removed
    if asked:
        aws.call("modify_transit_gateway_vpc_attachment", TransitGatewayAttachmentId=name, **asked)
        settled(lambda: find_vpc_attachment(aws, name), f"the change of {name}", UNDER_WAY)
    set_defaults(aws, name, new)


def delete_attachment(aws: Aws, name: str, state: State) -> None:
    if find_vpc_attachment(aws, name) is not None:
        aws.gone("delete_transit_gateway_vpc_attachment", TransitGatewayAttachmentId=name)
        gone(lambda: find_vpc_attachment(aws, name), name)


PEERING = (
    Property("peerAccountId", "PeerAccountId", replaces=True, computed=True),
    Property("peerRegion", "PeerRegion", required=True, replaces=True),
    Property("peerTransitGatewayId", "PeerTransitGatewayId", required=True, replaces=True),
    Property("transitGatewayId", "TransitGatewayId", required=True, replaces=True),
)
ROUTING = "the local AWS has no dynamic routing of peerings: leave options away"


def peering_arguments(aws: Aws, inputs: Properties) -> dict[str, Any]:
    return {**arguments_of(PEERING, inputs), "PeerAccountId": inputs.get("peerAccountId") or (
        aws.account
    )}  # fmt: skip


def read_peering(aws: Aws, name: str, state: State) -> State | None:
    found = find_peering(aws, name)
    if found is None:
        return None
    here, there = found["RequesterTgwInfo"], found["AccepterTgwInfo"]
    return {
        "arn": aws.arn("transit-gateway-attachment", name),
        "peerAccountId": there["OwnerId"],
        "peerRegion": there["Region"],
        "peerTransitGatewayId": there["TransitGatewayId"],
        "transitGatewayId": here["TransitGatewayId"],
        "state": found["State"],
        "tags": tags_of(found),
    }


def delete_peering(aws: Aws, name: str, state: State) -> None:
    if find_peering(aws, name) is not None:
        aws.gone("delete_transit_gateway_peering_attachment", TransitGatewayAttachmentId=name)
        gone(lambda: find_peering(aws, name), name)


ACCEPTER = (Property("transitGatewayAttachmentId", required=True, replaces=True),)


def accept(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name = str(inputs["transitGatewayAttachmentId"])
    found = find_accepted(aws, name)
    if found is None:
        raise Refused("InvalidTransitGatewayAttachmentID.NotFound", f"there is no {name}")
    if str(found["State"]) != "available":
        aws.call("accept_transit_gateway_peering_attachment", TransitGatewayAttachmentId=name)
    if tags:
        aws.call("create_tags", Resources=[name], Tags=tag_list(tags))
    return name


def find_accepted(aws: Aws, name: str) -> Answer | None:
    """In one Region the accepter's attachment is another than that of who asked."""
    found = find_peering(aws, name)
    if found is not None:
        return found
    shown = aws.listed(
        "describe_transit_gateway_peering_attachments", "TransitGatewayPeeringAttachments"
    )
    for each in shown:
        if each.get("AccepterTransitGatewayAttachmentId") == name:
            return None if each["State"] in NOT_THERE else each
    return None


def read_accepter(aws: Aws, name: str, state: State) -> State | None:
    found = find_accepted(aws, name)
    if found is None:
        return None
    asker, here = found["RequesterTgwInfo"], found["AccepterTgwInfo"]
    return {
        "transitGatewayAttachmentId": name,
        "peerAccountId": asker["OwnerId"],
        "peerRegion": asker["Region"],
        "peerTransitGatewayId": asker["TransitGatewayId"],
        "transitGatewayId": here["TransitGatewayId"],
        "tags": tags_of(found),
    }


TAGGED = "transit-gateway-attachment"
KINDS = (
    Kind(
        token="aws:ec2transitgateway/transitGateway:TransitGateway",
        properties=GATEWAY,
        outputs=(
            "arn",
            "associationDefaultRouteTableId",
            "encryptionSupport",
            "ownerId",
            "propagationDefaultRouteTableId",
        ),
        create=made(
            "create_transit_gateway",
            "TransitGateway",
            "TransitGatewayId",
            "transit-gateway",
            find_gateway,
            lambda aws, inputs: arguments_of(GATEWAY, inputs),
        ),
        read=read_gateway,
        update=change_gateway,
        delete=delete_gateway,
        also_replaces=switched_on,
        refused={"encryptionSupport": "the local AWS has no encryption of transit gateways"},
    ),
    Kind(
        token="aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        properties=ATTACHMENT,
        outputs=("arn", "vpcOwnerId"),
        create=made(
            "create_transit_gateway_vpc_attachment",
            "TransitGatewayVpcAttachment",
            "TransitGatewayAttachmentId",
            TAGGED,
            find_vpc_attachment,
            lambda aws, inputs: arguments_of(ATTACHMENT, inputs),
        ),
        after_create=set_defaults,
        read=read_attachment,
        update=change_attachment,
        delete=delete_attachment,
    ),
    Kind(
        token="aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        properties=PEERING,
        outputs=("arn", "state"),
        create=made(
            "create_transit_gateway_peering_attachment",
            "TransitGatewayPeeringAttachment",
            "TransitGatewayAttachmentId",
            TAGGED,
            find_peering,
            peering_arguments,
        ),
        read=read_peering,
        delete=delete_peering,
        refused={"options": ROUTING},
    ),
    Kind(
        token="aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
        properties=ACCEPTER,
        outputs=("peerAccountId", "peerRegion", "peerTransitGatewayId", "transitGatewayId"),
        create=accept,
        read=read_accepter,
        delete=lambda aws, name, state: None,  # it ends with its peering
        made=False,
    ),
)
