"""The register of boundaries: all evidence joined into edges, each with what shows it.

evidence, sighting   what one witness says
from_code, from_hosts, from_wire, from_flow_logs   each kind of evidence brought to that form
naming       what programs are called
grounds      which networks are known, and so what lies between two ends
joining      register_of(EvidenceGiven(...)): a BoundaryRegister (boundary)
stored       a register that was kept as JSON, read again
against      the same held against a topology (meaning: who is who in it)
writing      the first topology of it (wiring: what a topology can say; segmenting)
adding       what is new, added to a topology that is there (inserting: lines, and nothing else)
"""

from bulkhead.discover.register.adding import AddedTo, added_to
from bulkhead.discover.register.against import BoundaryStanding, HeldAgainst, StandingKind, against
from bulkhead.discover.register.boundary import BoundaryParty, BoundaryRegister, SeenBoundary
from bulkhead.discover.register.evidence import BoundaryEvidence, EvidenceKind
from bulkhead.discover.register.from_flow_logs import flows_seen
from bulkhead.discover.register.from_wire import FlowSeen
from bulkhead.discover.register.grounds import CrossingKind, Ground, Grounds
from bulkhead.discover.register.joining import EvidenceGiven, register_of
from bulkhead.discover.register.meaning import declared_ports_of
from bulkhead.discover.register.naming import (
    NamedService,
    ServiceNames,
    deployments,
    service_said,
)
from bulkhead.discover.register.sighting import Certainty
from bulkhead.discover.register.stored import parse_register, read_register
from bulkhead.discover.register.writing import FirstTopology, TopologyHead, first_topology

__all__ = [
    "AddedTo",
    "BoundaryEvidence",
    "BoundaryParty",
    "BoundaryRegister",
    "BoundaryStanding",
    "Certainty",
    "CrossingKind",
    "EvidenceGiven",
    "EvidenceKind",
    "FirstTopology",
    "FlowSeen",
    "Ground",
    "Grounds",
    "HeldAgainst",
    "NamedService",
    "SeenBoundary",
    "ServiceNames",
    "StandingKind",
    "TopologyHead",
    "added_to",
    "against",
    "declared_ports_of",
    "deployments",
    "first_topology",
    "flows_seen",
    "parse_register",
    "read_register",
    "register_of",
    "service_said",
]
