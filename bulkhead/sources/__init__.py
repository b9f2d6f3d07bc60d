"""What people may write for SOURCE, and the Network it stands for.

opening    open_source("topologies/trading.yaml"), open_topology(path)
revisions  open_range("main..HEAD", "topologies/trading.yaml")
forms      which of the sources a file holds
topologies a topology and its lock as they were written: planned, kept, and read again
snapshots  take_snapshot("aws:eu-west-1", folder)
account    which words mean AWS itself
held       a topology, planned as what stands somewhere has it
reading    provenance(time, digests): what makes an answer evidence
"""

from bulkhead.sources.account import is_account
from bulkhead.sources.held import held
from bulkhead.sources.opening import (
    is_kept,
    is_planned,
    is_state,
    one_vpc,
    open_source,
    open_topology,
)
from bulkhead.sources.reading import now, provenance
from bulkhead.sources.snapshots import take_snapshot
from bulkhead.sources.source import Source, TopologySource

__all__ = [
    "Source",
    "TopologySource",
    "held",
    "is_account",
    "is_kept",
    "is_planned",
    "is_state",
    "now",
    "one_vpc",
    "open_source",
    "open_topology",
    "provenance",
    "take_snapshot",
]
