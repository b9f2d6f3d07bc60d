"""Every field and every value of every answer that is read, and what becomes of it.

One table, a file a kind of thing. Each field is *modelled* (a module of `describe` reads
it), *harmless* (it changes no packet's fate, and why), or *leaves* something undetermined
where it is there. What AWS adds tomorrow is none of these: it leaves undetermined what it
stands in, and is named (`describe.unheard`). A test holds the table against the service
models of the pinned botocore, so that an update of it lists what is open.

It is Python, not a data file: it nests and shares words as AWS's own answers do, mypy and
ruff read it, and nothing has to be parsed or packed beside the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS
from bulkhead.observe.known import (
    balancers,
    firewalls,
    hosts,
    places,
    rules,
    sites,
    transit,
    ways,
)
from bulkhead.observe.known.table import (
    Fields,
    Leaves,
    Leaving,
    Place,
    Surprise,
    compiled,
    is_nothing,
    surprises,
    under,
)
from bulkhead.observe.record import Record

__all__ = [
    "ANSWERS",
    "Fields",
    "Leaves",
    "Leaving",
    "Surprise",
    "in_item",
    "inside",
    "is_certain",
    "is_nothing",
]

ANSWERS: Final[Mapping[str, Fields]] = {
    "Vpcs": places.VPCS,
    "Subnets": places.SUBNETS,
    "NetworkInterfaces": hosts.INTERFACES,
    "Reservations": hosts.INSTANCES,
    "SecurityGroups": rules.GROUPS,
    "SecurityGroupRules": rules.GROUP_RULES,
    "NetworkAcls": rules.ACLS,
    "RouteTables": ways.ROUTE_TABLES,
    "InternetGateways": ways.INTERNET_GATEWAYS,
    "EgressOnlyInternetGateways": ways.EGRESS_ONLY_GATEWAYS,
    "NatGateways": ways.NAT_GATEWAYS,
    "VpnGateways": ways.VPN_GATEWAYS,
    "VpcPeeringConnections": ways.PEERINGS,
    "VpcEndpoints": ways.ENDPOINTS,
    "PrefixLists": ways.PREFIX_LISTS,
    "VpnConnections": sites.VPN_CONNECTIONS,
    "CustomerGateways": sites.CUSTOMER_GATEWAYS,
    "TransitGateways": transit.GATEWAYS,
    "TransitGatewayAttachments": transit.ATTACHMENTS,
    "TransitGatewayVpcAttachments": transit.VPC_ATTACHMENTS,
    "TransitGatewayPeeringAttachments": transit.PEERING_ATTACHMENTS,
    "TransitGatewayRouteTables": transit.ROUTE_TABLES,
    "TransitGatewayRoutes": transit.ROUTES,
    "TransitGatewayStaticRoutes": transit.ROUTES,
    "TransitGatewayPropagations": transit.PROPAGATIONS,
    "TransitGatewayAssociations": transit.ASSOCIATIONS,
    "LoadBalancers": balancers.BALANCERS,
    "TargetGroups": balancers.TARGET_GROUPS,
    "Listeners": balancers.LISTENERS,
    "Rules": balancers.RULES,
    "TargetHealth": balancers.HEALTHS,
    "TargetGroupAttributes": balancers.ATTRIBUTES,
    "ListenerAttributes": balancers.LISTENER_ATTRIBUTES,
    "BalancerAttributes": balancers.BALANCER_ATTRIBUTES,
    "Firewalls": firewalls.FIREWALLS,
    "FirewallPolicies": firewalls.POLICIES,
    "RuleGroups": firewalls.RULE_GROUPS,
    "VpcEncryptionControls": places.ENCRYPTION_CONTROLS,
    "VpcBlockPublicAccessExclusions": places.EXCLUSIONS,
    BLOCK_PUBLIC_ACCESS.key: places.PUBLIC_ACCESS,
}
"""By the key under which the items stand."""

_PLACES: Final[Mapping[str, Place]] = {key: compiled(each) for key, each in ANSWERS.items()}


def in_item(key: str, item: Mapping[str, object]) -> Iterator[Surprise]:
    """What one item of the answer `key` holds that nobody takes in."""
    return surprises(_PLACES[key], item)


def inside(key: str, path: str, member: Mapping[str, object]) -> Iterator[Surprise]:
    """The same of one member of a list in an item: of a route ('Routes') in a route table."""
    return surprises(under(_PLACES[key], path), member, path)


def is_certain(key: str, part: str, member: Record, below: str = "") -> bool:
    """Whether a rule, an entry or a route holds nothing but what its reader takes in.

    `below`: the list of it in which only a part of it stands (one of the peers of a rule).
    """
    own = ANSWERS[key].parts[part]
    place = ".".join(filter(None, (part, below)))
    return not any((each.doubt or own) is own for each in inside(key, place, member.values))
