"""Network Firewalls: endpoints, policies, and the rules that look at the five-tuple."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from bulkhead.network import FirewallAction, FirewallRule, PortRange, TargetKind

ARN = "arn:aws:network-firewall:eu-west-1:1"
FIREWALL = f"{ARN}:firewall/edge"


def only(things):
    (thing,) = things
    return thing


def group(name, kind="stateful", variables=None, **source):
    arn = f"{ARN}:{kind}-rulegroup/{name}"
    inside = {"RulesSource": source}
    if variables:
        inside["RuleVariables"] = variables
    return {
        "RuleGroupResponse": {"RuleGroupArn": arn, "Type": kind.upper()},
        "RuleGroup": inside,
    }


def stateful_rule(action="PASS", protocol="TCP", **header):
    whole = {
        "Protocol": protocol,
        "Source": "ANY",
        "SourcePort": "ANY",
        "Direction": "FORWARD",
        "Destination": "ANY",
        "DestinationPort": "ANY",
    }
    return {
        "Action": action,
        "Header": {**whole, **header},
        "RuleOptions": [{"Keyword": "sid", "Settings": ["1"]}],
    }


def stateless_rule(priority, *actions, **match):
    return {
        "Priority": priority,
        "RuleDefinition": {"Actions": list(actions), "MatchAttributes": match},
    }


@pytest.fixture
def walled(account):
    account.document["Firewalls"] = [
        {
            "Firewall": {
                "FirewallArn": FIREWALL,
                "FirewallName": "edge",
                "VpcId": "vpc-1",
                "FirewallPolicyArn": f"{ARN}:firewall-policy/p",
            },
            "FirewallStatus": {
                "Status": "READY",
                "SyncStates": {
                    "eu-west-1a": {
                        "Attachment": {
                            "SubnetId": "subnet-a",
                            "EndpointId": "vpce-f1",
                            "Status": "READY",
                        }
                    }
                },
            },
        }
    ]
    account.document["FirewallPolicies"] = [
        {
            "FirewallPolicyResponse": {"FirewallPolicyArn": f"{ARN}:firewall-policy/p"},
            "FirewallPolicy": {
                "StatelessDefaultActions": ["aws:forward_to_sfe"],
                "StatelessFragmentDefaultActions": ["aws:drop"],
                "StatelessRuleGroupReferences": [
                    {"ResourceArn": f"{ARN}:stateless-rulegroup/first", "Priority": 10}
                ],
                "StatefulRuleGroupReferences": [
                    {"ResourceArn": f"{ARN}:stateful-rulegroup/feed"},
                ],
            },
        }
    ]
    account.document["RuleGroups"] = [
        group(
            "first",
            "stateless",
            StatelessRulesAndCustomActions={
                "StatelessRules": [
                    stateless_rule(20, "aws:drop", Protocols=[17]),
                    stateless_rule(
                        10,
                        "aws:pass",
                        "count",
                        Protocols=[6],
                        Sources=[{"AddressDefinition": "10.20.0.0/16"}],
                        DestinationPorts=[{"FromPort": 443, "ToPort": 444}],
                    ),
                ]
            },
        ),
        group(
            "feed",
            StatefulRules=[
                stateful_rule(
                    Source="$HOME_NET",
                    Destination="[10.1.0.0/16, 10.2.0.0/16]",
                    DestinationPort="[5556,6000:6010]",
                ),
                stateful_rule("ALERT", "HTTP"),
                stateful_rule("REJECT", "IP", Direction="ANY"),
            ],
        ),
    ]
    return account


def policy(walled):
    return walled.document["FirewallPolicies"][0]["FirewallPolicy"]


def test_a_firewall_is_taken_in_whole(walled):
    walled.route(DestinationCidrBlock="10.9.0.0/16", GatewayId="vpce-f1")
    network = walled.observe()
    firewall = only(network.firewalls)
    assert (firewall.id, firewall.name, firewall.vpc) == (FIREWALL, "edge", "vpc-1")
    assert firewall.endpoints == (("vpce-f1", "subnet-a"),)
    assert firewall.stateless_default is FirewallAction.FORWARD
    assert firewall.stateful_default is FirewallAction.PASS
    assert firewall.action_order
    assert firewall.stateless == (
        FirewallRule(
            id="first/10",
            action=FirewallAction.PASS,
            protocols=(6,),
            sources=(IPv4Network("10.20.0.0/16"),),
            ports=(PortRange(443, 444),),
        ),
        FirewallRule(id="first/20", action=FirewallAction.DROP, protocols=(17,)),
    )
    passing, dropping = firewall.stateful
    assert passing.sources == (IPv4Network("10.20.0.0/16"), IPv4Network("10.30.0.0/16"))
    assert passing.destinations == (IPv4Network("10.1.0.0/16"), IPv4Network("10.2.0.0/16"))
    assert passing.ports == (PortRange(5556, 5556), PortRange(6000, 6010))
    assert (dropping.action, dropping.protocols, dropping.both_ways) == (
        FirewallAction.DROP,
        (),
        True,
    )
    route = network.route_table["rtb-public"].routes[1]
    assert (route.target, route.target_id) == (TargetKind.FIREWALL, "vpce-f1")
    assert network.unmodelled == ()


@pytest.mark.parametrize(
    ("options", "seconds"),
    [({}, 350), ({"FlowTimeouts": {"TcpIdleTimeoutSeconds": 60}}, 60), ({"FlowTimeouts": {}}, 350)],
)
def test_a_firewall_forgets_connections_as_its_policy_says(walled, options, seconds):
    policy(walled)["StatefulEngineOptions"] = {"RuleOrder": "DEFAULT_ACTION_ORDER", **options}
    assert only(walled.observe().firewalls).tcp_idle == seconds


@pytest.mark.parametrize(
    ("actions", "default", "known"),
    [
        (["aws:drop_strict", "aws:alert_strict"], FirewallAction.DROP, True),
        (["aws:alert_established"], FirewallAction.PASS, True),
        (["aws:drop_established"], FirewallAction.DROP, False),
    ],
)
def test_a_strict_policy_has_groups_by_priority_and_a_default(
    walled, gaps, actions, default, known
):
    policy(walled).update(
        StatefulEngineOptions={"RuleOrder": "STRICT_ORDER"},
        StatefulDefaultActions=actions,
        StatefulRuleGroupReferences=[
            {"ResourceArn": f"{ARN}:stateful-rulegroup/late", "Priority": 2},
            {"ResourceArn": f"{ARN}:stateful-rulegroup/feed", "Priority": 1},
        ],
    )
    walled.document["RuleGroups"].append(group("late", StatefulRules=[stateful_rule()]))
    network = walled.observe()
    firewall = only(network.firewalls)
    assert not firewall.action_order
    assert firewall.stateful_default is default
    assert [each.id for each in firewall.stateful] == ["feed/1", "feed/3", "late/1"]
    assert (gaps(network, FIREWALL) == []) is known


@pytest.mark.parametrize(
    "source",
    [
        {"RulesString": "pass tcp any any -> any 443 (sid:1;)"},
        {"RulesSourceList": {"Targets": [".example.com"], "TargetTypes": ["TLS_SNI"]}},
        {"StatefulRules": [stateful_rule(protocol="TLS")]},
        {"StatefulRules": [stateful_rule(Source="!10.0.0.0/8")]},
        {"StatefulRules": [stateful_rule(Source="@tagged")]},
        {"StatefulRules": [stateful_rule(Destination="$NOWHERE")]},
        {"StatefulRules": [stateful_rule(DestinationPort="http")]},
        {"StatefulRules": [stateful_rule(DestinationPort="70000")]},
        {"StatefulRules": [{**stateful_rule(), "RuleOptions": [{"Keyword": "flow"}]}]},
    ],
)
def test_what_is_no_five_tuple_leaves_the_firewall_in_doubt(walled, gaps, source):
    walled.document["RuleGroups"][1] = group("feed", **source)
    assert "is not modelled" in only(gaps(walled.observe(), FIREWALL)).why


def test_variables_of_a_group_come_before_those_of_the_policy(walled):
    policy(walled)["PolicyVariables"] = {
        "RuleVariables": {"HOME_NET": {"Definition": ["10.7.0.0/16"]}}
    }
    assert only(walled.observe().firewalls).stateful[0].sources == (IPv4Network("10.7.0.0/16"),)
    walled.document["RuleGroups"][1]["RuleGroup"]["RuleVariables"] = {
        "IPSets": {"HOME_NET": {"Definition": ["10.8.0.0/16"]}},
        "PortSets": {"PORTS": {"Definition": ["80", "443"]}},
    }
    header = walled.document["RuleGroups"][1]["RuleGroup"]["RulesSource"]["StatefulRules"][0]
    header["Header"]["DestinationPort"] = "$PORTS"
    rule = only(walled.observe().firewalls).stateful[0]
    assert rule.sources == (IPv4Network("10.8.0.0/16"),)
    assert rule.ports == (PortRange(80, 80), PortRange(443, 443))


def test_flags_of_tcp_leave_the_firewall_in_doubt(walled, gaps):
    rules = walled.document["RuleGroups"][0]["RuleGroup"]["RulesSource"]
    rules["StatelessRulesAndCustomActions"]["StatelessRules"][0]["RuleDefinition"][
        "MatchAttributes"
    ]["TCPFlags"] = [{"Flags": ["SYN"]}]
    assert "TCP" in only(gaps(walled.observe(), FIREWALL)).why


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (lambda document: document.update(FirewallPolicies=[]), "policy"),
        (lambda document: document.update(RuleGroups=document["RuleGroups"][:1]), "feed"),
        (lambda document: document["Firewalls"][0].pop("FirewallStatus"), "endpoints"),
        (
            lambda document: document["FirewallPolicies"][0]["FirewallPolicy"].update(
                TLSInspectionConfigurationArn="arn:tls"
            ),
            "TLS",
        ),
        (
            lambda document: document["FirewallPolicies"][0]["FirewallPolicy"][
                "StatefulRuleGroupReferences"
            ][0].update(ResourceArn="arn:aws:network-firewall:eu-west-1:aws-managed:x/Botnet"),
            "AWS manages it",
        ),
    ],
)
def test_what_is_not_shown_of_a_firewall_leaves_it_in_doubt(walled, gaps, lost, said):
    lost(walled.document)
    assert said in only(gaps(walled.observe(), FIREWALL)).why


def test_an_endpoint_that_is_not_ready_is_in_doubt(walled, gaps):
    states = walled.document["Firewalls"][0]["FirewallStatus"]["SyncStates"]
    states["eu-west-1a"]["Attachment"]["Status"] = "FAILED"
    assert "FAILED" in only(gaps(walled.observe(), "vpce-f1")).why


def test_a_firewall_that_is_only_listed_is_named(account, gaps):
    account.document["Firewalls"] = [{"FirewallName": "edge", "FirewallArn": FIREWALL}]
    network = account.observe()
    assert network.firewalls == ()
    assert "not described" in only(gaps(network, FIREWALL)).why


def test_a_firewall_that_is_listed_and_described_is_described(walled):
    walled.document["Firewalls"].append({"FirewallName": "edge", "FirewallArn": FIREWALL})
    walled.document["FirewallPolicies"].append({"Name": "p", "Arn": f"{ARN}:firewall-policy/p"})
    network = walled.observe()
    assert len(network.firewalls) == 1
    assert network.unmodelled == ()


@pytest.mark.parametrize("kind", ["FIREWALL", "IPS", "STATEFUL_DOMAIN"])
def test_a_rule_group_of_the_next_generation_leaves_its_firewall_in_doubt_and_nothing_else(
    walled, kind
):
    feed = walled.document["RuleGroups"][1]
    feed["RuleGroupResponse"]["Type"] = kind
    if kind != "STATEFUL_DOMAIN":
        inside = "FirewallRuleGroup" if kind == "FIREWALL" else "IpsRuleGroup"
        feed[inside] = {"RulesSource": {"RulesString": "pass tcp any any -> any any (sid:1;)"}}
    network = walled.observe()
    assert {each.scope for each in network.unmodelled} == {FIREWALL}
    assert any("next generation" in each.why for each in network.unmodelled)


def test_a_policy_of_another_shape_leaves_its_firewall_in_doubt_and_nothing_else(walled):
    answer = walled.document["FirewallPolicies"][0]
    answer["FirewallPolicyV2"] = {"Stages": answer.pop("FirewallPolicy")}
    network = walled.observe()
    assert {each.scope for each in network.unmodelled} == {FIREWALL}


def test_a_firewall_at_a_transit_gateway_stands_in_no_vpc_and_leaves_none_in_doubt(walled):
    (firewall,) = walled.document["Firewalls"]
    del firewall["Firewall"]["VpcId"]
    firewall["Firewall"]["TransitGatewayId"] = "tgw-1"
    firewall["FirewallStatus"] = {"Status": "READY"}
    network = walled.observe()
    assert network.firewalls == ()
    assert all(each.scope == each.id and FIREWALL in each.id for each in network.unmodelled)
    assert any("in no VPC" in each.why for each in network.unmodelled)


def test_what_leads_to_an_endpoint_that_a_firewall_has_in_another_vpc_is_in_doubt_alone(walled):
    (firewall,) = walled.document["Firewalls"]
    firewall["Firewall"]["NumberOfAssociations"] = 1
    walled.document["VpcEndpoints"] = [
        {
            "VpcEndpointId": f"vpce-{name}",
            "VpcEndpointType": "GatewayLoadBalancer",
            "VpcId": "vpc-1",
            "State": "available",
        }
        for name in ("f1", "far")
    ]
    walled.route(DestinationCidrBlock="10.9.0.0/16", GatewayId="vpce-far")
    walled.route(DestinationCidrBlock="10.8.0.0/16", GatewayId="vpce-f1")
    network = walled.observe()
    kinds = {each.target_id: each.target for each in network.route_table["rtb-public"].routes}
    assert kinds["vpce-far"] is TargetKind.UNMODELLED
    assert kinds["vpce-f1"] is TargetKind.FIREWALL
    assert not {each.scope for each in network.unmodelled} & {FIREWALL, "vpce-f1", "rtb-public"}
