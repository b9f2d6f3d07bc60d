"""Managed prefix lists, as far as their entries are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

from bulkhead.network import Direction, IPNetwork, ListReference, PrefixList
from bulkhead.network.listed import family_of, weight_of
from bulkhead.observe.describe.described import Described
from bulkhead.observe.known import in_item
from bulkhead.observe.record import Record, as_block

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
    names: dict[str, str]
    most: dict[str, int]
    """The most entries that a list may have, of those that say it."""

    def held(self, asked: Iterable[str]) -> Iterator[PrefixList]:
        """Those that somebody asks about, as far as they are known."""
        for name in asked:
            if name in self.blocks:
                yield PrefixList(prefix_list=name, cidrs=self.blocks[name])

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

    def reference(self, name: str, direction: Direction | None = None) -> ListReference:
        """A rule or a route by a list, as a quota counts it."""
        called = self.names.get(name, "")
        known = self.blocks.get(name, ())
        told = {f"IPv{version}": version for version in EVERYTHING}.get(self.families.get(name, ""))
        held = {each.version for each in known}
        weight = weight_of(called)
        return ListReference(
            prefix_list=name,
            direction=direction,
            family=told or family_of(called) or (held.pop() if len(held) == 1 else None),
            weight=self.most.get(name) if weight is None else weight,
            entries=len(known),
        )


def prefix_lists(described: Described) -> PrefixLists:
    """The lists whose entries were answered in full."""
    blocks, families = {}, {}
    names: dict[str, str] = {}
    most: dict[str, int] = {}
    for each in described["PrefixLists"]:
        if family := each.maybe("AddressFamily"):
            families[each.text("PrefixListId")] = family
        called = each.values.get("PrefixListName")
        if isinstance(called, str):
            names[each.text("PrefixListId")] = called
        if (size := _size(each)) is not None:
            most[each.text("PrefixListId")] = size
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
    return PrefixLists(blocks, described.missing.get("PrefixLists"), families, names, most)


def _size(listed: Record) -> int | None:
    """The most entries that a list may have; None where it is not known, or is no such number."""
    said = listed.values.get("MaxEntries")
    if isinstance(said, float) and said.is_integer():
        said = int(said)
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else None
