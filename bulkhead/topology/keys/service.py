"""Those of a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bulkhead.topology.part import TopologyPart


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ServiceKeys(TopologyPart):
    """What a service may say."""

    replicas: int | str | None = None
    """How many copies run: a number, or least and most, as in replicas="2..10"; 1 if not said."""
    client_ports: str | None = None
    """From which ports it connects: a system, or a range, as in "40000-50000"; linux if not
    said."""
    instance: str | None = None
    """The type of its instances, as in instance="c8i.large"."""
    mtu: int | None = None
    """The largest packet that its hosts take, in bytes, as in mtu=1500; 9001 if not said."""
    labels: Mapping[str, str] | None = None
    """Words by which many services are meant, as in labels={"tier": "edge"}."""
    purpose: str | None = None
    """What it is for, in a line."""
    owner: str | None = None
    """Who answers for it."""
    data: str | None = None
    """How its data is classified."""
