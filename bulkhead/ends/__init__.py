"""Who can send and receive in a network, and what people call them.

partition(network)             the ends: classes of addresses that no rule tells apart
resolve(network, "ticker")     what a word means here
asked(network, ends, "ticker") what it means to a person who asks, of the ends of a proof
label(endpoint)                what an answer calls it
"""

from bulkhead.ends.asked import asked
from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.ends.labels import Label, label, labelled, owner
from bulkhead.ends.naming import listeners, resolve, resolve_among
from bulkhead.ends.partition import partition
from bulkhead.ends.sockets import Waiting, waits_at

__all__ = [
    "Endpoint",
    "EndpointKind",
    "Label",
    "Waiting",
    "asked",
    "label",
    "labelled",
    "listeners",
    "owner",
    "partition",
    "resolve",
    "resolve_among",
    "waits_at",
]
