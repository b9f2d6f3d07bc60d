"""What calls do to VPC Block Public Access: what is excluded, and what is blocked.

Exclusions "even when BPA is not enabled", so that nothing is cut when it is
(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcBlockPublicAccessExclusion.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from bulkhead.network import AccessBlock, AccessMode, Exclusion, Network, Subnet, Vpc
from bulkhead.network.public_access import access_left
from bulkhead.review.steps.parts import NetworkPart
from bulkhead.review.version import Version

KINDS: Final = frozenset({"excluded subnet", "excluded VPC", "blocked"})
_OFF: Final = AccessBlock(mode=AccessMode.OFF)
"""What a VPC is under of which nobody said: so AWS leaves it."""


def made(part: NetworkPart) -> Callable[[Network], Network]:
    """What a call makes of a network: it is excluded, or blocked, as the part says."""
    id_, _, says = part.value
    return _edit(part.kind, id_, says)


def gone(part: NetworkPart) -> Callable[[Network], Network]:
    """It is no longer excluded; the option is turned off."""
    id_, _, says = part.value
    return _edit(part.kind, id_, _OFF if isinstance(says, AccessBlock) else Exclusion.NONE)


def said(part: Exclusion | AccessBlock) -> str:
    """'allow-egress', 'block-ingress', 'block-ingress, which others set'."""
    if isinstance(part, Exclusion):
        return str(part)
    return f"{part.mode}{', which others set' * (not part.by_account)}"


def _edit(kind: str, id_: str, says: Exclusion | AccessBlock) -> Callable[[Network], Network]:
    def edit(network: Network) -> Network:
        vpcs, subnets = network.vpcs, network.subnets
        if kind == "excluded subnet" and isinstance(says, Exclusion):
            subnets = tuple(
                replace(each, excluded=says) if each.id == id_ else each for each in subnets
            )
        else:
            vpcs = tuple(_under(each, says) if each.id == id_ else each for each in vpcs)
        return with_access_left(replace(network, vpcs=vpcs, subnets=subnets))

    return edit


def _under(vpc: Vpc, says: Exclusion | AccessBlock) -> Vpc:
    """Each of the two says nothing of the other."""
    before = vpc.access_block or _OFF
    if isinstance(says, AccessBlock):
        return replace(vpc, access_block=replace(says, excluded=before.excluded))
    return replace(vpc, access_block=replace(before, excluded=says))


def with_access_left(network: Network) -> Network:
    """The network with what that leaves to each subnet; itself where nothing of it is known."""
    blocks = {each.id: each.access_block for each in network.vpcs if each.access_block}
    if not blocks:
        return network

    def left(subnet: Subnet) -> Subnet:
        block = blocks.get(subnet.vpc)
        if block is None:
            return subnet
        own = subnet.excluded or Exclusion.NONE
        access = access_left(block.mode, block.excluded or Exclusion.NONE, own)
        return subnet if access is subnet.public_access else replace(subnet, public_access=access)

    return replace(network, subnets=tuple(map(left, network.subnets)))


def blocked_otherwise(base: Version, head: Version) -> Iterator[str]:
    """What becomes of the option, which is one for every VPC of the account in the Region."""
    was, now = _own(base.network), _own(head.network)
    before, after = was or _OFF, now or _OFF
    region = next((each.region for each in head.network.vpcs), "")
    ours = before.by_account or after.by_account
    if before.mode is after.mode or (was is None and not ours and now is None):
        return
    what = f"VPC Block Public Access in {region}: {before.mode} -> {after.mode}"
    if not after.by_account and now is not None:
        yield f"{what}: others set it, and no call of this update; first let it make its exclusions"
    elif after.mode is AccessMode.OFF and before.by_account:
        yield f"{what}, for every VPC of the account there: of none it closes anything any more"
    elif after.mode is AccessMode.INGRESS and before.mode is AccessMode.BIDIRECTIONAL:
        yield (
            f"{what}, for every VPC of the account there: NAT gateways and egress-only gateways "
            "lead out, and exclusions by allow-egress count for nothing"
        )
    elif after.mode is not AccessMode.OFF:
        yield (
            f"{what}, for every VPC of the account there, also those of no plan: what of these "
            "crosses the internet and is not excluded is cut"
        )


def _own(network: Network) -> AccessBlock | None:
    """Of a topology's own VPC; None where no plan says, and nobody observed it."""
    blocks = (each.access_block for each in network.vpcs if not network.is_others(each.id, each.id))
    return next((each for each in blocks if each is not None), None)
