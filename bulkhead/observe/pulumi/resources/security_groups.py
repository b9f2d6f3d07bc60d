"""Security groups and their rules, written inside a group or apart from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.hidden import number_or_hidden, text_or_hidden, texts_or_hidden
from bulkhead.observe.pulumi.known import novel, novel_inside
from bulkhead.observe.pulumi.resources.declared import declared_and_echoed, protocol_in
from bulkhead.observe.pulumi.resources.shape import AS_MADE, Echo, Shape, Unclaimed
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import IN_DOUBT, Hidden, Record


def security_group(resource: Resource, shape: Shape) -> None:
    """A SecurityGroup, or the DefaultSecurityGroup, without its rules."""
    out = resource.outputs
    item: Item = {
        "GroupId": resource.id,
        "GroupName": "default" if "Default" in resource.type else out.maybe("name"),
        "VpcId": out.text("vpcId"),
    }
    shape.put("SecurityGroups", resource.id, item, resource)


_TYPE: Final = "aws:ec2/securityGroup:SecurityGroup"
_WITH_PORTS: Final = (1, 6, 17, 58)
"""Protocols whose from and to mean something: ports, or ICMP type and code."""


def rules_inside(resource: Resource, shape: Shape) -> None:
    """The rules written inside a SecurityGroup."""
    declared, echoed = declared_and_echoed(resource, ("ingress", "egress"), _inside)
    for rule in declared:
        _put(rule, shape)
    shape.echoes += [
        Echo(
            owner=resource.id, key="SecurityGroupRules", kind=Unclaimed.RULE, item=each, says=_says
        )
        for each in echoed
    ]


def _inside(record: Record, key: str, group: str) -> Iterable[Item]:
    for block in record.records(key):
        peers = [
            *({"CidrIpv4": each} for each in texts_or_hidden(block, "cidrBlocks")),
            *({"CidrIpv6": each} for each in texts_or_hidden(block, "ipv6CidrBlocks")),
            *({"PrefixListId": each} for each in texts_or_hidden(block, "prefixListIds")),
            *(_group(each) for each in texts_or_hidden(block, "securityGroups")),
            *([_group(group)] if block.flag("self") else []),
        ]
        for peer in peers:
            rule = _rule(block, "protocol", group, key == "egress", peer)
            yield rule | novel_inside(_TYPE, key, block)


def ingress_rule(resource: Resource, shape: Shape) -> None:
    """A SecurityGroupIngressRule."""
    _standalone(resource, shape, egress=False)


def egress_rule(resource: Resource, shape: Shape) -> None:
    """A SecurityGroupEgressRule."""
    _standalone(resource, shape, egress=True)


def _standalone(resource: Resource, shape: Shape, *, egress: bool) -> None:
    out = resource.outputs
    referenced = text_or_hidden(out, "referencedSecurityGroupId")
    peer: Item = {
        "CidrIpv4": text_or_hidden(out, "cidrIpv4"),
        "CidrIpv6": text_or_hidden(out, "cidrIpv6"),
        "PrefixListId": text_or_hidden(out, "prefixListId"),
        **(_group(referenced) if referenced else {}),
    }
    for group, known in _groups_of(resource, shape):
        rule = _rule(out, "ipProtocol", group, egress, peer) | known
        _put_apart(resource, shape, rule, out.maybe("securityGroupRuleId") or resource.id)


def legacy_rule(resource: Resource, shape: Shape) -> None:
    """An ec2.SecurityGroupRule: several peers in one resource."""
    out = resource.outputs
    source = text_or_hidden(out, "sourceSecurityGroupId")
    for group, known in _groups_of(resource, shape):
        peers = [
            *({"CidrIpv4": each} for each in texts_or_hidden(out, "cidrBlocks")),
            *({"CidrIpv6": each} for each in texts_or_hidden(out, "ipv6CidrBlocks")),
            *({"PrefixListId": each} for each in texts_or_hidden(out, "prefixListIds")),
            *([_group(group)] if out.flag("self") else [_group(source)] if source else []),
        ]
        known_as = out.maybe("securityGroupRuleId") if len(peers) == 1 else None
        for peer in peers:
            rule = _rule(out, "protocol", group, out.text("type") == "egress", peer) | known
            _put_apart(resource, shape, rule, known_as)


def _groups_of(resource: Resource, shape: Shape) -> Iterator[tuple[str, Item]]:
    """The group that a rule is of, or each that it may be of: in those it is in doubt.

    A rule only ever allows, so what others allow for sure stays allowed.
    """
    named = text_or_hidden(resource.outputs, "securityGroupId")
    if not isinstance(named, Hidden):
        yield resource.outputs.text("securityGroupId"), {}
        return
    groups = shape.items["SecurityGroups"]
    shape.gaps.add(
        "security-group-rule",
        resource.id,
        resource.id,
        f"its securityGroupId is {named.what}: it may be a rule of any of several groups",
    )
    for group in named.candidates or groups:
        if group in groups:
            yield group, {IN_DOUBT: True}


def _group(named: str | Hidden) -> Item:
    """A group of another account is written 'account/group'."""
    known = named if isinstance(named, Hidden) else named.rpartition("/")[2]
    return {"ReferencedGroupInfo": {"GroupId": known}}


def _rule(record: Record, protocol_key: str, group: str, egress: bool, peer: Item) -> Item:
    told = text_or_hidden(record, protocol_key)
    protocol = protocol_in(record.text(protocol_key)) if isinstance(told, str) else told
    ports = record if protocol in _WITH_PORTS else None
    return {
        "GroupId": group,
        "IsEgress": egress,
        "IpProtocol": protocol if isinstance(protocol, Hidden) else str(protocol),
        "FromPort": number_or_hidden(ports, "fromPort") if ports else None,
        "ToPort": number_or_hidden(ports, "toPort") if ports else None,
        "Description": text_or_hidden(record, "description"),
        **peer,
    }


def _says(rule: Item) -> str:
    """A rule's identity: AWS refuses a second one that says the same."""
    referenced = rule.get("ReferencedGroupInfo")
    peer = (
        (referenced["GroupId"] if isinstance(referenced, dict) else None)
        or rule.get("CidrIpv4")
        or rule.get("CidrIpv6")
        or rule.get("PrefixListId")
    )
    way = "egress" if rule["IsEgress"] else "ingress"
    ports = "-".join(str(rule[k]) for k in ("FromPort", "ToPort") if rule[k] is not None)
    middle = "/".join(part for part in (str(rule["IpProtocol"]), ports) if part)
    return f"{rule['GroupId']}/{way}/{middle}/{peer}"


