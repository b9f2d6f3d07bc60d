"""Route tables, their routes and their associations."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import (
    Kind,
    Property,
    State,
    arguments_of,
    made_by,
    shown_by,
    tag_list,
    tags_of,
    unordered,
)
from local_aws.wire import Properties

PROPAGATED = "EnableVgwRoutePropagation"
"""The origin of a route that a VPN gateway propagates, and that is in no list of a program's."""


def route_table(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_route_tables", "RouteTables", RouteTableIds=[name])


TARGETS = (
    "NatGatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "CoreNetworkArn",
)
"""Where a route shows no GatewayId, one of these:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html"""


def other_routes(shown: Answer | None) -> list[Answer]:
    """All but those within the VPC, and what propagates; one that does not show where it leads
    may be of these."""
    return [
        route
        for route in listed(shown, "Routes")
        if target(route) != "local" and route.get("Origin") != PROPAGATED
    ]


def propagating(shown: Answer) -> list[str]:
    return [each["GatewayId"] for each in listed(shown, "PropagatingVgws")]


def set_propagating(aws: Aws, name: str, wanted: Iterable[str]) -> None:
    """A table comes to take the routes of these gateways, and of no others."""
    shown, asked = route_table(aws, name), set(wanted)
    held = set() if shown is None else set(propagating(shown))
    for way, gateways in (("disable", held - asked), ("enable", asked - held)):
        for each in sorted(gateways):
            aws.call(f"{way}_vgw_route_propagation", RouteTableId=name, GatewayId=each)


def target(route: Answer) -> str:
    """What a route leads to. Raises Unsure."""
    elsewhere = [str(route[each]) for each in TARGETS if route.get(each)]
    return elsewhere[0] if elsewhere else str(route["GatewayId"])


def adopt_default_table(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    """The table is there already: it is emptied and tagged."""
    name = str(inputs["defaultRouteTableId"])
    if route_table(aws, name) is None:
        raise Refused("InvalidRouteTableID.NotFound", f"there is no route table {name}")
    set_propagating(aws, name, inputs.get("propagatingVgws") or [])
    set_routes(aws, name, inputs.get("routes") or [])
    if tags:
        aws.call("create_tags", Resources=[name], Tags=tag_list(tags))
    return name


def destination_arguments(route: Mapping[str, Any]) -> dict[str, str]:
    keys = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    return {key: route[key] for key in keys if route.get(key)}


def read_default_table(aws: Aws, name: str, state: State) -> State | None:
    shown = route_table(aws, name)
    if shown is None:
        return None
    return {
        "defaultRouteTableId": name,
        "vpcId": shown["VpcId"],
        "ownerId": shown.get("OwnerId"),
        "arn": aws.arn("route-table", name),
        "propagatingVgws": propagating(shown),
        "routes": as_listed(shown),
        "tags": tags_of(shown),
    }


ROUTE_DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
ROUTE_TARGETS = {
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
}


def canonical(block: Any) -> Any:
    try:
        return str(ip_network(block, strict=False))
    except ValueError:
        return block


ROUTE = (
    Property("routeTableId", "RouteTableId", required=True, replaces=True),
    *(
        Property(name, member, replaces=True, canonical=canonical)
        for name, member in ROUTE_DESTINATIONS.items()
    ),
    *(Property(name, member) for name, member in ROUTE_TARGETS.items()),
)


def route_problems(inputs: Properties) -> Mapping[str, str]:
    found = {}
    if sum(inputs.get(name) is not None for name in ROUTE_DESTINATIONS) != 1:
        found["destinationCidrBlock"] = f"give exactly one of {', '.join(ROUTE_DESTINATIONS)}"
    if sum(inputs.get(name) is not None for name in ROUTE_TARGETS) != 1:
        found["gatewayId"] = f"give exactly one of {', '.join(ROUTE_TARGETS)}"
    return found


def destination(inputs: Properties) -> str:
    """As AWS shows it: an address may be spelt in several ways."""
    block = inputs.get("destinationCidrBlock") or inputs.get("destinationIpv6CidrBlock")
    return str(inputs["destinationPrefixListId"] if block is None else block)


def same_block(one: str, other: str) -> bool:
    return bool(canonical(one) == canonical(other))


def route_arguments(inputs: Properties) -> dict[str, Any]:
    return {
        prop.member: inputs[prop.name] for prop in ROUTE if prop.member and inputs.get(prop.name)
    }


def create_route(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    aws.call("create_route", **route_arguments(inputs))
    return route_id(inputs)


def route_id(inputs: Properties) -> str:
    """Terraform's: the table, and a checksum of the destination."""
    return f"r-{inputs['routeTableId']}{zlib.crc32(destination(inputs).encode())}"


def shown_destination(route: Answer) -> str:
    kinds = ("DestinationIpv6CidrBlock", "DestinationPrefixListId")
    other = next((str(route[kind]) for kind in kinds if route.get(kind)), None)
    return other or str(route["DestinationCidrBlock"])


def destination_kind(wanted: str) -> str:
    if wanted.startswith("pl-"):
        return "destinationPrefixListId"
    return "destinationIpv6CidrBlock" if ":" in wanted else "destinationCidrBlock"


def find_route(aws: Aws, table_id: str, wanted: str) -> Answer | None:
    shown = route_table(aws, table_id)
    routes: list[Answer] = shown["Routes"] if shown else []
    for route in routes:
        if same_block(wanted, shown_destination(route)):
            return route
    return None


def read_route(aws: Aws, name: str, state: State) -> State | None:
    if not state and "_" in name:  # an import names table_destination
        table_id, _, wanted = name.partition("_")
        state = {"routeTableId": table_id, destination_kind(wanted): wanted}
    if not state:
        raise Refused("", "import a route by <route table id>_<destination>")
    route = find_route(aws, state["routeTableId"], destination(state))
    if route is None:
        return None
    live = {prop.name: route.get(prop.member or "") for prop in ROUTE}
    return {
        **live,
        "routeTableId": state["routeTableId"],
        "origin": route.get("Origin"),
        "state": route.get("State"),
        "instanceId": route.get("InstanceId"),
        "instanceOwnerId": route.get("InstanceOwnerId"),
    }


def change_route(aws: Aws, name: str, old: State, new: Properties) -> None:
    aws.call("replace_route", **route_arguments(new))


def delete_route(aws: Aws, name: str, state: State) -> None:
    aws.gone(
        "delete_route",
        RouteTableId=state["routeTableId"],
        DestinationCidrBlock=state.get("destinationCidrBlock"),
        DestinationIpv6CidrBlock=state.get("destinationIpv6CidrBlock"),
        DestinationPrefixListId=state.get("destinationPrefixListId"),
    )


LISTED_DESTINATIONS = {
    "cidrBlock": "DestinationCidrBlock",
    "ipv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
"""What a list of routes calls them: otherwise than aws.ec2.Route does."""


def routes_alike(routes: Any) -> Any:
    """Destination and target of each, as the API has them."""
    if not isinstance(routes, list):
        return routes
    found = []
    for route in routes:
        where = [
            (member, canonical(route[name]))
            for name, member in LISTED_DESTINATIONS.items()
            if route.get(name)
        ]
        to = [(member, route[name]) for name, member in ROUTE_TARGETS.items() if route.get(name)]
        found.append((*where, *to))
    return sorted(found)


def as_listed(shown: Answer | None) -> list[dict[str, Any]]:
    """As Terraform shows them: without those of endpoints, and "" for what is not said."""
    found = []
    for route in other_routes(shown):
        if target(route).startswith("vpce-"):
            continue
        said = {name: route.get(member) or "" for name, member in ROUTE_TARGETS.items()}
        if route.get("NetworkInterfaceId"):
            said["gatewayId"] = ""
        destination_of = {
            name: route.get(member) or "" for name, member in LISTED_DESTINATIONS.items()
        }
        if not any(destination_of.values()):
            shown_destination(route)  # which refuses to guess
        found.append({**destination_of, **said})
    return found


def set_routes(aws: Aws, name: str, routes: Any) -> None:
    """A table comes to have these routes beside those within its VPC, and no others."""
    held = {pairs[0]: pairs for pairs in routes_alike(as_listed(route_table(aws, name)))}
    wanted = {pairs[0]: pairs for pairs in routes_alike(routes)}
    for where in held.keys() - wanted.keys():
        aws.gone("delete_route", RouteTableId=name, **dict([where]))
    for where, pairs in wanted.items():
        arguments: dict[str, Any] = dict(pairs)
        if where not in held:
            aws.call("create_route", RouteTableId=name, **arguments)
        elif held[where] != pairs:
            aws.call("replace_route", RouteTableId=name, **arguments)


def list_routes(aws: Aws, name: str, old: State, new: Properties) -> None:
    if new.get("propagatingVgws") is not None:
        set_propagating(aws, name, new["propagatingVgws"])
    if new.get("routes") is not None:
        set_routes(aws, name, new["routes"])


def one_target_each(inputs: Properties) -> Mapping[str, str]:
    for route in inputs.get("routes") or ():
        if not isinstance(route, Mapping):
            continue
        known = {*LISTED_DESTINATIONS, *ROUTE_TARGETS}
        if unknown := sorted(key for key, value in route.items() if value and key not in known):
            return {"routes": f"the local AWS has no {', '.join(unknown)} of a route"}
        if sum(bool(route.get(each)) for each in LISTED_DESTINATIONS) != 1:
            return {"routes": f"each needs exactly one of {', '.join(LISTED_DESTINATIONS)}"}
        if sum(bool(route.get(each)) for each in ROUTE_TARGETS) != 1:
            return {"routes": f"each needs exactly one of {', '.join(ROUTE_TARGETS)}"}
    return {}


TABLE = (
    Property("vpcId", "VpcId", required=True, replaces=True),
    Property("routes", computed=True, canonical=routes_alike),
    Property("propagatingVgws", computed=True, canonical=unordered),
)
DEFAULT_TABLE = (
    Property("defaultRouteTableId", required=True, replaces=True),
    Property("routes", computed=True, canonical=routes_alike),
    Property("propagatingVgws", computed=True, canonical=unordered),
)
_read_table = shown_by(
    "describe_route_tables",
    "RouteTableIds",
    "RouteTables",
    TABLE,
    {"ownerId": "OwnerId"},
    lambda aws, shown: {
        "arn": aws.arn("route-table", shown["RouteTableId"]),
        "propagatingVgws": propagating(shown),
        "routes": as_listed(shown),
    },
)


def read_table(aws: Aws, name: str, state: State) -> State | None:
    """What its program does not list is other resources', and none of the table's state."""
    live = _read_table(aws, name, state)
    if live is not None and state:
        for each in ("routes", "propagatingVgws"):
            if state.get(each) is None:
                live.pop(each)
    return live


PROPAGATION = (
    Property("routeTableId", "RouteTableId", required=True, replaces=True),
    Property("vpnGatewayId", "GatewayId", required=True, replaces=True),
)


def propagation_id(inputs: Properties) -> str:
    return f"{inputs['vpnGatewayId']}_{inputs['routeTableId']}"


def propagate(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    aws.call("enable_vgw_route_propagation", also=arguments_of(PROPAGATION, inputs))
    return propagation_id(inputs)


def read_propagation(aws: Aws, name: str, state: State) -> State | None:
    if not state:
        raise Refused("", "what propagates cannot be imported, as with the real provider")
    gateway, _, table = name.partition("_")
    shown = route_table(aws, table)
    if shown is None or gateway not in propagating(shown):
        return None
    return {"routeTableId": table, "vpnGatewayId": gateway}


def no_more(aws: Aws, name: str, state: State) -> None:
    gateway, _, table = name.partition("_")
    aws.gone("disable_vgw_route_propagation", RouteTableId=table, GatewayId=gateway)


ASSOCIATION = (
    Property("routeTableId", required=True),
    Property("subnetId", replaces=True),
    Property("gatewayId", replaces=True),
)


def bound_to(association: Answer) -> str | None:
    """The subnet or gateway; None of the one that makes its table the main one of its VPC."""
    target = association.get("GatewayId") or association.get("SubnetId")
    return target if target or association["Main"] else association["SubnetId"]


def find_association(aws: Aws, target: str) -> Answer | None:
    """By what is associated: a change of the table gives the association a new id."""
    for table in aws.listed("describe_route_tables", "RouteTables"):
        for each in listed(table, "Associations"):
            if target == bound_to(each):
                return each
    return None


def associated(state: State) -> str:
    return str(state.get("subnetId") or state.get("gatewayId"))


def create_association(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    answer = aws.call(
        "associate_route_table",
        RouteTableId=inputs["routeTableId"],
        SubnetId=inputs.get("subnetId"),
        GatewayId=inputs.get("gatewayId"),
    )
    return str(answer["AssociationId"])


def read_association(aws: Aws, name: str, state: State) -> State | None:
    if not state and "/" in name:  # an import names target/table
        target = name.partition("/")[0]
        state = {"subnetId": target} if target.startswith("subnet-") else {"gatewayId": target}
    held = find_association(aws, associated(state))
    if held is None:
        return None
    return {
        "routeTableId": held["RouteTableId"],
        "subnetId": held.get("SubnetId"),
        "gatewayId": held.get("GatewayId"),
    }


def change_association(aws: Aws, name: str, old: State, new: Properties) -> None:
    held = find_association(aws, associated(new))
    if held is not None:
        aws.call(
            "replace_route_table_association",
            AssociationId=held["RouteTableAssociationId"],
            RouteTableId=new["routeTableId"],
        )


def delete_association(aws: Aws, name: str, state: State) -> None:
    held = find_association(aws, associated(state))
    # After a replacement the subnet is with another table, which is not this resource's to undo.
    if held is not None and held["RouteTableId"] == state["routeTableId"]:
        aws.gone("disassociate_route_table", AssociationId=held["RouteTableAssociationId"])


def association_id(aws: Aws, inputs: Properties) -> str | None:
    held = find_association(aws, associated(inputs))
    return str(held["RouteTableAssociationId"]) if held else None


def delete_table(aws: Aws, name: str, state: State) -> None:
    """Its subnets go back to the main table first, as the real provider has it."""
    for held in listed(route_table(aws, name), "Associations"):
        if not held.get("Main"):
            aws.gone("disassociate_route_table", AssociationId=held["RouteTableAssociationId"])
    aws.gone("delete_route_table", RouteTableId=name)


def association_problems(inputs: Properties) -> Mapping[str, str]:
    if (inputs.get("subnetId") is None) == (inputs.get("gatewayId") is None):
        return {"subnetId": "give exactly one of subnetId and gatewayId"}
    return {}


KINDS = (
    Kind(
        token="aws:ec2/routeTable:RouteTable",
        properties=TABLE,
        outputs=("arn", "ownerId"),
        create=made_by("create_route_table", "RouteTable.RouteTableId", TABLE, "route-table"),
        once=True,
        after_create=lambda aws, name, inputs: list_routes(aws, name, {}, inputs),
        read=read_table,
        update=list_routes,
        delete=delete_table,
        problems=one_target_each,
    ),
    Kind(
        token="aws:ec2/defaultRouteTable:DefaultRouteTable",
        properties=DEFAULT_TABLE,
        outputs=("arn", "ownerId", "vpcId"),
        create=adopt_default_table,
        read=read_default_table,
        update=list_routes,
        delete=lambda aws, name, state: None,  # it ends with its VPC
        made=False,
        problems=one_target_each,
    ),
    Kind(
        token="aws:ec2/route:Route",
        properties=ROUTE,
        outputs=("instanceId", "instanceOwnerId", "origin", "state"),
        create=create_route,
        read=read_route,
        update=change_route,
        delete=delete_route,
        find=lambda aws, inputs: route_id(inputs),
        taggable=False,
        problems=route_problems,
    ),
    Kind(
        token="aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation",
        properties=PROPAGATION,
        outputs=(),
        create=propagate,
        read=read_propagation,
        delete=no_more,
        find=lambda aws, inputs: propagation_id(inputs),
        taggable=False,
    ),
    Kind(
        token="aws:ec2/routeTableAssociation:RouteTableAssociation",
        properties=ASSOCIATION,
        outputs=(),
        create=create_association,
        read=read_association,
        update=change_association,
        delete=delete_association,
        find=association_id,
        taggable=False,
        problems=association_problems,
    ),
)
