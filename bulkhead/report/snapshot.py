"""What was kept of a source, on a console."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from bulkhead.observe.snapshots import Manifest
from bulkhead.report.words import count


def print_snapshot(console: Console, folder: str, kept: Manifest) -> None:
    """What is in the folder, what is not, and the digest that stands for all of it."""
    of = kept.provenance
    where = f" of {', '.join(of.regions)}" if of.regions else ""
    whose = f" of account {', '.join(of.accounts)}" if of.accounts else ""
    console.print(
        Text.assemble(
            ("KEPT", "bold green"),
            f" {folder}: {count(len(kept.files), 'file')}{where}{whose}; "
            f"SHA-256 of the manifest {kept.sha256}",
        )
    )
    for region in kept.regions:
        if region.closed:
            console.print(Text(f"not kept: {region.region}: {region.closed}", "magenta"))
        for key, why in sorted({**region.missing, **region.not_beside}.items()):
            console.print(Text(f"not kept: {region.region}: {key}: {why}", "magenta"))
