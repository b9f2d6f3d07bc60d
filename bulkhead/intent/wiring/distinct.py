"""One address, one socket."""

from __future__ import annotations

from collections import defaultdict
from ipaddress import IPv4Address

from bulkhead.intent.complaints import Complain
from bulkhead.intent.wiring.owners import Owner, ends_of
from bulkhead.intent.wrong import quoted


def expect_distinct_addresses(owner: Owner, complain: Complain) -> None:
    """One address, one socket. A tcp port counts whatever its interface is: rules see ports.

    Only at a site can they name an address beside it, so there each has its own ports.
    """
    bound: dict[tuple[str, object], dict[IPv4Address | None, str]] = defaultdict(dict)
    for end in ends_of({owner.name: owner}):
        for index, endpoint in enumerate(end.bind):
            known = bound[endpoint.transport, endpoint.port or endpoint.address]
            address = endpoint.literal if owner.is_site else None
            other = known.get(address) or known.get(None)
            if other is None and address is None:
                other = next(iter(known.values()), None)
            what = f"tcp port {endpoint.port}" if endpoint.port else quoted(endpoint.text)
            if other is not None:
                complain(
                    (*end.path, "bind", index),
                    f"{what} of {owner.noun} is bound by {other} and by {end.reference}"
                    if other != end.reference
                    else f"{end.reference} binds {what} twice",
                    "give each its own",
                )
            known.setdefault(address, end.reference)
