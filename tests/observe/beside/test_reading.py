"""What answers say beside the Network: kind by kind, and what was not read is never absent."""

import pytest

from bulkhead.network import SaidOf
from bulkhead.network.inventory import KINDS
from bulkhead.observe import Answers
from bulkhead.observe.beside import BESIDE_CALLS, inventory

ARN = "arn:aws:network-firewall:eu-west-1:111122223333:firewall/wall"
POLICY = "arn:aws:network-firewall:eu-west-1:111122223333:firewall-policy/p"


def of(document=None, missing=None, **beside):
    answers = Answers(
        region="eu-west-1", document=document or {}, missing=missing or {}, beside=beside
    )
    return inventory([answers])


def only(listed):
    (thing,) = listed
    return thing


def test_where_nothing_was_read_each_kind_names_the_call_that_would_tell():
    found = of()
    for kind in KINDS:
        assert not getattr(found, kind).complete
        assert all(each.call and each.region == "eu-west-1" for each in found.unread(kind))


def test_an_answer_that_lists_nothing_says_that_there_is_nothing():
    found = of(FlowLogs=[], Addresses=[])
    assert found.flow_logs.complete
    assert found.elastic_addresses.complete


def test_the_calls_that_an_audit_rests_on_are_counted_with_those_that_lack():
    found = of({"Vpcs": []}, FlowLogs=[])
    told = {each.call: each.why for each in found.answers}
    assert told["ec2:DescribeVpcs"] == told["ec2:DescribeFlowLogs"] == ""
    assert told["ec2:DescribeAddresses"] == "no answer to DescribeAddresses is there"
    assert {each.permission for each in BESIDE_CALLS} <= told.keys()


def test_a_part_of_an_answer_leaves_its_kind_open_and_keeps_what_is_there():
    document = {"VpcEndpoints": [{"VpcEndpointId": "vpce-1", "VpcId": "vpc-1"}]}
    found = of(document, {"VpcEndpoints": "cut off"}).vpc_endpoints
    assert only(found).id == "vpce-1"
    assert [each.why for each in found.unread] == ["cut off"]


