"""What many answers share: reasons, each one sentence everywhere, and lists that AWS repeats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OWNERS: Final = "it says whose the thing is, and by which other ids and names it goes"
TIMES: Final = "it says when something was done, or why it failed"
STEPS: Final = "what is there is judged as it is written, whatever step it is at"
MARK: Final = "a reader writes that beside what it reads, for the next one"
DNS: Final = "it changes what names are answered with, and no packet's way"
REPEATS: Final = "another field says the same, and that one is read"
PLACE: Final = "it says in which building the thing stands"
HEALTH: Final = "whether it works changes by the minute: what it is set to is judged"
NOTES: Final = "a note for people"
CRYPTO: Final = "it says how the packet is wrapped, not whether it passes"
METERS: Final = "it is counted, billed or logged"
AUTOMATED: Final = (
    "an Automated Internet Firewall stands before the internet gateway: its policy decides, "
    "and it translates for hosts without a public address"
)
"""(docs.aws.amazon.com/network-security-manager/latest/APIReference/API_IgwFirewallConfig.html)"""
SHARED: Final[Mapping[str, str]] = {
    "action": """
        Type=forward|authenticate-oidc|authenticate-cognito|redirect|fixed-response|
            jwt-validation
        Order AuthenticateOidcConfig{$login}
        AuthenticateCognitoConfig{$cognito}
        RedirectConfig{Protocol Port Host Path Query StatusCode=HTTP_301|HTTP_302}
        FixedResponseConfig{MessageBody StatusCode ContentType}
        ForwardConfig{TargetGroups{Weight} TargetGroupStickinessConfig{Enabled DurationSeconds}}
        JwtValidationConfig {
            JwksEndpoint Issuer
            AdditionalClaims {
                Format=single-string|string-array|space-separated-values Name Values
            }
        }
    """,
    "association_state": "associating|associated|disassociating|disassociated",
    "attached": "attaching|attached|detaching|detached",
    "attachment_state": """
        initiating|initiatingRequest|pendingAcceptance|rollingBack|pending|available|modifying|
        deleting|deleted|failed|rejected|rejecting|failing
    """,
    "attachment_type": """
        vpc|vpn|vpn-concentrator|direct-connect-gateway|connect|peering|tgw-peering|
        network-function|client-vpn
    """,
    "balanced": "HTTP|HTTPS|TCP|TLS|UDP|TCP_UDP|GENEVE|QUIC|TCP_QUIC",
    "block_state": """
        associating|associated|disassociating|disassociated|failing|failed
    """,
    "cognito": """
        UserPoolArn UserPoolClientId UserPoolDomain SessionCookieName Scope SessionTimeout
        AuthenticationRequestExtraParams{+}
        OnUnauthenticatedRequest=deny|allow|authenticate
    """,
    "custom_action": """
        ActionName
        ActionDefinition{PublishMetricAction{Dimensions{Value}}}
    """,
    "encryption_key": """
        EncryptionConfiguration{KeyId Type=CUSTOMER_KMS|AWS_OWNED_KMS_KEY}
    """,
    "encryption": """
        VpcId Mode=monitor|enforce
        State=enforce-in-progress|monitor-in-progress|enforce-failed|monitor-failed|
            deleting|deleted|available|creating|delete-failed
        ResourceExclusions {
            InternetGateway{$exclusion} EgressOnlyInternetGateway{$exclusion} NatGateway{$exclusion}
            VirtualPrivateGateway{$exclusion} VpcPeering{$exclusion} Lambda{$exclusion}
            VpcLattice{$exclusion} ElasticFileSystem{$exclusion} GlobalAccelerator{$exclusion}
            ApiGatewayV2{$exclusion}
        }
    """,
    "encryption_notes": """
        VpcEncryptionControlId StateMessage $tags
        ResourceExclusions {
            InternetGateway{StateMessage} EgressOnlyInternetGateway{StateMessage}
            NatGateway{StateMessage}
            VirtualPrivateGateway{StateMessage} VpcPeering{StateMessage} Lambda{StateMessage}
            VpcLattice{StateMessage} ElasticFileSystem{StateMessage} GlobalAccelerator{StateMessage}
            ApiGatewayV2{StateMessage}
        }
    """,
    "exclusion": "State=enabling|enabled|disabling|disabled",
    "forwarded": "TargetGroupArn ForwardConfig{TargetGroups{TargetGroupArn}}",
    "in_use": "available|associated|attaching|in-use|detaching",
    "interface": """
        NetworkInterfaceId SubnetId Description SourceDestCheck Groups{GroupId}
        InterfaceType=$interface_type Association{PublicIp}
        PrivateIpAddress
        PrivateIpAddresses{PrivateIpAddress Association{PublicIp}}
        Ipv4Prefixes{Ipv4Prefix} Ipv6Addresses{Ipv6Address} Ipv6Prefixes{Ipv6Prefix}
        ConnectionTrackingConfiguration{TcpEstablishedTimeout UdpStreamTimeout UdpTimeout}
    """,
    "interface_type": """
        interface|natGateway|nat_gateway|efa|efa-only|trunk|load_balancer|network_load_balancer|
        vpc_endpoint|branch|transit_gateway|lambda|quicksight|global_accelerator_managed|
        api_gateway_managed|gateway_load_balancer|gateway_load_balancer_endpoint|
        iot_rules_managed|aws_codestar_connections_managed
    """,
    "login": """
        Issuer AuthorizationEndpoint TokenEndpoint UserInfoEndpoint ClientId ClientSecret
        SessionCookieName Scope SessionTimeout
        AuthenticationRequestExtraParams{+}
        OnUnauthenticatedRequest=deny|allow|authenticate UseExistingClientSecret
    """,
    "operator": "Operator{Managed Principal HiddenByDefault}",
    "pair": "UserId GroupName VpcId VpcPeeringConnectionId PeeringStatus",
    "peered": """
        CidrBlock
        Ipv6CidrBlockSet{Ipv6CidrBlock}
        CidrBlockSet{CidrBlock} VpcId Region
    """,
    "permission": """
        IpProtocol FromPort ToPort
        UserIdGroupPairs{GroupId Description}
        IpRanges{CidrIp Description}
        Ipv6Ranges{CidrIpv6 Description}
        PrefixListIds{PrefixListId Description}
    """,
    "srd": """
        EnaSrdSpecification{EnaSrdEnabled EnaSrdUdpSpecification{EnaSrdUdpEnabled}}
        EnaQueueCount NetworkCardIndex
    """,
    "switch": "enable|disable",
    "switched": "enabled|disabled",
    "tags": "Tags{Key Value}",
    "tcp_flags": "FIN|SYN|RST|PSH|ACK|URG|ECE|CWR",
}
"""What `$name` stands for in a table: lists of values and groups of fields that AWS repeats."""
