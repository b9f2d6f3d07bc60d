"""Hosts that nobody can tell that their packets are too large for the way, and should."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bulkhead.ends.classes import Endpoint
from bulkhead.judge.declared import Declared
from bulkhead.judge.findings import Finding, FindingKind
from bulkhead.judge.lines import TopologyLines
from bulkhead.network import (
    TOO_LARGE,
    Direction,
    IPNetwork,
    NetworkAcl,
    PortRange,
    Verdict,
    is_of_family,
    lets_tell,
)
from bulkhead.network.traffic import traffic
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import bits_of


def untold(reach: Reach, declared: Declared, lines: TopologyLines) -> Iterator[Finding]:
    """Of each who was declared to be told, the first NACL on the way that drops it: into his
    subnet, or out of that of the host that tells."""
    network = reach.network
    doubted = {each.scope for each in network.unmodelled}

    @cache
    def dropping(here: str, direction: Direction, there: IPNetwork) -> NetworkAcl | None:
        """The NACL itself, or that of a subnet, where it drops it for sure."""
        subnet = network.subnet.get(here)
        nacl = network.nacl.get(subnet.nacl if subnet else here)
        known = nacl is not None and not {nacl.id, here} & doubted
        return nacl if nacl and known and not lets_tell(nacl, direction, there) else None

    for each in declared.too_large:
        if each.by == "*":
            continue
        told = [reach.endpoints[index] for index in bits_of(declared.named.get(each.told, 0))]
        tellers = [reach.endpoints[index] for index in bits_of(declared.tellers(each))]
        for version in sorted(each.versions):
            one = [end for end in told if end.version == version]
            other = [end for end in tellers if end.version == version]
            asked = [*_met(one, other, Direction.INGRESS), *_met(other, one, Direction.EGRESS)]
            if each.by == "" and version == 4:
                nats = [unit.id for unit in declared.sending_on(declared.named.get(each.told, 0))]
                asked += [(nat, Direction.INGRESS, there.prefix) for nat in nats for there in other]
                asked += [(nat, Direction.EGRESS, there.prefix) for nat in nats for there in one]
            for here, direction, there in dict.fromkeys(asked):
                if nacl := dropping(here, direction, there):
                    found = _finding(each.told, each.by, version, (direction, nacl))
                    yield found.at(lines.named(each.told))
                    break


def _met(
    these: list[Endpoint], those: list[Endpoint], direction: Direction
) -> Iterator[tuple[str, Direction, IPNetwork]]:
    """The subnets of some, each with the addresses of others outside it."""
    homes = dict.fromkeys(each.subnet for each in these if each.subnet is not None)
    there = dict.fromkeys((each.subnet, each.prefix) for each in those)
    for home in homes:
        for subnet, prefix in there:
            if subnet != home:
                yield home, direction, prefix


def _finding(told: str, by: str, version: int, at: tuple[Direction, NetworkAcl]) -> Finding:
    direction, nacl = at
    source = by or "internet"
    ((protocol, message),) = (each for each in TOO_LARGE if is_of_family(each[0], version))
    return Finding(
        kind=FindingKind.UNTOLD,
        source=source,
        destination=told,
        protocol=protocol,
        ports=(PortRange(message.first, message.last),),
        message=f"{source} cannot tell {told} that a packet is too large for the way: NACL "
        f"{direction} of {nacl.name} drops {traffic(protocol, (message,))}",
        why="Small messages arrive, large ones vanish, and the connection hangs.",
        verdict=Verdict.DENIED,
    )
