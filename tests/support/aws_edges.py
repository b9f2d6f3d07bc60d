"""Gateways, VPNs, endpoints, peerings and transit gateways, as the AWS CLI prints them."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from bulkhead.network import AttachmentKind, NatGateway, Network, SiteRouting, VpnConnection
from bulkhead.network import tags as words
from tests.support.aws_words import OWNER, Answer, sockets, tags


def _nat_gateway(nat: NatGateway) -> Answer:
    return {
        "NatGatewayId": nat.id,
        "VpcId": nat.vpc,
        "State": "available" if nat.available else "failed",
        "ConnectivityType": "public" if nat.public_addresses or nat.zones else "private",
        **(_in_a_subnet(nat) if nat.subnet else _regional(nat)),
        "Tags": tags(nat.name),
    }


def _in_a_subnet(nat: NatGateway) -> Answer:
    pairs = zip_longest(nat.more_addresses, nat.more_public)
    every = ((nat.address, nat.public_address), *pairs)
    return {
        "SubnetId": nat.subnet,
        "AvailabilityMode": "zonal",
        "NatGatewayAddresses": [
            {
                "IsPrimary": number == 0,
                "Status": "succeeded",
                **({"PrivateIp": str(private)} if private else {}),
                **({"PublicIp": str(public)} if public else {}),
            }
            for number, (private, public) in enumerate(every)
        ],
    }


def _regional(nat: NatGateway) -> Answer:
    switched = "enabled" if nat.expands else "disabled"
    return {
        "AvailabilityMode": "regional",
        "ConnectivityType": "public",
        "AutoProvisionZones": switched,
        "AutoScalingIps": switched,
        "RouteTableId": nat.route_table,
        "NatGatewayAddresses": [
            {"PublicIp": str(public), "AvailabilityZone": zone, "Status": "succeeded"}
            for zone, public in nat.zones
        ],
    }


def edges(network: Network) -> Answer:
    site = {each.name: each for each in network.sites}
    return {
        "InternetGateways": [
            {
                "InternetGatewayId": each.id,
                "Attachments": [{"VpcId": each.vpc, "State": "available"}],
                "OwnerId": OWNER,
                "Tags": tags(each.name),
            }
            for each in network.internet_gateways
        ],
        "EgressOnlyInternetGateways": [
            {
                "EgressOnlyInternetGatewayId": each.id,
                "Attachments": [{"VpcId": each.vpc, "State": "attached"}],
                "Tags": tags(each.name),
            }
            for each in network.egress_only_gateways
        ],
        "NatGateways": [_nat_gateway(each) for each in network.nat_gateways],
        "VpnGateways": [
            {
                "VpnGatewayId": each.id,
                "State": "available",
                "Type": "ipsec.1",
                "VpcAttachments": [{"VpcId": each.vpc, "State": "attached"}],
                **({"AmazonSideAsn": each.asn} if each.asn else {}),
                "Tags": tags(each.name),
            }
            for each in network.vpn_gateways
        ],
        "CustomerGateways": [
            {
                "CustomerGatewayId": each.id,
                "BgpAsn": str(each.asn),
                "State": "available",
                "Type": "ipsec.1",
                "IpAddress": str(each.address) if each.address else "",
                "Tags": tags(each.name),
            }
            for each in network.customer_gateways
        ],
        "VpnConnections": [
            {
                "VpnConnectionId": each.id,
                "CustomerGatewayId": each.customer_gateway,
                "CustomerGatewayConfiguration": "<xml>never-read-this</xml>",
                "State": "available" if each.available else "pending",
                "Type": "ipsec.1",
                **_ends_at(network, each),
                "Options": {
                    "StaticRoutesOnly": not _speaks_bgp(each),
                    "TunnelInsideIpVersion": "ipv6" if each.version == 6 else "ipv4",
                    "LocalIpv4NetworkCidr": "0.0.0.0/0",
                    "RemoteIpv4NetworkCidr": "0.0.0.0/0",
                    "TunnelOptions": [_tunnel(tunnel) for tunnel in each.tunnels],
                },
                "Routes": [
                    {"DestinationCidrBlock": str(one), "Source": "Static", "State": "available"}
                    for one in each.routes
                    if each.vpn_gateway and each.routing is not SiteRouting.BGP
                ],
                "VgwTelemetry": [{"Status": "UP"}, {"Status": "UP"}],
                "Tags": tags(
                    each.name,
                    site=each.site,
                    trust="trusted"
                    if each.site in site and site[each.site].trusted
                    else "untrusted",
                    **_stated(site.get(each.site)),
                )
                + sockets(network, each.site)
                + _announced(each),
            }
            for each in network.vpn_connections
        ],
        "VpcEndpoints": [
            {
                "VpcEndpointId": each.id,
                "VpcEndpointType": "Gateway",
                "VpcId": each.vpc,
                "ServiceName": each.service
                if "." in each.service
                else f"com.amazonaws.eu-west-1.{each.service}",
                "State": "available",
                "RouteTableIds": [
                    table.id
                    for table in network.route_tables
                    if any(route.target_id == each.id for route in table.routes)
                ],
                "Tags": tags(each.name),
            }
            for each in network.gateway_endpoints
        ]
        + [
            {
                "VpcEndpointId": end,
                "VpcEndpointType": "GatewayLoadBalancer",
                "VpcId": each.vpc,
                "ServiceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0",
                "SubnetIds": [subnet],
                "State": "available",
                "Tags": [{"Key": "AWSNetworkFirewallManaged", "Value": "true"}],
            }
            for each in network.firewalls
            for end, subnet in each.endpoints
        ],
    }


def _speaks_bgp(connection: VpnConnection) -> bool:
    return connection.routing is SiteRouting.BGP or connection.learns


def _announced(connection: VpnConnection) -> list[dict[str, str]]:
    if connection.routing is not SiteRouting.BGP or not connection.vpn_gateway:
        return []
    said = words.network_tags(connection.routes)
    return [{"Key": key, "Value": value} for key, value in said.items()]


def _stated(site: Any) -> dict[str, str]:
    if site is None:
        return {}
    hosts = {f"client-ports:{at}": str(ports) for at, ports in site.host_ports}
    return {"client-ports": str(site.client_ports), **hosts}


def _tunnel(tunnel: Any) -> Answer:
    lists = {
        "IkeVersions": tunnel.ike_versions,
        "Phase1EncryptionAlgorithms": tunnel.phase1_encryption,
        "Phase1IntegrityAlgorithms": tunnel.phase1_integrity,
        "Phase1DHGroupNumbers": tunnel.phase1_dh_groups,
        "Phase2EncryptionAlgorithms": tunnel.phase2_encryption,
        "Phase2IntegrityAlgorithms": tunnel.phase2_integrity,
        "Phase2DHGroupNumbers": tunnel.phase2_dh_groups,
    }
    inside = {"TunnelInsideCidr": str(tunnel.inside_cidr)} if tunnel.inside_cidr else {}
    return {
        "PreSharedKey": "never-read-this",
        **inside,
        **{key: [{"Value": each} for each in values] for key, values in lists.items()},
        "Phase1LifetimeSeconds": tunnel.phase1_lifetime,
        "Phase2LifetimeSeconds": tunnel.phase2_lifetime,
        "DpdTimeoutAction": tunnel.dpd_action,
        "StartupAction": tunnel.startup_action,
        "DpdTimeoutSeconds": tunnel.dpd_timeout,
        "RekeyMarginTimeSeconds": tunnel.rekey_margin,
        "RekeyFuzzPercentage": tunnel.rekey_fuzz,
        "ReplayWindowSize": tunnel.replay_window,
        "EnableTunnelLifecycleControl": tunnel.lifecycle_control,
        "LogOptions": None
        if tunnel.logs is None
        else {"CloudWatchLogOptions": {"LogEnabled": tunnel.logs}},
    }


def _ends_at(network: Network, connection: Any) -> Answer:
    if connection.vpn_gateway:
        return {"VpnGatewayId": connection.vpn_gateway}
    gateways = [
        each.gateway for each in network.transit_attachments if each.resource == connection.id
    ]
    return {"TransitGatewayId": gateways[0]} if gateways else {}


def between(network: Network) -> Answer:
    vpcs = [each for each in network.transit_attachments if each.kind is AttachmentKind.VPC]
    peers = [each for each in network.transit_attachments if each.kind is AttachmentKind.PEERING]
    return {
        "VpcPeeringConnections": [
            {
                "VpcPeeringConnectionId": each.id,
                "RequesterVpcInfo": _side(each.requester),
                "AccepterVpcInfo": _side(each.accepter),
                "Status": {"Code": "active" if each.active else "pending-acceptance"},
                "Tags": tags(each.name),
            }
            for each in network.peerings
        ],
        "TransitGateways": [
            {
                "TransitGatewayId": each.id,
                "TransitGatewayArn": f"arn:aws:ec2:{each.region}:{OWNER}:transit-gateway/{each.id}",
                "State": "available",
                "OwnerId": OWNER,
                "Options": {
                    "SecurityGroupReferencingSupport": "enable" if each.references else "disable"
                },
                "Tags": tags(each.name),
            }
            for each in network.transit_gateways
        ],
        "TransitGatewayAttachments": [
            {
                "TransitGatewayAttachmentId": each.id,
                "TransitGatewayId": each.gateway,
                "ResourceType": _resource_type(each.kind),
                "ResourceId": each.peer_gateway or each.resource,
                "State": "available" if each.available else "failing",
                **(
                    {
                        "Association": {
                            "TransitGatewayRouteTableId": each.table,
                            "State": "associated",
                        }
                    }
                    if each.table
                    else {}
                ),
                "Tags": tags(each.name),
            }
            for each in network.transit_attachments
        ],
        "TransitGatewayVpcAttachments": [
            {
                "TransitGatewayAttachmentId": each.id,
                "TransitGatewayId": each.gateway,
                "VpcId": each.resource,
                "VpcOwnerId": OWNER,
                "State": "available" if each.available else "failing",
                "SubnetIds": list(each.subnets),
                "Options": {
                    "ApplianceModeSupport": "enable" if each.appliance_mode else "disable",
                    "SecurityGroupReferencingSupport": "enable" if each.references else "disable",
                },
                "Tags": tags(each.name),
            }
            for each in vpcs
        ],
        "TransitGatewayPeeringAttachments": list(
            {
                each.id: {
                    "TransitGatewayAttachmentId": each.id,
                    "RequesterTgwInfo": _transit_side(network, each.gateway),
                    "AccepterTgwInfo": _transit_side(network, each.peer_gateway),
                    "State": "available" if each.available else "failing",
                    "Tags": tags(each.name),
                }
                for each in peers
            }.values()
        ),
        "TransitGatewayRouteTables": [
            {
                "TransitGatewayRouteTableId": each.id,
                "TransitGatewayId": each.gateway,
                "State": "available",
                "Tags": tags(each.name),
            }
            for each in network.transit_route_tables
        ],
    }


def _side(side: Any) -> Answer:
    four = [block for block in side.cidrs if block.version == 4]
    return {
        "VpcId": side.vpc,
        "OwnerId": OWNER,
        "Region": side.region,
        **({"CidrBlock": str(four[0])} if four else {}),
        "CidrBlockSet": [{"CidrBlock": str(block)} for block in four],
        "Ipv6CidrBlockSet": [
            {"Ipv6CidrBlock": str(block)} for block in side.cidrs if block.version == 6
        ],
    }


def _transit_side(network: Network, gateway: str | None) -> Answer:
    region = next((each.region for each in network.transit_gateways if each.id == gateway), "")
    return {"TransitGatewayId": gateway, "OwnerId": OWNER, "Region": region or "eu-west-1"}


def transit_route(network: Network, route: Any) -> Answer:
    attachments = {each.id: each for each in network.transit_attachments}
    return {
        "DestinationCidrBlock": str(route.destination),
        "Type": "propagated" if route.propagated else "static",
        "State": "blackhole" if route.blackhole else "active",
        "TransitGatewayAttachments": [
            {
                "TransitGatewayAttachmentId": one,
                "ResourceId": attachments[one].resource if one in attachments else "gone",
                "ResourceType": (
                    _resource_type(attachments[one].kind) if one in attachments else "vpc"
                ),
            }
            for one in route.attachments
        ],
    }


def _resource_type(kind: AttachmentKind) -> str:
    """In the words of AWS, who has several for what is none of ours."""
    return "direct-connect-gateway" if kind is AttachmentKind.OTHER else str(kind)
