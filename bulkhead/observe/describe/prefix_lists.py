"""Managed prefix lists, as far as their entries are known."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.network import IPNetwork
from bulkhead.observe.describe.described import Described
from bulkhead.observe.record import as_block


@dataclass(frozen=True, slots=True)
class PrefixLists:
    """The blocks of each prefix list whose entries are known."""

    blocks: dict[str, tuple[IPNetwork, ...]]
    missing: str | None

    def why_unknown(self, name: str) -> str:
        reason = f" ({self.missing})" if self.missing else ""
        return f"the entries of prefix list {name} are not known{reason}"


def prefix_lists(described: Described) -> PrefixLists:
    """The lists whose entries were answered in full."""
    blocks = {}
    for each in described["PrefixLists"]:
        # Entries: get-managed-prefix-list-entries. Cidrs: describe-prefix-lists.
        if each.has("NextToken"):
            continue
        if "Entries" in each.values:
            cidrs = [entry.text("Cidr") for entry in each.records("Entries")]
        elif "Cidrs" in each.values:
            cidrs = list(each.texts("Cidrs"))
        else:
            continue
        blocks[each.text("PrefixListId")] = tuple(as_block(cidr, each.where) for cidr in cidrs)
    return PrefixLists(blocks, described.missing.get("PrefixLists"))
