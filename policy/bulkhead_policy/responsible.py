"""Which resource of the program answers for a thing or a rule of the network: by its URN."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.audit import Checked
from bulkhead.explain import RuleRef
from bulkhead.network import AclEntry, GroupRule, Route, protocol_number
from bulkhead.observe.pulumi.handed import Stood
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Record

_MADE_WITH_VPC = ("defaultSecurityGroupId", "defaultNetworkAclId", "mainRouteTableId")
_MADE_WITH_VPC_TOO = ("defaultRouteTableId",)
_RULE = ("aws:vpc/securityGroupIngressRule:", "aws:vpc/securityGroupEgressRule:")
_LEGACY = "aws:ec2/securityGroupRule:"
_ENTRY = "aws:ec2/networkAclRule:"
_ROUTE = "aws:ec2/route:"


class Responsible:
    """URNs of a stack's resources, by what they made."""

    def __init__(self, stood: Stood) -> None:
        self._urns: dict[str, str] = {}
        self._apart: dict[str, list[Resource]] = {}
        later: dict[str, str] = {}
        for each in stood.resources:
            self._urns.setdefault(each.id, each.urn)
            for key in (*_MADE_WITH_VPC, *_MADE_WITH_VPC_TOO):
                if each.type.endswith("pc:Vpc") and (made := _text(each.outputs, key)):
                    later[made] = each.urn
            for key in ("securityGroupId", "networkAclId", "routeTableId"):
                if each.type.startswith((*_RULE, _LEGACY, _ENTRY, _ROUTE)) and (
                    owner := _text(each.outputs, key)
                ):
                    self._apart.setdefault(owner, []).append(each)
        self._urns = later | self._urns

    def of(self, checked: Checked) -> tuple[tuple[str, tuple[RuleRef, ...]], ...]:
        """The URNs that answer for a finding, each with its rules; that of the thing without any.

        '' is the stack as a whole.
        """
        found: dict[str, list[RuleRef]] = {}
        for ref in checked.rules:
            if urn := self.rule(ref.component, ref.rule):
                found.setdefault(urn, []).append(ref)
        if not found:
            found[self.thing(checked.resource)] = list(checked.rules)
        return tuple((urn, tuple(rules)) for urn, rules in found.items())

    def thing(self, known_as: str) -> str:
        """Of what has an id; what is inside of a thing is called by the thing's and a slash."""
        while known_as not in self._urns and "/" in known_as:
            known_as = known_as.rpartition("/")[0]
        return self._urns.get(known_as, "")

    def rule(self, component: str, rule: object) -> str:
        """Of a rule, an entry or a route: its own resource's, else that of what holds it."""
        for each in self._apart.get(component, ()):
            if _says(each, rule):
                return each.urn
        return self.thing(component)


def _says(resource: Resource, rule: object) -> bool:
    out = resource.outputs
    match rule:
        case GroupRule():
            return rule.id in (resource.id, _text(out, "securityGroupRuleId")) or (
                resource.type.startswith(_LEGACY) and _says_so(out, rule)
            )
        case AclEntry():
            egress = out.values.get("egress") or False
            return (
                resource.type.startswith(_ENTRY)
                and out.values.get("ruleNumber") == rule.number
                and bool(egress) == (rule.direction == "egress")
            )
        case Route(destination=cidr, prefix_list=listed):
            told = set(_destinations(out))
            return resource.type.startswith(_ROUTE) and (str(cidr) in told or listed in told)
        case _:
            return False


def _says_so(out: Record, rule: GroupRule) -> bool:
    if _text(out, "type") != str(rule.direction):
        return False
    peers = {each for key in ("cidrBlocks", "ipv6CidrBlocks") for each in _texts(out, key)}
    named = str(rule.peer)
    if rule.peer.kind == "group":
        own = _text(out, "securityGroupId") if out.values.get("self") else None
        peers = {_text(out, "sourceSecurityGroupId") or "", own or ""}
    if named not in peers and rule.certain and not _texts(out, "prefixListIds"):
        return False
    try:
        protocol = protocol_number(_text(out, "protocol") or "")
    except ValueError:
        return True
    first = out.values.get("fromPort")
    return protocol == rule.protocol and (protocol == -1 or first in (None, rule.ports.first, -1))


def _destinations(out: Record) -> Iterator[str]:
    for key in ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"):
        if told := _text(out, key):
            yield told


def _text(out: Record, key: str) -> str | None:
    value = out.values.get(key)
    return value if isinstance(value, str) and value else None


def _texts(out: Record, key: str) -> tuple[str, ...]:
    value = out.values.get(key)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
