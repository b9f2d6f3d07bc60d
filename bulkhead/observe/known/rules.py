"""What is known of security groups and of network ACLs: what a packet is asked on its way."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.known.table import Fields, Leaving
from bulkhead.observe.known.words import MARK, NOTES, OWNERS, REPEATS

_STALE: Final = "the peering itself says whether it is in use"

GROUPS: Final = Fields(
    modelled={
        "security_groups": """
            GroupId GroupName VpcId IpPermissions{$permission}
            IpPermissionsEgress{$permission}
        """,
        "record": "$tags",
    },
    harmless={
        OWNERS: "OwnerId SecurityGroupArn",
        NOTES: "Description",
        MARK: "AsMade",
        _STALE: """
            IpPermissions{UserIdGroupPairs{$pair}}
            IpPermissionsEgress{UserIdGroupPairs{$pair}}
        """,
    },
    parts={"IpPermissions": Leaving.RULE, "IpPermissionsEgress": Leaving.RULE},
    beside="AsMade",
)

GROUP_RULES: Final = Fields(
    modelled={
        "security_groups": """
            SecurityGroupRuleId GroupId IsEgress IpProtocol FromPort ToPort CidrIpv4 CidrIpv6
            PrefixListId ReferencedGroupInfo{GroupId} Description
        """,
    },
    harmless={
        OWNERS: "GroupOwnerId SecurityGroupRuleArn $tags",
        MARK: "InDoubt",
        _STALE: "ReferencedGroupInfo{PeeringStatus UserId VpcId VpcPeeringConnectionId}",
    },
    parts={"": Leaving.RULE},
    beside="InDoubt",
)

ACLS: Final = Fields(
    modelled={
        "network_acls": """
            NetworkAclId VpcId IsDefault Associations{SubnetId}
            Entries {
                CidrBlock Egress IcmpTypeCode{Code Type} Ipv6CidrBlock PortRange{From To}
                Protocol RuleAction=allow|deny|* RuleNumber
            }
        """,
        "associations": "Associations{NetworkAclAssociationId}",
        "record": "$tags",
    },
    harmless={
        OWNERS: "OwnerId",
        MARK: "GuardsOthers Entries{InDoubt}",
        REPEATS: "Associations{NetworkAclId} Entries{NetworkAclId}",
    },
    parts={"Entries": Leaving.ENTRY},
    beside="GuardsOthers Entries{NetworkAclId InDoubt}",
)
