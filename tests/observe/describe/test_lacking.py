"""A field that an answer lacks is a fault, or leaves something in doubt: it is not made up."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from bulkhead import observe
from bulkhead.observe.errors import MalformedDescriptionError
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_answers
from tests.support.town import town

pytestmark = pytest.mark.slow
Path = tuple[str | int, ...]

NOT_SET = {
    "FirewallPolicies.FirewallPolicy.StatefulDefaultActions",
    "FirewallPolicies.FirewallPolicy.StatefulEngineOptions",
    "FirewallPolicies.FirewallPolicy.StatefulEngineOptions.RuleOrder",
    "FirewallPolicies.FirewallPolicy.StatefulRuleGroupReferences",
    "NatGateways.NatGatewayAddresses.PublicIp",
    "NetworkAcls.Entries.IcmpTypeCode.Type",
    "NetworkInterfaces.Ipv6Addresses",
    "NetworkInterfaces.PrivateIpAddresses",
    "RuleGroups.RuleGroup.RulesSource.StatefulRules",
    "TransitGatewayAttachments.Association",
    "TransitGateways.Options",
    "TransitGateways.Options.SecurityGroupReferencingSupport",
    "VpcPeeringConnections.AccepterVpcInfo.Ipv6CidrBlockSet",
    "VpcPeeringConnections.AccepterVpcInfo.Region",
    "VpcPeeringConnections.RequesterVpcInfo.Ipv6CidrBlockSet",
    "VpnConnections.CustomerGatewayId",
    "VpnConnections.Routes",
}
"""What a thing may be without: nothing of it is shown then, or AWS's default is meant."""
OF_OTHER_SOURCES = {
    "NetworkAcls.Associations.NetworkAclAssociationId",
    "NetworkInterfaces.InterfaceType",
    "RouteTables.Routes.GatewayId",
    "RouteTables.Routes.Origin",
    "RouteTables.Routes.State",
    "Subnets.AvailabilityZone",
    "TransitGatewayRoutes.Routes",
    "TransitGatewayRoutes.Routes.Type",
    "VpcEndpoints.ServiceName",
    "VpcEndpoints.VpcEndpointType",
}
"""What AWS always shows, and a state, a preview or an old answer does not: the usual is taken."""


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in ("Tags", "TagSet"):  # a thing need not have any
                yield (*above, key)
                yield from paths(item, (*above, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from paths(item, (*above, position))


def named(path: Path) -> str:
    return ".".join(step for step in path if isinstance(step, str))


def without(document: dict[str, Any], path: Path) -> dict[str, Any]:
    less: Any = copy.copy(document)
    inside = less
    for step in path[:-1]:
        inside[step] = copy.copy(inside[step])
        inside = inside[step]
    del inside[path[-1]]
    return dict(less)


def test_no_field_that_is_lacking_is_made_up_but_those_that_are_known_to_be() -> None:
    document = as_answers(with_aws_ids(town().build()))
    whole = observe.from_answers(document, region="eu-west-1")
    made_up = set()
    for path in paths(document):
        if len(path) == 1:
            continue  # an answer that was not given is another matter
        try:
            found = observe.from_answers(without(document, path), region="eu-west-1")
        except MalformedDescriptionError:
            continue
        in_doubt = set(found.unmodelled) - set(whole.unmodelled)
        differing = [
            each.name
            for each in fields(whole)
            if each.name != "unlisted"  # what it says is what is not there
            and getattr(found, each.name) != getattr(whole, each.name)
        ]
        if differing and not in_doubt:
            made_up.add(named(path))
    assert made_up == NOT_SET | OF_OTHER_SOURCES
