"""What is known of Network Firewalls, of their policies and of their rule groups."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.known.table import Fields, Leaves, Leaving
from bulkhead.observe.known.words import METERS, NOTES, OWNERS, REPEATS, STEPS, TIMES

FIREWALLS: Final = Fields(
    modelled={
        "network_firewalls": """
            FirewallArn
            Firewall{FirewallArn FirewallName FirewallPolicyArn VpcId}
            FirewallStatus {
                SyncStates {
                    + {
                        Attachment {
                            SubnetId EndpointId
                            Status=READY|SCALING|CREATING|DELETING|FAILED|ERROR
                        }
                    }
                }
            }
        """,
        "record": "Firewall{$tags}",
    },
    harmless={
        OWNERS: """
            FirewallName UpdateToken
            Firewall{FirewallId NumberOfAssociations $encryption_key}
        """,
        NOTES: "Firewall{Description}",
        "it says who may change it": """
            Firewall {
                DeleteProtection SubnetChangeProtection FirewallPolicyChangeProtection
                AvailabilityZoneChangeProtection
            }
        """,
        METERS: """
            Firewall{EnabledAnalysisTypes=TLS_SNI|HTTP_HOST}
            FirewallStatus {
                CapacityUsageSummary {
                    CIDRs {
                        AvailableCIDRCount UtilizedCIDRCount
                        IPSetReferences{+{ResolvedCIDRCount}}
                    }
                }
            }
        """,
        REPEATS: "Firewall{SubnetMappings{SubnetId IPAddressType=DUALSTACK|IPV4|IPV6}}",
        STEPS: """
            FirewallStatus {
                Status=READY ConfigurationSyncStateSummary=IN_SYNC
                SyncStates{+{Config{+{SyncStatus=IN_SYNC UpdateToken}}}}
            }
        """,
        TIMES: "FirewallStatus{SyncStates{+{Attachment{StatusMessage DnsName}}}}",
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "it is attached to a transit gateway, which is not modelled",
            """
                TransitGatewayAttachmentId
                Firewall{TransitGatewayId TransitGatewayOwnerAccountId AvailabilityZoneMappings}
                FirewallStatus{TransitGatewayAttachmentSyncState}
            """,
        ),
        Leaves(
            Leaving.THING,
            "it is a proxy, or translates addresses, which is not modelled",
            """
                Firewall {
                    NatGatewayCreateMappings ProxySettings VpcEndpoint
                    TransparentFilteringNatScope=NAT_ALL|NAT_NONE
                }
                FirewallStatus{SyncStates{+{NatGatewayAttachments AddressTranslations}}}
            """,
        ),
        Leaves(
            Leaving.THING,
            "its rules name containers, whose addresses no answer shows",
            """
                Firewall{ContextStoreId ContextStoreOwnerAccountId}
                FirewallStatus{ContextStoreSyncState}
            """,
        ),
        Leaves(
            Leaving.THING,
            "it is an Automated Internet Firewall, which is not modelled",
            "Firewall{IgwFirewallConfiguration}",
        ),
        Leaves(
            Leaving.THING,
            "its endpoints do not yet do what its rules say",
            """
                FirewallStatus {
                    Status=PROVISIONING|DELETING|FAILED|STANDBY
                    ConfigurationSyncStateSummary=PENDING|CAPACITY_CONSTRAINED
                    SyncStates {
                        + {
                            Attachment{Status=STANDBY}
                            Config {
                                + {
                                    SyncStatus=PENDING|CAPACITY_CONSTRAINED|NOT_SUBSCRIBED|
                                        DEPRECATED
                                }
                            }
                        }
                    }
                }
            """,
        ),
    ),
    beside="""
        Firewall{IgwFirewallConfiguration}
        FirewallStatus {
            Status=STANDBY
            SyncStates{+{Attachment{Status=STANDBY} AddressTranslations}}
        }
    """,
)

POLICIES: Final = Fields(
    modelled={
        "network_firewalls": """
            FirewallPolicyResponse{FirewallPolicyArn}
            FirewallPolicy {
                StatelessRuleGroupReferences{ResourceArn Priority}
                StatelessDefaultActions
                StatefulRuleGroupReferences{ResourceArn Priority Override{Action=DROP_TO_ALERT}}
                StatefulDefaultActions
                StatefulEngineOptions {
                    RuleOrder=DEFAULT_ACTION_ORDER|STRICT_ORDER
                    FlowTimeouts{TcpIdleTimeoutSeconds}
                }
                TLSInspectionConfigurationArn PolicyVariables
            }
        """,
        "network_firewall_rules": """
            FirewallPolicy{PolicyVariables{RuleVariables{+{Definition}}}}
        """,
    },
    harmless={
        OWNERS: """
            FirewallPolicyArn Arn Name UpdateToken
            FirewallPolicyResponse {
                FirewallPolicyName FirewallPolicyId NumberOfAssociations $encryption_key
            }
        """,
        NOTES: "FirewallPolicyResponse{Description $tags}",
        TIMES: "FirewallPolicyResponse{LastModifiedTime StatusMessage}",
        STEPS: "FirewallPolicyResponse{FirewallPolicyStatus=ACTIVE|UPDATING|DELETING}",
        METERS: """
            FirewallPolicyResponse {
                ConsumedStatelessRuleCapacity ConsumedStatefulRuleCapacity
                ConsumedStatefulDomainCapacity
            }
            FirewallPolicy{StatelessCustomActions{$custom_action}}
        """,
        "fragments are not asked about": "FirewallPolicy{StatelessFragmentDefaultActions}",
        "flows are judged from their first packet": """
            FirewallPolicy {
                StatefulEngineOptions{StreamExceptionPolicy=DROP|CONTINUE|REJECT}
                EnableTLSSessionHolding
            }
        """,
        "AWS shows no rules of a group of its own: that group is in doubt": """
            FirewallPolicy{StatefulRuleGroupReferences{DeepThreatInspection}}
        """,
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "it lets through only what a name was resolved to, which is not modelled",
            "FirewallPolicy{Route53ResolvedIPValidation}",
        ),
        Leaves(
            Leaving.THING,
            "its policy is in error",
            "FirewallPolicyResponse{FirewallPolicyStatus=ERROR Errors}",
        ),
    ),
    beside="FirewallPolicyArn Arn Name",
)

RULE_GROUPS: Final = Fields(
    modelled={
        "network_firewalls": """
            RuleGroupResponse{RuleGroupArn}
            RuleGroup {
                RuleVariables
                RulesSource{RulesString RulesSourceList StatelessRulesAndCustomActions}
            }
        """,
        "network_firewall_rules": """
            RuleGroup {
                RuleVariables{IPSets{+{Definition}} PortSets{+{Definition}}}
                RulesSource {
                    StatelessRulesAndCustomActions {
                        StatelessRules {
                            Priority
                            RuleDefinition {
                                Actions
                                MatchAttributes {
                                    Sources{AddressDefinition}
                                    Destinations{AddressDefinition}
                                    SourcePorts{FromPort ToPort}
                                    DestinationPorts{FromPort ToPort}
                                    Protocols TCPFlags
                                }
                            }
                        }
                    }
                    StatefulRules {
                        Action=PASS|DROP|ALERT|REJECT
                        Header {
                            Protocol=IP|TCP|UDP|ICMP|HTTP|FTP|TLS|SMB|DNS|DCERPC|SSH|SMTP|IMAP|
                                MSN|KRB5|IKEV2|TFTP|NTP|DHCP|HTTP2|QUIC
                            Source SourcePort Direction=FORWARD|ANY Destination DestinationPort
                        }
                        RuleOptions{Keyword}
                    }
                }
            }
        """,
    },
    harmless={
        OWNERS: """
            RuleGroupArn Arn Name UpdateToken
            RuleGroupResponse {
                RuleGroupName RuleGroupId $encryption_key
                SourceMetadata{SourceArn SourceUpdateToken}
                SnsTopic NumberOfAssociations
            }
        """,
        NOTES: """
            RuleGroupResponse {
                Description $tags
                SummaryConfiguration{RuleOptions=SID|MSG|METADATA}
                AnalysisResults {
                    IdentifiedRuleIds
                    IdentifiedType=STATELESS_RULE_FORWARDING_ASYMMETRICALLY|
                        STATELESS_RULE_CONTAINS_TCP_FLAGS
                    AnalysisDetail
                }
            }
        """,
        TIMES: "RuleGroupResponse{LastModifiedTime}",
        STEPS: """
            RuleGroupResponse{Type=STATELESS|STATEFUL RuleGroupStatus=ACTIVE|UPDATING|DELETING}
        """,
        METERS: """
            RuleGroupResponse{Capacity ConsumedCapacity}
            RuleGroup {
                RulesSource{StatelessRulesAndCustomActions{CustomActions{$custom_action}}}
            }
        """,
        "a group that is written in domains is in doubt as a whole": """
            RuleGroup {
                RulesSource {
                    RulesSourceList {
                        Targets TargetTypes=TLS_SNI|HTTP_HOST|AWS_ROUTE_53_RESOLVED_DOMAIN
                        GeneratedRulesType=ALLOWLIST|DENYLIST|REJECTLIST|ALERTLIST
                    }
                }
            }
        """,
        "a rule that looks at flags, settings or references is in doubt as it is": """
            RuleGroup {
                RulesSource {
                    StatelessRulesAndCustomActions {
                        StatelessRules {
                            RuleDefinition {
                                MatchAttributes{TCPFlags{Flags=$tcp_flags Masks=$tcp_flags}}
                            }
                        }
                    }
                    StatefulRules{RuleOptions{Settings}}
                }
                ReferenceSets{IPSetReferences{+{ReferenceArn}}}
            }
        """,
        "the policy says in which order groups are asked": """
            RuleGroup{StatefulRuleOptions{RuleOrder=DEFAULT_ACTION_ORDER|STRICT_ORDER}}
        """,
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "it is one of the next generation, which is not modelled",
            """
                FirewallRuleGroup{**} IpsRuleGroup{**}
                RuleGroupResponse{Type=STATEFUL_DOMAIN|FIREWALL|IPS}
            """,
        ),
        Leaves(
            Leaving.THING,
            "its rules name containers, whose addresses no answer shows",
            "RuleGroup{RuleVariables{ContextSets}}",
        ),
        Leaves(
            Leaving.THING,
            "it is in error",
            "RuleGroupResponse{RuleGroupStatus=ERROR}",
        ),
    ),
    beside="RuleGroupArn Arn Name",
)
