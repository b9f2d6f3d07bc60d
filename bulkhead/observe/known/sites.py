"""What is known of VPN connections and of their remote ends."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.known.table import Fields, Leaves, Leaving
from bulkhead.observe.known.words import CRYPTO, HEALTH, METERS, NOTES, OWNERS, STEPS

VPN_CONNECTIONS: Final = Fields(
    modelled={
        "vpn_connections": """
            VpnConnectionId VpnGatewayId TransitGatewayId CustomerGatewayId CoreNetworkArn
            State=pending|available|deleting|deleted
            Routes{DestinationCidrBlock State=pending|available|deleting|deleted}
            VgwTelemetry{AcceptedRouteCount}
            Options {
                StaticRoutesOnly TunnelInsideIpVersion=ipv4|ipv6
                LocalIpv4NetworkCidr RemoteIpv4NetworkCidr
                LocalIpv6NetworkCidr RemoteIpv6NetworkCidr
                TunnelOptions {
                    TunnelInsideCidr IkeVersions{Value}
                    Phase1EncryptionAlgorithms{Value}
                    Phase1IntegrityAlgorithms{Value}
                    Phase1DHGroupNumbers{Value}
                    Phase2EncryptionAlgorithms{Value}
                    Phase2IntegrityAlgorithms{Value}
                    Phase2DHGroupNumbers{Value} Phase1LifetimeSeconds Phase2LifetimeSeconds
                    DpdTimeoutAction StartupAction DpdTimeoutSeconds
                    RekeyMarginTimeSeconds RekeyFuzzPercentage ReplayWindowSize
                    EnableTunnelLifecycleControl
                    LogOptions { CloudWatchLogOptions { LogEnabled } }
                }
            }
        """,
        "record": "$tags",
    },
    harmless={
        OWNERS: "Category CoreNetworkAttachmentArn Type=ipsec.1 Routes{Source=Static}",
        STEPS: "GatewayAssociationState=associated|associating",
        HEALTH: """
            VgwTelemetry {
                LastStatusChange OutsideIpAddress Status=UP|DOWN
                StatusMessage CertificateArn
            }
        """,
        "it says by which way the tunnel itself goes": """
            Options {
                EnableAcceleration OutsideIpAddressType TransportTransitGatewayAttachmentId
                TunnelBandwidth=standard|large
                TunnelOptions{OutsideIpAddress TunnelInsideIpv6Cidr}
            }
        """,
        CRYPTO: """
            PreSharedKeyArn CustomerGatewayConfiguration
            Options {
                TunnelOptions {
                    PreSharedKey
                    Phase1AdditionalKeyExchanges {
                        AdditionalKeyExchangeRound KeyExchangeMethods{Value}
                        Requirement=required|optional
                    }
                    Phase2AdditionalKeyExchanges {
                        AdditionalKeyExchangeRound KeyExchangeMethods{Value}
                        Requirement=required|optional
                    }
                }
            }
        """,
        METERS: """
            Options {
                TunnelOptions {
                    LogOptions {
                        CloudWatchLogOptions {
                            LogGroupArn LogOutputFormat BgpLogEnabled BgpLogGroupArn
                            BgpLogOutputFormat
                        }
                    }
                }
            }
        """,
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "it ends at a VPN concentrator, which is not modelled",
            "VpnConcentratorId",
        ),
        Leaves(
            Leaving.THING,
            "it is not associated with its gateway",
            "GatewayAssociationState=not-associated|disassociating",
        ),
    ),
)

CUSTOMER_GATEWAYS: Final = Fields(
    modelled={
        "vpn_connections": """
            CustomerGatewayId IpAddress BgpAsn BgpAsnExtended
            State=pending|available|deleting|deleted
        """,
        "record": "$tags",
    },
    harmless={
        NOTES: "DeviceName",
        OWNERS: "Type=ipsec.1",
        CRYPTO: "CertificateArn",
    },
)
