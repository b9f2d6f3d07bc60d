"""aws.ec2.MainRouteTableAssociation."""

from __future__ import annotations

from collections.abc import Mapping

from local_aws.provider.answers import listed
from local_aws.provider.aws import Aws, filters
from local_aws.provider.ledger import OWNER
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State
from local_aws.wire import Properties

MAIN = (
    Property("routeTableId", required=True),
    Property("vpcId", required=True, replaces=True),
)


def main_of(aws: Aws, vpc_id: str) -> tuple[str, str] | None:
    """The VPC's main table, and the association that makes it so."""
    shown = aws.one(
        "describe_route_tables",
        "RouteTables",
        Filters=filters(vpc_id=vpc_id, association__main="true"),
    )
    for held in listed(shown, "Associations"):
        if held["Main"] and shown is not None:
            return str(shown["RouteTableId"]), str(held["RouteTableAssociationId"])
    return None


def make_main(aws: Aws, vpc_id: str, table_id: str) -> str:
    found = main_of(aws, vpc_id)
    if found is None:
        raise Refused("InvalidVpcID.NotFound", f"{vpc_id} has no main route table")
    if found[0] == table_id:
        return found[1]
    answer = aws.call(
        "replace_route_table_association", AssociationId=found[1], RouteTableId=table_id
    )
    return str(answer["NewAssociationId"])


def create(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    return make_main(aws, str(inputs["vpcId"]), str(inputs["routeTableId"]))


def read(aws: Aws, name: str, state: State) -> State | None:
    """The table that was the main one before is in the state alone."""
    if not state:
        raise Refused(
            "", "a main route table's association cannot be imported, as with the real provider"
        )
    found = main_of(aws, str(state["vpcId"]))
    if found is None or found[0] != state["routeTableId"]:
        return None
    return {
        "routeTableId": found[0],
        "vpcId": state["vpcId"],
        "originalRouteTableId": state.get("originalRouteTableId") or default_of(aws, state),
    }


def default_of(aws: Aws, state: State) -> str | None:
    """The first table of a VPC: none that a program made, so none that carries its tag."""
    for each in aws.listed(
        "describe_route_tables", "RouteTables", Filters=filters(vpc_id=state["vpcId"])
    ):
        owned = any(tag["Key"] == OWNER for tag in listed(each, "Tags"))
        if not owned and each["RouteTableId"] != state["routeTableId"]:
            return str(each["RouteTableId"])
    return None


def change(aws: Aws, name: str, old: State, new: Properties) -> None:
    make_main(aws, str(new["vpcId"]), str(new["routeTableId"]))


def give_back(aws: Aws, name: str, state: State) -> None:
    found = main_of(aws, str(state["vpcId"]))
    original = state.get("originalRouteTableId")
    if found is not None and found[0] == state["routeTableId"] and original:
        make_main(aws, str(state["vpcId"]), str(original))


KINDS = (
    Kind(
        token="aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        properties=MAIN,
        outputs=("originalRouteTableId",),
        create=create,
        read=read,
        update=change,
        delete=give_back,
        taggable=False,
    ),
)
