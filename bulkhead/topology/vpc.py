"""A VPC that stands already and is others', and one of several that are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import ClassVar

from bulkhead.intent.written import WrittenOwnVpc, WrittenVpc
from bulkhead.intent.written.fields import Written
from bulkhead.topology.part import NamedPart, TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Vpc(TopologyPart):
    """The VPC in which everything is made, where it is not made for the topology."""

    shape: ClassVar[type[Written]] = WrittenVpc

    existing: str | Mapping[str, Mapping[str, str]]
    """The VPC that is there, by its id (existing="vpc-0a1b2c3d4e5f60718") or by tags that no
    other has (existing={"tags": {"Name": "shared"}})."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OwnVpc(NamedPart):
    """One of several VPCs that are made."""

    shape: ClassVar[type[Written]] = WrittenOwnVpc

    cidr: str | IPv4Network | Iterable[str | IPv4Network]
    """Its addresses, as in cidr="10.20.0.0/16", or a list of blocks that are filled one after the
    other."""
    purpose: str | None = None
    """What it is, in a line."""
