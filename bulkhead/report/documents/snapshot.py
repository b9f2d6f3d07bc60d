"""`bulkhead.snapshot/1`: what the folder says of itself, and where it is."""

from __future__ import annotations

from bulkhead.observe.snapshots import Manifest
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def snapshot(folder: str, kept: Manifest) -> Document:
    """What was kept. The digest of the manifest stands for all of it."""
    return {
        "schema": "bulkhead.snapshot/1",
        "source": kept.source,
        "folder": folder,
        "of": kept.of,
        "only": kept.only,
        "provenance": made_from(kept.provenance),
        "read": [{"name": each.name, "sha256": each.sha256} for each in kept.read],
        "manifest_sha256": kept.sha256,
        "regions": [
            {
                "region": each.region,
                "missing": {**each.missing, **each.not_beside},
                "closed": each.closed or None,
            }
            for each in kept.regions
        ],
        "files": [{"name": each.name, "sha256": each.sha256} for each in kept.files],
    }
