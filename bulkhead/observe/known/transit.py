"""What is known of transit gateways, of what is attached to them, and of their tables."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.known.table import Fields, Leaves, Leaving
from bulkhead.observe.known.words import DNS, OWNERS, REPEATS, STEPS, TIMES

GATEWAYS: Final = Fields(
    modelled={
        "transit_gateways": """
            TransitGatewayId TransitGatewayArn
            State=pending|available|modifying|deleting|deleted
            Options{SecurityGroupReferencingSupport=$switch}
        """,
        "record": "$tags",
    },
    harmless={
        OWNERS: "OwnerId Description Options{AmazonSideAsn TransitGatewayCidrBlocks}",
        TIMES: "CreationTime Options{EncryptionSupport{StateMessage}}",
        DNS: "Options{DnsSupport=$switch}",
        "it says what becomes of attachments that are yet to be made": """
            Options {
                AutoAcceptSharedAttachments=$switch DefaultRouteTableAssociation=$switch
                AssociationDefaultRouteTableId DefaultRouteTablePropagation=$switch
                PropagationDefaultRouteTableId
            }
        """,
        "it says over how many tunnels one site is reached": """
            Options{VpnEcmpSupport=$switch}
        """,
        "packets to a group of receivers are not asked about": """
            Options{MulticastSupport=$switch}
        """,
        # docs.aws.amazon.com/vpc/latest/tgw/tgw-encryption-support.html
        "it encrypts what it carries, and drops nothing": """
            Options{EncryptionSupport{EncryptionState=enabling|enabled|disabling|disabled}}
        """,
    },
)

# Policy tables: docs.aws.amazon.com/vpc/latest/tgw/tgw-policy-tables.html; translation:
# docs.amazonaws.cn/vpc/latest/tgw/tgw-nat-routing.html
ATTACHMENTS: Final = Fields(
    modelled={
        "transit_gateways": """
            TransitGatewayAttachmentId TransitGatewayId ResourceType=$attachment_type ResourceId
            State=$attachment_state
            Association{TransitGatewayRouteTableId State=$association_state}
        """,
        "record": "$tags",
    },
    harmless={
        OWNERS: "TransitGatewayOwnerId ResourceOwnerId",
        TIMES: "CreationTime",
        "it translates nothing": "NatGatewaySupport=disabled",
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "a policy table chooses the route table for each packet, which is not modelled",
            "Association{TransitGatewayPolicyTableId}",
        ),
        Leaves(
            Leaving.THING,
            "it translates addresses, by rules that only the gateway's owner is shown",
            "NatGatewaySupport=enabled|enabling|disabling",
        ),
    ),
)

VPC_ATTACHMENTS: Final = Fields(
    modelled={
        "transit_gateways": """
            TransitGatewayAttachmentId TransitGatewayId VpcId State=$attachment_state SubnetIds
            Options{SecurityGroupReferencingSupport=$switch ApplianceModeSupport=$switch}
        """,
        "record": "$tags",
    },
    harmless={
        OWNERS: "VpcOwnerId",
        TIMES: "CreationTime",
        DNS: "Options{DnsSupport=$switch}",
        # So says botocore of ModifyTransitGatewayVpcAttachmentRequestOptions.
        "it filters no packet of IPv6": "Options{Ipv6Support=$switch}",
    },
)

PEERING_ATTACHMENTS: Final = Fields(
    modelled={
        "transit_gateways": """
            TransitGatewayAttachmentId AccepterTransitGatewayAttachmentId
            RequesterTgwInfo{TransitGatewayId Region}
            AccepterTgwInfo{TransitGatewayId Region}
            State=$attachment_state
        """,
        "record": "$tags",
    },
    harmless={
        OWNERS: "RequesterTgwInfo{OwnerId} AccepterTgwInfo{OwnerId}",
        TIMES: "CreationTime Status{Code Message}",
        "the routes that are learned are shown in the tables": """
            Options{DynamicRouting=$switch}
        """,
        "it says over how many lines it runs": """
            Options {
                RequesterAllowMultipathResilience RequesterMultipathResilienceMode=always-on
                AccepterAllowMultipathResilience AccepterMultipathResilienceMode=always-on
                MultipathResilienceStatus=pending|enabled|disabled
            }
        """,
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "its other side is a core network of Cloud WAN, which is not modelled",
            "RequesterTgwInfo{CoreNetworkId} AccepterTgwInfo{CoreNetworkId}",
        ),
    ),
)

ROUTE_TABLES: Final = Fields(
    modelled={
        "transit_route_tables": """
            TransitGatewayRouteTableId TransitGatewayId State=pending|available|deleting|deleted
        """,
        "record": "$tags",
    },
    harmless={
        "it says what becomes of attachments that are yet to be made": """
            DefaultAssociationRouteTable DefaultPropagationRouteTable
        """,
        TIMES: "CreationTime",
    },
)

ROUTES: Final = Fields(
    modelled={
        "transit_route_tables": """
            TransitGatewayRouteTableId AdditionalRoutesAvailable NextToken
            Routes {
                DestinationCidrBlock PrefixListId
                TransitGatewayAttachments{TransitGatewayAttachmentId}
                Type=static|propagated State=pending|active|blackhole|deleting|deleted
            }
        """,
    },
    harmless={
        REPEATS: """
            Routes{TransitGatewayAttachments{ResourceId ResourceType=$attachment_type}}
        """,
        "it says from which other table a route was learned": """
            Routes{TransitGatewayRouteTableAnnouncementId}
        """,
    },
    leaves=(
        Leaves(
            Leaving.ROUTE,
            "AWS made it for the addresses that an attachment translates, which is not modelled",
            "Routes{Type=system}",
        ),
    ),
    parts={"Routes": Leaving.ROUTE},
    beside="TransitGatewayRouteTableId",
)

PROPAGATIONS: Final = Fields(
    modelled={
        "transit_route_tables": """
            TransitGatewayRouteTableId NextToken
            TransitGatewayRouteTablePropagations {
                TransitGatewayAttachmentId ResourceId ResourceType=$attachment_type
                State=enabling|enabled|disabling|disabled|not-enabled
            }
        """,
    },
    harmless={
        "it says from which other table a route was learned": """
            TransitGatewayRouteTablePropagations{TransitGatewayRouteTableAnnouncementId}
        """,
    },
    beside="""
        TransitGatewayRouteTableId
        TransitGatewayRouteTablePropagations{State=not-enabled}
    """,
)

ASSOCIATIONS: Final = Fields(
    modelled={
        "transit_gateways": """
            TransitGatewayRouteTableId
            Associations{TransitGatewayAttachmentId State=$association_state}
        """,
    },
    harmless={
        REPEATS: "Associations{ResourceId ResourceType=$attachment_type}",
        STEPS: "NextToken",
    },
    beside="TransitGatewayRouteTableId",
)
