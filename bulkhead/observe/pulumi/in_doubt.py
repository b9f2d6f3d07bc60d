"""What of a state is not read, cannot be, or may not be true any more, and what depends on it."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.observe.pulumi.resources import TYPES
from bulkhead.observe.pulumi.resources.shape import Shape, short
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.pulumi.unlisted import WHY, runs_interfaces
from bulkhead.observe.record import Hidden, texts_in

_NETWORK_MODULES: Final = frozenset(
    {"ec2", "vpc", "ec2transitgateway", "ec2clientvpn", "networkfirewall", "directconnect"}
    | {"vpclattice", "networkmanager", "verifiedaccess", "globalaccelerator"}
)
_HARMLESS: Final = re.compile(
    r"(ami|capacity|dedicatedHost|default(Credit|VpcDhcp)|eipDomainName|fleet|flowLog|image|"
    r"instanceMetadata|keyPair|launch|networkInsights|networkInterface(Attachment|Permission)|"
    r"placement|serialConsole|snapshot|spot|subnetCidrReservation|tag|trafficMirror|volume|"
    r"vpcDhcp|vpcIpam|vpcNetworkPerformance|vpcEncryption|encryptionControl|allowedImages|"
    r"availabilityZoneGroup|vpcSecurityGroupRulesExclusive|vpcEndpoint(Policy|Connection|Service))"
)
"""Types of those modules that let no packet through and stop none."""


_OWNERS: Final = (
    *("securityGroupId", "networkAclId", "routeTableId", "networkInterfaceId", "networkInterface"),
    *("subnetId", "subnetIds", "vpcId", "internetGatewayId", "vpnGatewayId", "vpnConnectionId"),
)
"""Properties that say what a resource is about, rather than what it says about it."""


def pending(shape: Shape) -> None:
    """Operations that an interrupted update left open, on what matters here."""
    for kind, resource in shape.stack.pending:
        if not resource.type.startswith("aws:"):
            continue
        scope = resource.id or _narrowest(resource) or resource.urn
        why = f"{kind} it was interrupted: AWS may hold something else; {shape.stack.tells}"
        shape.gaps.add(f"pending {short(resource.type)}", resource.id or resource.urn, scope, why)


def not_covered(shape: Shape) -> None:
    """Name what decides about packets, or sends them, and is not read from a state."""
    for resource in shape.stack.resources:
        if resource.type in TYPES or not resource.id:
            continue
        package, _, rest = resource.type.partition(":")
        module, _, name = rest.partition(":")
        module, _, kind = module.partition("/")
        scopes = [_narrowest(resource) or resource.id]
        if package == "aws-native" and module == "ec2":
            why = f"resources of type {short(resource.type)} are not read from a state"
            scopes = _touched(resource, shape) or scopes
        elif package == "aws" and module in _NETWORK_MODULES and not _HARMLESS.match(kind or name):
            why = f"resources of type {short(resource.type)} are not read from a state"
        elif runs_interfaces(resource, shape):
            why = WHY
            scopes = [resource.id]
        else:
            continue
        shape.gaps.add_each(short(resource.type), resource.id, scopes, why)


def scopes_of_hidden(resource: Resource) -> list[str]:
    """What depends on a resource of which something is hidden: what it is, or may be, about."""
    scopes = [owner] if (owner := _narrowest(resource)) else []
    hidden = [
        value
        for key in _OWNERS
        for each in (resource.outputs.values.get(key),)
        for value in (each if isinstance(each, list) else [each])
        if isinstance(value, Hidden)
    ]
    subnet = resource.outputs.values.get("subnetId")
    if hidden and isinstance(subnet, str):
        scopes.append(subnet)
    scopes.extend(candidate for value in hidden for candidate in value.candidates)
    return list(dict.fromkeys(scopes))


_ANY_OF: Final = {
    "networkAclId": "NetworkAcls",
    "routeTableId": "RouteTables",
    "subnetId": "Subnets",
}


def any_of_its_kind(resource: Resource, shape: Shape) -> list[str]:
    """Of an entry, a route or an association: every NACL, table or subnet, where none is said."""
    told = resource.outputs.values
    if {"networkAclId", "routeTableId"}.isdisjoint(told):
        return []
    return [
        each
        for key, kind in _ANY_OF.items()
        for value in (told.get(key),)
        if isinstance(value, Hidden) and not value.candidates
        for each in shape.items[kind]
    ]


def _narrowest(resource: Resource) -> str | None:
    """The narrowest thing that a resource says something about."""
    for record in (resource.outputs, resource.inputs):
        for key in ("securityGroupId", "networkAclId", "routeTableId", "networkInterfaceId"):
            value = record.values.get(key)
            if isinstance(value, str) and value:
                return value
    return None


def _touched(resource: Resource, shape: Shape) -> list[str]:
    """What of this state a resource names by id, whatever it calls the property."""
    named = {*texts_in(resource.outputs.values), *texts_in(resource.inputs.values)}
    kinds = ("SecurityGroups", "NetworkAcls", "RouteTables", "NetworkInterfaces", "Subnets")
    return sorted(named & {each for kind in kinds for each in shape.items[kind]})
