"""What is known of route tables and of what routes lead to, transit gateways apart."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.known.table import Fields, Leaves, Leaving
from bulkhead.observe.known.words import (
    AUTOMATED,
    DNS,
    METERS,
    NOTES,
    OWNERS,
    PLACE,
    REPEATS,
    STEPS,
    TIMES,
)

ROUTE_TABLES: Final = Fields(
    modelled={
        "route_tables": """
            RouteTableId VpcId
            Associations {
                Main SubnetId GatewayId
                AssociationState {
                    State=associating|associated|disassociating|disassociated|failed
                }
            }
            Routes {
                DestinationCidrBlock DestinationIpv6CidrBlock DestinationPrefixListId GatewayId
                InstanceId LocalGatewayId CarrierGatewayId CoreNetworkArn OdbNetworkArn
                IpAddress VpcEndpointId State=active|blackhole|*
                Origin=CreateRouteTable|CreateRoute|EnableVgwRoutePropagation|Advertisement
            }
        """,
        "calls": """
            Routes {
                NatGatewayId TransitGatewayId NetworkInterfaceId VpcPeeringConnectionId
                EgressOnlyInternetGatewayId
            }
        """,
        "associations": "Associations{RouteTableAssociationId}",
        "vpn_gateways": "PropagatingVgws{GatewayId}",
        "record": "$tags",
    },
    harmless={
        OWNERS: "OwnerId Routes{InstanceOwnerId}",
        REPEATS: "Associations{RouteTableId}",
        TIMES: "Associations{AssociationState{StatusMessage}}",
    },
    leaves=(
        Leaves(
            Leaving.INSPECTED,
            AUTOMATED,
            "Routes{IgwFirewall}",
        ),
        Leaves(
            Leaving.INTERNET,
            "it routes what comes in from the internet to a pool of addresses",
            "Associations{PublicIpv4Pool}",
        ),
    ),
    parts={"Routes": Leaving.ROUTE},
    beside="Routes{IgwFirewall VpcEndpointId}",
)

INTERNET_GATEWAYS: Final = Fields(
    modelled={
        "internet_gateways": "InternetGatewayId",
        "described": """
            Attachments{VpcId State=available|attaching|attached|detaching|detached}
        """,
        "record": "$tags",
    },
    harmless={
        OWNERS: "OwnerId",
    },
    beside="Attachments{State=available}",
)

EGRESS_ONLY_GATEWAYS: Final = Fields(
    modelled={
        "internet_gateways": "EgressOnlyInternetGatewayId",
        "described": """
            Attachments{VpcId State=available|attaching|attached|detaching|detached}
        """,
        "record": "$tags",
    },
    beside="Attachments{State=available}",
)

VPN_GATEWAYS: Final = Fields(
    modelled={
        "vpn_gateways": "VpnGatewayId AmazonSideAsn State=pending|available|deleting|deleted",
        "described": "VpcAttachments{VpcId State=$attached}",
        "record": "$tags",
    },
    harmless={
        PLACE: "AvailabilityZone",
        "there is one": "Type=ipsec.1",
    },
)

NAT_GATEWAYS: Final = Fields(
    modelled={
        "nat_gateways": """
            NatGatewayId SubnetId VpcId State=pending|failed|available|deleting|deleted
            ConnectivityType=private|public AvailabilityMode=zonal|regional
            AutoProvisionZones=$switched RouteTableId
            NatGatewayAddresses {
                PrivateIp PublicIp IsPrimary AvailabilityZone AvailabilityZoneId
                Status=assigning|unassigning|associating|disassociating|succeeded|failed
            }
        """,
        "network_interfaces": "NatGatewayAddresses{NetworkInterfaceId}",
        "record": "$tags",
    },
    harmless={
        OWNERS: "NatGatewayAddresses{AllocationId AssociationId}",
        TIMES: """
            CreateTime DeleteTime FailureCode FailureMessage
            NatGatewayAddresses{FailureMessage}
        """,
        METERS: """
            ProvisionedBandwidth{ProvisionTime Provisioned RequestTime Requested Status}
        """,
        "it may be given more addresses later": "AutoScalingIps=$switched",
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "a proxy of Network Firewall stands behind it, which is not modelled",
            """
                AttachedAppliances {
                    Type=network-firewall-proxy ApplianceArn VpcEndpointId
                    AttachmentState=attaching|attached|detaching|detached|attach-failed|
                        detach-failed
                    ModificationState=modifying|completed|failed FailureCode FailureMessage
                }
            """,
        ),
    ),
)

PEERINGS: Final = Fields(
    modelled={
        "peerings": """
            VpcPeeringConnectionId
            AccepterVpcInfo{$peered OwnerId}
            RequesterVpcInfo{$peered OwnerId}
            Status {
                Code=initiating-request|pending-acceptance|active|deleted|rejected|failed|
                    expired|provisioning|deleting
            }
        """,
        "record": "$tags",
    },
    harmless={
        TIMES: "ExpirationTime Status{Message}",
        DNS: """
            AccepterVpcInfo{PeeringOptions{AllowDnsResolutionFromRemoteVpc}}
            RequesterVpcInfo{PeeringOptions{AllowDnsResolutionFromRemoteVpc}}
        """,
        "ClassicLink is no more": """
            AccepterVpcInfo {
                PeeringOptions {
                    AllowEgressFromLocalClassicLinkToRemoteVpc
                    AllowEgressFromLocalVpcToRemoteClassicLink
                }
            }
            RequesterVpcInfo {
                PeeringOptions {
                    AllowEgressFromLocalClassicLinkToRemoteVpc
                    AllowEgressFromLocalVpcToRemoteClassicLink
                }
            }
        """,
        "it says over how many lines it runs": """
            AccepterVpcInfo {
                PeeringOptions{AllowMultipathResilience MultipathResilienceMode=always-on}
            }
            RequesterVpcInfo {
                PeeringOptions{AllowMultipathResilience MultipathResilienceMode=always-on}
            }
            MultipathResilienceStatus=pending|enabled|disabled
        """,
    },
)

ENDPOINTS: Final = Fields(
    modelled={
        "vpc_endpoints": """
            VpcEndpointId VpcEndpointType=Interface|Gateway|GatewayLoadBalancer VpcId
            ServiceName IpAddressType=ipv4|dualstack|ipv6
            State=PendingAcceptance|Pending|Available|Deleting|Deleted|Rejected|Failed|Expired|
                Partial|pendingAcceptance|pending|available|deleting|deleted|rejected|failed|
                expired|partial
        """,
        "network_interfaces": "NetworkInterfaceIds",
        "record": "$tags",
    },
    harmless={
        OWNERS: "OwnerId RequesterManaged ServiceRegion",
        TIMES: "CreationTimestamp LastError{Message Code} FailureReason",
        DNS: """
            DnsOptions {
                DnsRecordIpType=ipv4|dualstack|ipv6|service-defined
                PrivateDnsOnlyForInboundResolverEndpoint PrivateDnsPreference
                PrivateDnsSpecifiedDomains
            }
            PrivateDnsEnabled
            DnsEntries{DnsName HostedZoneId}
        """,
        METERS: """
            PayerResponsibilities {
                Scope=vpc-endpoint-charges|resource-gateway-charges
                PayerResponsibilityType=vpc-endpoint-account|resource-gateway-account|
                    vpc-endpoint-service-account
            }
        """,
        "it says who may ask the service for what, and lets every packet through": """
            PolicyDocument
        """,
        "its interfaces and the route tables say the same, and those are read": """
            RouteTableIds SubnetIds Groups{GroupId GroupName}
        """,
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "whoever sends it GENEVE reaches what VPC Lattice shares: no answer says what",
            "VpcEndpointType=Tunnel",
        ),
        Leaves(
            Leaving.BESIDE,
            "it leads to what VPC Lattice shares: what lies behind it is not looked at",
            """
                VpcEndpointType=Resource|ServiceNetwork ServiceNetworkArn
                ResourceConfigurationArn Ipv4Prefixes Ipv6Prefixes
            """,
        ),
    ),
    beside="""
        State=pendingAcceptance|pending|available|deleting|deleted|rejected|failed|expired|
            partial
    """,
)

PREFIX_LISTS: Final = Fields(
    modelled={
        "prefix_lists": """
            PrefixListId Entries{Cidr} Cidrs NextToken PrefixListName AddressFamily MaxEntries
        """,
    },
    harmless={
        NOTES: "Entries{Description}",
        OWNERS: "PrefixListArn OwnerId Version $tags",
        STEPS: "State=*",
        TIMES: "StateMessage",
    },
    beside="""
        PrefixListId Cidrs PrefixListName PrefixListArn OwnerId AddressFamily MaxEntries Version
        $tags State=* StateMessage
    """,
)
