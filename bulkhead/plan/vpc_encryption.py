"""The encryption control of the VPC, and what has to be excluded from it.

"If you want to run a non-compliant resource in an encryption-enforced VPC, you must create an
exclusion for that resource": gateways to what is outside AWS, and functions. Endpoints for services
of AWS need none (docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulkhead.intent import Topology
from bulkhead.network import EncryptionMode, Excludable, Network, VpcEncryption
from bulkhead.plan.lock import Lock
from bulkhead.plan.lock_excluded import exclusion_line
from bulkhead.problems import Problem


def with_encryption(topology: Topology, network: Network, before: Lock) -> Network:
    """The network with what its own VPC makes sure of, where the topology asks for that."""
    wanted = topology.vpc_encryption
    if wanted is None:
        return network
    mode = EncryptionMode(wanted.mode)
    excluded: set[str] = set()
    if mode is EncryptionMode.ENFORCE:
        excluded = {*wanted.exclude, *brought_in(topology, network), *before.excluded}
    control = VpcEncryption(mode=mode, excluded=tuple(sorted(excluded)))
    return replace(network, vpcs=tuple(replace(each, encryption=control) for each in network.vpcs))


def brought_in(topology: Topology, network: Network) -> Iterator[str]:
    """What the plan itself has that does not encrypt, in words of Excludable."""
    for there, excluded in (
        (network.internet_gateways, Excludable.INTERNET_GATEWAY),
        (network.egress_only_gateways, Excludable.EGRESS_ONLY_GATEWAY),
        (network.nat_gateways, Excludable.NAT_GATEWAY),
        (network.vpn_gateways, Excludable.VPN_GATEWAY),
        ([each for each in topology.services.values() if each.is_function], Excludable.LAMBDA),
    ):
        if there:
            yield str(excluded)


def excluded_of(network: Network) -> tuple[str, ...]:
    """What a lock remembers of it."""
    return tuple(
        sorted(
            {one for each in network.vpcs if each.encryption for one in each.encryption.excluded}
        )
    )


def no_longer_needed(topology: Topology, network: Network, before: Lock) -> Iterator[Problem]:
    """Exclusions that are kept for what stood there before, and may stand there still."""
    wanted = topology.vpc_encryption
    if wanted is None or wanted.mode != "enforce":
        return
    for each in before.excluded:
        if each not in wanted.exclude and each not in set(brought_in(topology, network)):
            yield Problem(
                *topology.place_of("vpc-encryption"),
                f"vpc-encryption: {each} stays excluded, and nothing here needs that: AWS takes no "
                "exclusion back while what it is for is there",
                f"once that is gone, delete {exclusion_line(each)!r} in the lock",
            )
