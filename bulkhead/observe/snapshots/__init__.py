"""Evidence: what AWS answered, kept as files that are read again, and held against a manifest.

manifest   what was kept, when and of what, with the digest of every file
keeping    which files a source makes, and how a folder of them comes to be: whole, or not at all
reading    a folder of them, to the Network that its source was
"""

from bulkhead.observe.snapshots.keeping import expect_free, keep_account, keep_dump
from bulkhead.observe.snapshots.manifest import Manifest
from bulkhead.observe.snapshots.reading import read_snapshot

__all__ = ["Manifest", "expect_free", "keep_account", "keep_dump", "read_snapshot"]
