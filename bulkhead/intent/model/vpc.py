"""A VPC that stands already and is others', and one of several that are made."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network
from types import MappingProxyType

from bulkhead.intent.model.base import Frozen, Resolved


class ExistingVpc(Resolved):
    """The one in which everything is made; `existing` is its id, or its tags."""

    existing: str | Frozen[str]

    @property
    def id(self) -> str:
        """'' where it is known by its tags."""
        return self.existing if isinstance(self.existing, str) else ""

    @property
    def tags(self) -> Mapping[str, str]:
        """Those of which all are the VPC's; none where it is known by its id."""
        return MappingProxyType({}) if isinstance(self.existing, str) else self.existing

    def __str__(self) -> str:
        """'vpc-0a1b…', or 'the VPC tagged Name=shared'."""
        told = ", ".join(f"{name}={value}" for name, value in self.tags.items())
        return self.id or f"the VPC tagged {told}"


class OwnVpc(Resolved):
    """One of several VPCs that are made."""

    name: str
    cidrs: tuple[IPv4Network, ...]
    """Its blocks of IPv4, the primary one first."""
    purpose: str | None = None
