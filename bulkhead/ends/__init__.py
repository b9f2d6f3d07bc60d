"""Who can send and receive in a network, and what people call them.

partition(network)             the ends: classes of addresses that no rule tells apart
resolve(network, "ticker")     what a word means here
asked(network, ends, "ticker") what it means to a person who asks, of the ends of a proof
received(…)                    the same where packets go to it: with the public addresses here
label(endpoint)                what an answer calls it
"""

from bulkhead.ends.asked import Receivers, asked, received
from bulkhead.ends.classes import Endpoint, EndpointKind, any_port
from bulkhead.ends.labels import Label, label, labelled, owner
from bulkhead.ends.naming import listeners, resolve, resolve_among
from bulkhead.ends.partition import partition
from bulkhead.ends.public import PublicAddress, public_addresses
from bulkhead.ends.sockets import Waiting, waits_at

__all__ = [
    "Endpoint",
    "EndpointKind",
    "Label",
    "PublicAddress",
    "Receivers",
    "Waiting",
    "any_port",
    "asked",
    "label",
    "labelled",
    "listeners",
    "owner",
    "partition",
    "public_addresses",
    "received",
    "resolve",
    "resolve_among",
    "waits_at",
]