@pytest.mark.parametrize(
    ("more", "active"),
    [
        ({}, True),
        ({"FlowLogStatus": "ACTIVE", "DeliverLogsStatus": "SUCCESS"}, True),
        ({"DeliverLogsStatus": "FAILED"}, False),
    ],
)
def test_a_flow_log_is_on_if_it_delivers(more, active):
    record = {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": "ALL", **more}
    found = only(of(FlowLogs=[record]).flow_logs)
    assert (found.resource, found.traffic, found.active) == ("vpc-1", "ALL", active)


def test_instances_say_how_they_are_asked_for_metadata_and_gone_ones_are_gone():
    instances = [
        {
            "InstanceId": "i-1",
            "VpcId": "vpc-1",
            "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        },
        {"InstanceId": "i-2", "State": {"Name": "stopped"}},
        {"InstanceId": "i-3", "State": {"Name": "terminated"}},
    ]
    one, other = of({"Reservations": [{"ReservationId": "r-1", "Instances": instances}]}).instances
    assert (one.metadata.enabled, one.metadata.tokens_required) == (True, True)
    assert (other.id, other.metadata.tokens_required) == ("i-2", None)


def test_a_template_without_the_option_does_not_require_tokens():
    versions = [
        {
            "LaunchTemplateId": "lt-1",
            "LaunchTemplateName": "web",
            "VersionNumber": number,
            "DefaultVersion": number == 2,
            "LaunchTemplateData": data,
        }
        for number, data in (
            (1, {}),
            (
                2,
                {
                    "MetadataOptions": {"HttpTokens": "required"},
                    "NetworkInterfaces": [{"AssociatePublicIpAddress": True}],
                },
            ),
        )
    ]
    found = of(LaunchTemplates=[{"LaunchTemplateId": "lt-1"}], LaunchTemplateVersions=versions)
    old, new = found.launch_templates
    assert (old.metadata.tokens_required, old.public, old.default) == (False, None, False)
    assert (new.metadata.tokens_required, new.public, new.default) == (True, True, True)


def test_an_address_is_held_by_an_instance_an_interface_or_an_association():
    records = [
        {"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.1", "NetworkInterfaceId": "eni-1"},
        {"AllocationId": "eipalloc-2", "PublicIp": "203.0.113.2"},
    ]
    held, free = of(Addresses=records).elastic_addresses
    assert (held.holder, free.holder) == ("eni-1", "")


@pytest.mark.parametrize(("inner", "logged"), [({"LogEnabled": False}, False), (None, False)])
def test_a_tunnel_whose_options_name_no_log_does_not_log(inner, logged):
    tunnel = {"LogOptions": {"CloudWatchLogOptions": inner} if inner else {}}
    found = of(
        {"VpnConnections": [{"VpnConnectionId": "v", "Options": {"TunnelOptions": [tunnel]}}]}
    )
    assert only(found.tunnels).logged is logged


def test_tunnels_are_up_by_their_own_outside_address_and_log_as_their_options_say():
    connection = {
        "VpnConnectionId": "vpn-1",
        "VgwTelemetry": [
            {"OutsideIpAddress": "203.0.113.2", "Status": "UP"},
            {"OutsideIpAddress": "203.0.113.1", "Status": "DOWN"},
        ],
        "Options": {
            "TunnelOptions": [
                {"OutsideIpAddress": "203.0.113.1"},
                {
                    "OutsideIpAddress": "203.0.113.2",
                    "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True}},
                },
            ]
        },
    }
    found = of({"VpnConnections": [connection, {"VpnConnectionId": "v", "State": "deleted"}]})
    told = [(each.number, each.up, each.logged) for each in found.tunnels]
    assert told == [(1, False, None), (2, True, True)]


def test_without_telemetry_nobody_knows_whether_a_tunnel_is_up():
    connection = {"VpnConnectionId": "vpn-1", "Options": {"TunnelOptions": [{}, {}]}}
    found = of({"VpnConnections": [connection]}).tunnels
    assert [each.up for each in found] == [None, None]


def test_a_firewall_has_its_policy_its_zones_and_its_logs():
    document = {
        "Firewalls": [
            {
                "Firewall": {
                    "FirewallArn": ARN,
                    "FirewallName": "wall",
                    "VpcId": "vpc-1",
                    "FirewallPolicyArn": POLICY,
                    "DeleteProtection": True,
                },
                "FirewallStatus": {"SyncStates": {"eu-west-1a": {}, "eu-west-1b": {}}},
            }
        ],
        "FirewallPolicies": [
            {
                "FirewallPolicyResponse": {"FirewallPolicyArn": POLICY},
                "FirewallPolicy": {
                    "StatelessDefaultActions": ["aws:forward_to_sfe"],
                    "StatelessFragmentDefaultActions": ["aws:pass"],
                    "StatefulRuleGroupReferences": [{"ResourceArn": "arn"}],
                },
            }
        ],
        "RuleGroups": [
            {
                "RuleGroupResponse": {
                    "RuleGroupArn": "arn:g",
                    "RuleGroupName": "g",
                    "Type": "STATELESS",
                },
                "RuleGroup": {
                    "RulesSource": {"StatelessRulesAndCustomActions": {"StatelessRules": []}}
                },
            }
        ],
    }
    configuration = {"LogDestinationConfigs": [{"LogType": "ALERT"}, {"LogType": "FLOW"}]}
    logging = [{"FirewallArn": ARN, "LoggingConfiguration": configuration}]
    found = of(document, FirewallLogging=logging)
    wall = only(found.firewall_options)
    assert (wall.zones, wall.rule_groups) == (("eu-west-1a", "eu-west-1b"), 1)
    assert (wall.delete_protected, wall.subnets_protected) == (True, None)
    assert (wall.full_packets, wall.fragments) == (("aws:forward_to_sfe",), ("aws:pass",))
    assert wall.logs == ("ALERT", "FLOW")
    assert only(found.stateless_groups).rules == 0
    assert only(of(document).firewall_options).logs is None


def test_block_public_access_has_a_mode_and_what_it_leaves_open():
    document = {
        "VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "block-ingress"},
        "VpcBlockPublicAccessExclusions": [
            {
                "ExclusionId": "e",
                "State": "create-complete",
                "ResourceArn": "arn:aws:ec2:eu-west-1:1:subnet/subnet-1",
            },
            {"ExclusionId": "f", "State": "delete-complete", "ResourceArn": "arn:a/vpc-1"},
        ],
    }
    found = only(of(document).public_access)
    assert (found.id, found.mode, found.excluded) == ("eu-west-1", "block-ingress", ("subnet-1",))


def test_a_transit_gateway_says_whom_it_accepts_or_does_not_say_it():
    records = [
        {"TransitGatewayId": "tgw-1", "Options": {"AutoAcceptSharedAttachments": "enable"}},
        {"TransitGatewayId": "tgw-2"},
    ]
    found = of({"TransitGateways": records}).transit_options
    assert [each.accepts_all for each in found] == [True, None]


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("flow_logs", "FlowLogs", [{"FlowLogId": "fl-1"}]),
        ("elastic_addresses", "Addresses", "none"),
        ("launch_templates", "LaunchTemplateVersions", [{"LaunchTemplateId": 3}]),
    ],
)
def test_what_cannot_be_read_is_not_read_and_stops_nothing_else(kind, key, value):
    found = of(**{"LaunchTemplates": [], key: value})
    assert not getattr(found, kind).complete


