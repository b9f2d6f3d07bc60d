"""What there is of transit gateways in a Region: gateways, what is attached, and route tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from moto.core.utils import utcnow

from local_aws.strict.rules import refusal

Shown = dict[str, Any]
LIMIT: Final = "ResourceLimitExceeded"
CARRIES: Final = "available"


@dataclass
class TransitGateway:
    """One, in moto's own dictionary of them, where routes of VPCs look for it."""

    id: str
    description: str
    options: Shown
    state: str = "available"
    created: datetime = field(default_factory=utcnow)


@dataclass
class Attachment:
    """Of a VPC, a VPN connection, or the end of a peering that is in this Region."""

    id: str
    gateway: str
    kind: str  # "vpc", "vpn" or "peering"
    resource: str
    options: Shown = field(default_factory=dict)
    subnets: list[str] = field(default_factory=list)
    interfaces: dict[str, Any] = field(default_factory=dict)  # by subnet
    state: str = CARRIES
    created: datetime = field(default_factory=utcnow)
    peering: Shown = field(default_factory=dict)  # what both ends of a peering show


@dataclass
class StaticRoute:
    """Where a block or a prefix list leads; nowhere without an attachment."""

    attachment: str | None


@dataclass
class Table:
    """A route table of a transit gateway."""

    id: str
    gateway: str
    routes: dict[str, StaticRoute] = field(default_factory=dict)  # by block
    lists: dict[str, StaticRoute] = field(default_factory=dict)  # by prefix list
    associated: list[str] = field(default_factory=list)  # attachments
    propagating: list[str] = field(default_factory=list)
    state: str = "available"
    created: datetime = field(default_factory=utcnow)


def attachments(cloud: Any) -> dict[str, Attachment]:
    """With moto's own state of the Region, so that a reset empties it too."""
    held: dict[str, Attachment] = vars(cloud).setdefault("attached_to_transit", {})
    return held


def tables(cloud: Any) -> dict[str, Table]:
    held: dict[str, Table] = vars(cloud).setdefault("tables_of_transit", {})
    return held


def living(each: TransitGateway | Attachment | Table) -> bool:
    return each.state not in ("deleted", "rejected", "failed")


def gateway_of(cloud: Any, name: str | None) -> TransitGateway:
    held = cloud.transit_gateways.get(_required(name, "transitGatewayId"))
    if held is None or not living(held):
        raise _not_there("InvalidTransitGatewayID", "Transit Gateway", str(name), "tgw-")
    found: TransitGateway = held
    return found


def attachment_of(cloud: Any, name: str | None, kind: str | None = None) -> Attachment:
    held = attachments(cloud).get(_required(name, "transitGatewayAttachmentId"))
    if held is None or not living(held) or kind not in (None, held.kind):
        what = "Transit Gateway Attachment"
        raise _not_there("InvalidTransitGatewayAttachmentID", what, str(name), "tgw-attach-")
    return held


def table_of(cloud: Any, name: str | None) -> Table:
    held = tables(cloud).get(_required(name, "transitGatewayRouteTableId"))
    if held is None or not living(held):
        what = "Transit Gateway Route Table"
        raise _not_there("InvalidRouteTableID", what, str(name), "tgw-rtb-")
    return held


def _required(value: str | None, name: str) -> str:
    if not value:
        raise refusal("MissingParameter", f"The request must contain the parameter {name}")
    return value


def _not_there(code: str, what: str, name: str, begins: str) -> Exception:
    if not name.startswith(begins):
        return refusal(f"{code}.Malformed", f"Invalid {what} id {name}.")
    return refusal(f"{code}.NotFound", f"{what} {name} was deleted or does not exist.")


def ready(each: Attachment) -> Attachment:
    """One that carries packets. Raises IncorrectState of any other."""
    if each.state != CARRIES:
        raise refusal("IncorrectState", f"{each.id} is in invalid state")
    return each


def of_one_gateway(table: Table, attachment: Attachment) -> None:
    if table.gateway != attachment.gateway:
        raise refusal(
            "InvalidParameterValue",
            f"{table.id} is of {table.gateway}, and {attachment.id} of {attachment.gateway}.",
        )


def attached_to(cloud: Any, gateway: str) -> list[Attachment]:
    held = attachments(cloud).values()
    return [each for each in held if each.gateway == gateway and living(each)]


def tables_of(cloud: Any, gateway: str) -> list[Table]:
    return [each for each in tables(cloud).values() if each.gateway == gateway and living(each)]


def vpc_attachment(cloud: Any, gateway: str, vpc: str) -> Attachment | None:
    """Of a VPC to a gateway, in whatever state it is."""
    return next((each for each in attached_to(cloud, gateway) if each.resource == vpc), None)


def carries(cloud: Any, gateway: TransitGateway, vpc: str) -> bool:
    """Whether a route of a VPC to it leads anywhere."""
    held = vpc_attachment(cloud, gateway.id, vpc)
    return living(gateway) and held is not None and held.state == CARRIES


def tag_list(cloud: Any, name: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in cloud.tags.get(name, {}).items()]


def switched(options: Shown, names: Iterable[str]) -> None:
    """Each of these is 'enable' or 'disable'."""
    for name in names:
        if options.get(name) not in (None, "enable", "disable"):
            raise refusal("InvalidParameterValue", f"Invalid value '{options[name]}' for {name}.")
