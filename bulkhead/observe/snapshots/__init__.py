"""Evidence: what a source said, kept as files that are read again, and held against a manifest.

manifest   what was kept, when and of what, with the digest of every file
keeping    which files a source makes, and how a folder of them comes to be: whole, or not at all
stacks     those of a state or a preview: its answers, and what answers have no words for
needed     which fields of an answer are read at all
reading    a folder of them, to the Network that its source was
"""

from bulkhead.observe.snapshots.keeping import (
    expect_free,
    keep_account,
    keep_dump,
    keep_files,
    keep_stack,
)
from bulkhead.observe.snapshots.manifest import (
    Manifest,
    PlannedFrom,
    expect_unchanged,
    read_manifest,
)
from bulkhead.observe.snapshots.reading import read_snapshot

__all__ = [
    "Manifest",
    "PlannedFrom",
    "expect_free",
    "expect_unchanged",
    "keep_account",
    "keep_dump",
    "keep_files",
    "keep_stack",
    "read_manifest",
    "read_snapshot",
]
