"""Which socket connects to which: every `connect`, resolved and judged."""

from bulkhead.intent.wiring.connecting import wire
from bulkhead.intent.wiring.owners import End, Owner, Wire, ends_of, owners_of

__all__ = ["End", "Owner", "Wire", "ends_of", "owners_of", "wire"]
