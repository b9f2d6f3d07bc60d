"""Managed prefix lists, as far as their entries are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

from bulkhead.network import IPNetwork
from bulkhead.observe.describe.described import Described
from bulkhead.observe.known import in_item
from bulkhead.observe.record import as_block

EVERYTHING: Final[Mapping[int, IPNetwork]] = {
    4: ip_network("0.0.0.0/0"),
    6: ip_network("::/0"),
}
"""All addresses of a family: the widest that what is not known can be."""


@dataclass(frozen=True, slots=True)
class PrefixLists:
    """The blocks of each prefix list whose entries are known."""

    blocks: dict[str, tuple[IPNetwork, ...]]
    missing: str | None
    families: dict[str, str]
    """Of those that say it: IPv4 or IPv6."""

    def why_unknown(self, name: str) -> str:
        reason = f" ({self.missing})" if self.missing else ""
        call = f"aws ec2 get-managed-prefix-list-entries --prefix-list-id {name}"
        return f"the entries of prefix list {name} are not known{reason}: {call} tells them"

    def may_hold(self, name: str) -> tuple[IPNetwork, ...]:
        """The widest that the blocks of a list can be whose entries are not known.

        All are of one family
        (docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html).
        """
        known = self.families.get(name)
        return tuple(
            block for version, block in EVERYTHING.items() if known in (f"IPv{version}", None)
        )


def prefix_lists(described: Described) -> PrefixLists:
    """The lists whose entries were answered in full."""
    blocks, families = {}, {}
    for each in described["PrefixLists"]:
        if family := each.maybe("AddressFamily"):
            families[each.text("PrefixListId")] = family
        if any(in_item("PrefixLists", each.values)):
            continue
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
    return PrefixLists(blocks, described.missing.get("PrefixLists"), families)
