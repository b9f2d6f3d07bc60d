"""Those of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bulkhead.topology.part import TopologyPart
from bulkhead.topology.tunnels import Tunnels
from bulkhead.topology.vpc import OwnVpc


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SiteKeys(TopologyPart):
    """What a site may say."""

    vpc: str | OwnVpc | None = None
    """Of several VPCs the one to which it is connected, or the VPC itself."""
    trust: Literal["trusted", "untrusted"] | None = None
    """Whether its people and machines are your own; untrusted if not said."""
    tunnels: Tunnels | None = None
    """What AWS does about its tunnels, as in tunnels=Tunnels(startup="start")."""
    routing: Literal["static", "bgp"] | None = None
    """How AWS knows its networks: it is told them once (static, if not said), or the site's device
    announces them by BGP while it can reach AWS."""
    client_ports: str | None = None
    """From which ports its hosts connect: a system, or a range, as in "40000-50000"; any if not
    said."""
    purpose: str | None = None
    """What it is, in a line."""
    owner: str | None = None
    """Who answers for it."""
    data: str | None = None
    """How its data is classified."""
