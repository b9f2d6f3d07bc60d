"""Take away what a stack made and its state does not know, and nothing of any other stack's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local_aws.provider import states
from local_aws.provider.aws import Aws
from local_aws.provider.kinds import KINDS
from local_aws.provider.ledger import OWNER, Ledger, owner
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, State
from local_aws.wire import Properties

QUIET_SECONDS: Final = 60.0

MADE: Final[Mapping[str, tuple[str, ...]]] = {
    "vpc-flow-log": ("aws:ec2/flowLog:FlowLog",),
    "vpc-block-public-access-exclusion": (
        "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
    ),
    "vpc-encryption-control": ("aws:ec2/vpcEncryptionControl:VpcEncryptionControl",),
    "vpc-peering-connection": ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection",),
    "vpc-endpoint": ("aws:ec2/vpcEndpoint:VpcEndpoint",),
    "natgateway": ("aws:ec2/natGateway:NatGateway",),
    "elastic-ip": ("aws:ec2/eip:Eip",),
    "vpn-connection": ("aws:ec2/vpnConnection:VpnConnection",),
    "transit-gateway-attachment": (
        "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
    ),
    "transit-gateway-route-table": ("aws:ec2transitgateway/routeTable:RouteTable",),
    "transit-gateway": ("aws:ec2transitgateway/transitGateway:TransitGateway",),
    "instance": ("aws:ec2/instance:Instance",),
    "launch-template": ("aws:ec2/launchTemplate:LaunchTemplate",),
    "network-interface": ("aws:ec2/networkInterface:NetworkInterface",),
    "security-group-rule": (
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ),
    "security-group": ("aws:ec2/securityGroup:SecurityGroup",),
    "route-table": ("aws:ec2/routeTable:RouteTable",),
    "network-acl": ("aws:ec2/networkAcl:NetworkAcl",),
    "prefix-list": ("aws:ec2/managedPrefixList:ManagedPrefixList",),
    "subnet": ("aws:ec2/subnet:Subnet",),
    "egress-only-internet-gateway": (
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    ),
    "internet-gateway": ("aws:ec2/internetGateway:InternetGateway",),
    "vpn-gateway": ("aws:ec2/vpnGateway:VpnGateway",),
    "customer-gateway": ("aws:ec2/customerGateway:CustomerGateway",),
    "vpc": ("aws:ec2/vpc:Vpc",),
    "dhcp-options": ("aws:ec2/vpcDhcpOptions:VpcDhcpOptions",),
}
"""The types that carry the tag, by what EC2 calls them, in an order in which they can go."""


@dataclass(frozen=True)
class Found:
    """A resource that stands in AWS with the tag of a stack."""

    kind: Kind
    name: str
    state: State
    aws: Aws


def tagged(aws: Aws, is_ours: Callable[[str], bool], beside: Collection[str] = ()) -> list[Found]:
    """What carries such an owner's tag in a region, in an order in which it can go.

    What is in `beside` is not even read.
    """
    tags = aws.listed("describe_tags", "Tags", Filters=[{"Name": "key", "Values": [OWNER]}])
    names: dict[str, list[str]] = {}
    for tag in tags:
        if is_ours(tag["Value"]) and tag["ResourceId"] not in beside:
            names.setdefault(tag["ResourceType"], []).append(tag["ResourceId"])
    found = []
    for made, tokens in MADE.items():
        for name in names.get(made, ()):
            for kind in (KINDS[token] for token in tokens):
                state = kind.read(aws, name, {})
                if state is not None:
                    found.append(Found(kind, name, state, aws))
    return found


def leftovers(kind: Kind, aws: Aws, urn: str, ledger: Ledger) -> list[Found]:
    """What an earlier call made for this resource of the program, and nobody was told of."""
    if not kind.owned:
        return []
    return [
        each
        for each in tagged(aws, lambda value: value == owner(urn))
        if each.kind is kind and not ledger.knows(kind.token, each.name)
    ]


def standing(kind: Kind, aws: Aws, inputs: Properties) -> str | None:
    """The id of what already is as these inputs say, for a type that EC2 keeps no tags of.

    Its own tags may have been set in a call of their own, which a next update makes up for.
    """
    name = kind.find(aws, inputs) if kind.find is not None else None
    live = kind.read(aws, name, inputs) if name is not None else None
    if live is None:
        return None
    other = states.differences(kind, {**live, "region": aws.region}, inputs)
    if kind.after_create is not None:  # which says again whatever is not for life
        other = {prop.name: "" for prop in kind.properties if prop.replaces and prop.name in other}
    return None if other.keys() - {"tags"} else name


@dataclass(frozen=True)
class Swept:
    """What went, and what could not go, with why."""

    removed: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def sweep(
    stack: str,
    keep: frozenset[str],
    unfinished: Sequence[Mapping[str, Any]],
    clients: Callable[[str], Aws],
    region: str,
    ledger: Ledger,
) -> Swept:
    """Remove what `stack` ("project/stack/") made beside the ids that its state keeps.

    `unfinished` are creations that its engine did not see the end of: `type` and `inputs`.
    """
    if not ledger.quiet(stack, QUIET_SECONDS):
        return Swept((), (("calls", "calls of the last run have not ended yet"),))
    ledger.recorded(stack, keep)
    removed: list[str] = []
    for creation in unfinished:
        kind, inputs = KINDS.get(creation["type"]), dict(creation["inputs"])
        if kind is None or kind.find is None:
            continue
        aws = clients(str(inputs.get("region") or region))
        name = standing(kind, aws, inputs)
        if name is not None and name not in keep:
            kind.delete(aws, name, inputs)
            ledger.forget(kind.token, name)
            removed.append(name)
    found = [
        each
        for place in sorted({*ledger.regions(stack), region})
        for each in tagged(clients(place), lambda value: value.startswith(stack), keep)
    ]
    left: dict[str, str] = {}
    while found:
        again, left = [], {}
        for each in found:
            try:
                each.kind.delete(each.aws, each.name, {**each.state, "revokeRulesOnDelete": True})
            except Refused as refused:
                left[each.name] = str(refused)
                again.append(each)
            else:
                ledger.forget(each.kind.token, each.name)
                removed.append(each.name)
        if len(again) == len(found):
            break  # what holds them is none of ours
        found = again
    return Swept(tuple(removed), tuple(sorted(left.items())))
