"""Every service is in a segment that is there."""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.written import WrittenTopology
from bulkhead.intent.wrong import KnownNames, quoted


def expect_segments(written: WrittenTopology, complain: Complain) -> None:
    """At least one, and those that services name."""
    if written.segments is None:
        return
    if not written.segments:
        complain(("segments",), "there is no segment", "declare at least one, with its purpose")
    known = KnownNames(written.segments)
    for name, service in (written.services or {}).items():
        segment = service and service.segment
        if segment and segment not in written.segments:
            complain(
                ("services", name, "segment"),
                f"service {name} is in segment {quoted(segment)}, which is not declared",
                known.nearest(segment),
            )
