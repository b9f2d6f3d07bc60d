"""What load balancers listen on and pass on."""

from __future__ import annotations

from dataclasses import dataclass

from bulkhead.network.ports import protocol_name


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedPort:
    """A listener of a load balancer and where it passes connections on: (interface, port)."""

    protocol: int
    port: int
    targets: tuple[tuple[str, int], ...]
    keeps_client_address: bool = False
    tcp_idle: int | None = None
    """After so many idle seconds it forgets a connection of tcp; None: not observed."""

    def __str__(self) -> str:
        return f"listener {protocol_name(self.protocol)} {self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    id: str
    name: str
    vpc: str
    interfaces: tuple[str, ...]
    listeners: tuple[BalancedPort, ...]
