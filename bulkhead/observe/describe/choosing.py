"""Of all that an account shows, the part that was asked about; and what that leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bulkhead.network import LeftOut, Scope
from bulkhead.network import tags as words
from bulkhead.observe.calls import KEYS
from bulkhead.observe.describe.described import (
    Described,
    attached,
    identity,
    name_of,
    stacks,
    topologies,
)
from bulkhead.observe.describe.shared import own_ids, stacks_in
from bulkhead.observe.errors import (
    SeveralSharedError,
    SeveralStacksError,
    SeveralVpcsError,
    TopologyNotFoundError,
    VpcNotFoundError,
)
from bulkhead.observe.record import Record
from bulkhead.observe.wanted import Wanted

_GONE: Final = frozenset({"deleted", "deleting"})


def choose(
    shown: Described, wanted: Wanted, where: str, source: str
) -> tuple[Described, Scope | None]:
    """The VPCs that are asked about with their neighbours, and the scope that this is.

    `where` names the source in words, and `source` as people write it. Raises VpcNotFoundError,
    TopologyNotFoundError, or SeveralVpcsError where a topology has several VPCs here.
    """
    if wanted.everything:
        return shown, None
    if wanted.shared and wanted.only and wanted.only not in shown.ids("Vpcs"):
        # The VPC itself is of no stack: what is in it is.
        wanted = replace(wanted, only=None, stack=wanted.stack or wanted.only)
    built_from, stack = topologies(shown), stacks(shown)
    chosen = _named(shown, wanted, stack, where)
    own: frozenset[str] | None = None
    if wanted.shared:
        own = _own_in(shown, wanted, chosen, where)
    elif wanted.topology is not None:
        found = [built_from[vpc] for vpc in chosen if vpc in built_from]
        of_these = frozenset(vpc for vpc in chosen if built_from.get(vpc) == wanted.topology)
        if not of_these:
            narrower = f"{where}, of {wanted.but_topology}," if wanted.but_topology else where
            every = _all_left_out(shown, wanted)
            raise TopologyNotFoundError(wanted.topology, found, narrower, every)
        if len(of_these) > 1 and not _are_of_one(shown, of_these):
            raise SeveralVpcsError(
                wanted.topology,
                {vpc: stack.get(vpc, "") for vpc in sorted(of_these)},
                where,
                f"{source}/{min(of_these)}" if source else "",
            )
        chosen = of_these
    kept = replace(shown.around(chosen), own=own)
    return kept, Scope(
        topology=wanted.topology,
        stack=wanted.stack,
        vpcs=tuple(sorted(chosen)),
        neighbours=tuple(sorted(kept.neighbours)),
        others=() if own is None else tuple(_of_others(kept, chosen, own)),
        left_out=tuple(_left_out(shown, kept, wanted)),
        missed=tuple(_missed(shown, wanted)),
    )


def _are_of_one(shown: Described, vpcs: frozenset[str]) -> bool:
    """Whether they are the VPCs of one stack of a topology that has several: each says which."""
    tags = [each.tags() for each in shown["Vpcs"] if each.text("VpcId") in vpcs]
    names = [each.get(words.VPC) for each in tags]
    alone = len({each.get(words.STACK) for each in tags}) == 1
    return alone and None not in names and len(set(names)) == len(names)


def _missed(shown: Described, wanted: Wanted) -> Iterator[str]:
    """The names of VPCs that none of these has: another Region may have one."""
    ids = {each.text("VpcId") for each in shown["Vpcs"]}
    known = ids | {name_of(each, each.text("VpcId")) for each in shown["Vpcs"]}
    yield from (each for each in wanted.vpcs if each not in known)


def _named(
    shown: Described, wanted: Wanted, stack: Mapping[str, str], where: str
) -> frozenset[str]:
    """The VPCs of which all is true that is said beside the topology."""
    called = {each.text("VpcId"): name_of(each, each.text("VpcId")) for each in shown["Vpcs"]}
    there = [_and_stack(vpc, stack) for vpc in called]

    def those(is_meant: Callable[[str], bool], asked: str) -> frozenset[str]:
        found = frozenset(filter(is_meant, called))
        if not found:
            raise VpcNotFoundError(asked, there, where, _all_left_out(shown, wanted))
        return found

    chosen = frozenset(called)
    if only := wanted.only:
        asked = f"is {only}, or tagged bulkhead:stack={only}"
        chosen &= those(lambda vpc: only in (vpc, stack.get(vpc)), asked)
    if wanted.vpcs:
        asked = f"is {' or '.join(wanted.vpcs)} by id or name"
        chosen &= those(lambda vpc: bool({vpc, called[vpc]} & {*wanted.vpcs}), asked)
    if wanted.tagged:
        asked = f"is tagged {', '.join(f'{name}={value}' for name, value in wanted.tagged)}"
        tags = {each.text("VpcId"): each.tags() for each in shown["Vpcs"]}
        chosen &= those(lambda vpc: set(wanted.tagged) <= tags[vpc].items(), asked)
    if wanted.stack is not None and not wanted.shared:
        asked = f"is tagged bulkhead:stack={wanted.stack}"
        chosen &= those(lambda vpc: stack.get(vpc) == wanted.stack, asked)
    if not chosen and wanted.but_topology:
        raise VpcNotFoundError(
            f"is all of {wanted.but_topology}", there, where, _all_left_out(shown, wanted)
        )
    return chosen


def _own_in(shown: Described, wanted: Wanted, chosen: frozenset[str], where: str) -> frozenset[str]:
    """What is the topology's own in the one VPC that it shares; of one stack of it."""
    if len(chosen) > 1:
        raise SeveralSharedError(wanted.but_topology, sorted(chosen), where)
    (vpc,) = chosen
    several = stacks_in(shown, wanted, vpc)
    if len(several) > 1:
        raise SeveralStacksError(wanted.topology or "", several, vpc)
    return own_ids(shown, wanted)


