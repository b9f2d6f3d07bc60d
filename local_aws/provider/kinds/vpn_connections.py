"""aws.ec2.VpnConnection, with its two tunnels, and its static routes."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, NotShown, listed
from local_aws.provider.aws import Aws, filters
from local_aws.provider.kinds.transit_gateways import find_gateway
from local_aws.provider.table import (
    Kind,
    Partly,
    Property,
    State,
    arguments_of,
    deleted_by,
    tag_list,
    tags_of,
    unordered,
)
from local_aws.wire import UNKNOWN, Properties

TUNNELS = (1, 2)
# Suffix of tunnel1_… and tunnel2_…: the member of VpnTunnelOptionsSpecification, and of the answer.
SCALARS = {
    "DpdTimeoutAction": ("DPDTimeoutAction", "DpdTimeoutAction", "clear"),
    "DpdTimeoutSeconds": ("DPDTimeoutSeconds", "DpdTimeoutSeconds", 30),
    "EnableTunnelLifecycleControl": ("EnableTunnelLifecycleControl",) * 2 + (False,),
    "Phase1LifetimeSeconds": ("Phase1LifetimeSeconds",) * 2 + (28800,),
    "Phase2LifetimeSeconds": ("Phase2LifetimeSeconds",) * 2 + (3600,),
    "RekeyFuzzPercentage": ("RekeyFuzzPercentage",) * 2 + (100,),
    "RekeyMarginTimeSeconds": ("RekeyMarginTimeSeconds",) * 2 + (270,),
    "ReplayWindowSize": ("ReplayWindowSize",) * 2 + (1024,),
    "StartupAction": ("StartupAction",) * 2 + ("add",),
}
LISTS = {
    "IkeVersions": ("IKEVersions", "IkeVersions"),
    "Phase1DhGroupNumbers": ("Phase1DHGroupNumbers",) * 2,
    "Phase1EncryptionAlgorithms": ("Phase1EncryptionAlgorithms",) * 2,
    "Phase1IntegrityAlgorithms": ("Phase1IntegrityAlgorithms",) * 2,
    "Phase2DhGroupNumbers": ("Phase2DHGroupNumbers",) * 2,
    "Phase2EncryptionAlgorithms": ("Phase2EncryptionAlgorithms",) * 2,
    "Phase2IntegrityAlgorithms": ("Phase2IntegrityAlgorithms",) * 2,
}


LOGS = {
    "logEnabled": "LogEnabled",
    "logGroupArn": "LogGroupArn",
    "logOutputFormat": "LogOutputFormat",
    "bgpLogEnabled": "BgpLogEnabled",
    "bgpLogGroupArn": "BgpLogGroupArn",
    "bgpLogOutputFormat": "BgpLogOutputFormat",
}


class TunnelLogs(Partly):
    """Where the tunnel logs: a structure in a structure."""

    def equal(self, one: Any, other: Any) -> bool:
        return super().equal(logs_inside(one), logs_inside(other))


def logs_inside(options: Any) -> Any:
    return options.get("cloudwatchLogOptions") if isinstance(options, Mapping) else options


def tunnel_properties(tunnel: int) -> tuple[Property, ...]:
    prefix = f"tunnel{tunnel}"
    return (
        Property(f"{prefix}InsideCidr", replaces=True, computed=True),
        Property(f"{prefix}PresharedKey", computed=True, secret=True),
        TunnelLogs(f"{prefix}LogOptions", computed=True),
        *(Property(prefix + name, default=default) for name, (_, _, default) in SCALARS.items()),
        *(Property(prefix + name, canonical=unordered) for name in LISTS),
    )


CONNECTION = (
    Property("customerGatewayId", "CustomerGatewayId", required=True),
    Property("type", "Type", required=True, replaces=True),
    Property("vpnGatewayId", "VpnGatewayId"),
    Property("transitGatewayId", "TransitGatewayId"),
    Property("enableAcceleration", "Options.EnableAcceleration", replaces=True, default=False),
    Property("staticRoutesOnly", "Options.StaticRoutesOnly", replaces=True, default=False),
    Property("localIpv4NetworkCidr", "Options.LocalIpv4NetworkCidr", default="0.0.0.0/0"),
    Property("remoteIpv4NetworkCidr", "Options.RemoteIpv4NetworkCidr", default="0.0.0.0/0"),
    Property("presharedKeyStorage", "PreSharedKeyStorage", default="Standard"),
    *(prop for tunnel in TUNNELS for prop in tunnel_properties(tunnel)),
)
TUNNEL_OUTPUTS = tuple(
    f"tunnel{tunnel}{name}"
    for tunnel in TUNNELS
    for name in ("Address", "BgpAsn", "BgpHoldtime", "CgwInsideAddress", "VgwInsideAddress")
)
SECRET_OUTPUTS = (
    "customerGatewayConfiguration",
    *(f"tunnel{tunnel}PresharedKey" for tunnel in TUNNELS),
)


def tunnel_options(inputs: Properties, tunnel: int) -> dict[str, Any]:
    prefix = f"tunnel{tunnel}"
    options: dict[str, Any] = {
        "TunnelInsideCidr": inputs.get(f"{prefix}InsideCidr"),
        "PreSharedKey": inputs.get(f"{prefix}PresharedKey"),
    }
    options.update({member: inputs.get(prefix + name) for name, (member, _, _) in SCALARS.items()})
    if logs := logs_inside(inputs.get(f"{prefix}LogOptions")):
        # Without logs there is no place for them: the provider sends none then.
        said = logs if logs.get("logEnabled") else {"logEnabled": False}
        asked = {member: said[key] for key, member in LOGS.items() if said.get(key) is not None}
        options["LogOptions"] = {"CloudWatchLogOptions": asked}
    for name, (member, _) in LISTS.items():
        if inputs.get(prefix + name):
            options[member] = [{"Value": value} for value in inputs[prefix + name]]
    return {member: value for member, value in options.items() if value is not None}


def create_connection(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    arguments = arguments_of(CONNECTION, inputs)
    tunnels = [tunnel_options(inputs, tunnel) for tunnel in TUNNELS]
    arguments.setdefault("Options", {})["TunnelOptions"] = tunnels
    if tags:
        arguments["TagSpecifications"] = [
            {"ResourceType": "vpn-connection", "Tags": tag_list(tags)}
        ]
    answer = aws.call("create_vpn_connection", **arguments)
    return str(answer["VpnConnection"]["VpnConnectionId"])


def find_connection(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_vpn_connections", "VpnConnections", VpnConnectionIds=[name])


def read_connection(aws: Aws, name: str, state: State) -> State | None:
    shown = find_connection(aws, name)
    if shown is None:
        return None
    options = shown.inside("Options")
    transit = str(shown.get("TransitGatewayId") or shown["VpnGatewayId"]).startswith("tgw-")
    key_arn = shown.get("PreSharedKeyArn")
    live: State = {
        "customerGatewayId": shown["CustomerGatewayId"],
        "vpnGatewayId": shown.get("VpnGatewayId"),
        "transitGatewayId": shown.get("TransitGatewayId"),
        "transitGatewayAttachmentId": attachment_of(aws, shown) if transit else "",
        "type": shown["Type"],
        "staticRoutesOnly": options.shown("StaticRoutesOnly"),
        "localIpv4NetworkCidr": options.shown("LocalIpv4NetworkCidr"),
        "remoteIpv4NetworkCidr": options.shown("RemoteIpv4NetworkCidr"),
        "presharedKeyStorage": "SecretsManager" if key_arn else "Standard",
        "presharedKeyArn": key_arn,
        "customerGatewayConfiguration": shown.get("CustomerGatewayConfiguration"),
        "enableAcceleration": options.shown("EnableAcceleration"),
        "outsideIpAddressType": options.get("OutsideIpAddressType"),
        "tunnelInsideIpVersion": options.get("TunnelInsideIpVersion"),
        "arn": aws.arn("vpn-connection", name),
        "tags": tags_of(shown),
    }
    asn = asn_of(aws, shown)
    for tunnel in TUNNELS:
        live.update(read_tunnel(f"tunnel{tunnel}", options.item("TunnelOptions", tunnel - 1)))
        live[f"tunnel{tunnel}BgpAsn"] = asn
        live[f"tunnel{tunnel}BgpHoldtime"] = 30
    return live


def asn_of(aws: Aws, shown: Answer) -> str | None:
    """Of the end in AWS: a gateway of one of two kinds."""
    if shown.get("TransitGatewayId"):
        transit = find_gateway(aws, shown["TransitGatewayId"])
        return str(transit["Options"]["AmazonSideAsn"]) if transit else None
    gateway = aws.one("describe_vpn_gateways", "VpnGateways", VpnGatewayIds=[shown["VpnGatewayId"]])
    return str(gateway.get("AmazonSideAsn", "")) if gateway else None


def attachment_of(aws: Aws, shown: Answer) -> str:
    """What a connection to a transit gateway is attached by."""
    wanted = filters(
        resource_id=shown["VpnConnectionId"], transit_gateway_id=shown["TransitGatewayId"]
    )
    found = aws.one(
        "describe_transit_gateway_attachments", "TransitGatewayAttachments", Filters=wanted
    )
    return str(found["TransitGatewayAttachmentId"]) if found else ""


def read_tunnel(prefix: str, held: Answer) -> State:
    block = held.shown("TunnelInsideCidr")
    live: State = {
        f"{prefix}InsideCidr": block,
        f"{prefix}PresharedKey": held.get("PreSharedKey"),
        f"{prefix}Address": held.get("OutsideIpAddress"),
    }
    if not isinstance(block, NotShown):
        inside = ipaddress.IPv4Network(block)
        live[f"{prefix}VgwInsideAddress"] = str(inside[1])
        live[f"{prefix}CgwInsideAddress"] = str(inside[2])
    live.update({prefix + name: held.shown(member) for name, (_, member, _) in SCALARS.items()})
    live[f"{prefix}LogOptions"] = read_logs(held.inside("LogOptions"))
    for name, (_, member) in LISTS.items():
        listed = held.shown(member)
        shown = isinstance(listed, list)
        live[prefix + name] = [each["Value"] for each in listed] if shown else listed
    return live


def read_logs(held: Answer) -> Any:
    """Whole or not at all: where it goes is shown of what is on."""
    inside = held.inside("CloudWatchLogOptions")
    read: dict[str, Any] = {}
    for which in ("Log", "BgpLog"):
        enabled = inside.shown(f"{which}Enabled")
        on = enabled is True
        wanted = [f"{which}Enabled", *((f"{which}GroupArn", f"{which}OutputFormat") if on else ())]
        read |= {f"{member[0].lower()}{member[1:]}": inside.shown(member) for member in wanted}
    lacking = next((each for each in read.values() if isinstance(each, NotShown)), None)
    return lacking or {"cloudwatchLogOptions": read}


def change_connection(aws: Aws, name: str, old: State, new: Properties) -> None:
    moved = {
        member: new[prop]
        for prop, member in (
            ("customerGatewayId", "CustomerGatewayId"),
            ("vpnGatewayId", "VpnGatewayId"),
            ("transitGatewayId", "TransitGatewayId"),
        )
        if new.get(prop) and new[prop] != old.get(prop)
    }
    if moved:
        aws.call("modify_vpn_connection", VpnConnectionId=name, **moved)
    selectors = {
        member: new.get(prop, "0.0.0.0/0")
        for prop, member in (
            ("localIpv4NetworkCidr", "LocalIpv4NetworkCidr"),
            ("remoteIpv4NetworkCidr", "RemoteIpv4NetworkCidr"),
        )
        if new.get(prop, "0.0.0.0/0") != old.get(prop, "0.0.0.0/0")
    }
    if selectors:
        aws.call("modify_vpn_connection_options", VpnConnectionId=name, **selectors)
    for tunnel in TUNNELS:
        change_tunnel(aws, name, tunnel, old, new)


def change_tunnel(aws: Aws, name: str, tunnel: int, old: State, new: Properties) -> None:
    """AWS changes the options of one tunnel a call, and replaces that tunnel's endpoint."""
    change: dict[str, Any] = {}
    for prop in tunnel_properties(tunnel):
        wanted = new.get(
            prop.name,
            prop.default if not prop.computed and isinstance(prop.default, (str, int)) else None,
        )
        if wanted is not None and not prop.equal(wanted, old.get(prop.name)):
            change[prop.name] = wanted
    storage = new.get("presharedKeyStorage", "Standard")
    options = tunnel_options(change, tunnel)
    if options or storage != old.get("presharedKeyStorage", "Standard"):
        aws.call(
            "modify_vpn_tunnel_options",
            VpnConnectionId=name,
            VpnTunnelOutsideIpAddress=old[f"tunnel{tunnel}Address"],
            TunnelOptions=options
            or {
                "EnableTunnelLifecycleControl": new.get(
                    f"tunnel{tunnel}EnableTunnelLifecycleControl", False
                )
            },
            PreSharedKeyStorage=storage,
        )


