"""The domain of a private zone, as it is written."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.intent.wrong import Wrong, quoted

_PART: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN: Final = rf"{_PART}(?:\.{_PART}){{1,15}}"
_DOMAIN: Final = re.compile(DOMAIN, re.ASCII)
_LONGEST: Final = 190
"""A name in DNS has 253 characters (RFC 1035, 2.3.4), and '1.eth1.service' comes before it."""
_OF_OTHERS: Final = {
    "amazonaws.com": "AWS's services are called so",
    "amazonaws.com.cn": "AWS's services are called so",
    "compute.internal": "every host of a VPC is called so already",
    "ec2.internal": "every host of a VPC is called so already",
    "local": "hosts ask each other for such names, and no server (RFC 6762)",
    "localhost": "that is each host itself (RFC 6761)",
    "in-addr.arpa": "addresses are called so, not hosts",
}
"""Domains that a zone would take from others
(docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html)."""


def parse_domain(value: object) -> str:
    """The domain under which services have names."""
    remedy = "write one of at least two parts in lower case, as in dns: trading.internal"
    if not isinstance(value, str) or not _DOMAIN.fullmatch(value) or len(value) > _LONGEST:
        raise Wrong(f"{quoted(value)} is no domain", remedy)
    for ending, why in _OF_OTHERS.items():
        if f".{value}".endswith(f".{ending}"):
            raise Wrong(f"{quoted(value)}: {why}", "choose another, as in dns: trading.internal")
    if value.replace(".", "").isdecimal():
        raise Wrong(f"{quoted(value)} is an address, and no domain", remedy)
    return value