def _of_others(kept: Described, chosen: frozenset[str], own: frozenset[str]) -> Iterator[str]:
    for record in kept["Subnets"]:
        if record.maybe("VpcId") in chosen and record.text("SubnetId") not in own:
            yield record.text("SubnetId")


def _and_stack(vpc: str, stack: Mapping[str, str]) -> str:
    return f"{vpc} (stack {stack[vpc]})" if vpc in stack else vpc


def _all_left_out(shown: Described, wanted: Wanted) -> tuple[LeftOut, ...]:
    """Of a Region in which nothing is meant: another may hold what is."""
    return tuple(_left_out(shown, shown.within(frozenset()), wanted))


def _left_out(shown: Described, kept: Described, wanted: Wanted) -> Iterator[LeftOut]:
    """Every VPC that is not kept, and what belongs to no VPC and leads to none that is."""
    here = kept.ids("Vpcs")
    for record in shown["Vpcs"]:
        if record.text("VpcId") not in here:
            yield _told("Vpcs", record, _why(record, wanted))
    for key, (why, has_a_place) in _APART.items():
        ids = kept.ids(key)
        for record in shown[key]:
            left = identity(record, KEYS[key].id) not in ids
            there = (record.maybe("State") or "").lower() not in _GONE
            if left and there and not has_a_place(shown, record):
                yield _told(key, record, why)


def _told(key: str, record: Record, why: str) -> LeftOut:
    id_ = identity(record, KEYS[key].id)
    return LeftOut(kind=KEYS[key].word, id=id_, name=name_of(record, id_), why=why)


def _why(vpc: Record, wanted: Wanted) -> str:
    """What is not as was asked, the topology first: that tells most."""
    tags = vpc.tags()
    built_from, stack = tags.get(words.TOPOLOGY), tags.get(words.STACK)
    default = "the default VPC, " if vpc.values.get("IsDefault") is True else ""
    of_stack = f"of stack {stack}" if stack else ""
    if wanted.topology is not None and built_from != wanted.topology:
        what = f"built from topology {built_from}" if built_from else "built from no topology"
        return default + ", ".join(filter(None, (what, of_stack)))
    if wanted.stack is not None and stack != wanted.stack:
        return default + (of_stack or "of no stack")
    return default + ", ".join(filter(None, ("not the one that was named", of_stack)))


def _attached_at(key: str) -> Callable[[Described, Record], bool]:
    return lambda _shown, record: attached(record, key) is not None


def _ends_at_a_vpc(shown: Described, connection: Record) -> bool:
    gateways = shown["VpnGateways"]
    attached_ones = {
        each.text("VpnGatewayId") for each in gateways if attached(each, "VpcAttachments")
    }
    return connection.maybe("VpnGatewayId") in attached_ones


def _is_connected(shown: Described, device: Record) -> bool:
    """Then it is left out with the connection that ends there."""
    ends = (
        each.maybe("CustomerGatewayId")
        for each in shown["VpnConnections"]
        if each.maybe("State") not in _GONE
    )
    return device.text("CustomerGatewayId") in set(ends)


def _nowhere(_shown: Described, _record: Record) -> bool:
    return False


_APART: Final[Mapping[str, tuple[str, Callable[[Described, Record], bool]]]] = {
    "InternetGateways": ("attached to no VPC", _attached_at("Attachments")),
    "EgressOnlyInternetGateways": ("attached to no VPC", _attached_at("Attachments")),
    "VpnGateways": ("attached to no VPC", _attached_at("VpcAttachments")),
    "VpnConnections": ("ends at no VPC that was asked about", _ends_at_a_vpc),
    "CustomerGateways": ("no VPN connection ends there", _is_connected),
    "TransitGateways": ("no VPC that was asked about is attached to it", _nowhere),
}
"""Kinds that may belong to no VPC: why one is left out, and whether a VPC that is has it."""
