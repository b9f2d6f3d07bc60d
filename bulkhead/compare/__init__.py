"""Two networks -> the flows that differ, the rules responsible, and what is cut.

delta = compare(before, after)
delta.same                 whether every packet fares alike, however the rules are spelt
for change in delta.changes: ...
"""

from bulkhead.compare.compare import compare, differing, snapshots
from bulkhead.compare.delta import Cause, CauseKind, Change, ChangeKind, Delta, Effect, Fate
from bulkhead.compare.told import Snapshots

__all__ = [
    "Cause",
    "CauseKind",
    "Change",
    "ChangeKind",
    "Delta",
    "Effect",
    "Fate",
    "Snapshots",
    "compare",
    "differing",
    "snapshots",
]
