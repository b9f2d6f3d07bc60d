"""Site-to-site VPN connections: options, routes, telemetry and the device's configuration.

moto keeps the two gateways of a connection and nothing else, so these calls are answered here;
the object is moto's, so that tags, states and describe calls remain moto's.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnConnection.html
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from moto.ec2.exceptions import InvalidVpnConnectionIdError
from moto.ec2.utils import add_tag_specification
from moto.secretsmanager.models import secretsmanager_backends

from local_aws.strict.gateways import vpn_connections_of
from local_aws.strict.rules import Request, Result, answers, invalid, refusal, refuses
from local_aws.strict.transit.things import gateway_of
from local_aws.strict.transit.vpc_attachments import attach_vpn, detach_vpn
from local_aws.strict.tunnel_options import (
    ANSWER_NAMES,
    DEFAULTS,
    Options,
    check_rekey_margin,
    check_tunnel_options,
    free_inside_cidr,
    new_pre_shared_key,
)
from local_aws.strict.values import canonical

# TEST-NET-2: addresses that are nobody's. https://www.rfc-editor.org/rfc/rfc5737
OUTSIDE = ipaddress.IPv4Network("198.51.100.0/24")
STORES = ("Standard", "SecretsManager")
NOT_COVERED = "VpnConcentratorId"


@answers("CreateVpnConnection")
def create_vpn_connection(request: Request) -> Result:
    params, cloud = request.params, request.cloud
    if params.get(NOT_COVERED):
        raise refusal(
            "UnsupportedOperation", f"The local AWS has no VPN connections with {NOT_COVERED}"
        )
    gateway = gateway_asked_for(cloud, params)
    customer = living(
        cloud.get_customer_gateway, params.get("CustomerGatewayId"), "customerGatewayId"
    )
    if params.get("Type") != "ipsec.1":
        raise invalid(f"Invalid value '{params.get('Type')}' for type: ipsec.1")
    store = params.get("PreSharedKeyStorage") or "Standard"
    if store not in STORES:
        raise invalid(f"Invalid value '{store}' for preSharedKeyStorage: one of {STORES}")
    wanted = params.get("Options", {})
    check_options(wanted, gateway.id)
    tunnels = asked_tunnels(wanted)
    for options in tunnels:
        check_tunnel_options(options)
    taken = inside_cidrs_of(cloud, gateway.id)
    connection = cloud.create_vpn_connection(
        "ipsec.1",
        customer.id,
        vpn_gateway_id=None,
        tags=add_tag_specification(params.get("TagSpecifications", [])),
    )
    try:
        put_at(connection, gateway.id)
        connection.options = {
            "EnableAcceleration": bool(wanted.get("EnableAcceleration", False)),
            "StaticRoutesOnly": bool(wanted.get("StaticRoutesOnly", False)),
            "LocalIpv4NetworkCidr": wanted.get("LocalIpv4NetworkCidr", "0.0.0.0/0"),
            "RemoteIpv4NetworkCidr": wanted.get("RemoteIpv4NetworkCidr", "0.0.0.0/0"),
            "OutsideIpAddressType": "PublicIpv4",
            "TunnelInsideIpVersion": "ipv4",
            "TunnelOptions": filled_in(cloud, connection.id, tunnels, taken),
        }
    except Exception:
        del cloud.vpn_connections[connection.id]
        raise
    connection.category = "VPN"
    connection.gateway_association_state = "associated"
    connection.routes = []
    connection.vgw_telemetry = [telemetry(tunnel) for tunnel in connection.options["TunnelOptions"]]
    connection.calls_again = {}
    connection.pre_shared_key_arn = None
    connection.hidden_keys = None
    if store == "SecretsManager":
        move_keys_to_secrets_manager(cloud, connection)
    if connection.transit_gateway_id:
        attach_vpn(cloud, gateway.id, connection.id)
    return {"VpnConnection": connection}


def gateway_asked_for(cloud: Any, params: Options) -> Any:
    """ "You must specify either a transit gateway or a virtual private gateway"."""
    if params.get("TransitGatewayId") and params.get("VpnGatewayId"):
        raise invalid(
            "The request must not contain both parameter vpnGatewayId and transitGatewayId"
        )
    if params.get("TransitGatewayId"):
        return gateway_of(cloud, params["TransitGatewayId"])
    return living(cloud.get_vpn_gateway, params.get("VpnGatewayId"), "vpnGatewayId")


def put_at(connection: Any, gateway: str) -> None:
    """Its end in AWS: one of two kinds of gateway."""
    transit = gateway.startswith("tgw-")
    connection.transit_gateway_id = gateway if transit else None
    connection.vpn_gateway_id = None if transit else gateway


def end_of(connection: Any) -> str:
    return str(connection.transit_gateway_id or connection.vpn_gateway_id)


def check_options(wanted: Options, gateway: str) -> None:
    """https://docs.aws.amazon.com/vpn/latest/s2svpn/accelerated-vpn.html: with a transit gateway"""
    if wanted.get("EnableAcceleration") and not gateway.startswith("tgw-"):
        raise invalid("Acceleration needs a transit gateway.")
    if wanted.get("TunnelInsideIpVersion", "ipv4") != "ipv4":
        raise refusal("UnsupportedOperation", "The local AWS has no IPv6 in tunnels of a VPN")


