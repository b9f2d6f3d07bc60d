"""Network Firewalls, their policies and rule groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Hidden


def firewall(resource: Resource, shape: Shape) -> None:
    """A Network Firewall with the endpoints that AWS made for it."""
    out = resource.outputs
    states: Item = {}
    for status in out.records("firewallStatuses"):
        for state in status.records("syncStates"):
            for each in state.records("attachments"):
                attachment = {
                    "EndpointId": each.text("endpointId"),
                    "SubnetId": each.text("subnetId"),
                }
                states[state.text("availabilityZone")] = {"Attachment": attachment}
    item: Item = {
        "Firewall": {
            "FirewallArn": out.text("arn"),
            "FirewallName": out.maybe("name"),
            "VpcId": out.maybe("vpcId"),
            "TransitGatewayId": out.maybe("transitGatewayId"),
            "FirewallPolicyArn": out.text("firewallPolicyArn"),
        },
        **({"FirewallStatus": {"SyncStates": states}} if states else {}),
    }
    shape.put("Firewalls", out.text("arn"), item, resource)


def policy(resource: Resource, shape: Shape) -> None:
    """A FirewallPolicy."""
    _whole(resource, shape, "FirewallPolicies", "FirewallPolicyResponse", "FirewallPolicy")


def rule_group(resource: Resource, shape: Shape) -> None:
    """A RuleGroup; rules in Suricata's own language may stand beside it."""
    _whole(resource, shape, "RuleGroups", "RuleGroupResponse", "RuleGroup")
    item = shape.items["RuleGroups"][resource.outputs.text("arn")]
    if rules := resource.outputs.maybe("rules"):
        item["RuleGroup"] = {"RulesSource": {"RulesString": rules}}


def _whole(resource: Resource, shape: Shape, key: str, response: str, name: str) -> None:
    out = resource.outputs
    arn = out.text("arn")
    inside = out.inside(name[0].lower() + name[1:])
    item: Item = {
        response: {f"{name}Arn": arn},
        **({name: _as_aws_writes(inside.values)} if inside else {}),
    }
    shape.put(key, arn, item, resource)


_OTHERWISE: Final = {
    "tcpFlags": "TCPFlags",
    "ipSets": "IPSets",
    "tlsInspectionConfigurationArn": "TLSInspectionConfigurationArn",
}


_SETS: Final = {"ipSets": "ipSet", "portSets": "portSet", "ruleVariables": "ipSet"}


def _as_aws_writes(value: Any) -> Any:
    """'statelessRules' -> 'StatelessRules'; sets by name, which Pulumi lists."""
    if isinstance(value, Mapping):
        return {
            _OTHERWISE.get(key, key[:1].upper() + key[1:]): _sets(key, each)
            for key, each in value.items()
            if each is not None
        }
    if isinstance(value, list):
        return [_as_aws_writes(each) for each in value]
    return value


def _sets(key: str, value: Any) -> Any:
    if key not in _SETS or not isinstance(value, list):
        return _as_aws_writes(value)
    found = {}
    for each in value:
        inside = each.get(_SETS[key]) if isinstance(each, Mapping) else None
        name = each.get("key") if isinstance(each, Mapping) else None
        if isinstance(inside, Mapping) and isinstance(name, str):
            definition = inside.get("definitions")
            found[name] = {"Definition": definition if not isinstance(definition, Hidden) else None}
    return found
