"""What would a planned network have done to the traffic of last month?

ends       who a recorded end is in the plan
rehearsal  rehearse(seen, here, planned): every edge that carried traffic, and its fate
"""

from bulkhead.rehearse.ends import PlannedEnds
from bulkhead.rehearse.rehearsal import Rehearsal, RehearsedEdge, RehearsedFate, rehearse

__all__ = ["PlannedEnds", "Rehearsal", "RehearsedEdge", "RehearsedFate", "rehearse"]
