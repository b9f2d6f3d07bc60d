"""Prefix lists: what one holds, and for how many entries of a quota a reference to each counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import Final

from bulkhead.network.addresses import IPNetwork

_AWS: Final = "com.amazonaws."
"""How names begin that AWS alone may give
(docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html)."""
_SIX: Final = "ipv6."
_SHOWN: Final = 6
_WEIGHTS: Final[Mapping[str, int]] = {
    "cloudfront.origin-facing": 55,
    "dynamodb": 1,
    "ec2-instance-connect": 2,
    "groundstation": 5,
    "route53-healthchecks": 25,
    "s3": 1,
    "s3express": 6,
    "vpc-lattice": 10,
}
"""(docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixList:
    """A list that somebody else keeps, and what it holds: no packet depends on it, but a plan was
    made of it."""

    prefix_list: str
    """Its id."""
    cidrs: tuple[IPNetwork, ...]

    def become(self, now: PrefixList) -> str:
        """In words, what the list holds now and did not when a plan was made, and what it held
        then; '' where these are the same addresses, however they are cut."""
        new, gone = _beyond(now.cidrs, self.cidrs), _beyond(self.cidrs, now.cidrs)
        told = [f"holds {_some(new)}, of which the plan knows nothing"] if new else []
        told += [f"no longer holds {_some(gone)}, which the plan lets through"] if gone else []
        return " and ".join(told)


def weight_of(name: str) -> int | None:
    """What AWS publishes of a list of its own ('com.amazonaws.eu-west-1.s3'); None of others."""
    if not name.startswith(_AWS):
        return None
    _, _, service = name.removeprefix(_AWS).partition(".")
    return _WEIGHTS.get(service.removeprefix(_SIX))


def family_of(name: str) -> int | None:
    """Of a list of AWS's that is known by name."""
    if weight_of(name) is None:
        return None
    return 6 if f".{_SIX}" in name else 4


def _some(cidrs: Sequence[IPNetwork]) -> str:
    shown = ", ".join(map(str, cidrs[:_SHOWN]))
    return shown if len(cidrs) <= _SHOWN else f"{shown} and {len(cidrs) - _SHOWN} more"


def _beyond(some: Iterable[IPNetwork], others: Iterable[IPNetwork]) -> tuple[IPNetwork, ...]:
    """The addresses of some that no others have."""
    left, others = _joined(some), _joined(others)
    for other in others:
        left = tuple(rest for each in left for rest in _without(each, other))
    return _joined(left)


def _joined(cidrs: Iterable[IPNetwork]) -> tuple[IPNetwork, ...]:
    """The same addresses in as few networks as can be."""
    every = tuple(cidrs)
    return (
        *collapse_addresses(each for each in every if isinstance(each, IPv4Network)),
        *collapse_addresses(each for each in every if isinstance(each, IPv6Network)),
    )


def _without(network: IPNetwork, other: IPNetwork) -> Iterator[IPNetwork]:
    if network.version != other.version or not network.overlaps(other):
        yield network
    elif network.prefixlen < other.prefixlen:
        yield from network.address_exclude(other)  # type: ignore[arg-type]  # of one family
