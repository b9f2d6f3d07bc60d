"""Who talks to whom, by VPC flow logs: edges with their records, and by what each is known.

fields    what a record may say
files     batch(paths): which files there are, and what their records are made of
engine    DuckDB, bounded; sql/ holds the questions, which Athena understands too
reading   read_flows(batches, network): a FlowsSeen (seen)
names     who has an address;  merging  what both ends recorded, as one
against   hold_against(seen, declaration): declared and seen, never seen, seen and never declared
athena    statements(table): the same questions for who has the records in S3
"""

from bulkhead.discover.flows.against import FlowsHeld, SeenFlow, UnseenFlow, hold_against
from bulkhead.discover.flows.athena import statements
from bulkhead.discover.flows.fields import ENCRYPTED, PATHS
from bulkhead.discover.flows.files import Batch, batch, fetched, parsed_format
from bulkhead.discover.flows.reading import ALWAYS, Window, read_flows
from bulkhead.discover.flows.seen import (
    FlowEdge,
    FlowEnd,
    FlowInterface,
    FlowOutcome,
    FlowsSeen,
    NamedBy,
    OpenedBy,
)

__all__ = [
    "ALWAYS",
    "ENCRYPTED",
    "PATHS",
    "Batch",
    "FlowEdge",
    "FlowEnd",
    "FlowInterface",
    "FlowOutcome",
    "FlowsHeld",
    "FlowsSeen",
    "NamedBy",
    "OpenedBy",
    "SeenFlow",
    "UnseenFlow",
    "Window",
    "batch",
    "fetched",
    "hold_against",
    "parsed_format",
    "read_flows",
    "statements",
]
