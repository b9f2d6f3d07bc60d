"""Ports as the fewest ranges, and traffic in words."""

from __future__ import annotations

from collections.abc import Iterable

from bulkhead.network.ports import ALL_PORTS, PortRange, has_ports, protocol_name


def traffic(protocol: int | None, ports: tuple[PortRange, ...]) -> str:
    """'tcp 5556', 'udp 1-5, 9', 'all protocols and ports', 'icmp'."""
    if protocol is None:
        return "all protocols and ports"
    name = "every other protocol" if protocol == -1 else protocol_name(protocol)
    if not has_ports(protocol):
        return name
    if ports == (ALL_PORTS,):
        return f"{name} (all ports)"
    return f"{name} {', '.join(map(str, ports))}"


def merge(ranges: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """The same ports as the fewest ranges, in order."""
    merged: list[PortRange] = []
    for each in sorted(ranges):
        if merged and each.first <= merged[-1].last + 1:
            merged[-1] = PortRange(merged[-1].first, max(merged[-1].last, each.last))
        else:
            merged.append(each)
    return tuple(merged)
