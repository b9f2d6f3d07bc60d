"""What subnets, VPCs and the gateways between them are set to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import collapse_addresses
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, not_asked, passes, undecided
from bulkhead.explain import RuleRef
from bulkhead.lint import Severity
from bulkhead.network import Exclusion, IPNetwork, Route, TargetKind, Vpc, within


def own_vpcs(evidence: Evidence) -> Iterator[Vpc]:
    """The VPCs that were asked for."""
    network = evidence.network
    return (each for each in network.vpcs if not network.is_others(each.id, each.id))


def _public_on_launch(evidence: Evidence) -> Iterator[Checked]:
    for each in evidence.network.subnets:
        if evidence.network.is_others(each.id, each.vpc):
            continue
        name = f"subnet {each.name}"
        if each.public_on_launch is None:
            yield undecided(each.id, name, "its answer does not say whether it gives them out")
        elif each.public_on_launch:
            yield fails(
                each.id,
                name,
                "what is started there gets a public address",
                f"aws ec2 modify-subnet-attribute --subnet-id {each.id} "
                "--no-map-public-ip-on-launch",
            )
        else:
            yield passes(each.id, name, "it gives out no public address")


def _peering_routes(evidence: Evidence) -> Iterator[Checked]:
    """Routes that lead to the whole of a peer's VPC, or further."""
    network = evidence.network
    for peering in network.peerings:
        if not peering.active:
            continue
        sides = (peering.requester, peering.accepter)
        blocks = {block for side in sides for block in side.cidrs}
        leading = [
            (table.id, route)
            for table in network.route_tables
            if not network.is_others(table.id, table.vpc)
            for route in table.routes
            if route.target is TargetKind.PEERING and route.target_id == peering.id
        ]
        wide = [each for each in leading if _leads_to_all(each, leading, blocks)]
        name = f"peering {peering.name}"
        if sure := [(table, route) for table, route in wide if route.certain]:
            yield fails(
                peering.id,
                name,
                f"{_routes(sure)} {'leads' if len(sure) == 1 else 'lead'} to all of a VPC",
                "name the subnets that are needed there",
                rules=(RuleRef(table, route) for table, route in sure),
            )
        elif wide or (leading and not all(side.cidrs for side in sides)):
            yield undecided(peering.id, name, "how far its routes lead is not known")
        elif why := network.why_more("route_tables"):
            yield undecided(peering.id, name, f"whether another route leads there: {why}")
        else:
            count = f"{len(leading)} route{'' if len(leading) == 1 else 's'}"
            yield passes(peering.id, name, f"{count}, none to all of a VPC")


def _leads_to_all(
    one: tuple[str, Route], leading: list[tuple[str, Route]], blocks: set[IPNetwork]
) -> bool:
    """Whether a route leads to all of a block, alone or with others of its table and certainty.

    Not one that lies in a wider one: without it the same is reached.
    """
    table, route = one
    version = route.destination.version
    beside = {
        each.destination
        for other, each in leading
        if other == table and each.certain >= route.certain and each.destination.version == version
    }
    if any(each != route.destination and within(route.destination, each) for each in beside):
        return False
    every = tuple(collapse_addresses(beside))  # type: ignore[type-var]  # of one family, as asked
    return any(
        (within(block, route.destination) or within(route.destination, block))
        and any(within(block, each) for each in every)
        for block in blocks
    )


def _routes(found: list[tuple[str, Route]]) -> str:
    return ", ".join(f"{route.destination} of {table}" for table, route in found)


def _blocked(evidence: Evidence) -> Iterator[Checked]:
    """Each VPC, by the mode of its Region and what is excluded from it."""
    every = evidence.inventory.public_access
    modes = {each.id: each for each in every}
    for vpc in own_vpcs(evidence):
        found = modes.get(vpc.region)
        if found is None or not every.complete_in(vpc.region, vpc.id):
            continue
        name = f"VPC {vpc.name}"
        inside = {each.id for each in evidence.network.subnets if each.vpc == vpc.id} | {vpc.id}
        excluded = [each for each in found.excluded if each in inside]
        perhaps = [each for each in found.excluded_perhaps if each in inside]
        if found.mode == "off" and not found.unknown:
            yield fails(
                vpc.id,
                name,
                f"Block Public Access is off in {vpc.region}",
                "aws ec2 modify-vpc-block-public-access-options --internet-gateway-block-mode "
                f"block-bidirectional --region {vpc.region}",
                "this closes every internet gateway of the Region: exclude first what needs one",
            )
        elif excluded:
            yield fails(
                vpc.id,
                name,
                f"it is excluded from Block Public Access: {', '.join(excluded)}",
                "delete the exclusion, or have it suppressed with a reason",
                *_planned_so(evidence),
            )
        elif found.unknown:
            yield undecided(vpc.id, name, f"Block Public Access of {vpc.region}: {found.unknown}")
        elif perhaps:
            why = f"it may be excluded from Block Public Access still: {', '.join(perhaps)}"
            yield undecided(vpc.id, name, why)
        else:
            yield passes(vpc.id, name, f"{found.mode} in {vpc.region}, and nothing excluded")


_EXCLUDING: Final = (Exclusion.EGRESS, Exclusion.BOTH)


