"""What of a state runs network interfaces: a state lists its resources, and not what those make.

Whatever names a subnet or a security group, in whichever property (`securityGroups`,
`vpcConfig.securityGroupIds`, `vpcSecurityGroupIds`, `networkConfiguration.subnets` …),
is taken to have interfaces there. So no table of types has to be complete.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bulkhead.network import Unlisted
from bulkhead.observe.pulumi.resources import TYPES, load_balancers, network_interfaces
from bulkhead.observe.pulumi.resources.shape import Shape, short
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import texts_in

WHY: Final = "a state does not list the network interfaces that it runs"

_GROUP: Final = re.compile(r"\bsg-(?:[0-9a-f]{8}|[0-9a-f]{17})\b")
_SUBNET: Final = re.compile(r"\bsubnet-(?:[0-9a-f]{8}|[0-9a-f]{17})\b")
"""(docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html); of a resource that is yet
to be made, whatever stands for its id."""
_OF_EC2: Final = re.compile(r"(launch|spot|fleet|capacity|clientVpn|.*Endpoint$)", re.IGNORECASE)
"""Types of the EC2 modules that start something; the others only speak of groups and subnets."""
_EC2: Final = ("ec2", "vpc", "ec2transitgateway")
_STARTS_NOTHING: Final = re.compile(
    r".*(subnetGroup|parameter|secret|secretVersion|policy|policyAttachment|tag|targetGroup"
    r"|networkAclRule|resourceShare|resourceAssociation)$",
    re.IGNORECASE,
)
_WHOLE: Final[Mapping[str, Callable[[Resource, Shape], bool]]] = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": (
        lambda each, _: network_interfaces.is_placed_whole(each.outputs)
    ),
    "aws:lb/loadBalancer:LoadBalancer": load_balancers.is_placed_whole,
}
"""Types that are read and run interfaces: whether one says all of these."""


_HOSTS: Final = (
    "aws:ec2/instance:Instance",
    "aws:ec2/networkInterface:NetworkInterface",
    "aws:ec2/natGateway:NatGateway",
)
UNREAD: Final = (
    "an instance or an interface could not be read, or stands in a subnet that is not here"
)

OTHER_STACKS: Final = "a state lists what its stack made: what else uses it is not in there"


def unlisted(shape: Shape) -> Iterator[Unlisted]:
    """Every resource that has interfaces which are not here, with the groups that it names.

    And other stacks, which may have anything.
    """
    for resource in shape.stack.resources:
        unread = resource.type in _HOSTS and _is_not_here(resource, shape)
        if unread or runs_interfaces(resource, shape):
            yield Unlisted(
                kind=short(resource.type),
                name=resource.id,
                why=UNREAD if unread else WHY,
                security_groups=_named(resource, shape, "SecurityGroups", _GROUP),
            )
    yield Unlisted(
        kind="stack",
        name="other stacks",
        why=OTHER_STACKS,
        field="",
        runs=False,
    )


def _is_not_here(host: Resource, shape: Shape) -> bool:
    """Whether its interface is none of the network: it was not read, or stands elsewhere."""
    subnet = host.outputs.values.get("subnetId")
    elsewhere = isinstance(subnet, str) and subnet not in shape.items["Subnets"]
    return elsewhere or (host.urn, host.retiring) in shape.left_out


def runs_interfaces(resource: Resource, shape: Shape) -> bool:
    """Whether a resource has interfaces of its own that no resource of the state is."""
    if not resource.id or resource.type.startswith("pulumi:"):
        return False
    if resource.type in TYPES:
        told = resource.type not in _WHOLE or _WHOLE[resource.type](resource, shape)
        return not told and _is_placed(resource, shape)
    _, _, rest = resource.type.partition(":")
    module, _, name = rest.partition(":")
    module, _, kind = module.partition("/")
    kind = kind or name
    if _STARTS_NOTHING.match(kind) or (module in _EC2 and not _OF_EC2.match(kind)):
        return False
    return _is_placed(resource, shape)


def _is_placed(resource: Resource, shape: Shape) -> bool:
    kinds = (("SecurityGroups", _GROUP), ("Subnets", _SUBNET))
    return any(_named(resource, shape, key, pattern) for key, pattern in kinds)


def _named(resource: Resource, shape: Shape, key: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """The ids of a kind that a resource names, wherever it does."""
    known = shape.items[key]
    found = (
        name
        for text in _said(resource)
        for name in ((text,) if text in known else pattern.findall(text))
    )
    return tuple(dict.fromkeys(found))


def _said(resource: Resource) -> Iterator[str]:
    for record in (resource.outputs, resource.inputs):
        yield from texts_in(record.values)
