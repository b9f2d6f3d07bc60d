"""Whether the account blocks public access as a topology counts on it, or sets it.

What that lets and does not packets tell; here it is why. An option that is off opens nothing by
itself, but is a layer less; an exclusion that no plan has opens as far as groups, NACLs and routes
let it. What was not observed satisfies nobody, and is not called off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.judge.state.matching import matched
from bulkhead.network import AccessBlock, AccessMode, Declaration, Exclusion, Network, Verdict, Vpc
from bulkhead.network.public_access import BY_POLICY, access_block_of

_KIND: Final = "VPC Block Public Access"
_MEND: Final = "pulumi up --refresh"


def public_access_held(
    declaration: Declaration, planned: Network, network: Network
) -> Iterator[Finding]:
    """What the Region of each VPC of the topology blocks, and what of it is excluded, where that is
    not as planned."""
    wanted = next((each.access_block for each in planned.vpcs if each.access_block), None)
    if wanted is None:
        return
    origins = declaration.origins
    whole = origins.of(access_block_of(planned.vpcs[0].id)) or origins.whole
    for vpc in network.vpcs:
        if not network.is_others(vpc.id, vpc.id):
            found = _of_region(wanted, vpc, _excludes(planned))
            yield from (each.at(whole) for each in found)
    pairs = [each for each in matched(planned, network).pairs if each.kind == "subnets"]
    for each in pairs:
        there: Exclusion | None = each.observed.excluded
        if there is not None and not network.is_others(each.observed.id):
            said = _of_one("subnet", each.observed.name, each.planned.excluded, there)
            yield from (found.at(origins.of(each.planned.id) or whole) for found in said)
    told = {each.id for each in network.vpcs if each.access_block is not None}
    unknown = [
        each.observed.name
        for each in pairs
        if each.observed.excluded is None and each.observed.vpc in told
    ]
    if unknown:
        yield _not_known(*sorted(unknown)).at(whole)


def _excludes(planned: Network) -> bool:
    """Whether the plan excludes anything."""
    own = [each.access_block.excluded for each in planned.vpcs if each.access_block]
    return any(
        each not in (None, Exclusion.NONE)
        for each in (*own, *(one.excluded for one in planned.subnets))
    )


def _of_region(wanted: AccessBlock, vpc: Vpc, excludes: bool) -> Iterator[Finding]:
    there, about = vpc.access_block, (_KIND, vpc.region)
    if there is None:
        yield Finding(
            kind=FindingKind.UNDETERMINED,
            message=f"it is not known what {_KIND} does in {vpc.region}",
            why="Nobody asked AWS for it, or AWS did not say. What is open over the internet is "
            f"told as if it were off; planned is {wanted.mode}.",
            verdict=Verdict.UNDETERMINED,
            about=about,
        )
        return
    if not there.settled:
        yield Finding(
            kind=FindingKind.UNDETERMINED,
            message=f"{_KIND} in {vpc.region} is {there}",
            why="What it leaves open AWS says when it is done.",
            verdict=Verdict.UNDETERMINED,
            about=about,
        )
    elif there.mode is not wanted.mode:
        yield Finding(
            kind=FindingKind.DIFFERS,
            message=f"{_KIND} in {vpc.region} is {there.mode}, planned {wanted.mode}",
            why=_MEANS[there.mode, wanted.mode],
            mend=_mend(wanted, there, vpc),
            about=(*about, "mode"),
        )
    if wanted.by_account and there.managed_by == BY_POLICY:
        yield Finding(
            kind=FindingKind.DIFFERS,
            message=f"{_KIND} in {vpc.region} is set by a policy of the organisation",
            why="No stack under it can set the mode: AWS refuses that. Remove manage:, and count "
            "on what the policy says.",
            about=(*about, "managed by"),
        )
    if excludes and there.exclusions_allowed is False:
        yield Finding(
            kind=FindingKind.DIFFERS,
            message=f"{_KIND} in {vpc.region} allows no exclusions, and some are planned",
            why="The policy of the organisation says so: AWS makes none. exclusions: not-allowed "
            "names the flows that need one.",
            about=(*about, "exclusions"),
        )
    yield from _of_one("VPC", vpc.name, wanted.excluded, there.excluded)


def _of_one(
    kind: str, name: str, wanted: Exclusion | None, there: Exclusion | None
) -> Iterator[Finding]:
    """What is excluded of one VPC or subnet."""
    if wanted is None or wanted is there:
        return
    about, what = (_KIND, name, "exclusion"), f"{kind} {name}"
    if there is None:
        yield _not_known(name, kind=kind)
    elif there is Exclusion.NONE:
        yield Finding(
            kind=FindingKind.LACKING,
            message=f"{what} is not excluded from {_KIND}, planned {wanted}",
            why="What of it crosses an internet gateway is dropped, or will be once that blocks.",
            mend=_MEND,
            about=about,
        )
    elif wanted is Exclusion.NONE:
        yield Finding(
            kind=FindingKind.UNPLANNED,
            message=f"{what} is excluded from {_KIND} ({there}), which no plan has",
            why=f"{_LESS} delete-vpc-block-public-access-exclusion takes it back.",
            about=about,
        )
    else:
        yield Finding(
            kind=FindingKind.DIFFERS,
            message=f"{what} is excluded from {_KIND} by {there}, planned {wanted}",
            why=_LESS if there is Exclusion.BOTH else "What comes in to it is dropped.",
            mend=_MEND,
            about=about,
        )


def _not_known(*names: str, kind: str = "subnet") -> Finding:
    what = f"{kind} {names[0]} is" if len(names) == 1 else f"{kind}s {', '.join(names)} are"
    return Finding(
        kind=FindingKind.UNDETERMINED,
        message=f"it is not known whether {what} excluded from {_KIND}",
        why="Nobody asked AWS for exclusions, or AWS is not done with one.",
        verdict=Verdict.UNDETERMINED,
        about=(_KIND, ", ".join(names), "exclusion"),
    )


_LESS: Final = (
    "A layer less: there only routes, NACLs and groups decide what crosses an internet gateway."
)
_OFF: Final = "A layer less, in every VPC of the Region that has an internet gateway."
_MEANS: Final = {
    (AccessMode.OFF, AccessMode.INGRESS): _OFF,
    (AccessMode.OFF, AccessMode.BIDIRECTIONAL): _OFF,
    (AccessMode.INGRESS, AccessMode.BIDIRECTIONAL): "What is not excluded goes out all the same, "
    "by NAT gateways and egress-only gateways.",
    (AccessMode.BIDIRECTIONAL, AccessMode.INGRESS): "Nothing goes out either but from what is "
    "excluded, and that only as far as the plan needs it under the other mode.",
}


def _mend(wanted: AccessBlock, there: AccessBlock, vpc: Vpc) -> str:
    """The engine where this stack sets it; nothing where a policy does."""
    if wanted.by_account:
        return _MEND
    if there.managed_by == BY_POLICY:
        return ""
    return (
        "aws ec2 modify-vpc-block-public-access-options "
        f"--internet-gateway-block-mode {wanted.mode} --region {vpc.region}"
    )
