"""Each layer alone: two layers must not share a mistake.

Security groups are read rule by rule, because a rule may admit peers that do
not exist yet; NACLs cell by cell, because what they admit depends on order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final

from bulkhead.ends.classes import EndpointKind
from bulkhead.ends.labels import label
from bulkhead.ends.prefixes import as_prefix
from bulkhead.explain.explain import explain
from bulkhead.explain.hops import Layer
from bulkhead.explain.rules import RuleRef
from bulkhead.judge.any_host import AnyHost
from bulkhead.judge.clusters import ControlPlanes
from bulkhead.judge.declared import Declared, Guarded, Whom
from bulkhead.judge.findings import Finding, FindingKind, Residue, ResidueKind, rules_of
from bulkhead.judge.lines import TopologyLines
from bulkhead.judge.undeclared import Gathering, Undeclared, beside_them
from bulkhead.judge.widened import WideNacls
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    Direction,
    GroupRule,
    IPNetwork,
    PortRange,
    SecurityGroup,
    Verdict,
    has_ports,
    within,
)
from bulkhead.network.traffic import merge, split, traffic, without
from bulkhead.prove.reach import Reach
from bulkhead.prove.sets.by_port import NEVER, ByPort, bits_of, combine, minus, ranges, throughout

_BOTH_LAYERS: Final = (
    "Security groups and NACLs must each deny it alone, so that one mistake opens nothing."
)


def weak_groups(
    reach: Reach,
    declared: Declared,
    known: Undeclared,
    lines: TopologyLines,
    planes: ControlPlanes,
) -> Iterator[Finding]:
    """Rules of a service's groups that admit more than its declared flows need."""
    holders: dict[str, set[str]] = defaultdict(set)
    for interface in reach.network.interfaces:
        for group in interface.security_groups:
            holders[group].add(interface.service or interface.name)
    for security_group in reach.network.security_groups:
        if reach.network.is_others(security_group.id, security_group.vpc):
            continue
        for service in sorted(holders[security_group.id]):
            for rule in security_group.rules:
                if planes.keeps_among_itself(security_group, rule, holders[security_group.id]):
                    continue
                ports = _unjustified(reach, declared, service, rule)
                if ports and not _already_said(reach, declared, known, (service, rule), ports):
                    found = _weak_rule(service, security_group, rule, ports)
                    yield found.at(lines.named(service, security_group.service))


def _unjustified(
    reach: Reach, declared: Declared, service: str, rule: GroupRule
) -> tuple[PortRange, ...]:
    """The ports of a rule on which some of its peers were declared by nobody."""
    if rule.protocol == ANY_PROTOCOL:
        return (ALL_PORTS,)
    inbound = rule.direction is Direction.INGRESS
    wanted = (declared.as_server if inbound else declared.as_client)(service, rule.protocol)
    needed = (
        each.ports
        for each in wanted
        if each.ports.overlap(rule.ports) and _is_declared(reach, rule, each.peers, each.whom)
    )
    return without(rule.ports, needed)


def _is_declared(reach: Reach, rule: GroupRule, peers: int, of: Collection[Whom]) -> bool:
    """Whether all whom the rule speaks of are declared peers."""
    if rule.peer.kind == "group":
        members = reach.survey.holding.get(rule.peer.group, 0)
        if members:
            return not members & ~peers
        own = {each.name: each.security_group for each in reach.network.services}
        return any(own.get(name) == rule.peer.group for name, _ in of)
    space: list[IPNetwork] = [each for _, alone in of for each in alone]
    for site in reach.survey.classes.remotes:
        if (site.id, ()) in of:
            space.extend(site.cidrs)
    for peer in reach.network.peers:
        if (peer.name, ()) in of:
            space.extend(peer.cidrs)
    for endpoint in reach.network.gateway_endpoints:
        if (endpoint.called, ()) in of:
            space.extend(endpoint.cidrs)
    for index in bits_of(peers & reach.survey.interfaces):
        space.append(ip_network(reach.endpoints[index].address))
    # One family at a time: collapse_addresses refuses both together.
    four = collapse_addresses(each for each in space if isinstance(each, IPv4Network))
    six = collapse_addresses(each for each in space if isinstance(each, IPv6Network))
    blocks: list[IPNetwork] = [*four, *six]
    return any(within(rule.peer.cidr, block) for block in blocks)