def living(find: Any, gateway_id: str | None, name: str) -> Any:
    if not gateway_id:
        raise refusal("MissingParameter", f"The request must contain the parameter {name}")
    gateway = find(gateway_id)
    if gateway.state == "deleted":
        raise refusal("IncorrectState", f"The gateway '{gateway_id}' is deleted.")
    return gateway


def asked_tunnels(wanted: Options) -> list[Options]:
    tunnels = [dict(options) for options in wanted.get("TunnelOptions", [])]
    if len(tunnels) > 2:
        raise invalid("A VPN connection has two tunnels: tunnelOptions may list two at most")
    return tunnels + [{} for _ in range(2 - len(tunnels))]


def inside_cidrs_of(cloud: Any, gateway_id: str) -> set[str]:
    """ "The CIDR blocks must be unique across all VPN connections that use the same gateway." """
    return {
        tunnel["TunnelInsideCidr"]
        for connection in vpn_connections_of(cloud, gateway_id)
        for tunnel in connection.options["TunnelOptions"]
    }


def filled_in(cloud: Any, name: str, tunnels: list[Options], taken: set[str]) -> list[Options]:
    """The tunnels with everything that AWS chooses: inside and outside addresses, key, defaults."""
    asked = [options["TunnelInsideCidr"] for options in tunnels if options.get("TunnelInsideCidr")]
    for block in asked:
        if block in taken or asked.count(block) > 1:
            raise invalid(f"The tunnel inside cidr {block} is already in use for this gateway")
    taken = taken | set(asked)
    complete = []
    used = {
        tunnel["OutsideIpAddress"]
        for connection in cloud.vpn_connections.values()
        if connection.state != "deleted" and connection.options
        for tunnel in connection.options["TunnelOptions"]
    }
    for number, options in enumerate(tunnels, start=1):
        tunnel = as_answered({**DEFAULTS, **options})
        if not tunnel.get("TunnelInsideCidr"):
            tunnel["TunnelInsideCidr"] = free_inside_cidr(taken)
            taken.add(tunnel["TunnelInsideCidr"])
        tunnel.setdefault("PreSharedKey", new_pre_shared_key())
        tunnel["OutsideIpAddress"] = outside_address(f"{name}/{number}", used)
        used.add(tunnel["OutsideIpAddress"])
        complete.append(tunnel)
    return complete


def as_answered(options: Options) -> Options:
    named = {ANSWER_NAMES.get(name, name): value for name, value in options.items()}
    if logs := named.get("LogOptions"):
        named["LogOptions"] = {"CloudWatchLogOptions": logs_as_answered(logs)}
    return named