def _put(rule: Item, shape: Shape) -> None:
    said = _says(rule)
    shape.items["SecurityGroupRules"].setdefault(said, {**rule, "SecurityGroupRuleId": said})


def _put_apart(resource: Resource, shape: Shape, rule: Item, known_as: str | None) -> None:
    if shape.get("SecurityGroups", rule["GroupId"]) is None:
        shape.orphan(resource, rule["GroupId"])
        return
    said = _says(rule)
    if IN_DOUBT in rule:
        # It stands beside one for certain that says the same, and in several groups.
        said = known_as = f"{said}/{resource.id}"
    told = rule | novel(resource)
    shape.items["SecurityGroupRules"][said] = {**told, "SecurityGroupRuleId": known_as or said}
    shape.written[rule["GroupId"], known_as or said] = resource


def default_rules(shape: Shape) -> None:
    """The rules of a default group that no resource adopted: all from itself, all out."""
    for group, item in shape.items["SecurityGroups"].items():
        if AS_MADE in item:
            rule: Item = {"GroupId": group, "IpProtocol": "-1", "FromPort": None, "ToPort": None}
            _put({**rule, "IsEgress": False, **_group(group)}, shape)
            _put({**rule, "IsEgress": True, "CidrIpv4": "0.0.0.0/0"}, shape)
