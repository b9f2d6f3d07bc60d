"""The questions that only an audit puts to AWS: each may be denied, and leaves a control open."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.calls import Call, Detail

FLOW_LOGS: Final = Call(
    "DescribeFlowLogs", "FlowLogs", "FlowLogId", loss="whether what happens is logged"
)
ADDRESSES: Final = Call(
    "DescribeAddresses",
    "Addresses",
    "AllocationId|PublicIp",
    page=None,
    loss="which elastic addresses are unused",
)
TEMPLATES: Final = Call(
    "DescribeLaunchTemplates",
    "LaunchTemplates",
    "LaunchTemplateId",
    page=200,
    loss="which launch templates there are",
)
TEMPLATE_VERSIONS: Final = Detail(
    "DescribeLaunchTemplateVersions",
    "LaunchTemplateVersions",
    "LaunchTemplateId",
    page=200,
    also="VersionNumber",
    loss="what a launch template starts",
    ask="LaunchTemplateId",
    answer="LaunchTemplateVersions",
)
ALARMS: Final = Call(
    "DescribeAlarms",
    "MetricAlarms",
    "AlarmName",
    page=100,
    service="cloudwatch",
    loss="of which tunnels somebody is told",
)
FIREWALL_LOGGING: Final = Detail(
    "DescribeLoggingConfiguration",
    "FirewallLogging",
    "FirewallArn",
    page=None,
    service="network-firewall",
    loss="what a Network Firewall logs",
    ask="FirewallArn",
)

PRIVATE_ZONES: Final = Detail(
    "ListHostedZonesByVPC",
    "PrivateZones",
    "VPCId",
    page=None,
    service="route53",
    loss="which names hosts of a VPC can ask for",
    ask="VPCId",
    answer="HostedZoneSummaries",
)
ZONE_RECORDS: Final = Detail(
    "ListResourceRecordSets",
    "PrivateZoneRecords",
    "HostedZoneId",
    page=300,
    service="route53",
    loss="which addresses a name has",
    ask="HostedZoneId",
    answer="ResourceRecordSets",
)
NAME_CALLS: Final = (PRIVATE_ZONES, ZONE_RECORDS)
"""What is asked where names are declared, and for a snapshot. The keys are ours: AWS's answer does
not say of which VPC it is."""

BESIDE_CALLS: Final = (
    *(FLOW_LOGS, ADDRESSES, TEMPLATES, TEMPLATE_VERSIONS, ALARMS, FIREWALL_LOGGING),
)
BESIDE_KEYS: Final = {call.key: call for call in (*BESIDE_CALLS, *NAME_CALLS)}
"""Every key of their answers, as a document holds them."""

AUDIT_PERMISSIONS: Final = tuple(sorted({call.permission for call in BESIDE_CALLS}))
"""Beside those that every verb needs."""
NAME_PERMISSIONS: Final = tuple(sorted({call.permission for call in NAME_CALLS}))
"""What `check` needs for names beside what every verb needs."""
