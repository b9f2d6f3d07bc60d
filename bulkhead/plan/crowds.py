"""A crowd: all who need the same of one service, and may share a group that stands for them."""

from __future__ import annotations

from hashlib import sha256

from bulkhead.network import Direction, PortRange, protocol_name

PeerCrowd = tuple[str, Direction, frozenset[tuple[int, PortRange]]]
"""Those who need such traffic of a service, all of it: some of its rules in one direction."""


def in_order(crowd: PeerCrowd) -> tuple[str, Direction, list[tuple[int, PortRange]]]:
    """By what crowds are sorted."""
    name, direction, runs = crowd
    return name, direction, sorted(runs)


def shared_name(crowd: PeerCrowd) -> str:
    """'db+clients-tcp-6000', 'poller+servers-tcp-9100'; of several runs of ports the first and what
    tells them apart, 'db+clients-tcp-6000-and-2-more-1f0c77b2'. No name has a plus."""
    name, direction, runs = in_order(crowd)
    they = "clients" if direction is Direction.INGRESS else "servers"
    called = f"{name}+{they}-{said_of(*runs[0])}"
    if len(runs) == 1:
        return called
    said = " ".join(said_of(*each) for each in runs)
    return f"{called}-and-{len(runs) - 1}-more-{sha256(said.encode()).hexdigest()[:8]}"


def said_of(protocol: int, ports: PortRange) -> str:
    """What stands for traffic in a rule's id, and orders rules: 'tcp-5556', 'tcp-51000-51999'."""
    return f"{protocol_name(protocol)}-{ports}"