def logs_as_answered(asked: Options) -> Options:
    """ "Default format is json"
    (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html)."""
    given = asked.get("CloudWatchLogOptions") or {}
    shown: Options = {"LogEnabled": False, "BgpLogEnabled": False, **given}
    for which in ("", "Bgp"):
        if shown[f"{which}LogEnabled"]:
            shown.setdefault(f"{which}LogOutputFormat", "json")
    return shown


def outside_address(seed: str, used: set[str]) -> str:
    start = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])
    for step in range(OUTSIDE.num_addresses):
        address = str(OUTSIDE[1 + (start + step) % (OUTSIDE.num_addresses - 2)])
        if address not in used:
            return address
    raise refusal("VpnConnectionLimitExceeded", "No outside address is left for another tunnel")


def telemetry(tunnel: Options) -> Options:
    """No device ever calls: both tunnels are down."""
    return {
        "AcceptedRouteCount": 0,
        "LastStatusChange": datetime.now(UTC).replace(tzinfo=None),
        "OutsideIpAddress": tunnel["OutsideIpAddress"],
        "Status": "DOWN",
        "StatusMessage": "",
    }


def move_keys_to_secrets_manager(cloud: Any, connection: Any) -> None:
    """https://docs.aws.amazon.com/vpn/latest/s2svpn/enhanced-security.html"""
    tunnels = connection.options["TunnelOptions"]
    keys = [tunnel.pop("PreSharedKey", None) for tunnel in tunnels]
    before = connection.hidden_keys or [None, None]
    connection.hidden_keys = [new or old for new, old in zip(keys, before, strict=True)]
    if not all(connection.hidden_keys):
        return  # the other tunnel's key follows with its own call
    content = json.dumps(
        {
            tunnel["OutsideIpAddress"]: key
            for tunnel, key in zip(tunnels, connection.hidden_keys, strict=True)
        }
    )
    store: Any = secretsmanager_backends[cloud.account_id][cloud.region_name]
    name = f"s2svpn!{connection.id}-PreSharedKeys"
    if connection.pre_shared_key_arn is None:
        nothing: tuple[Any, ...] = (None, None, None, None, None, [])
        store.create_secret(name, content, *nothing, force_overwrite=False)
        connection.pre_shared_key_arn = store.secrets[name].arn
    else:
        store.put_secret_value(name, content, None, None, ["AWSCURRENT"])


def found(request: Request) -> Any:
    connection = request.cloud.vpn_connections.get(request.params["VpnConnectionId"])
    if connection is None or connection.state == "deleted":
        raise InvalidVpnConnectionIdError(request.params["VpnConnectionId"])
    return connection


