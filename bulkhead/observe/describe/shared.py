"""What others have in a VPC that a topology shares with them.

What Bulkhead makes is tagged with its topology and stack; in the VPC of somebody else that
tells ours from theirs. What is plugged into our subnets is judged as ours, whoever made it. A NACL,
a table or a group of others that decides there is theirs all the same: that it decides there is
what differs, and nobody is told to delete it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bulkhead.network import Network
from bulkhead.network import tags as words
from bulkhead.observe.calls import KEYS
from bulkhead.observe.describe.described import Described, identity
from bulkhead.observe.record import Record
from bulkhead.observe.wanted import Wanted


def is_own(record: Record, wanted: Wanted) -> bool:
    """Whether it says that it was made for the topology, and for the stack where one is named."""
    tags = record.tags()
    ours = tags.get(words.TOPOLOGY) == wanted.topology
    return ours and wanted.stack in (None, tags.get(words.STACK))


def own_ids(shown: Described, wanted: Wanted) -> frozenset[str]:
    """The ids of all that says so."""
    return frozenset(
        identity(record, call.id)
        for key, call in KEYS.items()
        if call.field
        for record in shown[key]
        if is_own(record, wanted)
    )


def stacks_in(shown: Described, wanted: Wanted, vpc: str) -> tuple[str, ...]:
    """The stacks of the topology that have subnets in a VPC."""
    found = (
        record.tags().get(words.STACK) or ""
        for record in shown["Subnets"]
        if record.maybe("VpcId") == vpc and is_own(record, wanted)
    )
    return tuple(sorted(set(found) - {""}))


def beside(found: Network, own: frozenset[str]) -> tuple[str, ...]:
    """The ids of what others have, the shared VPC among them, in their order."""
    return tuple(sorted(set(_others(found, _ours(found, own)))))


def _ours(found: Network, own: frozenset[str]) -> frozenset[str]:
    subnets = {each.id for each in found.subnets if each.id in own}
    connections = [each for each in found.vpn_connections if each.id in own]
    return own | {
        *(each.id for each in found.interfaces if each.subnet in subnets),
        # In subnets of others it is what they hold that tells: an instance is tagged by nobody.
        *(each.id for each in found.interfaces if not own.isdisjoint(each.security_groups)),
        *(each.customer_gateway for each in connections),
    }


def _others(found: Network, ours: frozenset[str]) -> Iterator[str]:
    homes: Mapping[str, str] = {each.id: each.vpc for each in found.subnets}
    for thing in found.things:
        # A table that also serves gateways has an id for each of them, behind its own.
        named = {thing.id, thing.id.rpartition("/")[0]}
        home = getattr(thing, "vpc", None) or homes.get(getattr(thing, "subnet", "") or "")
        in_our_subnet = (getattr(thing, "subnet", None) or "") in ours
        if home not in found.neighbours and named.isdisjoint(ours) and not in_our_subnet:
            yield thing.id
