"""What is known of load balancers: where they listen, and what they pass on to."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.known.table import Fields, Leaves, Leaving
from bulkhead.observe.known.words import DNS, HEALTH, NOTES, OWNERS, REPEATS, TIMES

_ABOVE: Final = "it decides about what is said over a connection, not about the connection"

BALANCERS: Final = Fields(
    modelled={
        "load_balancers": """
            LoadBalancerArn LoadBalancerName VpcId
            State{Code=active|provisioning|active_impaired|failed}
        """,
        "record": "$tags",
    },
    harmless={
        OWNERS: "CanonicalHostedZoneId IpamPools{Ipv4IpamPoolId}",
        TIMES: "CreatedTime State{Reason}",
        DNS: "DNSName IpAddressType=ipv4|dualstack|dualstack-without-public-ipv4",
        "its interfaces show which addresses and groups it has": """
            Scheme=internet-facing|internal SecurityGroups
            AvailabilityZones {
                ZoneName SubnetId OutpostId
                LoadBalancerAddresses{IpAddress AllocationId PrivateIPv4Address IPv6Address}
            }
            CustomerOwnedIpv4Pool
        """,
        "its listeners say of which kind it is": "Type=application|network|gateway",
        "its groups are asked about everyone": """
            EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic=on
            EnablePrefixForIpv6SourceNat=off
        """,
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "what comes to it by PrivateLink, its groups are not asked about",
            "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic=off",
        ),
        Leaves(
            Leaving.THING,
            "it calls its targets by a prefix of its own, which is not modelled",
            """
                EnablePrefixForIpv6SourceNat=on
                AvailabilityZones{SourceNatIpv6Prefixes}
            """,
        ),
    ),
    beside="$tags",
)

TARGET_GROUPS: Final = Fields(
    modelled={
        "load_balancers": """
            TargetGroupArn Protocol=$balanced Port VpcId TargetType=instance|ip|lambda|alb
        """,
    },
    harmless={
        OWNERS: "TargetGroupName",
        REPEATS: "LoadBalancerArns",
        HEALTH: """
            HealthCheckProtocol=$balanced HealthCheckPort HealthCheckEnabled
            HealthCheckIntervalSeconds HealthCheckTimeoutSeconds HealthyThresholdCount
            UnhealthyThresholdCount HealthCheckPath Matcher{HttpCode GrpcCode}
        """,
        _ABOVE: "ProtocolVersion TargetControlPort",
        "the addresses of its targets say the same": "IpAddressType=ipv4|ipv6",
    },
)

LISTENERS: Final = Fields(
    modelled={
        "load_balancers": """
            ListenerArn LoadBalancerArn Port Protocol=$balanced DefaultActions{$forwarded}
        """,
    },
    harmless={
        _ABOVE: """
            DefaultActions{$action}
            Certificates{CertificateArn IsDefault}
            SslPolicy AlpnPolicy
            MutualAuthentication {
                Mode TrustStoreArn IgnoreClientCertificateExpiry
                TrustStoreAssociationStatus=active|removed AdvertiseTrustStoreCaNames=on|off
                ClientCertificateIdentityFilters {
                    Field=subject-cn|subject-ou|san-dns|san-uri Action=accept
                    MatchType=exact|prefix Value
                }
            }
        """,
        NOTES: "$tags",
    },
    beside="""
        MutualAuthentication {
            ClientCertificateIdentityFilters {
                Field=subject-cn|subject-ou|san-dns|san-uri Action=accept MatchType=exact|prefix
                Value
            }
        }
        $tags
    """,
)

RULES: Final = Fields(
    modelled={
        "load_balancers": "RuleArn Actions{$forwarded}",
    },
    harmless={
        _ABOVE: """
            Priority IsDefault Actions{$action}
            Conditions {
                Field Values RegexValues
                HostHeaderConfig{Values RegexValues}
                PathPatternConfig{Values RegexValues}
                HttpHeaderConfig{HttpHeaderName Values RegexValues}
                QueryStringConfig{Values{Key Value}}
                HttpRequestMethodConfig{Values}
                SourceIpConfig{Values IpAddressType=ipv4|ipv6}
            }
            Transforms {
                Type=host-header-rewrite|url-rewrite
                HostHeaderRewriteConfig{Rewrites{Regex Replace}}
                UrlRewriteConfig{Rewrites{Regex Replace}}
            }
        """,
        NOTES: "$tags",
    },
    beside="$tags",
)

HEALTHS: Final = Fields(
    modelled={
        "load_balancers": "TargetGroupArn TargetHealthDescriptions{Target{Id Port}}",
    },
    harmless={
        "it says in which building the target stands": """
            TargetHealthDescriptions{Target{AvailabilityZone}}
        """,
        _ABOVE: "TargetHealthDescriptions{Target{QuicServerId}}",
        HEALTH: """
            TargetHealthDescriptions {
                HealthCheckPort
                TargetHealth{State=* Reason=* Description}
                AnomalyDetection{Result=anomalous|normal MitigationInEffect=yes|no}
                AdministrativeOverride{State=* Reason=* Description}
            }
        """,
    },
    beside="TargetGroupArn",
)

ATTRIBUTES: Final = Fields(
    modelled={
        "load_balancers": "TargetGroupArn Attributes{Key Value}",
    },
    beside="TargetGroupArn",
)

LISTENER_ATTRIBUTES: Final = Fields(
    modelled={
        "load_balancers": "ListenerArn Attributes{Key Value}",
    },
    beside="ListenerArn",
)

BALANCER_ATTRIBUTES: Final = Fields(
    modelled={
        "load_balancers": "LoadBalancerArn Attributes{Key Value}",
    },
    beside="LoadBalancerArn",
)