STORES = ("Standard", "SecretsManager")


def connection_problems(inputs: Properties) -> Mapping[str, str]:
    if bool(inputs.get("vpnGatewayId")) == bool(inputs.get("transitGatewayId")):
        return {"vpnGatewayId": "give exactly one of vpnGatewayId and transitGatewayId"}
    storage = inputs.get("presharedKeyStorage", "Standard")
    if storage not in (*STORES, UNKNOWN):
        return {"presharedKeyStorage": f"one of {', '.join(STORES)}"}
    return {}


def stored_in_plain_again(
    state: State, news: Properties, changed: frozenset[str]
) -> frozenset[str]:
    """AWS moves keys into Secrets Manager; out of it they come with a new connection only."""
    out = (
        "presharedKeyStorage" in changed
        and news.get("presharedKeyStorage", "Standard") == "Standard"
    )
    return frozenset({"presharedKeyStorage"}) if out else frozenset()


ROUTE = (
    Property("destinationCidrBlock", "DestinationCidrBlock", required=True, replaces=True),
    Property("vpnConnectionId", "VpnConnectionId", required=True, replaces=True),
)


def create_route(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    aws.call("create_vpn_connection_route", **arguments_of(ROUTE, inputs))
    return route_id(inputs)


def route_id(inputs: Properties) -> str:
    return f"{inputs['destinationCidrBlock']}:{inputs['vpnConnectionId']}"


def read_route(aws: Aws, name: str, state: State) -> State | None:
    destination, _, connection_id = name.rpartition(":")
    shown = find_connection(aws, connection_id)
    for route in listed(shown, "Routes"):
        if route["DestinationCidrBlock"] == destination:
            return {"destinationCidrBlock": destination, "vpnConnectionId": connection_id}
    return None


def delete_route(aws: Aws, name: str, state: State) -> None:
    destination, _, connection_id = name.rpartition(":")
    aws.gone(
        "delete_vpn_connection_route",
        DestinationCidrBlock=destination,
        VpnConnectionId=connection_id,
    )


KINDS = (
    Kind(
        token="aws:ec2/vpnConnection:VpnConnection",
        properties=CONNECTION,
        outputs=(
            "arn",
            "customerGatewayConfiguration",
            "outsideIpAddressType",
            "presharedKeyArn",
            "transitGatewayAttachmentId",
            "tunnelInsideIpVersion",
            *TUNNEL_OUTPUTS,
        ),
        create=create_connection,
        read=read_connection,
        update=change_connection,
        delete=deleted_by("delete_vpn_connection", "VpnConnectionId"),
        secret_outputs=SECRET_OUTPUTS,
        unsettled={
            "*": ("customerGatewayConfiguration", "presharedKeyArn"),
            "transitGatewayId": ("transitGatewayAttachmentId",),
            "vpnGatewayId": ("transitGatewayAttachmentId",),
        },
        problems=connection_problems,
        also_replaces=stored_in_plain_again,
    ),
    Kind(
        token="aws:ec2/vpnConnectionRoute:VpnConnectionRoute",
        properties=ROUTE,
        outputs=(),
        create=create_route,
        read=read_route,
        delete=delete_route,
        find=lambda aws, inputs: route_id(inputs),
        taggable=False,
    ),
)