def test_two_regions_are_read_together():
    log = {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": "ALL"}
    here = Answers(region="eu-west-1", document={}, beside={"FlowLogs": [log]})
    there = Answers(region="us-east-1", document={})
    found = inventory([here, there]).flow_logs
    assert only(found).id == "fl-1"
    assert [each.region for each in found.unread] == ["us-east-1"]


OPTIONS = {"InternetGatewayBlockMode": "block-ingress", "AwsAccountId": "111122223333"}


def blocked(exclusions=None, **options):
    document = {"VpcBlockPublicAccessOptions": {**OPTIONS, **options}}
    if exclusions is not None:
        document["VpcBlockPublicAccessExclusions"] = [
            {"State": state, "ResourceArn": f"arn:aws:ec2:eu-west-1:1:vpc/{state}"}
            for state in exclusions
        ]
    return only(of(document).public_access)


def test_what_is_excluded_from_blocking_is_known_only_where_somebody_asked_and_it_stays():
    assert blocked([]).unknown == ""
    assert "DescribeVpcBlockPublicAccessExclusions" in blocked().unknown
    assert blocked(InternetGatewayBlockMode="off").unknown == ""
    assert "changed" in blocked([], State="update-in-progress").unknown
    assert "block-some" in blocked([], InternetGatewayBlockMode="block-some").unknown
    found = blocked(["create-complete", "delete-in-progress", "delete-complete"])
    assert found.excluded == ("create-complete",)
    assert found.excluded_perhaps == ("delete-in-progress",)


def test_of_a_vpc_that_another_account_shares_its_owner_alone_knows_the_rest():
    document = {
        "VpcBlockPublicAccessOptions": OPTIONS,
        "VpcBlockPublicAccessExclusions": [],
        "VpcEndpoints": [],
        "Vpcs": [
            {"VpcId": "vpc-own", "OwnerId": "111122223333"},
            {"VpcId": "vpc-theirs", "OwnerId": "444455556666"},
        ],
    }
    found = of(document, FlowLogs=[])
    for kind in ("flow_logs", "vpc_endpoints", "public_access"):
        listed = getattr(found, kind)
        assert listed.complete_in("eu-west-1", "vpc-own")
        assert not listed.complete_in("eu-west-1", "vpc-theirs")
        assert "444455556666" in found.unread(kind)[0].why


def test_a_transit_gateway_of_another_account_is_shared_by_it_where_it_is_known_who_asked():
    gateways = [
        {"TransitGatewayId": "tgw-own", "OwnerId": "111122223333"},
        {"TransitGatewayId": "tgw-theirs", "OwnerId": "444455556666"},
        {"TransitGatewayId": "tgw-of-whom"},
    ]
    told = of({"VpcBlockPublicAccessOptions": OPTIONS, "TransitGateways": gateways})
    assert [each.shared_by for each in told.transit_options] == ["", "444455556666", ""]
    # Nothing says who asked: it may be whoever owns it.
    assert [each.shared_by for each in of({"TransitGateways": gateways}).transit_options] == [
        ""
    ] * 3


def test_a_launch_template_of_which_no_version_is_shown_is_there_all_the_same():
    templates = [{"LaunchTemplateId": "lt-1"}, {"LaunchTemplateId": "lt-2"}]
    versions = [{"LaunchTemplateId": "lt-1", "VersionNumber": 3, "DefaultVersion": True}]
    found = of(LaunchTemplates=templates, LaunchTemplateVersions=versions).launch_templates
    assert {each.id: each.default for each in found} == {"lt-1": True, "lt-2": False}


def test_where_there_is_no_launch_template_no_version_has_to_be_asked_for():
    assert of(LaunchTemplates=[]).launch_templates.complete
    assert not of().launch_templates.complete


def test_a_rule_group_whose_rules_are_not_shown_is_not_empty():
    response = {"RuleGroupArn": "arn:rules", "Type": "STATELESS"}
    found = of({"RuleGroups": [{"RuleGroupResponse": response}]}).stateless_groups
    assert only(found).rules is None


def test_a_firewall_at_a_transit_gateway_is_one_though_it_stands_in_no_vpc():
    firewall = {"Firewall": {"FirewallArn": ARN, "FirewallName": "w", "TransitGatewayId": "tgw-1"}}
    found = of({"Firewalls": [firewall]}).firewall_options
    assert (only(found).id, only(found).vpc) == (ARN, "")


def test_what_tags_say_of_things_is_read_of_all_that_a_topology_makes():
    def tags(**said):
        return [{"Key": f"bulkhead:{key}", "Value": value} for key, value in said.items()]

    found = of(
        {
            "Vpcs": [{"VpcId": "vpc-1", "Tags": tags(purpose="all of it")}],
            "SecurityGroups": [
                {"GroupId": "sg-1", "Tags": tags(owner="the desk", data="internal")},
                {"GroupId": "sg-2", "Tags": [{"Key": "owner", "Value": "another's tag"}]},
                {"GroupId": "sg-3", "Tags": "no list"},
            ],
            "NetworkInterfaces": [
                {"NetworkInterfaceId": "eni-1", "TagSet": tags(owner="the desk")}
            ],
            "VpnConnections": [{"VpnConnectionId": "vpn-1", "Tags": tags(data="-")}],
        }
    )
    assert found.said == {
        "vpc-1": SaidOf(purpose="all of it"),
        "sg-1": SaidOf(owner="the desk", data="internal"),
        "eni-1": SaidOf(owner="the desk"),
        "vpn-1": SaidOf(data="-"),
    }


ZONES = [
    {
        "VPCId": "vpc-1",
        "HostedZoneSummaries": [
            {"HostedZoneId": "Z1", "Name": "shop.internal.", "Owner": {"OwningAccount": "1"}},
            {"HostedZoneId": "Z2", "Name": "corp.internal.", "Owner": {"OwningService": "efs"}},
        ],
    }
]


def record(name, kind, *values, **more):
    return {
        "Name": name,
        "Type": kind,
        "TTL": 60,
        "ResourceRecords": [{"Value": each} for each in values],
        **more,
    }


def test_records_of_a_private_zone_are_read_whatever_they_say():
    records = [
        record("shop.internal.", "NS", "ns-1.example."),
        record("1.till.shop.internal.", "A", "10.20.0.9", "10.20.0.4"),
        record("1.till.shop.internal.", "AAAA", "2001:db8::4"),
        record("db.shop.internal.", "CNAME", "db.example.com"),
        record("two.shop.internal.", "A", "10.20.0.4", SetIdentifier="blue"),
        {
            "Name": "lb.shop.internal.",
            "Type": "A",
            "AliasTarget": {"DNSName": "x.elb.amazonaws.com.", "HostedZoneId": "Z9"},
        },
    ]
    told = [{"HostedZoneId": "Z1", "ResourceRecordSets": records}]
    found = of(PrivateZones=ZONES, PrivateZoneRecords=told).private_zones
    ours, other = found
    assert (ours.domain, ours.vpc, ours.asked, other.asked) == (
        "shop.internal",
        "vpc-1",
        True,
        False,
    )
    assert [
        (each.name, each.kind, [*map(str, each.addresses)], each.other) for each in ours.records
    ] == [
        ("1.till", "A", ["10.20.0.4", "10.20.0.9"], ""),
        ("1.till", "AAAA", ["2001:db8::4"], ""),
        ("db", "CNAME", [], "CNAME db.example.com"),
        ("two", "A", [], "one of several, blue"),
        ("lb", "A", [], "whatever x.elb.amazonaws.com has"),
    ]
    assert found.complete


def test_a_zone_whose_records_were_denied_is_one_that_nobody_knows_whole():
    answers = Answers(
        region="eu-west-1",
        document={},
        beside={"PrivateZones": ZONES},
        not_beside={"PrivateZoneRecords": "route53:ListResourceRecordSets is denied"},
    )
    found = inventory([answers]).private_zones
    assert [each.asked for each in found] == [False, False]
    assert [each.why for each in found.unread] == ["route53:ListResourceRecordSets is denied"]


def test_an_alarm_is_of_a_tunnel_by_what_it_measures():
    alarm = {
        "AlarmName": "down",
        "Namespace": "AWS/VPN",
        "MetricName": "TunnelState",
        "Statistic": "Minimum",
        "Dimensions": [
            {"Name": "VpnId", "Value": "vpn-1"},
            {"Name": "TunnelIpAddress", "Value": "198.51.100.1"},
        ],
        "AlarmActions": ["arn:aws:sns:eu-west-1:123456789012:network"],
        "ActionsEnabled": True,
    }
    other = {**alarm, "AlarmName": "busy", "MetricName": "TunnelDataIn"}
    found = only(of(MetricAlarms=[alarm, other]).tunnel_alarms)
    assert (found.connection, found.address, found.tells) == ("vpn-1", "198.51.100.1", True)
    off = only(of(MetricAlarms=[{**alarm, "ActionsEnabled": False}]).tunnel_alarms)
    assert not off.tells
