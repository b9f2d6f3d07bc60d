"""Which topology says what a network lets through today?

named      what a topology has words for
parties    who is there: services, sites, segments, and what no topology says
apart      services whose copies are not allowed the same, as several
opening    what the proof lets pass between them, as ranges of ports
flows      the same as lines of `flows:`, one for all who are let in alike
tightening what witnesses have seen of it, and what not; and what they saw that is not allowed
recorded   flow logs as a witness
placing    whose is what a register tells of
registered a register of boundaries as a witness
alike      services that nothing tells apart as one, where room is short
room       the rules that groups would need, computed
stances    how strict network ACLs may be so that it fits
gathering  what is no flow, in few words
fitting    as much of it as a plan has room for, where even so not all of it fits
whole      these four in their order
text       its words, with the rules that let each flow through
writing    present_topology(reach, vpc, accepts=…): the text, and what is left to a person
"""

from bulkhead.present.named import LeftOut, PresentService, PresentSite
from bulkhead.present.writing import PresentTopology, as_written, present_topology

__all__ = [
    "LeftOut",
    "PresentService",
    "PresentSite",
    "PresentTopology",
    "as_written",
    "present_topology",
]
