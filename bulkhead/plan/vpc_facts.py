"""What somebody read of a VPC that is others', on its way through a lock into a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network

from bulkhead.intent import Topology
from bulkhead.plan.standing_facts import StandingFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindGateway:
    """What others have at a VPN gateway: sites of ours share it with them.

    `routes` names the VPN connection that leads to a network, `learning` those connections whose
    networks BGP tells, and `taught` the route tables into which AWS copies the gateway's routes.
    """

    routes: Mapping[IPv4Network, str] = field(default_factory=dict)
    learning: tuple[str, ...] = ()
    taught: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcFacts:
    """What there was of a VPC when somebody looked, less what is the topology's own.

    `blocks` are its IPv4 networks, `subnets` the id of each subnet of others by its network, and
    `vpn_gateway` the one of others that is attached, '' where there is none. `behind` is what
    they have there, None where nobody looked.
    """

    id: str
    blocks: tuple[IPv4Network, ...] = ()
    subnets: Mapping[IPv4Network, str] = field(default_factory=dict)
    vpn_gateway: str = ""
    behind: BehindGateway | None = None
    standing: StandingFacts = field(default_factory=StandingFacts)
    """Which of these subnets segments are to stand in, and what decides there."""

    def for_segments_of(self, topology: Topology) -> VpcFacts:
        """The same, with what is known of segments that a topology has, by their names of now."""
        return replace(self, standing=self.standing.for_segments_of(topology))
