"""Network Firewalls: where their endpoints are, and the policy that each enforces.

A firewall is answered by three calls: describe-firewall ("Firewalls"),
describe-firewall-policy ("FirewallPolicies"), describe-rule-group ("RuleGroups").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bulkhead.network import (
    FIREWALL_TCP_IDLE,
    Firewall,
    FirewallAction,
    FirewallRule,
    IPNetwork,
    Vpc,
)
from bulkhead.observe.describe import network_firewall_rules
from bulkhead.observe.describe.described import Described, name_of
from bulkhead.observe.describe.network_firewall_rules import Variables
from bulkhead.observe.record import Gaps, Record, UnreadableError

_KIND: Final = "network-firewall"
_DEFAULTS: Final[Mapping[str, FirewallAction]] = {
    "aws:pass": FirewallAction.PASS,
    "aws:drop": FirewallAction.DROP,
    "aws:forward_to_sfe": FirewallAction.FORWARD,
}


@dataclass(frozen=True, slots=True)
class _Policy:
    stateless: tuple[FirewallRule, ...] = ()
    stateless_default: FirewallAction = FirewallAction.DROP
    stateful: tuple[FirewallRule, ...] = ()
    stateful_default: FirewallAction = FirewallAction.DROP
    action_order: bool = True
    tcp_idle: int = FIREWALL_TCP_IDLE


def firewalls(
    described: Described, vpcs: Iterable[Vpc], subnets: Collection[str], gaps: Gaps
) -> tuple[Firewall, ...]:
    """Every firewall with its endpoints; of one that is only listed, its name."""
    blocks = {each.id: each.cidrs for each in vpcs}
    policies = _by_arn(described["FirewallPolicies"], "FirewallPolicyResponse", "FirewallPolicyArn")
    groups = _by_arn(described["RuleGroups"], "RuleGroupResponse", "RuleGroupArn")
    found = []
    for record in described["Firewalls"]:
        with gaps.needing(record):
            firewall = record.inside("Firewall")
            if firewall is None:
                arn = record.text("FirewallArn")
                gaps.add(_KIND, arn, arn, "it is listed and not described")
                continue
            arn = firewall.text("FirewallArn")
            if not firewall.has("VpcId"):
                # At an internet gateway or a transit gateway: routes do not lead to it.
                gaps.add(_KIND, arn, arn, "it stands in no VPC, which is not modelled")
                continue
            vpc = firewall.text("VpcId")
            endpoints = tuple(_endpoints(record, arn, subnets, gaps))
            policy = _Policy()
            with gaps.tolerating(_KIND, arn, arn):
                name = firewall.text("FirewallPolicyArn")
                policy = _policy(
                    policies.get(name),
                    name,
                    arn,
                    groups=groups,
                    home=blocks.get(vpc, ()),
                    gaps=gaps,
                )
            found.append(
                Firewall(
                    id=arn,
                    name=name_of(firewall, firewall.maybe("FirewallName"), arn),
                    vpc=vpc,
                    endpoints=endpoints,
                    stateless=policy.stateless,
                    stateless_default=policy.stateless_default,
                    stateful=policy.stateful,
                    stateful_default=policy.stateful_default,
                    action_order=policy.action_order,
                    tcp_idle=policy.tcp_idle,
                )
            )
    return tuple(found)


def _by_arn(records: Iterable[Record], response: str, name: str) -> dict[str, Record]:
    """The answers in full: what list-* calls show under the same key has no response."""
    return {inside.text(name): record for record in records if (inside := record.inside(response))}


def _endpoints(
    record: Record, arn: str, subnets: Collection[str], gaps: Gaps
) -> Iterator[tuple[str, str]]:
    """(docs.aws.amazon.com/network-firewall/latest/APIReference/API_Attachment.html)"""
    status = record.inside("FirewallStatus")
    states = status.inside("SyncStates") if status else None
    if states is None:
        gaps.add(_KIND, arn, arn, "its endpoints are not shown")
        return
    for zone in sorted(states.values):
        state = states.inside(zone)
        attachment = state.inside("Attachment") if state else None
        if attachment is None or not attachment.has("EndpointId"):
            continue
        endpoint, subnet = attachment.text("EndpointId"), attachment.text("SubnetId")
        yield endpoint, subnet
        ready = attachment.maybe("Status") or "READY"
        if ready not in ("READY", "SCALING"):
            gaps.add("network-firewall-endpoint", endpoint, endpoint, f"it is {ready}")
        if subnet not in subnets:
            why = f"its subnet {subnet} was not observed"
            gaps.add("network-firewall-endpoint", endpoint, endpoint, why, unseen=True)


def _policy(
    answer: Record | None,
    name: str,
    arn: str,
    *,
    groups: Mapping[str, Record],
    home: tuple[IPNetwork, ...],
    gaps: Gaps,
) -> _Policy:
    policy = answer.inside("FirewallPolicy") if answer else None
    if policy is None:
        gaps.add(_KIND, arn, arn, f"its policy {name} was not observed", unseen=True)
        return _Policy()
    if policy.has("TLSInspectionConfigurationArn"):
        gaps.add(_KIND, arn, arn, "it decrypts TLS, which is not modelled")
    options = policy.inside("StatefulEngineOptions")
    strict = options is not None and options.maybe("RuleOrder") == "STRICT_ORDER"
    timeouts = options.inside("FlowTimeouts") if options is not None else None
    variables = Variables(home, policy.inside("PolicyVariables"))
    return _Policy(
        stateless=tuple(_stateless(policy, arn, groups, gaps)),
        stateless_default=_stateless_default(policy),
        stateful=tuple(_stateful(policy, arn, groups, variables, gaps)),
        stateful_default=_stateful_default(policy, arn, gaps) if strict else FirewallAction.PASS,
        action_order=not strict,
        tcp_idle=_tcp_idle(timeouts) or FIREWALL_TCP_IDLE,
    )


def _tcp_idle(timeouts: Record | None) -> int | None:
    return timeouts.maybe_integer("TcpIdleTimeoutSeconds") if timeouts else None


def _stateless_default(policy: Record) -> FirewallAction:
    """For whole packets; fragments have an action of their own, and none is modelled."""
    for action in policy.texts("StatelessDefaultActions"):
        if action in _DEFAULTS:
            return _DEFAULTS[action]
    raise UnreadableError(f"{policy.where} has no StatelessDefaultActions")


def _stateful_default(policy: Record, arn: str, gaps: Gaps) -> FirewallAction:
    """(docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html)

    Of 'established' only what follows a handshake is dropped, so that some packets
    of a flow pass and others do not.
    """
    actions = policy.texts("StatefulDefaultActions")
    if "aws:drop_strict" in actions:
        return FirewallAction.DROP
    if dropping := sorted(each for each in actions if each.startswith("aws:drop")):
        gaps.add(_KIND, arn, arn, f"its default action {dropping[0]} is not modelled")
        return FirewallAction.DROP
    return FirewallAction.PASS


def _stateless(
    policy: Record, arn: str, groups: Mapping[str, Record], gaps: Gaps
) -> Iterator[FirewallRule]:
    references = policy.records("StatelessRuleGroupReferences")
    for reference in sorted(references, key=lambda each: each.integer("Priority")):
        group = _rules_of(reference, arn, groups, gaps)
        source = group.inside("StatelessRulesAndCustomActions") if group else None
        if source is not None:
            yield from network_firewall_rules.stateless(
                source, _name(reference), lambda why: gaps.add(_KIND, arn, arn, why)
            )
        elif group is not None:
            gaps.add(_KIND, arn, arn, f"rule group {_name(reference)} shows no stateless rules")


def _stateful(
    policy: Record,
    arn: str,
    groups: Mapping[str, Record],
    variables: Variables,
    gaps: Gaps,
) -> Iterator[FirewallRule]:
    references = policy.records("StatefulRuleGroupReferences")
    for reference in sorted(references, key=lambda each: each.maybe_integer("Priority") or 0):
        override = reference.inside("Override")
        if override is not None and override.maybe("Action") == "DROP_TO_ALERT":
            # It only reports: only what it passes counts, and in a managed group that is hidden.
            gaps.add(_KIND, arn, arn, f"rule group {_name(reference)} is set to alert")
            continue
        group = _rules_of(reference, arn, groups, gaps)
        if group is None:
            continue
        for other in ("RulesString", "RulesSourceList"):
            if group.has(other):
                what = "domains" if other == "RulesSourceList" else "Suricata's own language"
                why = f"rule group {_name(reference)} is written in {what}, which is not modelled"
                gaps.add(_KIND, arn, arn, why)
        answer = groups[reference.text("ResourceArn")].inside("RuleGroup")
        yield from network_firewall_rules.stateful(
            group,
            _name(reference),
            variables.within(answer.inside("RuleVariables") if answer else None),
            lambda why: gaps.add(_KIND, arn, arn, why),
        )


def _rules_of(
    reference: Record, arn: str, groups: Mapping[str, Record], gaps: Gaps
) -> Record | None:
    answer = groups.get(reference.text("ResourceArn"))
    group = answer.inside("RuleGroup") if answer else None
    source = group.inside("RulesSource") if group else None
    if source is None:
        whose = " (AWS manages it)" if ":aws-managed:" in reference.text("ResourceArn") else ""
        why = f"rule group {_name(reference)}{whose} was not observed"
        gaps.add(_KIND, arn, arn, why, unseen=True)
    return source


def _name(reference: Record) -> str:
    """'arn:…:stateful-rulegroup/feed' -> 'feed'."""
    return reference.text("ResourceArn").rpartition("/")[2]