def _planned_so(evidence: Evidence) -> Iterator[str]:
    """What beside it says that a topology excludes something itself."""
    planned = evidence.declaration.planned if evidence.declaration else None
    if planned is None:
        return
    whole = [
        each.name
        for each in planned.vpcs
        if each.access_block and each.access_block.excluded in _EXCLUDING
    ]
    if own := [*whole, *(each.name for each in planned.subnets if each.excluded in _EXCLUDING)]:
        yield f"the topology excludes for flows that it declares: {', '.join(own)}"


def _transit(evidence: Evidence) -> Iterator[Checked]:
    there = {each.id for each in evidence.network.transit_gateways}
    for each in evidence.inventory.transit_options:
        if evidence.narrowed and each.id not in there:
            continue
        name = f"transit gateway {each.name}"
        if each.shared_by:
            why = f"account {each.shared_by} shares it, and that account decides whom it accepts"
            yield not_asked(each.id, name, why)
        elif each.accepts_all is None:
            yield undecided(each.id, name, "its answer does not say whom it accepts")
        elif each.accepts_all:
            yield fails(
                each.id,
                name,
                "whoever it is shared with attaches a VPC without being asked",
                f"aws ec2 modify-transit-gateway --transit-gateway-id {each.id} "
                "--options AutoAcceptSharedAttachments=disable",
            )
        else:
            yield passes(each.id, name, "somebody has to accept an attachment")


def _endpoint(evidence: Evidence, *, service: str) -> Iterator[Checked]:
    every = evidence.inventory.vpc_endpoints
    for vpc in own_vpcs(evidence):
        name = f"VPC {vpc.name}"
        wanted = f"com.amazonaws.{vpc.region}.{service}"
        found = [
            each
            for each in every
            if each.vpc == vpc.id
            and each.kind == "Interface"
            and each.service in (wanted, f"cn.{wanted}")
        ]
        if ready := [each for each in found if each.available]:
            yield passes(vpc.id, name, f"{ready[0].id} is its endpoint of {service}")
        elif every.complete_in(vpc.region, vpc.id):
            yield fails(
                vpc.id,
                name,
                f"it has no interface endpoint of {service}",
                f"create an interface endpoint of {wanted} in {vpc.id}",
                *(f"{each.id} is not available" for each in found),
            )


def _any_endpoint(evidence: Evidence) -> Iterator[Checked]:
    every = evidence.inventory.vpc_endpoints
    for vpc in own_vpcs(evidence):
        own = [each for each in every if each.vpc == vpc.id and each.available]
        if own:
            names = ", ".join(sorted({each.service.rpartition(".")[2] for each in own}))
            yield passes(vpc.id, f"VPC {vpc.name}", f"it has endpoints of {names}")
        elif every.complete_in(vpc.region, vpc.id):
            yield undecided(
                vpc.id, f"VPC {vpc.name}", "it has no endpoint: whether it needs one nobody says"
            )


SUBNET: Final = Check(
    id="subnet-gives-no-public-address",
    title="Subnets give out no public addresses",
    severity=Severity.MEDIUM,
    risk="Whatever is started there is on the internet, whether anybody meant it or not.",
    remedy="Set MapPublicIpOnLaunch to false.",
    run=_public_on_launch,
    about=("subnets",),
)
PEERING: Final = Check(
    id="peering-routes-narrow",
    title="Routes to peered VPCs lead no further than they must",
    severity=Severity.LOW,
    risk="A route to all of a VPC leads to whatever is started there one day.",
    remedy="Route to the subnets that are needed.",
    run=_peering_routes,
    about=("peerings",),
)
BLOCKED: Final = Check(
    id="public-access-blocked",
    title="VPC Block Public Access blocks internet gateway traffic",
    severity=Severity.MEDIUM,
    risk="One route and one group too wide, and a host is on the internet.",
    remedy="Block both ways, and exclude what has to be public, with a reason.",
    run=_blocked,
    about=("vpcs", "public_access"),
)
TRANSIT: Final = Check(
    id="transit-accepts-nobody",
    title="Transit gateways do not accept attachments by themselves",
    severity=Severity.HIGH,
    risk="An account that it is shared with joins its VPC to all others.",
    remedy="Set AutoAcceptSharedAttachments to disable.",
    run=_transit,
    about=("transit_options",),
)
_endpoint_check = partial(
    Check,
    severity=Severity.LOW,
    risk="What the VPC asks of AWS goes by the internet, or by a NAT gateway.",
    remedy="Create the interface endpoint.",
    about=("vpcs", "vpc_endpoints"),
)
ENDPOINTS: Final = tuple(
    _endpoint_check(
        id=f"endpoint-{service.replace('.', '-')}",
        title=f"Each VPC has an interface endpoint of {service}",
        run=partial(_endpoint, service=service),
    )
    for service in ("ec2", "ecr.api", "ecr.dkr", "ssm", "ssm-contacts", "ssm-incidents")
)
ANY_ENDPOINT: Final = _endpoint_check(
    id="vpc-has-endpoints",
    title="A VPC reaches AWS services by endpoints",
    run=_any_endpoint,
)

PLACES: Final = (SUBNET, PEERING, BLOCKED, TRANSIT, *ENDPOINTS, ANY_ENDPOINT)
