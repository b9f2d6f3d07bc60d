"""What a change does to the secrecy of flows: no packet shows it, nor any call of the list."""

from __future__ import annotations

from collections.abc import Iterator

from bulkhead.network import Network
from bulkhead.review.secrecy import secrecy_steps
from bulkhead.review.version import Version


def secured_otherwise(base: Version, head: Version) -> Iterator[str]:
    """The encryption control of the VPC, then each flow that is secured otherwise, in words."""
    was, now = _control(base.network), _control(head.network)
    if was != now:
        yield (
            f"the encryption control of the VPC: {was} -> {now}; no packet depends on it, and the "
            "call that says so to AWS, before any gateway comes, is none of these"
        )
    for each in secrecy_steps(base, head):
        yield f"secured otherwise: {each}"


def _control(network: Network) -> str:
    """Of a topology's own VPC; 'none' where no plan has one, and nobody observed one."""
    controls = (each.encryption for each in network.vpcs if not network.is_others(each.id, each.id))
    return str(next((each for each in controls if each is not None), "none"))
