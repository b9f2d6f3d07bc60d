"""Rules, entries and routes: declared inline, declared apart, or only echoed.

The provider writes into the outputs of a group, NACL or table whatever AWS
held when it was last read, also what separate resources declare. So outputs
are an echo, and may be stale: a rule that was removed since the last refresh
is still in them. What counts as there is what a resource's *inputs* declare
and what separate resources hold; an echo of nothing declared is undetermined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bulkhead.network import protocol_name, protocol_number
from bulkhead.observe.calls import TARGETS
from bulkhead.observe.pulumi.file import Resource
from bulkhead.observe.pulumi.things import AS_MADE, Handler, Item, Shape
from bulkhead.observe.record import Record

_WITH_PORTS: Final = (1, 6, 17, 58)
"""Protocols whose from and to mean something: ports, or ICMP type and code."""


def security_group(resource: Resource, shape: Shape) -> None:
    """The rules written inside a SecurityGroup."""
    declared, echoed = _declared_and_echoed(resource, ("ingress", "egress"), _inline_rules)
    for rule in declared:
        _put_rule(rule, shape)
    _echo(resource, shape, "SecurityGroupRules", "rule", echoed)


def _inline_rules(record: Record, key: str, group: str) -> Iterable[Item]:
    for block in record.records(key):
        peers = [
            *({"CidrIpv4": each} for each in block.texts("cidrBlocks")),
            *({"CidrIpv6": each} for each in block.texts("ipv6CidrBlocks")),
            *({"PrefixListId": each} for each in block.texts("prefixListIds")),
            *(_group(each) for each in block.texts("securityGroups")),
            *([_group(group)] if block.flag("self") else []),
        ]
        for peer in peers:
            yield _rule(block, "protocol", group, key == "egress", peer)


def ingress_rule(resource: Resource, shape: Shape) -> None:
    """A SecurityGroupIngressRule."""
    _standalone(resource, shape, egress=False)


def egress_rule(resource: Resource, shape: Shape) -> None:
    """A SecurityGroupEgressRule."""
    _standalone(resource, shape, egress=True)


def _standalone(resource: Resource, shape: Shape, *, egress: bool) -> None:
    out = resource.outputs
    referenced = out.maybe("referencedSecurityGroupId")
    peer: Item = {
        "CidrIpv4": out.maybe("cidrIpv4"),
        "CidrIpv6": out.maybe("cidrIpv6"),
        "PrefixListId": out.maybe("prefixListId"),
        **(_group(referenced) if referenced else {}),
    }
    rule = _rule(out, "ipProtocol", out.text("securityGroupId"), egress, peer)
    _put_apart(resource, shape, rule, out.maybe("securityGroupRuleId") or resource.id)


def legacy_rule(resource: Resource, shape: Shape) -> None:
    """An ec2.SecurityGroupRule: several peers in one resource."""
    out = resource.outputs
    group, source = out.text("securityGroupId"), out.maybe("sourceSecurityGroupId")
    peers = [
        *({"CidrIpv4": each} for each in out.texts("cidrBlocks")),
        *({"CidrIpv6": each} for each in out.texts("ipv6CidrBlocks")),
        *({"PrefixListId": each} for each in out.texts("prefixListIds")),
        *([_group(group)] if out.flag("self") else [_group(source)] if source else []),
    ]
    known_as = out.maybe("securityGroupRuleId") if len(peers) == 1 else None
    for peer in peers:
        rule = _rule(out, "protocol", group, out.text("type") == "egress", peer)
        _put_apart(resource, shape, rule, known_as)


def _group(named: str) -> Item:
    """A group of another account is written 'account/group'."""
    return {"ReferencedGroupInfo": {"GroupId": named.rpartition("/")[2]}}


def _rule(record: Record, protocol_key: str, group: str, egress: bool, peer: Item) -> Item:
    protocol = _protocol(record.text(protocol_key))
    ports = record if protocol in _WITH_PORTS else None
    return {
        "GroupId": group,
        "IsEgress": egress,
        "IpProtocol": str(protocol),
        "FromPort": ports.maybe_integer("fromPort") if ports else None,
        "ToPort": ports.maybe_integer("toPort") if ports else None,
        "Description": record.maybe("description"),
        **peer,
    }


def _protocol(text: str) -> int | str:
    """By number, so that 'tcp' and '6' are one; other text is left for the reader to refuse."""
    try:
        return protocol_number(text)
    except ValueError:
        return text


def _what_rule_says(rule: Item) -> str:
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
    middle = "/".join(part for part in (rule["IpProtocol"], ports) if part)
    return f"{rule['GroupId']}/{way}/{middle}/{peer}"


def _put_rule(rule: Item, shape: Shape) -> None:
    said = _what_rule_says(rule)
    shape.items["SecurityGroupRules"].setdefault(said, {**rule, "SecurityGroupRuleId": said})


def _put_apart(resource: Resource, shape: Shape, rule: Item, known_as: str | None) -> None:
    if shape.get("SecurityGroups", rule["GroupId"]) is None:
        shape.orphan(resource, rule["GroupId"])
        return
    said = _what_rule_says(rule)
    shape.items["SecurityGroupRules"][said] = {**rule, "SecurityGroupRuleId": known_as or said}


def default_groups(shape: Shape) -> None:
    """The rules of a default group that no resource adopted: all from itself, all out."""
    for group, item in shape.items["SecurityGroups"].items():
        if AS_MADE in item:
            rule: Item = {"GroupId": group, "IpProtocol": "-1", "FromPort": None, "ToPort": None}
            _put_rule({**rule, "IsEgress": False, **_group(group)}, shape)
            _put_rule({**rule, "IsEgress": True, "CidrIpv4": "0.0.0.0/0"}, shape)


def network_acl(resource: Resource, shape: Shape) -> None:
    """The entries written inside a NetworkAcl."""
    declared, echoed = _declared_and_echoed(resource, ("ingress", "egress"), _inline_entries)
    acl = shape.items["NetworkAcls"][resource.id]
    acl["Entries"].extend(declared)
    _echo(resource, shape, "NetworkAcls", "entry", echoed)


def _inline_entries(record: Record, key: str, acl: str) -> Iterable[Item]:
    for block in record.records(key):
        yield _entry(block, acl, key == "egress", number="ruleNo", action="action")


def network_acl_rule(resource: Resource, shape: Shape) -> None:
    """A NetworkAclRule; AWS holds one entry of a number, so this one stands."""
    out = resource.outputs
    name = out.text("networkAclId")
    acl = shape.get("NetworkAcls", name)
    if acl is None:
        shape.orphan(resource, name)
        return
    entry = _entry(out, name, out.flag("egress"), number="ruleNumber", action="ruleAction")
    place = (entry["Egress"], entry["RuleNumber"])
    others = [each for each in acl["Entries"] if (each["Egress"], each["RuleNumber"]) != place]
    acl["Entries"] = [*others, entry]


def _entry(record: Record, acl: str, egress: bool, *, number: str, action: str) -> Item:
    protocol = _protocol(record.text("protocol"))
    item: Item = {
        "NetworkAclId": acl,
        "RuleNumber": record.integer(number),
        "Egress": egress,
        "Protocol": str(protocol),
        "RuleAction": record.text(action).lower(),
        "CidrBlock": record.maybe("cidrBlock"),
        "Ipv6CidrBlock": record.maybe("ipv6CidrBlock"),
    }
    if protocol in (6, 17):
        item["PortRange"] = {"From": record.integer("fromPort"), "To": record.integer("toPort")}
    if protocol in (1, 58):
        kind, code = record.maybe_integer("icmpType"), record.maybe_integer("icmpCode")
        item["IcmpTypeCode"] = {"Type": kind, "Code": code}
    return item


def _what_entry_says(entry: Item) -> str:
    way = "egress" if entry["Egress"] else "ingress"
    span = entry.get("PortRange")
    ports = f"{span['From']}-{span['To']}" if span else "all"
    block = entry["CidrBlock"] or entry["Ipv6CidrBlock"]
    return f"{way}/{entry['RuleNumber']}/{entry['RuleAction']}/{entry['Protocol']}/{ports}/{block}"


_TARGETS: Final = {
    "gatewayId": "GatewayId",
    **{call.id[0].lower() + call.id[1:]: call.id for call in TARGETS.values()},
    "vpcEndpointId": "GatewayId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "localGatewayId": "LocalGatewayId",
    "carrierGatewayId": "CarrierGatewayId",
    "coreNetworkArn": "CoreNetworkArn",
    "odbNetworkArn": "OdbNetworkArn",
}


def route_table(resource: Resource, shape: Shape) -> None:
    """The routes written inside a RouteTable."""
    declared, echoed = _declared_and_echoed(resource, ("routes",), _inline_routes)
    shape.items["RouteTables"][resource.id]["Routes"].extend(declared)
    _echo(resource, shape, "RouteTables", "route", echoed)


def _inline_routes(record: Record, key: str, _table: str) -> Iterable[Item]:
    for block in record.records(key):
        yield _route(block, "cidrBlock", "ipv6CidrBlock")


def route(resource: Resource, shape: Shape) -> None:
    """A Route."""
    name = resource.outputs.text("routeTableId")
    table = shape.get("RouteTables", name)
    if table is None:
        shape.orphan(resource, name)
        return
    routes = table.setdefault("Routes", [])
    found = _route(resource.outputs, "destinationCidrBlock", "destinationIpv6CidrBlock")
    routes.append({**found, "State": resource.outputs.maybe("state")})


def _route(record: Record, ipv4: str, ipv6: str) -> Item:
    item: Item = {
        "DestinationCidrBlock": record.maybe(ipv4),
        "DestinationIpv6CidrBlock": record.maybe(ipv6),
        "DestinationPrefixListId": record.maybe("destinationPrefixListId"),
    }
    for key, name in _TARGETS.items():
        if target := record.maybe(key):
            item[name] = target
    return item


def _what_route_says(found: Item) -> str:
    destination = (
        found["DestinationCidrBlock"]
        or found["DestinationIpv6CidrBlock"]
        or found["DestinationPrefixListId"]
    )
    target = next((found[name] for name in _TARGETS.values() if name in found), None)
    return f"{destination} -> {target}"


Inline = Callable[[Record, str, str], Iterable[Item]]


def _declared_and_echoed(
    resource: Resource, keys: tuple[str, ...], read: Inline
) -> tuple[list[Item], list[Item]]:
    """A resource that was only read has no inputs: what was read is all there is to know."""
    seen = [item for key in keys for item in read(resource.outputs, key, resource.id)]
    if resource.external:
        return seen, []
    written = [item for key in keys for item in read(resource.inputs, key, resource.id)]
    return written, seen


_IDENTITY: Final[Mapping[str, Callable[[Item], str]]] = {
    "SecurityGroupRules": _what_rule_says,
    "NetworkAcls": _what_entry_says,
    "RouteTables": _what_route_says,
}


def _echo(resource: Resource, shape: Shape, key: str, kind: str, echoed: list[Item]) -> None:
    shape.echoes.extend((resource.id, key, kind, each) for each in echoed)


def unexplained(shape: Shape) -> None:
    """Say what outputs echo and nothing declares; to be asked when all is declared."""
    for owner, key, kind, item in shape.echoes:
        says = _IDENTITY[key]
        if key == "SecurityGroupRules":
            declared: Iterable[Item] = shape.items[key].values()
        else:
            held = shape.items[key][owner]
            declared = held.get("Entries") or held.get("Routes") or ()
        said = says(item)
        if said in {says(each) for each in declared}:
            continue
        text = item.get("IpProtocol") or item.get("Protocol") or "-1"
        protocol = _protocol(text)
        narrow = protocol if isinstance(protocol, int) and protocol != -1 else None
        shape.gaps.add(
            f"undeclared {kind}",
            said,
            owner,
            f"the last reading of {owner} shows it and no resource declares it: it was added by "
            "hand, or removed since; 'pulumi refresh' tells"
            + (f" ({protocol_name(narrow)} only)" if narrow is not None else ""),
            narrow,
        )


RULES: Final[Mapping[str, Handler]] = {
    "aws:ec2/securityGroup:SecurityGroup": security_group,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": security_group,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ingress_rule,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": egress_rule,
    "aws:ec2/securityGroupRule:SecurityGroupRule": legacy_rule,
    "aws:ec2/networkAcl:NetworkAcl": network_acl,
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": network_acl,
    "aws:ec2/networkAclRule:NetworkAclRule": network_acl_rule,
    "aws:ec2/routeTable:RouteTable": route_table,
    "aws:ec2/defaultRouteTable:DefaultRouteTable": route_table,
    "aws:ec2/route:Route": route,
}
"""In this order they are read: what stands apart comes after what stands inside."""