def _already_said(
    reach: Reach,
    declared: Declared,
    known: Undeclared,
    held: tuple[str, GroupRule],
    ports: tuple[PortRange, ...],
) -> bool:
    """Whether all that the rule admits is open today, and so reported in full."""
    service, rule = held
    if rule.direction is Direction.EGRESS or not has_ports(rule.protocol):
        return False
    survey = reach.survey
    if rule.peer.kind == "group":
        peers = survey.holding.get(rule.peer.group, 0)
    else:
        peers = survey.inside.get(as_prefix(rule.peer.cidr), 0)
    # Per host of the service: the peers other than itself, of which each must be open.
    asked = {
        index: peers & ~reach.same_host(index) for index in bits_of(declared.named.get(service, 0))
    }
    return any(asked.values()) and not any(
        others & ~throughout(known.open[index, rule.protocol], each)
        for index, others in asked.items()
        for each in ports
    )


def _weak_rule(
    service: str, group: SecurityGroup, rule: GroupRule, ports: tuple[PortRange, ...]
) -> Finding:
    inbound = rule.direction is Direction.INGRESS
    protocol = None if rule.protocol == ANY_PROTOCOL else rule.protocol
    peer = str(rule.peer)
    what = traffic(protocol, ports)
    verb = "admits" if inbound else "lets it reach"
    if not rule.certain:
        verb = "may admit" if inbound else "may let it reach"
    return Finding(
        kind=FindingKind.LAYER if rule.certain else FindingKind.UNDETERMINED,
        source=peer if inbound else service,
        destination=service if inbound else peer,
        protocol=protocol,
        ports=ports,
        message=f"security group {rule.direction} of {service} ({group.name}) alone {verb} "
        f"{peer} on {what}; nobody declared it",
        why=_BOTH_LAYERS if rule.certain else "Whether the rule is there is not known.",
        verdict=None if rule.certain else Verdict.UNDETERMINED,
        rules=(RuleRef(group.id, rule),),
    )


_Left = tuple[str, str, int, ResidueKind]
_NOBODY: Final = ((0, 0),)
_Place = tuple[str, bool]
"""What a unit is called, and whether it is about ports of sockets beside it (see About)."""


class _LeftBehind:
    """What NACLs let pass to one place, by why they are meant to."""

    def __init__(self, asked: int) -> None:
        self._asked = asked
        self.found: list[tuple[ResidueKind, ByPort]] = []

    def add(self, kind: ResidueKind, let: ByPort, meant: ByPort, but: ByPort) -> None:
        """Of what is let what is meant for one reason, and not for another that counts first."""
        self.found.append((kind, combine(let, minus(meant, but, self._asked), int.__and__)))

    def __iter__(self) -> Iterator[tuple[ResidueKind, PortRange, int]]:
        for kind, steps in self.found:
            for ports, bits in ranges(steps):
                yield kind, ports, bits


def weak_acls(
    reach: Reach, declared: Declared, wide: WideNacls, lines: TopologyLines
) -> tuple[tuple[Finding, ...], tuple[Residue, ...]]:
    """What routes and NACLs alone let pass between units, beyond declared flows and replies.

    What `wide` has was not declared, and is meant: exact entries do not fit.
    """
    certain: Gathering[_Place] = Gathering()
    doubtful: Gathering[_Place] = Gathering()
    strangers = reach.survey.everyone & ~reach.survey.interfaces & ~reach.survey.external
    hosts = ~_gateways(reach)
    residue: dict[_Left, list[PortRange]] = defaultdict(list)
    any_host = AnyHost()
    for index in sorted(each for each in set(reach.standing_of) if hosts >> each & 1):
        unit = declared.unit_of[index]
        asked, meant = _across(reach, index) & hosts, declared.left_open(index)
        theirs = declared.left_to_others(index)
        for protocol in reach.protocols:
            flows = declared.into_unit(unit, protocol)
            replies = declared.replies_into(unit, protocol)
            told = declared.told_too_large(unit, protocol)
            nameless = declared.nameless_into(unit, protocol)
            surely = reach.surely.transit(index, protocol)
            both, left = combine(flows, replies, int.__or__), _LeftBehind(asked)
            left.add(ResidueKind.REPLIES, surely, replies, flows)
            left.add(ResidueKind.TOO_LARGE, surely, told, both)
            both = combine(both, told, int.__or__)
            left.add(ResidueKind.UNNAMED, surely, nameless, both)
            both = combine(both, nameless, int.__or__)
            left.found.append((ResidueKind.OPEN, minus(surely, both, asked & meant)))
            left.found.append((ResidueKind.OTHERS, minus(surely, both, asked & theirs & ~meant)))
            found = minus(surely, both, asked & ~meant & ~theirs)
            if (widened := wide.into(index, protocol)) is not NEVER:
                left.add(ResidueKind.WIDENED, found, widened, NEVER)
                both = combine(both, widened, int.__or__)
                found = minus(found, widened, asked)
            for kind, ports, bits in left:
                for other in _units(declared, bits):
                    pair = (_title(reach, other), _title(reach, unit))
                    residue[*pair, protocol, kind].append(ports)
            _gather(reach, declared, certain, (index, protocol), found)
            if reach.endpoints[index].is_named_outside:
                unasked = minus(combine(surely, flows, int.__and__), _NOBODY, strangers)
                to, at = _title(reach, unit), ", ".join(map(_named_block, unit.at))
                any_host.block(to, at)
                for ports, bits in ranges(unasked):
                    for host in {label(reach.endpoints[each]) for each in bits_of(bits)}:
                        any_host.add(host, to, at, protocol, ports)
            if reach.possibly is not reach.surely:
                may = minus(reach.possibly.transit(index, protocol), surely, asked)
                unsure = minus(may, both, asked & ~meant & ~theirs)
                _gather(reach, declared, doubtful, (index, protocol), unsure)
    findings = (
        *_admitted(reach, certain, lines, FindingKind.LAYER),
        *_admitted(reach, doubtful, lines, FindingKind.UNDETERMINED),
    )
    replying = (
        Residue(source=source, destination=to, protocol=protocol, ports=ports, kind=kind)
        for (source, to, protocol, kind), several in residue.items()
        for ports in merge(several)
    )
    return findings, tuple(sorted((*replying, *any_host.residue())))


