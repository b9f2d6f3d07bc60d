"""Managed prefix lists."""

from __future__ import annotations

from bulkhead.observe.calls import Item
from bulkhead.observe.pulumi.resources.shape import Shape
from bulkhead.observe.pulumi.stack import Resource


def prefix_list(resource: Resource, shape: Shape) -> None:
    """A ManagedPrefixList."""
    entries = [{"Cidr": each.text("cidr")} for each in resource.outputs.records("entries")]
    item: Item = {"PrefixListId": resource.id, "Entries": entries}
    out = resource.outputs.values
    most, family = out.get("maxEntries"), out.get("addressFamily")
    item |= {"MaxEntries": most} if isinstance(most, int | float) else {}
    item |= {"AddressFamily": family} if isinstance(family, str) else {}
    shape.put("PrefixLists", resource.id, item, resource)
