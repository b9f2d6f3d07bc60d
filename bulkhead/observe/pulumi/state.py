"""The state of a Pulumi stack, as `pulumi stack export` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bulkhead.network import Network
from bulkhead.observe.describe import convert
from bulkhead.observe.errors import MalformedDescriptionError
from bulkhead.observe.pulumi import file as stack_file
from bulkhead.observe.pulumi import gateways as stack_edges
from bulkhead.observe.pulumi import joins as stack_joins
from bulkhead.observe.pulumi import rules as stack_rules
from bulkhead.observe.pulumi.file import Resource, Stack
from bulkhead.observe.pulumi.things import THINGS, Handler, Shape, short
from bulkhead.observe.record import Gaps, HiddenError, UnreadableError
from bulkhead.problems import InputError

_PASSES: Final[tuple[Mapping[str, Handler], ...]] = (
    THINGS,
    stack_rules.RULES,
    stack_joins.JOINS,
    stack_edges.EDGES,
)
_COVERED: Final = frozenset(token for handlers in _PASSES for token in handlers)

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
_PLACED: Final = re.compile(r"(sg|subnet)-[0-9a-f]{8,17}")


def state(path: Path, *, topology: str | None = None) -> Network:
    """The Network that a stack's state says it made.

    Raises InputError where the file holds no state that can be read, and
    TopologyNotFoundError where nothing in it was built from `topology`.
    """
    remedy = "run 'pulumi refresh' and export the stack again"
    return of_stack(stack_file.read(path), path, topology=topology, remedy=remedy)


def of_stack(
    stack: Stack, path: Path, *, topology: str | None, remedy: str, gaps: Gaps | None = None
) -> Network:
    """The Network that these resources of `path` make; `gaps` is what is in doubt already."""
    gaps = gaps if gaps is not None else Gaps()
    shape = Shape(stack, gaps)
    try:
        for handlers in _PASSES:
            _walk(handlers, shape)
        stack_rules.default_groups(shape)
        stack_joins.finish(shape)
        stack_edges.finish(shape)
        stack_rules.unexplained(shape)
        stack_joins.pending(shape)
        _not_covered(shape)
        return convert.network(
            shape.document(),
            region=next(iter(stack.regions.values()), "unknown"),
            where=str(path),
            topology=topology,
            gaps=gaps,
        )
    except MalformedDescriptionError as error:
        found = [stack_file.problem(path, fault, remedy) for fault in error.faults]
        raise InputError(found) from None
    except UnreadableError as error:
        raise InputError([stack_file.problem(path, str(error), remedy)]) from None


def _walk(handlers: Mapping[str, Handler], shape: Shape) -> None:
    """Each kind in turn, in the order of the table."""
    for token, handler in handlers.items():
        for resource in shape.stack.resources:
            if resource.type != token or not resource.id or _key(resource) in shape.left_out:
                continue
            try:
                handler(resource, shape)
            except HiddenError as error:
                shape.left_out.add(_key(resource))
                scopes = stack_joins.in_doubt(resource) or [resource.id]
                shape.gaps.add_each(short(token), resource.id, scopes, str(error))
            except UnreadableError as error:
                shape.left_out.add(_key(resource))
                shape.gaps.faults.append(str(error))


def _key(resource: Resource) -> tuple[str, bool]:
    """A resource and the one that replaces it share their URN."""
    return resource.urn, resource.retiring


def _not_covered(shape: Shape) -> None:
    """Name what decides about packets, or sends them, and is not read from a state."""
    for resource in shape.stack.resources:
        if resource.type in _COVERED or not resource.id:
            continue
        package, _, rest = resource.type.partition(":")
        module, _, name = rest.partition(":")
        module, _, kind = module.partition("/")
        scopes = [stack_joins.narrowest(resource) or resource.id]
        if package == "aws-native" and module == "ec2":
            why = f"resources of type {short(resource.type)} are not read from a state"
            scopes = _touched(resource, shape) or scopes
        elif package != "aws":
            continue
        elif module in _NETWORK_MODULES and not _HARMLESS.match(kind or name):
            why = f"resources of type {short(resource.type)} are not read from a state"
        elif _is_placed(resource):
            why = "a state does not list the network interfaces that it runs"
            scopes = [resource.id]
        else:
            continue
        shape.gaps.add_each(short(resource.type), resource.id, scopes, why)


def _touched(resource: Resource, shape: Shape) -> list[str]:
    """What of this state a resource names by id, whatever it calls the property."""
    named = {*_texts(dict(resource.outputs.values)), *_texts(dict(resource.inputs.values))}
    kinds = ("SecurityGroups", "NetworkAcls", "RouteTables", "NetworkInterfaces", "Subnets")
    return sorted(named & {each for kind in kinds for each in shape.items[kind]})


def _is_placed(resource: Resource) -> bool:
    return any(_PLACED.fullmatch(text) for text in _texts(dict(resource.outputs.values)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
