"""What VPC Block Public Access leaves of the ways to peers, and what has to be excluded from it.

It is asked at internet gateways and egress-only gateways: what goes to sites and to services of AWS
meets neither. Just what the declared flows need is excluded, and while a service is in quarantine
too, as the gateways stay (docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html).

- Whom a peer connects to: its subnets, both ways, in either mode.
- Who connects to one: nothing while only what comes in is blocked, for NAT gateways and egress-only
  gateways still lead out. Where both ways are: its own subnets and those of zonal NAT gateways,
  for what goes out. A regional NAT gateway stands in no subnet, so for one it is the VPC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bulkhead.intent import Topology
from bulkhead.network import (
    AccessBlock,
    AccessMode,
    Exclusion,
    Flow,
    Network,
    Origins,
    Subnet,
)
from bulkhead.network.inventory import BlockedAccess
from bulkhead.network.public_access import BY_ACCOUNT, access_left
from bulkhead.plan.ids import acl_id
from bulkhead.plan.peers import WaysOut
from bulkhead.plan.units import Unit
from bulkhead.plan.zonal_nat import SEGMENT
from bulkhead.problems import Problem

MOST: Final = 50
"""Exclusions of an account: "You can create a maximum of 50 exclusions" (the same page)."""


def with_public_access(topology: Topology, network: Network, out: WaysOut) -> Network:
    """The network under what the topology counts on, with the exclusions that its flows need."""
    wanted = topology.block_public_access
    if wanted is None:
        return network
    mode = AccessMode(wanted.mode)
    excluded = {acl_id(unit): _needed(mode, unit, out) for unit in out.units}
    regional = any(not each.subnet for each in network.nat_gateways)
    whole = mode is AccessMode.BIDIRECTIONAL and regional
    block = AccessBlock(
        mode=mode,
        excluded=Exclusion.EGRESS if whole else Exclusion.NONE,
        managed_by=BY_ACCOUNT if wanted.manage else "",
    )

    def under(subnet: Subnet) -> Subnet:
        if network.is_others(subnet.id):
            return replace(subnet, public_access=access_left(mode))  # they say what is excluded
        own = excluded.get(subnet.nacl, Exclusion.NONE)
        if whole and own is Exclusion.EGRESS:
            own = Exclusion.NONE  # the VPC's is of all its subnets
        left = access_left(mode, own, *([Exclusion.EGRESS] if whole else []))
        return replace(subnet, excluded=own, public_access=left)

    return replace(
        network,
        vpcs=tuple(replace(each, access_block=block) for each in network.vpcs),
        subnets=tuple(map(under, network.subnets)),
    )


def _needed(mode: AccessMode, unit: Unit, out: WaysOut) -> Exclusion:
    if unit.public:
        return Exclusion.BOTH
    leads_out = unit.name == SEGMENT or out.leads_out(unit)
    if mode is AccessMode.BIDIRECTIONAL and leads_out:
        return Exclusion.EGRESS
    return Exclusion.NONE


def not_excludable(
    topology: Topology, network: Network, out: WaysOut, origins: Origins
) -> Iterator[Problem]:
    """The flows for which something would have to be excluded, where nothing may be; and more
    exclusions than an account may have."""
    wanted = topology.block_public_access
    if wanted is None:
        return
    if wanted.exclusions == "not-allowed":
        yield from _crossing(topology, AccessMode(wanted.mode), out, origins)
        return
    count = sum(1 for _ in excluded_in(network))
    if count > MOST:
        yield Problem(
            *topology.place_of("block-public-access"),
            f"block-public-access: the flows need {count} exclusions, an account has {MOST}",
            "declare fewer services that meet peers, or fewer zones",
        )


def excluded_in(network: Network) -> Iterator[tuple[str, Exclusion]]:
    """The VPC and the subnets that are excluded, by their ids."""
    every = {each.id: each.access_block.excluded for each in network.vpcs if each.access_block}
    every |= {each.id: each.excluded for each in network.subnets}
    for id_, excluded in every.items():
        if excluded not in (None, Exclusion.NONE):
            yield id_, excluded


def as_blocked(network: Network) -> BlockedAccess | None:
    """The option as a topology has it, in the way in which an account is read; None: it says of
    none."""
    for vpc in network.vpcs:
        if vpc.access_block is not None:
            excluded = tuple(id_ for id_, _ in excluded_in(network))
            mode = str(vpc.access_block.mode)
            return BlockedAccess(id=vpc.region, mode=mode, excluded=excluded)
    return None


def _crossing(
    topology: Topology, mode: AccessMode, out: WaysOut, origins: Origins
) -> Iterator[Problem]:
    of = {each.name: unit for unit in out.units for each in unit.interfaces}
    for flow in _each_once(out.declared):
        ours = flow.client if flow.server.owner in topology.peers else flow.server.owner
        meets = {flow.client, flow.server.owner} & topology.peers.keys()
        if not meets or ours not in of or _needed(mode, of[ours], out) is Exclusion.NONE:
            continue
        comes_in = flow.client in topology.peers
        at = origins.flows.get(flow)
        place = (at.file, at.line) if at else topology.place_of("block-public-access")
        what = f"{flow.client_name} -> {flow.server.name} crosses an internet gateway, which "
        what += f"{mode} closes to what is not excluded, and no exclusions are allowed"
        remedy = "let a VPN carry it (sites:), or remove exclusions: not-allowed"
        if not comes_in and not of[ours].public:
            remedy = f"let a VPN carry it (sites:), or count on mode: {AccessMode.INGRESS}, under "
            remedy += "which NAT gateways lead out"
        yield Problem(*place, what, remedy)


def _each_once(flows: Iterable[Flow]) -> Iterator[Flow]:
    """One of those that differ in ports alone."""
    found: dict[tuple[str, str], Flow] = {}
    for each in flows:
        found.setdefault((each.client_name, each.server.name), each)
    yield from found.values()
