"""Whether a VPC can have names of the topology's own."""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.written import WrittenTopology


def judge_dns(written: WrittenTopology, complain: Complain) -> None:
    """A zone answers every host of its VPC, so that of others is theirs to give."""
    if written.dns and written.vpc is not None:
        what = "dns: a zone would answer every host of a VPC that is others'"
        complain(("dns",), what, "remove it, and ask its owner for names")
