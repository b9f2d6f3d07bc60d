"""What statelessness costs: replies that are dropped, and ports that replies leave open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from operator import and_
from typing import Final, NamedTuple

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Layer
from bulkhead.lint.smell import Smell, SmellKind
from bulkhead.network import ANY_CLIENT_PORTS, TCP, UDP, PortRange
from bulkhead.network.traffic import merge, traffic
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import ByPort, at, combine, minus, ranges, throughout, union

_NACL: Final = "nacl"
_ACLS = (Layer.ACL_EGRESS, Layer.ACL_INGRESS)


class NaclUnit(NamedTuple):
    """What a NACL can tell apart: the subnets behind one NACL, a site, the internet."""

    kind: str
    id: str
    name: str


class _Units:
    def __init__(self, reach: Reach) -> None:
        self.of: list[NaclUnit] = []
        self.members: dict[NaclUnit, int] = defaultdict(int)
        self.asking: dict[NaclUnit, set[PortRange]] = defaultdict(set)
        """From which ports the ends of a unit open connections."""
        self.strangers = 0
        for index, end in enumerate(reach.endpoints):
            unit = _unit(reach, end)
            self.of.append(unit)
            self.members[unit] |= 1 << index
            self.asking[unit].add(end.client_ports)
            # A host in no group shows what NACLs alone let pass.
            if end.kind in (EndpointKind.STRANGER, EndpointKind.SITE):
                self.strangers |= 1 << index

    def for_replies(self, steps: ByPort, index: int) -> ByPort:
        """Per port: for whom what is open there is open for replies.

        That is the ports of clients; where those use nearly all, only if all are open.
        """
        return union(
            (ports, throughout(steps, ports) if ports == ANY_CLIENT_PORTS else -1)
            for ports in self.asking[self.of[index]]
        )

    def among(self, bits: int) -> Iterator[tuple[NaclUnit, int]]:
        """The units of some ends, each with its first end."""
        while bits:
            first = (bits & -bits).bit_length() - 1
            yield self.of[first], first
            bits &= ~self.members[self.of[first]]


def _unit(reach: Reach, end: Endpoint) -> NaclUnit:
    if end.subnet is not None:
        id_ = reach.network.subnet[end.subnet].nacl
        nacl = reach.network.nacl.get(id_)
        return NaclUnit(_NACL, id_, f"subnets behind {nacl.name if nacl else id_}")
    return NaclUnit(end.kind.value, end.id, end.thing)


def blocked_replies(reach: Reach) -> Iterator[Smell]:
    """tcp that arrives and is never answered, because a NACL drops the reply.

    Ports that clients use are left out: what is open there is open for replies.
    """
    units, hosts = _Units(reach), reach.survey.interfaces
    found: dict[tuple[NaclUnit, NaclUnit], list[PortRange]] = defaultdict(list)
    example: dict[tuple[NaclUnit, NaclUnit], tuple[int, int, int]] = {}
    for index in range(len(reach.endpoints)):
        left_out = units.for_replies(_arriving(reach, index, TCP), index)
        half_open = minus(reach.masks(index, TCP).half_open, left_out, ~reach.same_host(index))
        for ports, bits in ranges(half_open):
            answered = at(reach.surely.answered(index, TCP), ports.first)
            for unit, first in units.among(bits & ~_as_good(units, answered & hosts, bits)):
                found[unit, units.of[index]].append(ports)
                example.setdefault((unit, units.of[index]), (first, index, ports.first))
    for pair, several in found.items():
        source, to, port = example[pair]
        said = explain(reach.network, reach.endpoints[source], reach.endpoints[to], TCP, port)
        acls = [hop for hop in said.blocking if hop.reply and hop.layer in _ACLS]
        if acls:
            what = traffic(TCP, merge(several))
            lost = ", ".join(map(str, said.lost))
            yield Smell(
                kind=SmellKind.REPLY_BLOCKED,
                component=acls[0].id,
                name=f"NACL {acls[0].name}",
                rules=tuple(each.rule for each in acls[0].rules),
                why=f"{what} from {pair[0].name} to {pair[1].name} arrives, and replies to client "
                f"ports {lost} are dropped",
                advice="let replies to the client's ports pass, or stop letting requests in",
                by=tuple(acls[1:]),
            )


def _as_good(units: _Units, answered: int, bits: int) -> int:
    """Strangers beside hosts that get every reply: of another system than those, they may not."""
    found = 0
    for unit, _ in units.among(bits & units.strangers):
        members = units.members[unit]
        if answered & members:
            found |= bits & members & units.strangers
    return found


def residue(reach: Reach) -> Iterator[Smell]:
    """Client ports that NACLs leave open between two units, so that replies may pass."""
    units = _Units(reach)
    for protocol in (TCP, UDP):
        found: dict[tuple[NaclUnit, NaclUnit], list[PortRange]] = defaultdict(list)
        for index in range(len(reach.endpoints)):
            if not units.strangers >> index & 1:
                continue
            steps = _arriving(reach, index, protocol)
            wide = _throughout(steps)
            for ports, bits in ranges(combine(steps, units.for_replies(steps, index), and_)):
                for unit, _ in units.among(bits & units.strangers & ~wide):
                    if unit != units.of[index]:
                        found[unit, units.of[index]].append(ports)
        for (source, to), several in sorted(found.items()):
            left = merge(several)
            yield Smell(
                kind=SmellKind.RESIDUE,
                # What is outside holds no rules: then the NACL is the one on the way there.
                component=(to if to.kind == _NACL else source).id,
                name=to.name,
                why=f"{sum(map(len, left)):,} ports are open for replies from {source.name}: "
                f"{traffic(protocol, left)}; security groups close them",
                advice="nothing: NACLs are stateless and cannot do with less",
            )


def _arriving(reach: Reach, index: int, protocol: int) -> ByPort:
    return reach.possibly.requests(index, protocol)


def _throughout(steps: ByPort) -> int:
    """Who may send on every port: that is no residue but an open door."""
    bits = -1
    for _, more in steps:
        bits &= more
    return bits
