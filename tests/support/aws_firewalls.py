"""A Network Firewall as the AWS CLI prints it, one answer for each of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bulkhead.network import PortRange
from tests.support.aws_words import OWNER, Answer, tags


def arn(kind: str, name: str) -> str:
    return f"arn:aws:network-firewall:eu-west-1:{OWNER}:{kind}/{name}"


def firewall_answers(firewall: Any) -> dict[str, Answer]:
    """describe-firewall, describe-firewall-policy, and describe-rule-group of both engines."""
    policy = arn("firewall-policy", firewall.id)
    stateless = arn("stateless-rulegroup", firewall.id)
    stateful = arn("stateful-rulegroup", firewall.id)
    strict = not firewall.action_order
    words = {"pass": "aws:pass", "drop": "aws:drop", "forward": "aws:forward_to_sfe"}
    return {
        "firewall": {
            "UpdateToken": "t",
            "Firewall": {
                "FirewallName": firewall.id,
                "FirewallArn": arn("firewall", firewall.id),
                "FirewallPolicyArn": policy,
                "VpcId": firewall.vpc,
                "SubnetMappings": [{"SubnetId": subnet} for _, subnet in firewall.endpoints],
                "Tags": tags(firewall.name),
            },
            "FirewallStatus": {
                "Status": "READY",
                "SyncStates": {
                    f"zone-{number}": {
                        "Attachment": {"SubnetId": subnet, "EndpointId": end, "Status": "READY"}
                    }
                    for number, (end, subnet) in enumerate(firewall.endpoints)
                },
            },
        },
        "policy": {
            "UpdateToken": "t",
            "FirewallPolicyResponse": {
                "FirewallPolicyName": firewall.id,
                "FirewallPolicyArn": policy,
                "FirewallPolicyStatus": "ACTIVE",
            },
            "FirewallPolicy": {
                "StatelessDefaultActions": [words[firewall.stateless_default]],
                "StatelessFragmentDefaultActions": [words[firewall.stateless_default]],
                "StatelessRuleGroupReferences": [{"ResourceArn": stateless, "Priority": 1}],
                "StatefulRuleGroupReferences": [
                    {"ResourceArn": stateful, **({"Priority": 1} if strict else {})}
                ],
                "StatefulEngineOptions": {
                    "RuleOrder": "STRICT_ORDER" if strict else "DEFAULT_ACTION_ORDER",
                    "FlowTimeouts": {"TcpIdleTimeoutSeconds": firewall.tcp_idle},
                },
                **(
                    {"StatefulDefaultActions": ["aws:drop_strict"]}
                    if strict and firewall.stateful_default == "drop"
                    else {}
                ),
            },
        },
        "stateless": {
            "UpdateToken": "t",
            "RuleGroupResponse": {"RuleGroupArn": stateless, "Type": "STATELESS"},
            "RuleGroup": {
                "RulesSource": {
                    "StatelessRulesAndCustomActions": {
                        "StatelessRules": [
                            _stateless(number, rule, words)
                            for number, rule in enumerate(firewall.stateless, 1)
                        ]
                    }
                }
            },
        },
        "stateful": {
            "UpdateToken": "t",
            "RuleGroupResponse": {"RuleGroupArn": stateful, "Type": "STATEFUL"},
            "RuleGroup": {
                "StatefulRuleOptions": {
                    "RuleOrder": "STRICT_ORDER" if strict else "DEFAULT_ACTION_ORDER"
                },
                "RulesSource": {
                    "StatefulRules": [
                        {**each, "RuleOptions": [{"Keyword": "sid", "Settings": [str(number)]}]}
                        for number, each in enumerate(
                            (one for rule in firewall.stateful for one in _stateful(rule)), 1
                        )
                    ]
                },
            },
        },
    }


def _stateless(number: int, rule: Any, words: dict[str, str]) -> Answer:
    def ports(ranges: Any) -> list[Answer]:
        return [{"FromPort": each.first, "ToPort": each.last} for each in ranges]

    match: Answer = {
        "Sources": [{"AddressDefinition": str(each)} for each in rule.sources],
        "Destinations": [{"AddressDefinition": str(each)} for each in rule.destinations],
        "Protocols": list(rule.protocols),
        "SourcePorts": ports(rule.client_ports),
        "DestinationPorts": ports(rule.ports),
    }
    return {
        "Priority": number,
        "RuleDefinition": {
            "MatchAttributes": {key: value for key, value in match.items() if value},
            "Actions": [words[rule.action]],
        },
    }


def _stateful(rule: Any) -> Iterator[Answer]:
    """Five-tuple rules: each has one protocol, and several blocks or ports in brackets."""
    names = {6: "TCP", 17: "UDP", 1: "ICMP"}

    def several(values: Iterable[Any]) -> str:
        texts = [str(each) for each in values]
        return ("[%s]" if len(texts) > 1 else "%s") % ",".join(texts or ["ANY"])

    def ports(ranges: Iterable[PortRange]) -> str:
        return several(str(each).replace("-", ":") for each in ranges)

    for protocol in [names[each] for each in rule.protocols if each in names] or ["IP"]:
        yield {
            "Action": str(rule.action).upper(),
            "Header": {
                "Protocol": protocol,
                "Source": several(rule.sources),
                "SourcePort": ports(rule.client_ports),
                "Direction": "ANY" if rule.both_ways else "FORWARD",
                "Destination": several(rule.destinations),
                "DestinationPort": ports(rule.ports),
            },
        }
