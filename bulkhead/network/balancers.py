"""What load balancers listen on and pass on, and what the ones that a topology asks for are called.

A planned one stands before the copies of one service. Who it is for is in its name, which no
service of a topology can have: 'NLB-broker' within the VPC, 'public-NLB-broker' for peers on the
internet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bulkhead.network.ports import protocol_name

_WITHIN: Final = "NLB-"
_PUBLIC: Final = "public-NLB-"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedPort:
    """A listener of a load balancer and where it passes connections on: (interface, port)."""

    protocol: int
    port: int
    targets: tuple[tuple[str, int], ...]
    keeps_client_address: bool = False
    tcp_idle: int | None = None
    """After so many idle seconds it forgets a connection of tcp; None: not observed."""
    crosses_zones: bool | None = None
    """Whether it passes on to targets in other zones than its own interface is in; None: not
    observed."""

    def __str__(self) -> str:
        return f"listener {protocol_name(self.protocol)} {self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    id: str
    name: str
    vpc: str
    interfaces: tuple[str, ...]
    listeners: tuple[BalancedPort, ...]


def balancer_before(service: str, *, public: bool) -> str:
    """What the one before a service is called."""
    return f"{_PUBLIC if public else _WITHIN}{service}"


def is_planned_balancer(name: str | None) -> bool:
    """Whether it is what a plan calls a load balancer."""
    return bool(name) and str(name).startswith((_WITHIN, _PUBLIC))


def is_public_balancer(name: str | None) -> bool:
    """Whether it is what a plan calls one that peers on the internet connect to."""
    return bool(name) and str(name).startswith(_PUBLIC)


def is_behind(name: str) -> str:
    """The service that a planned one stands before: 'broker' of 'NLB-broker'."""
    return name.partition(_WITHIN)[2]
