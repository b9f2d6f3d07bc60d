"""The state of a Pulumi stack, as `pulumi stack export` writes it.

A file is read into a `Stack` of resources, each resource brought into the shape
in which AWS describes it (`resources`), and that converted as all else (`describe`).
What is not read is named (`in_doubt`).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bulkhead.network import Network
from bulkhead.observe.describe import convert
from bulkhead.observe.errors import MalformedDescriptionError
from bulkhead.observe.observed import Answers, Observed
from bulkhead.observe.pulumi import in_doubt
from bulkhead.observe.pulumi.inventory import inventory_of
from bulkhead.observe.pulumi.origins import origins_of
from bulkhead.observe.pulumi.resources import IN_ORDER, finish
from bulkhead.observe.pulumi.resources.shape import Reader, Shape, short
from bulkhead.observe.pulumi.stack import Resource, Stack, problem, read
from bulkhead.observe.pulumi.unlisted import unlisted
from bulkhead.observe.record import Gaps, HiddenError, UnreadableError
from bulkhead.problems import InputError


def state(path: Path, *, topology: str | None = None) -> Network:
    """The Network of a state, as `read_state` reads it."""
    return read_state(path, topology=topology).network


def read_state(path: Path, *, topology: str | None = None) -> Observed:
    """The Network that a stack's state says it made.

    Raises InputError where the file holds no state that can be read, and
    TopologyNotFoundError where nothing in it was built from `topology`.
    """
    remedy = "run 'pulumi refresh' and export the stack again"
    return of_stack(read(path), path, topology=topology, remedy=remedy)


def of_stack(
    stack: Stack,
    path: Path,
    *,
    topology: str | None,
    remedy: str,
    gaps: Gaps | None = None,
    stood: frozenset[tuple[str, str]] | None = None,
) -> Observed:
    """The Network that these resources of `path` make; `gaps` is what is in doubt already.

    `stood`: with it, no more is undeclared than that, by kind and words.
    """
    gaps = gaps if gaps is not None else Gaps()
    shape = Shape(stack, gaps, stood)
    try:
        for token, reader in IN_ORDER:
            _read_each(token, reader, shape)
        finish(shape)
        in_doubt.pending(shape)
        in_doubt.not_covered(shape)
        document = shape.document()
        region = next(iter(stack.regions.values()), "unknown")
        network = convert.network(
            document,
            region=region,
            where=str(path),
            topology=topology,
            gaps=gaps,
            unlisted=unlisted(shape),
        )
    except MalformedDescriptionError as error:
        found = [problem(path, str(fault), remedy) for fault in error.faults]
        raise InputError(found) from None
    except UnreadableError as error:
        raise InputError([problem(path, str(error), remedy)]) from None
    return Observed(
        network=network,
        answers=(Answers(region=region, document=document, owners=stack.accounts),),
        origins=origins_of(shape, network),
        inventory=partial(inventory_of, stack),
    )


def _read_each(token: str, reader: Reader, shape: Shape) -> None:
    """Every resource of one type; what of it cannot be read is said, and left out from then on."""
    for resource in shape.stack.resources:
        if resource.type != token or not resource.id or _key(resource) in shape.left_out:
            continue
        try:
            reader(resource, shape)
        except HiddenError as error:
            shape.left_out.add(_key(resource))
            scopes = in_doubt.scopes_of_hidden(resource)
            scopes += in_doubt.any_of_its_kind(resource, shape)
            shape.gaps.add_each(short(token), resource.id, scopes or [resource.id], str(error))
        except UnreadableError as error:
            shape.left_out.add(_key(resource))
            shape.gaps.spoil(str(error))


def _key(resource: Resource) -> tuple[str, bool]:
    """A resource and the one that replaces it share their URN."""
    return resource.urn, resource.retiring