def _gateways(reach: Reach) -> int:
    """The ends that are NAT gateways: what goes through them is judged from its sender to whom it
    is for, and they open and accept nothing."""
    gateways = reach.network.of_nat_gateways
    return sum(1 << index for index, each in enumerate(reach.endpoints) if each.id in gateways)


def _across(reach: Reach, index: int) -> int:
    """The senders between whom and this place a NACL stands."""
    subnet = reach.endpoints[index].subnet
    if subnet is None:
        return reach.concerned(index) & ~reach.survey.external
    return reach.concerned(index) & ~reach.survey.in_subnet[subnet]


def _gather(
    reach: Reach,
    declared: Declared,
    into: Gathering[_Place],
    place: tuple[int, int],
    steps: ByPort,
) -> None:
    index, protocol = place
    to = _title(reach, declared.unit_of[index])
    beside = declared.waiting.beside(reach.endpoints[index])
    elsewhere = [(own, each) for own, each in beside if each.protocol == protocol]
    for some, bits in ranges(steps):
        for ports, apart in split(some, (own for own, _ in elsewhere)) if bits else ():
            sockets = [each for own, each in elsewhere if apart and own.overlap(ports)]
            for unit in _units(declared, bits):
                members = bits & declared.in_unit[unit]
                example = (members & -members).bit_length() - 1
                pair = (_title(reach, unit), False), (to, apart)
                into.add(pair, protocol, ports, (example, index), sockets)


def _units(declared: Declared, bits: int) -> Iterator[Guarded]:
    while bits:
        unit = declared.unit_of[(bits & -bits).bit_length() - 1]
        yield unit
        bits &= ~declared.in_unit[unit]


def _named_block(network: IPv4Network) -> str:
    return str(network.network_address if network.prefixlen == 32 else network)


def _title(reach: Reach, unit: Guarded) -> str:
    kind, id_, _ = unit
    if kind == "nacl":
        nacl = reach.network.nacl.get(id_)
        return f"subnets behind {nacl.name if nacl else id_}"
    if kind == EndpointKind.SITE.value:
        return next((each.name for each in reach.survey.classes.remotes if each.id == id_), id_)
    return id_


def _admitted(
    reach: Reach, gathered: Gathering[_Place], lines: TopologyLines, kind: FindingKind
) -> Iterator[Finding]:
    certain = kind is FindingKind.LAYER
    found = gathered.folded(reach.protocols)
    told = sorted((pair[0][0], *pair[1], some) for pair, some in found.items())
    for source, destination, beside, (passing, example, sockets) in told:
        ends = reach.endpoints[example[0]], reach.endpoints[example[1]]
        said = explain(reach.network, *ends, *example[2:])
        hops = [
            hop
            for hop in said.request
            if hop.layer not in (Layer.GROUP_EGRESS, Layer.GROUP_INGRESS)
        ]
        doubts = "; ".join(str(hop) for hop in hops if hop.passes is None)
        for protocol, ports in passing:
            finding = Finding(
                kind=kind,
                source=source,
                destination=destination,
                protocol=protocol,
                ports=ports,
                message=f"NACLs alone {'' if certain else 'may '}let {source} reach "
                f"{destination} on {traffic(protocol, ports)}"
                f"{beside_them(sockets) if beside else ''}; nobody declared it",
                why=_BOTH_LAYERS if certain else doubts,
                verdict=None if certain else Verdict.UNDETERMINED,
                rules=rules_of(hops),
            )
            yield finding.at(lines.between(ends[1], ends[0]))
