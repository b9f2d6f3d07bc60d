"""What is known of VPCs, their subnets, and VPC Block Public Access."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.known.table import Fields, Leaves, Leaving
from bulkhead.observe.known.words import AUTOMATED, DNS, NOTES, OWNERS, PLACE, REPEATS, STEPS, TIMES

_SHUT: Final = (
    Leaves(
        Leaving.OUTSIDE,
        "VPC Block Public Access blocks here, and how it is set was not observed",
        """
            BlockPublicAccessStates{InternetGatewayBlockMode=block-bidirectional|block-ingress}
        """,
        unless="VpcBlockPublicAccessOptions",
    ),
    Leaves(
        Leaving.OUTSIDE,
        "a private block of IPv6 never reaches the internet, which is not modelled",
        "Ipv6CidrBlockAssociationSet{Ipv6AddressAttribute=private}",
    ),
)
"""What may shut a VPC, or one of its subnets, off from the internet."""

VPCS: Final = Fields(
    modelled={
        "vpcs": """
            VpcId Region CidrBlock
            CidrBlockAssociationSet{CidrBlock CidrBlockState{State=$block_state}}
            Ipv6CidrBlockAssociationSet{Ipv6CidrBlock Ipv6CidrBlockState{State=$block_state}}
        """,
        "associations": """
            CidrBlockAssociationSet{AssociationId}
            Ipv6CidrBlockAssociationSet{AssociationId}
        """,
        "encryption": "EncryptionControl{$encryption}",
        "record": "$tags",
    },
    harmless={
        OWNERS: "OwnerId IsDefault",
        NOTES: "EncryptionControl{$encryption_notes}",
        TIMES: """
            CidrBlockAssociationSet{CidrBlockState{StatusMessage}}
            Ipv6CidrBlockAssociationSet{Ipv6CidrBlockState{StatusMessage}}
        """,
        STEPS: "State=pending|available|deleting",
        DNS: "DhcpOptionsId",
        # So an emulator answers; of AWS the things themselves say it.
        "what AWS made with it says so itself": """
            DefaultNetworkAclId DefaultSecurityGroupId MainRouteTableId
        """,
        "it says on whose machines instances run": "InstanceTenancy=default|dedicated|host",
        "it says out of whose stock a block of IPv6 comes": """
            Ipv6CidrBlockAssociationSet {
                NetworkBorderGroup Ipv6Pool Ipv6AddressAttribute=public
                IpSource=amazon|byoip|none
            }
        """,
        "nothing is blocked here": "BlockPublicAccessStates{InternetGatewayBlockMode=off}",
        "ClassicLink is no more": "ClassicLinkEnabled ClassicLinkDnsSupported",
    },
    leaves=(
        Leaves(
            Leaving.INSPECTED,
            AUTOMATED,
            "NetworkFirewallAssociations",
        ),
        *_SHUT,
    ),
    beside="""
        Region NetworkFirewallAssociations ClassicLinkEnabled ClassicLinkDnsSupported
        DefaultNetworkAclId DefaultSecurityGroupId MainRouteTableId
    """,
)

SUBNETS: Final = Fields(
    modelled={
        "vpcs": """
            SubnetId VpcId CidrBlock AvailabilityZone AvailabilityZoneId MapPublicIpOnLaunch
            AssignIpv6AddressOnCreation
            Ipv6CidrBlockAssociationSet{Ipv6CidrBlock Ipv6CidrBlockState{State=$block_state}}
        """,
        "associations": "Ipv6CidrBlockAssociationSet{AssociationId}",
        "record": "$tags",
    },
    harmless={
        OWNERS: "OwnerId SubnetArn DefaultForAz",
        TIMES: "Ipv6CidrBlockAssociationSet{Ipv6CidrBlockState{StatusMessage}}",
        STEPS: "State=pending|available",
        DNS: """
            EnableDns64
            PrivateDnsNameOptionsOnLaunch {
                HostnameType=ip-name|resource-name EnableResourceNameDnsARecord
                EnableResourceNameDnsAAAARecord
            }
        """,
        PLACE: "OutpostArn",
        REPEATS: "Ipv6Native",
        "how many addresses are left": "AvailableIpAddressCount",
        "it counts behind a local gateway alone, where every route is in doubt": """
            MapCustomerOwnedIpOnLaunch CustomerOwnedIpv4Pool
        """,
        "it says out of whose stock a block of IPv6 comes": """
            Ipv6CidrBlockAssociationSet{Ipv6AddressAttribute=public IpSource=amazon|byoip|none}
        """,
        "nothing is blocked here": "BlockPublicAccessStates{InternetGatewayBlockMode=off}",
        "the Automated Internet Firewall leaves this subnet alone": """
            NetworkFirewallConnectivityType=exclude|az-unsupported
        """,
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "it cannot be used",
            "State=unavailable|failed|failed-insufficient-capacity",
        ),
        Leaves(
            Leaving.THING,
            "interfaces of it reach the local network of an Outpost past its VPC",
            "EnableLniAtDeviceIndex",
        ),
        Leaves(
            Leaving.THING,
            "it is a subnet of Amazon Elastic VMware Service",
            "Type",
        ),
        Leaves(
            Leaving.INSPECTED,
            AUTOMATED,
            "NetworkFirewallConnectivityType=flexible|outbound-only|bidirectional",
        ),
        *_SHUT,
    ),
    beside="NetworkFirewallConnectivityType",
)

ENCRYPTION_CONTROLS: Final = Fields(
    modelled={"encryption": "$encryption"},
    harmless={NOTES: "$encryption_notes"},
)

PUBLIC_ACCESS: Final = Fields(
    modelled={
        "public_access": """
            InternetGatewayBlockMode=off|block-bidirectional|block-ingress
            State=default-state|update-in-progress|update-complete
        """,
    },
    harmless={
        OWNERS: "AwsAccountId AwsRegion ManagedBy=account|declarative-policy",
        TIMES: "LastUpdateTimestamp Reason",
        "an exclusion that does not count says so by its State": """
            ExclusionsAllowed=allowed|not-allowed
        """,
    },
)

EXCLUSIONS: Final = Fields(
    modelled={
        "public_access": """
            ExclusionId ResourceArn
            InternetGatewayExclusionMode=allow-bidirectional|allow-egress
            State=create-in-progress|create-complete|create-failed|update-in-progress|
                update-complete|update-failed|delete-in-progress|delete-complete|
                disable-in-progress|disable-complete
        """,
    },
    harmless={
        TIMES: "Reason CreationTimestamp LastUpdateTimestamp DeletionTimestamp",
        NOTES: "$tags",
    },
)
