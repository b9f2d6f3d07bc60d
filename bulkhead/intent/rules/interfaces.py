"""A service has one network interface: what it binds on others has nobody to filter it apart."""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.endpoints import ZmqEndpoint
from bulkhead.intent.wiring import ends_of, owners_of
from bulkhead.intent.written import WrittenTopology


def expect_one_interface(written: WrittenTopology, complain: Complain) -> None:
    """A group guards an interface with all its ports, so a second plane would be open as well."""
    first: dict[str, tuple[str, str]] = {}
    for end in ends_of(owners_of(written)):
        if end.owner.is_site:
            continue
        for index, endpoint in enumerate(end.bind):
            named = _named(endpoint)
            if named is None:
                continue
            one, reference = first.setdefault(end.owner.name, (named, end.reference))
            if named != one:
                complain(
                    (*end.path, "bind", index),
                    f"{end.reference} binds {named}, and {reference} binds {one}: "
                    f"{end.owner.noun} has one interface here, whose group would open both",
                    "make a service of each plane, in a segment of its own",
                )


def _named(endpoint: ZmqEndpoint) -> str | None:
    """The interface that it names; None where it waits at all of them, or stays on its host."""
    several = endpoint.everywhere or endpoint.literal is not None
    return None if several or not endpoint.on_network else endpoint.address
