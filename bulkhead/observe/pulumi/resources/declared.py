"""What a resource declares, and what its outputs only echo.

The provider writes into the outputs of a group, NACL or table whatever AWS
held when it was last read, also what separate resources declare. So outputs
are an echo, and may be stale: a rule that was removed since the last refresh
is still in them. What counts as there is what a resource's *inputs* declare
and what separate resources hold; an echo of nothing declared is in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bulkhead.network import protocol_number
from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape, Unclaimed
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import IN_DOUBT, Record

Inside = Callable[[Record, str, str], Iterable[Item]]
"""Reads the rules, entries or routes under a property of their owner, whose id comes last."""


def declared_and_echoed(
    resource: Resource, keys: tuple[str, ...], read: Inside
) -> tuple[list[Item], list[Item]]:
    """A resource that was only read has no inputs: what was read is all there is to know."""
    seen = [item for key in keys for item in read(resource.outputs, key, resource.id)]
    if resource.external:
        return seen, []
    written = [item for key in keys for item in read(resource.inputs, key, resource.id)]
    return written, seen


def protocol_in(text: str) -> int | str:
    """By number, so that 'tcp' and '6' are one; other text is left for the reader to refuse."""
    try:
        return protocol_number(text)
    except ValueError:
        return text


def unexplained(shape: Shape) -> None:
    """Say what outputs echo and nothing declares; to be asked when all is declared."""
    for each in shape.echoes:
        if each.key == "SecurityGroupRules":
            declared: Iterable[Item] = shape.items[each.key].values()
        else:
            held = shape.items[each.key][each.owner]
            declared = held.get("Entries") or held.get("Routes") or ()
        said = each.says(each.item)
        stood = shape.stood is None or (str(each.kind), said) in shape.stood
        if said in map(each.says, declared) or not stood:
            continue
        why = (
            f"the last reading of {each.owner} shows it and no resource declares it: it was added "
            f"by hand, or removed since; {shape.stack.tells}"
        )
        doubted = each.item | {IN_DOUBT: True}
        if each.kind is Unclaimed.RULE:
            shape.items[each.key][said] = doubted | {"SecurityGroupRuleId": said}
            shape.gaps.add(each.kind, said, said, why)
        elif each.kind is Unclaimed.ENTRY:
            shape.items[each.key][each.owner]["Entries"].append(doubted)
            shape.gaps.add(each.kind, said, said, why)
        else:
            shape.gaps.add(each.kind, said, each.owner, why)
