"""What is new of a resource stands beside what is known of the thing that it is, or speaks of."""

from __future__ import annotations

from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, Item
from bulkhead.observe.pulumi.known import KNOWN, novel
from bulkhead.observe.pulumi.resources.shape import Shape
from bulkhead.observe.pulumi.stack import Resource


def novelties(shape: Shape) -> None:
    """Hand on what no reader takes in, for the table of AWS's answers to judge."""
    for resource in shape.stack.resources:
        item = _about(resource, shape) if resource.type in KNOWN else None
        if item is not None:
            item.update(novel(resource))


def _about(resource: Resource, shape: Shape) -> Item | None:
    """None for one rule, entry or route, and for what speaks of a thing that is not here."""
    known = KNOWN[resource.type]
    if known.key == BLOCK_PUBLIC_ACCESS.key:
        return shape.public_access
    name = resource.outputs.values.get(known.by) or resource.id
    if not isinstance(name, str):
        return None  # which it is, nobody knows yet, and its reader says so
    # Both ends of a transit gateway peering go by one id.
    ends = (each for each in shape.items[known.key] if each.partition(" of ")[0] == name)
    return shape.get(known.key, name) or shape.get(known.key, next(ends, None))
