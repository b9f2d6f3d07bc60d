"""Network ACLs, their entries, written inside or apart, and the subnets that they guard."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.observe.calls import Item
from bulkhead.observe.describe.network_acls import GUARDS_OTHERS
from bulkhead.observe.describe.vpcs import unknown_acl
from bulkhead.observe.pulumi.hidden import number_or_hidden, text_or_hidden
from bulkhead.observe.pulumi.known import novel, novel_inside
from bulkhead.observe.pulumi.resources.declared import declared_and_echoed, protocol_in
from bulkhead.observe.pulumi.resources.shape import (
    Echo,
    Shape,
    Unclaimed,
    owner_of,
    stand_in,
    vpc_of,
)
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Hidden, Record


def network_acl(resource: Resource, shape: Shape) -> None:
    """A NetworkAcl, or the DefaultNetworkAcl, without its entries and subnets."""
    default = "efault" in resource.type
    item: Item = {
        "NetworkAclId": resource.id,
        "VpcId": vpc_of(resource, shape, "NetworkAcls"),
        "IsDefault": default,
        GUARDS_OTHERS: default,
        "Associations": [],
        "Entries": [],
    }
    shape.put("NetworkAcls", resource.id, item, resource)


def entries_inside(resource: Resource, shape: Shape) -> None:
    """The entries written inside a NetworkAcl."""
    declared, echoed = declared_and_echoed(resource, ("ingress", "egress"), _inside)
    acl = shape.items["NetworkAcls"][resource.id]
    acl["Entries"].extend(declared)
    shape.echoes += [
        Echo(owner=resource.id, key="NetworkAcls", kind=Unclaimed.ENTRY, item=each, says=_says)
        # What is declared inside may have been put out of its number by one apart from it.
        for each in echoed
        if _says(each) not in map(_says, declared)
    ]


def _inside(record: Record, key: str, acl: str) -> Iterable[Item]:
    for block in record.records(key):
        entry = _entry(block, acl, key == "egress", number="ruleNo", action="action")
        yield entry | novel_inside("aws:ec2/networkAcl:NetworkAcl", key, block)


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
    acl["Entries"] = [*others, entry | novel(resource)]
    shape.written[name, place] = resource


def _entry(record: Record, acl: str, egress: bool, *, number: str, action: str) -> Item:
    told, said = text_or_hidden(record, "protocol"), text_or_hidden(record, action)
    protocol = protocol_in(record.text("protocol")) if isinstance(told, str) else told
    item: Item = {
        "NetworkAclId": acl,
        "RuleNumber": record.integer(number),
        "Egress": egress,
        "Protocol": protocol if isinstance(protocol, Hidden) else str(protocol),
        "RuleAction": said if isinstance(said, Hidden) else record.text(action).lower(),
        "CidrBlock": text_or_hidden(record, "cidrBlock"),
        "Ipv6CidrBlock": text_or_hidden(record, "ipv6CidrBlock"),
    }
    if protocol in (6, 17):
        item["PortRange"] = {
            "From": number_or_hidden(record, "fromPort"),
            "To": number_or_hidden(record, "toPort"),
        }
    if protocol in (1, 58):
        kind, code = number_or_hidden(record, "icmpType"), number_or_hidden(record, "icmpCode")
        item["IcmpTypeCode"] = {"Type": kind, "Code": code}
    return item


def _says(entry: Item) -> str:
    way = "egress" if entry["Egress"] else "ingress"
    span = entry.get("PortRange")
    ports = f"{span['From']}-{span['To']}" if span else "all"
    block = entry["CidrBlock"] or entry["Ipv6CidrBlock"]
    return f"{way}/{entry['RuleNumber']}/{entry['RuleAction']}/{entry['Protocol']}/{ports}/{block}"


def subnets_inside(resource: Resource, shape: Shape) -> None:
    """The subnets that a NetworkAcl itself names; its outputs only echo."""
    acl = shape.items["NetworkAcls"][resource.id]
    source = resource.outputs if resource.external else resource.inputs
    acl["Associations"].extend({"SubnetId": each} for each in source.texts("subnetIds"))
    if not resource.external and "efault" not in resource.type:
        for subnet in resource.outputs.texts("subnetIds"):
            shape.claimed[subnet].add(resource.id)


def association(resource: Resource, shape: Shape) -> None:
    """A NetworkAclAssociation."""
    out = resource.outputs
    subnet = out.text("subnetId")
    if acl := owner_of(resource, shape, "NetworkAcls", "networkAclId"):
        acl["Associations"] = [
            *(each for each in acl["Associations"] if each["SubnetId"] != subnet),
            {"SubnetId": subnet, "NetworkAclAssociationId": resource.id},
        ]
    else:
        shape.foreign["NetworkAcls", subnet] = out.text("networkAclId")


def undeclared_associations(shape: Shape) -> None:
    """Subnets that outputs show behind an ACL to which no resource ties them."""
    tied = {
        each.get("SubnetId")
        for acl in shape.items["NetworkAcls"].values()
        for each in acl.get("Associations", ())
    }
    for subnet, acls in sorted(shape.claimed.items()):
        if subnet not in tied and subnet in shape.items["Subnets"]:
            named = " and ".join(sorted(acls))
            why = f"the last reading shows it behind {named}, which no resource declares"
            why += f"; {shape.stack.tells}"
            stands = unknown_acl(subnet)
            stand_in(shape, "NetworkAcls", stands, shape.items["Subnets"][subnet])
            shape.gaps.add(Unclaimed.ASSOCIATION, subnet, stands, why)
