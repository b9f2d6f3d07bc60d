"""Which resource of a stack a thing of the Network is, and a rule that has one of its own.

Beside the URN there is a file and a line where the engine was told of them: the position at
which the program made the resource, 'project:///index.ts#10,5'
(github.com/pulumi/pulumi pkg/resource/deploy/source_eval.go, parseSourcePosition): a URL whose
path is relative to the project.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from bulkhead.network import Direction, Network, Origin, Origins
from bulkhead.observe.pulumi.resources.shape import Shape, Slot
from bulkhead.observe.pulumi.stack import Resource

_POSITION: Final = re.compile(
    r"(?:project:///|file://)(?P<file>[^#]+)(?:#(?P<line>\d{1,9})(?:,.*)?)?"
)
_STACK: Final = "pulumi:pulumi:Stack"
_MADE_WITH: Final = (
    *("defaultSecurityGroupId", "defaultNetworkAclId", "mainRouteTableId", "defaultRouteTableId"),
    *("primaryNetworkInterfaceId", "networkInterfaceId", "transitGatewayAttachmentId"),
    *("associationDefaultRouteTableId", "propagationDefaultRouteTableId"),
)
"""Outputs that name what AWS makes with a resource: it has that one's origin, or its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenIn:
    """Which resource of a stack everything that may be in its Network is.

    `things` by id; `rules` by the id of a group, a NACL, a table and what that knows each of
    its rules by. `whole` is the stack itself.
    """

    things: Mapping[str, Origin]
    rules: Mapping[tuple[str, Slot], Origin]
    whole: Origin | None = None

    def origins(self, network: Network) -> Origins:
        """Where what is in a Network of the stack comes from."""
        there = {each.id for each in network.things}
        things = {id_: origin for id_, origin in self.things.items() if id_ in there}

        def rules(component: str) -> Mapping[object, Origin]:
            return {
                rule: self.rules[component, slot]
                for slot, rule in _slots(network, component)
                if (component, slot) in self.rules
            }

        return Origins(
            things=things,
            owners=dict(_owners(network, things)),
            segments=dict(_segments(network, things)),
            rules=rules,
            whole=self.whole,
        )


def written_in(shape: Shape) -> WrittenIn:
    """What the resources of a stack are, each with its own position."""
    resources = shape.stack.resources
    return WrittenIn(
        things=dict(_things(resources)),
        rules={place: _origin(resource) for place, resource in shape.written.items()},
        whole=next((_origin(each) for each in resources if each.type == _STACK), None),
    )


def _origin(resource: Resource) -> Origin:
    found = _POSITION.fullmatch(resource.position)
    if found is None:
        return Origin(urn=resource.urn)
    return Origin(file=unquote(found["file"]), line=int(found["line"] or 0), urn=resource.urn)


def _things(resources: Iterable[Resource]) -> Iterator[tuple[str, Origin]]:
    """The last of an id has it: what is managed, and not the accepter's side of another's."""
    every = [each for each in resources if each.id]
    for each in every:
        for key in _MADE_WITH:
            if made := each.outputs.values.get(key):
                yield str(made), _origin(each)
        yield f"{each.id}/primary", _origin(each)
    for each in sorted(
        every, key=lambda each: (not each.retiring, not each.external, "ccepter" not in each.type)
    ):
        yield each.id, _origin(each)


def _slots(network: Network, id_: str) -> Iterator[tuple[Slot, Hashable]]:
    """How readers know each of them apart from its fellows."""
    if group := network.security_group.get(id_):
        for rule in group.rules:
            yield rule.id, rule
            # One of several peers has its own behind the id: 'sgr-1/10.0.0.0/8'.
            yield rule.id.removesuffix(f"/{rule.peer}"), rule
    if nacl := network.nacl.get(id_):
        for entry in nacl.entries:
            yield (entry.direction is Direction.EGRESS, entry.number), entry
    if table := network.route_table.get(id_):
        yield from ((str(route.destination), route) for route in table.routes)
    for transit in network.transit_route_tables:
        if transit.id == id_:
            yield from ((str(route.destination), route) for route in transit.routes)


def _owners(network: Network, things: Mapping[str, Origin]) -> Iterator[tuple[str, Origin]]:
    """Services and sites, and their sockets: their tags are those of a group, of a connection."""
    holders = {each.name: each.security_group for each in network.services}
    holders |= {each.name: each.vpn_connection or "" for each in network.sites}
    for name, holder in holders.items():
        if origin := things.get(holder):
            yield name, origin
    for listener in network.listeners:
        if origin := things.get(holders.get(listener.owner, "")):
            yield listener.name, origin


def _segments(network: Network, things: Mapping[str, Origin]) -> Iterator[tuple[str, Origin]]:
    for subnet in network.subnets:
        origin = things.get(subnet.nacl) or things.get(subnet.id)
        if subnet.segment and origin:
            yield subnet.segment, origin
