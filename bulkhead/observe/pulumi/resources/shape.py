"""A describe-shaped document in the making, and what every reader of a resource needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network
from typing import Final

from bulkhead.observe.calls import BLOCK_PUBLIC_ACCESS, KEYS, Item
from bulkhead.observe.pulumi.stack import Resource, Stack
from bulkhead.observe.record import Gaps, Hidden

AS_MADE: Final = "AsMade"
"""Marks a default group that no resource adopted, so that it still has AWS's own two rules."""


_OF_VPCS: Final = "VpcEncryptionControls"
"""What a stack does not tell of VPCs whose controls it has not made; theirs are told with them."""
Slot = str | tuple[bool, int]
"""By what a group or a table knows one of its rules; a NACL: whether it is egress, its number."""


class Unclaimed(StrEnum):
    """What outputs may show that no resource declares: kinds of what is not modelled."""

    RULE = "undeclared rule"
    ENTRY = "undeclared entry"
    ROUTE = "undeclared route"
    ASSOCIATION = "undeclared association"


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """A rule, entry or route in the outputs of its owner; `says` tells what makes it that one."""

    owner: str
    key: str
    kind: Unclaimed
    item: Item
    says: Callable[[Item], str]


class Shape:
    """A describe-shaped document in the making: key -> id -> record."""

    def __init__(
        self, stack: Stack, gaps: Gaps, stood: frozenset[tuple[str, str]] | None = None
    ) -> None:
        self.stack = stack
        self.gaps = gaps
        self.stood = stood
        """Of a stack that is yet to come: kind and words of what was undeclared before."""
        self.items: dict[str, dict[str, Item]] = defaultdict(dict)
        self.public_access: Item = {}
        self.left_out: set[tuple[str, bool]] = set()
        """(URN, retiring) of what could not be read, and is said so already."""
        self.main_tables: dict[str, str] = {}
        """VPC -> its main route table."""
        self.echoes: list[Echo] = []
        """What outputs show, to be compared with what is declared."""
        self.claimed: dict[str, set[str]] = defaultdict(set)
        """Subnet -> the NACLs whose outputs show it."""
        self.foreign: dict[tuple[str, str], str] = {}
        """(key, subnet) -> the NACL or route table of another stack that it is tied to."""
        self.written: dict[tuple[str, Slot], Resource] = {}
        """(group, NACL or table, what it knows a rule of it by) -> the resource of that rule."""
        self.propagations: set[tuple[str, str]] = set()
        """(virtual private gateway, route table it propagates to)."""

    def put(self, key: str, known_as: str, item: Item, resource: Resource) -> None:
        """Add a record; one that a resource was only read for never hides a managed one."""
        if known_as in self.items[key] and resource.external:
            return
        self.items[key][known_as] = {**item, "Tags": tags(resource)}

    def get(self, key: str, known_as: str | None) -> Item | None:
        return self.items[key].get(known_as) if known_as else None

    def document(self) -> dict[str, object]:
        found = {key: list(items.values()) for key, items in self.items.items()}
        return document_of({**found, BLOCK_PUBLIC_ACCESS.key: self.public_access})

    def leads(self, resource: Resource, table: str, *destinations: str | None) -> None:
        """Note that a route of a table has a resource of its own; a prefix list is many routes."""
        for each in filter(None, destinations):
            held = self.items["PrefixLists"].get(each, {"Entries": [{"Cidr": each}]})
            for entry in held["Entries"]:
                with suppress(ValueError):
                    known_as = str(ip_network(entry["Cidr"], strict=False))
                    self.written[table, known_as] = resource

    def orphan(self, resource: Resource, owner: str) -> None:
        """Something is said about a thing that this state does not hold."""
        self.gaps.add(
            short(resource.type), resource.id, owner, f"it belongs to {owner}, not in this state"
        )


def document_of(found: Mapping[str, object]) -> dict[str, object]:
    """The answers that a stack gives, with an empty one to every other question."""
    every = {key: found.get(key, []) for key in KEYS if key != _OF_VPCS}
    options = found.get(BLOCK_PUBLIC_ACCESS.key, {})
    return every | {
        BLOCK_PUBLIC_ACCESS.key: options,
        "Reservations": found.get("Reservations", []),
    }


def short(token: str) -> str:
    """'aws:ec2/vpc:Vpc' -> 'aws.ec2.Vpc', as programs write it."""
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    return ".".join(part for part in (package, module.partition("/")[0], name) if part)


def tags(resource: Resource) -> list[Item]:
    """The tags with the provider's default ones, where the state shows them."""
    record = resource.outputs
    found = record.inside("tagsAll") or record.inside("tags") or resource.inputs.inside("tags")
    values = found.values if found else {}
    return [
        {"Key": key, "Value": value}
        for key, value in values.items()
        if not isinstance(value, Hidden)
    ]


def vpc_of(resource: Resource, shape: Shape, key: str) -> str:
    """By what it says, else by the VPC that was made with it."""
    told = resource.outputs.maybe("vpcId")
    made = shape.get(key, resource.id)
    return told or (str(made["VpcId"]) if made else resource.outputs.text("vpcId"))


def attachments_of(resource: Resource, key: str) -> Item:
    """How a gateway says that it is attached to a VPC; another stack may have attached it."""
    vpc = resource.outputs.maybe("vpcId")
    return {key: [{"VpcId": vpc, "State": "attached"}]} if vpc else {}


def owner_of(resource: Resource, shape: Shape, key: str, name: str) -> Item | None:
    """What a resource is about, by a property that names it; None where this state lacks it."""
    owner = resource.outputs.text(name)
    found = shape.get(key, owner)
    if found is None:
        shape.orphan(resource, owner)
    return found


def stand_in(shape: Shape, key: str, known_as: str, subnet: Item) -> None:
    """Let a subnet have a NACL or a route table of which nothing is known but that it has it."""
    record = shape.items[key].setdefault(
        known_as,
        {KEYS[key].id: known_as, "VpcId": subnet["VpcId"], "Associations": [], **_EMPTY[key]},
    )
    record["Associations"] = [*record["Associations"], {"SubnetId": subnet["SubnetId"]}]


_EMPTY: Final[dict[str, Item]] = {"NetworkAcls": {"Entries": []}, "RouteTables": {"Routes": []}}

ResourceReader = Callable[[Resource, Shape], None]
"""Brings one resource into the shape."""
