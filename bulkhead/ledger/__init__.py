"""Which flows cross which boundary, what lets them, and why they are there.

    ledger(topology, plan, reach)   every boundary of a topology with the flows over it

It is what a reviewer reads beside a topology and what an auditor asks for: the data-flow
diagram in words.
"""

from bulkhead.ledger.entries import Boundary, BoundaryKind, FlowEntry, Ledger
from bulkhead.ledger.ledger import ledger

__all__ = ["Boundary", "BoundaryKind", "FlowEntry", "Ledger", "ledger"]
