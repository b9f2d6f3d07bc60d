"""Where a topology may speak IPv6, and where nothing carries it."""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.written import WrittenTopology


def judge_ipv6(written: WrittenTopology, complain: Complain) -> None:
    """Its block is of a VPC that is made for it; a segment has IPv6 where the VPC does."""
    if written.ipv6 is not None and written.vpc is not None:
        what = "ipv6: a block of IPv6 in a VPC that is there is not supported yet"
        complain(("ipv6",), what, "remove it, or ask for a VPC of the topology's own")
    if written.ipv6 is not None or "ipv6" in written.model_fields_set:
        return
    for name, segment in (written.segments or {}).items():
        if segment is not None and segment.ipv6 and "ipv6" in segment.model_fields_set:
            what = f"segment {name} is to have IPv6, and the VPC has no block of it"
            complain(("segments", name, "ipv6"), what, "add ipv6: amazon to the topology")
