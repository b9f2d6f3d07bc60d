"""Which topology says what a network lets through today?

named      what a topology has words for
parties    who is there: services, sites, segments, and what no topology says
opening    what the proof lets pass between them, as ranges of ports
flows      the same as lines of `flows:`, one for all who are let in alike
tightening what flow logs have seen of it, and what not
fitting    as much of it as a plan has room for
text       its words, with the rules that let each flow through
writing    present_topology(reach, vpc, accepts=…): the text, and what is left to a person
"""

from bulkhead.present.named import LeftOut, PresentService, PresentSite
from bulkhead.present.writing import PresentTopology, present_topology

__all__ = ["LeftOut", "PresentService", "PresentSite", "PresentTopology", "present_topology"]
