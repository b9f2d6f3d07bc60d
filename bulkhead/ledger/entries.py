"""What a ledger holds: boundaries, the flows over each, and what never leaves a host."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bulkhead.explain import Explanation, Hop
from bulkhead.intent import Connection, Topology
from bulkhead.intent.mechanisms import END_TO_END, Protection
from bulkhead.network import CutOff, Flow, Listener, Verdict


class BoundaryKind(StrEnum):
    """What lies between two ends, from the outside in."""

    PEER = "peer on the internet"
    """Somebody on the internet is at one end, with no tunnel between."""
    SITE = "site"
    """A network outside AWS is at one end: packets cross networks of others."""
    AWS = "service of AWS"
    """A service of AWS is at one end, by its endpoint in the VPC."""
    VPCS = "between VPCs"
    """Two units of two VPCs that are joined: each behind a NACL and with a route of its own."""
    BETWEEN = "between units"
    """Two units of the VPC: each behind a NACL of its own."""
    WITHIN = "within a unit"
    """One NACL holds both: security groups alone keep its hosts apart."""


_BEST_FIRST: Final = (Verdict.ALLOWED, Verdict.UNDETERMINED, Verdict.HALF_OPEN, Verdict.DENIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEntry:
    """A flow that crosses a boundary, and what was found to let it, there and back."""

    flow: Flow
    owner: str
    """Who answers for it, or else for the client; '' where nobody said."""
    told: tuple[Explanation, ...]
    """Of each family over which it goes, IPv4 first; never empty."""
    protected: tuple[Protection, ...]
    """What encrypts it, from program to program first; never empty."""

    @property
    def verdict(self) -> Verdict:
        """The worst of all families."""
        return max((each.verdict for each in self.told), key=_BEST_FIRST.index)

    @property
    def hops(self) -> tuple[Hop, ...]:
        """Every layer where what somebody wrote lets it: the request's in path order, then the
        reply's."""
        every = (hop for each in self.told for hop in (*each.request, *each.reply))
        return tuple(hop for hop in every if any(ref.written for ref in hop.rules))


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """What lies between `source` and `destination`: units (a segment, or one service of it),
    a site, a peer on the internet or a service of AWS.

    `encryption` is what the network does, in words; '' where it does nothing.
    """

    kind: BoundaryKind
    source: str
    destination: str
    encryption: str
    flows: tuple[FlowEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything of one topology. `local` never leaves a host; `idle` listens, and nobody
    may connect; `sharing` draw their ports from one range, several each, so that who may connect
    to one may connect to all; `quarantine` cuts flows that are declared, and so cross nothing."""

    topology: Topology
    boundaries: tuple[Boundary, ...]
    local: tuple[Connection, ...]
    idle: tuple[Listener, ...]
    sharing: tuple[tuple[Listener, ...], ...] = ()
    quarantine: tuple[CutOff, ...] = ()

    @property
    def flows(self) -> tuple[FlowEntry, ...]:
        return tuple(each for boundary in self.boundaries for each in boundary.flows)

    @property
    def unexplained(self) -> tuple[FlowEntry, ...]:
        """Flows of which nobody said why they are there."""
        return tuple(each for each in self.flows if not each.flow.why)

    @property
    def exposed(self) -> tuple[FlowEntry, ...]:
        """Flows that cross the internet."""
        return tuple(each for each in self.flows if each.flow.exposure is not None)

    @property
    def unencrypted(self) -> tuple[FlowEntry, ...]:
        """Flows that nothing encrypts from program to program, though a tunnel may a part."""
        return tuple(each for each in self.flows if END_TO_END.isdisjoint(each.protected))

    @property
    def encrypted_by_vpc(self) -> tuple[FlowEntry, ...]:
        """Those of them that the VPC has both hosts encrypt."""
        return tuple(each for each in self.unencrypted if Protection.VPC in each.protected)

    @property
    def unowned(self) -> tuple[str, ...]:
        """Services, sites and peers for which nobody answers."""
        return tuple(name for name, owner in self.topology.owners.items() if not owner)
