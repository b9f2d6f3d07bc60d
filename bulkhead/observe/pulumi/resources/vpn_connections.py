"""Site-to-site VPN connections, and the customer gateways at their remote end."""

from __future__ import annotations

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape, owner_of
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Hidden


def customer_gateway(resource: Resource, shape: Shape) -> None:
    """A CustomerGateway."""
    out = resource.outputs
    item: Item = {
        "CustomerGatewayId": resource.id,
        "IpAddress": out.maybe("ipAddress"),
        "BgpAsn": out.maybe_integer("bgpAsn"),
        "BgpAsnExtended": out.maybe_integer("bgpAsnExtended"),
    }
    shape.put("CustomerGateways", resource.id, item, resource)


def vpn_connection(resource: Resource, shape: Shape) -> None:
    """A VpnConnection."""
    out = resource.outputs
    item: Item = {
        "VpnConnectionId": resource.id,
        "VpnGatewayId": out.maybe("vpnGatewayId"),
        "TransitGatewayId": out.maybe("transitGatewayId"),
        "CoreNetworkArn": out.maybe("coreNetworkArn"),
        "CustomerGatewayId": out.text("customerGatewayId"),
        "Options": {
            "StaticRoutesOnly": out.flag("staticRoutesOnly"),
            "TunnelInsideIpVersion": out.maybe("tunnelInsideIpVersion"),
            "LocalIpv4NetworkCidr": out.maybe("localIpv4NetworkCidr"),
            "RemoteIpv4NetworkCidr": out.maybe("remoteIpv4NetworkCidr"),
            "LocalIpv6NetworkCidr": out.maybe("localIpv6NetworkCidr"),
            "RemoteIpv6NetworkCidr": out.maybe("remoteIpv6NetworkCidr"),
            "TunnelOptions": [_tunnel(resource, number) for number in (1, 2)],
        },
        "Routes": [],
    }
    shape.put("VpnConnections", resource.id, item, resource)


def _tunnel(resource: Resource, number: int) -> Item:
    """Every option by name: the pre-shared key beside them is not among these."""
    out, prefix = resource.outputs, f"tunnel{number}"

    def texts(key: str) -> list[Item]:
        return [{"Value": each} for each in out.texts(prefix + key)]

    def numbers(key: str) -> list[Item]:
        return [{"Value": each} for each in out.integers(prefix + key)]

    return {
        "TunnelInsideCidr": out.maybe(prefix + "InsideCidr"),
        "IkeVersions": texts("IkeVersions"),
        "Phase1EncryptionAlgorithms": texts("Phase1EncryptionAlgorithms"),
        "Phase1IntegrityAlgorithms": texts("Phase1IntegrityAlgorithms"),
        "Phase1DHGroupNumbers": numbers("Phase1DhGroupNumbers"),
        "Phase2EncryptionAlgorithms": texts("Phase2EncryptionAlgorithms"),
        "Phase2IntegrityAlgorithms": texts("Phase2IntegrityAlgorithms"),
        "Phase2DHGroupNumbers": numbers("Phase2DhGroupNumbers"),
        "Phase1LifetimeSeconds": out.maybe_integer(prefix + "Phase1LifetimeSeconds"),
        "Phase2LifetimeSeconds": out.maybe_integer(prefix + "Phase2LifetimeSeconds"),
        "DpdTimeoutAction": out.maybe(prefix + "DpdTimeoutAction"),
        "StartupAction": out.maybe(prefix + "StartupAction"),
        "DpdTimeoutSeconds": out.maybe_integer(prefix + "DpdTimeoutSeconds"),
        "RekeyMarginTimeSeconds": out.maybe_integer(prefix + "RekeyMarginTimeSeconds"),
        "RekeyFuzzPercentage": out.maybe_integer(prefix + "RekeyFuzzPercentage"),
        "ReplayWindowSize": out.maybe_integer(prefix + "ReplayWindowSize"),
        "EnableTunnelLifecycleControl": out.maybe_flag(prefix + "EnableTunnelLifecycleControl"),
        "LogOptions": _logs(out.values.get(prefix + "LogOptions")),
    }


def _logs(options: object) -> Item | None:
    enabled = is_logged(options)
    return None if enabled is None else {"CloudWatchLogOptions": {"LogEnabled": enabled}}


def is_logged(options: object) -> bool | None:
    """Off unless somebody says otherwise; None where nobody knows yet.

    (docs.aws.amazon.com/vpn/latest/s2svpn/log-contents.html)
    """
    if isinstance(options, Hidden):
        return None
    inner = options.get("cloudwatchLogOptions") if isinstance(options, dict) else None
    if isinstance(inner, Hidden):
        return None
    enabled = inner.get("logEnabled") if isinstance(inner, dict) else False
    return None if isinstance(enabled, Hidden) else bool(enabled)


def route(resource: Resource, shape: Shape) -> None:
    """A VpnConnectionRoute."""
    if connection := owner_of(resource, shape, "VpnConnections", "vpnConnectionId"):
        block = resource.outputs.text("destinationCidrBlock")
        connection["Routes"].append({"DestinationCidrBlock": block})