@answers("CreateVpnConnectionRoute")
def create_vpn_connection_route(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnConnectionRoute.html"""
    connection = found(request)
    block = canonical(request.params["DestinationCidrBlock"])
    if connection.transit_gateway_id:
        # "between an existing virtual private gateway and a VPN customer gateway"
        raise refusal(
            "InvalidState", f"The routes of {connection.id} are those of its transit gateway"
        )
    if not connection.options["StaticRoutesOnly"]:
        raise refusal(
            "InvalidState", f"The vpnConnection '{connection.id}' does not take static routes"
        )
    if any(route["DestinationCidrBlock"] == block for route in connection.routes):
        raise refusal("RouteAlreadyExists", f"The route {block} already exists")
    connection.routes.append(
        {"DestinationCidrBlock": block, "Source": "Static", "State": "available"}
    )
    return {}


@answers("DeleteVpnConnectionRoute")
def delete_vpn_connection_route(request: Request) -> Result:
    connection = found(request)
    block = canonical(request.params["DestinationCidrBlock"])
    kept = [route for route in connection.routes if route["DestinationCidrBlock"] != block]
    if len(kept) == len(connection.routes):
        raise refusal("InvalidRoute.NotFound", f"The route {block} does not exist")
    connection.routes[:] = kept
    return {}


@answers("ModifyVpnTunnelOptions")
def modify_vpn_tunnel_options(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpnTunnelOptions.html"""
    connection, params = found(request), request.params
    outside = params["VpnTunnelOutsideIpAddress"]
    tunnels = connection.options["TunnelOptions"]
    tunnel = next((each for each in tunnels if each["OutsideIpAddress"] == outside), None)
    if tunnel is None:
        raise invalid(f"The vpnConnection '{connection.id}' has no tunnel {outside}")
    change = params.get("TunnelOptions") or {}
    if not change:
        raise refusal("MissingParameter", "The request must contain the parameter tunnelOptions")
    check_tunnel_options(change)
    check_rekey_margin({**tunnel, **change})
    inside = change.get("TunnelInsideCidr")
    if inside and inside != tunnel["TunnelInsideCidr"]:
        taken = inside_cidrs_of(request.cloud, end_of(connection))
        if inside in taken:
            raise invalid(f"The tunnel inside cidr {inside} is already in use for this gateway")
    tunnel.update(as_answered(change))
    goes_down(connection, outside)
    store = params.get("PreSharedKeyStorage")
    if connection.pre_shared_key_arn is not None or store == "SecretsManager":
        move_keys_to_secrets_manager(request.cloud, connection)
    return {"VpnConnection": connection}


def goes_down(connection: Any, outside: str) -> None:
    """ "Connectivity over the tunnel is interrupted" while its endpoint is replaced
    (https://docs.aws.amazon.com/vpn/latest/s2svpn/endpoint-replacements.html). A device that called
    before calls again; of one that never did, nothing changes."""
    for each in connection.vgw_telemetry:
        if each["OutsideIpAddress"] == outside and each["Status"] == "UP":
            turned(each, Status="DOWN", StatusMessage="IPSEC IS DOWN")
            connection.calls_again[outside] = False


def turned(state: Options, **changed: str) -> None:
    """At a moment of its own: answers have no fractions of a second."""
    later = state["LastStatusChange"] + timedelta(seconds=1)
    now = datetime.now(UTC).replace(tzinfo=None)
    state.update(changed, LastStatusChange=max(now, later))


@refuses("DescribeVpnConnections")
def a_device_calls_again(request: Request) -> None:
    """Once an answer has shown that the tunnel is down."""
    for connection in request.cloud.vpn_connections.values():
        for each in getattr(connection, "vgw_telemetry", None) or ():
            outside = each["OutsideIpAddress"]
            if connection.calls_again.pop(outside, None):
                turned(each, Status="UP", StatusMessage="")
            elif each["Status"] == "DOWN" and each["StatusMessage"]:
                connection.calls_again[outside] = True


@answers("ModifyVpnConnectionOptions")
def modify_vpn_connection_options(request: Request) -> Result:
    connection = found(request)
    for name in ("LocalIpv4NetworkCidr", "RemoteIpv4NetworkCidr"):
        if request.params.get(name):
            connection.options[name] = canonical(request.params[name])
    return {"VpnConnection": connection}


@answers("ModifyVpnConnection")
def modify_vpn_connection(request: Request) -> Result:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpnConnection.html"""
    connection, params, cloud = found(request), request.params, request.cloud
    if params.get("CustomerGatewayId"):
        living(cloud.get_customer_gateway, params["CustomerGatewayId"], "customerGatewayId")
        connection.customer_gateway_id = params["CustomerGatewayId"]
    if params.get("VpnGatewayId") or params.get("TransitGatewayId"):
        gateway = gateway_asked_for(cloud, params)
        detach_vpn(cloud, connection.id)
        put_at(connection, gateway.id)
        if connection.transit_gateway_id:
            attach_vpn(cloud, gateway.id, connection.id)
    return {"VpnConnection": connection}


@refuses("DeleteVpnConnection")
def a_deleted_connection_is_gone(request: Request) -> None:
    connection = found(request)
    connection.routes = []
    detach_vpn(request.cloud, connection.id)
    if connection.pre_shared_key_arn is not None:
        store = secretsmanager_backends[request.cloud.account_id][request.cloud.region_name]
        store.delete_secret(connection.pre_shared_key_arn, None, force_delete_without_recovery=True)
    request.cloud.tags.pop(connection.id, None)


def device_configuration(connection: Any) -> str:
    """What the device at the other end needs, in the form of AWS's generic XML.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-dynamic-routing-examples-interface.html
    """
    if connection.state == "deleted":
        return ""
    customer = connection.ec2_backend.get_customer_gateway(connection.customer_gateway_id)
    cloud = connection.ec2_backend
    if connection.transit_gateway_id:
        asn = cloud.transit_gateways[connection.transit_gateway_id].options["AmazonSideAsn"]
    else:
        asn = cloud.get_vpn_gateway(connection.vpn_gateway_id).amazon_side_asn
    tunnels = "".join(
        tunnel_configuration(tunnel, customer, asn)
        for tunnel in connection.options["TunnelOptions"]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<vpn_connection id="{connection.id}">\n'
        f"  <customer_gateway_id>{customer.id}</customer_gateway_id>\n"
        f"  <vpn_gateway_id>{end_of(connection)}</vpn_gateway_id>\n"
        "  <vpn_connection_type>ipsec.1</vpn_connection_type>\n"
        f"{tunnels}</vpn_connection>\n"
    )


def tunnel_configuration(tunnel: Options, customer: Any, asn: Any) -> str:
    inside = ipaddress.IPv4Network(tunnel["TunnelInsideCidr"])
    here, there = inside[1], inside[2]  # AWS takes the first host address, the device the second
    key = tunnel.get("PreSharedKey")
    pre_shared = f"      <pre_shared_key>{escape(key)}</pre_shared_key>\n" if key else ""
    return (
        "  <ipsec_tunnel>\n"
        f"{end('customer_gateway', customer.ip_address, there, customer.bgp_asn)}"
        f"{end('vpn_gateway', tunnel['OutsideIpAddress'], here, asn)}"
        "    <ike>\n"
        f"{proposal(tunnel, 1)}"
        f"      <version>{chosen(tunnel, 'IkeVersions', 'ikev1')}</version>\n"
        f"{pre_shared}"
        "    </ike>\n"
        "    <ipsec>\n"
        "      <protocol>esp</protocol>\n"
        f"{proposal(tunnel, 2)}"
        "      <mode>tunnel</mode>\n"
        "    </ipsec>\n"
        "  </ipsec_tunnel>\n"
    )


def end(name: str, outside: str, inside: Any, asn: Any) -> str:
    return (
        f"    <{name}>\n"
        f"      <tunnel_outside_address><ip_address>{outside}</ip_address>"
        "</tunnel_outside_address>\n"
        f"      <tunnel_inside_address><ip_address>{inside}</ip_address>"
        "<network_mask>255.255.255.252</network_mask><network_cidr>30</network_cidr>"
        "</tunnel_inside_address>\n"
        f"      <bgp><asn>{asn}</asn><hold_time>30</hold_time></bgp>\n"
        f"    </{name}>\n"
    )


def proposal(tunnel: Options, phase: int) -> str:
    prefix = f"Phase{phase}"
    integrity = chosen(tunnel, f"{prefix}IntegrityAlgorithms", "SHA1")
    encryption = chosen(tunnel, f"{prefix}EncryptionAlgorithms", "AES128")
    group = chosen(tunnel, f"{prefix}DHGroupNumbers", 2)
    return (
        f"      <authentication_protocol>{integrity}</authentication_protocol>\n"
        f"      <encryption_protocol>{encryption}</encryption_protocol>\n"
        f"      <lifetime>{tunnel[f'{prefix}LifetimeSeconds']}</lifetime>\n"
        f"      <perfect_forward_secrecy>group{group}</perfect_forward_secrecy>\n"
    )


def chosen(tunnel: Options, name: str, default: Any) -> Any:
    """The weakest that AWS would offer: the first listed, or its lowest when none is listed."""
    listed = tunnel.get(name) or [{"Value": default}]
    return listed[0]["Value"]
