"""Security groups that let the world in or everything out, and whether the world gets there.

What a group admits is its text. Whether somebody on the internet comes through is asked of the
proof: an address, a gateway, routes, NACLs and firewalls decide it, and so how bad it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bulkhead.explain import RuleRef
from bulkhead.lint.groups import HeldTogether, holders, named_by
from bulkhead.lint.internet import Exposure, Way
from bulkhead.lint.smell import Severity, Smell, SmellKind
from bulkhead.lint.together import is_everything, worldwide
from bulkhead.lint.world import WIDE, is_much, part_of_the_world, span_of
from bulkhead.network import (
    ANY_PROTOCOL,
    PRIVATE,
    TCP,
    UDP,
    Direction,
    GroupRule,
    IPNetwork,
    Network,
    PortRange,
    SecurityGroup,
    has_types,
    within,
)
from bulkhead.network.traffic import gathered, listed
from bulkhead.prove.reach import Reach

_ADMIN: Final[Mapping[int, str]] = {
    **{22: "SSH", 3389: "RDP", 23: "Telnet", 21: "FTP", 445: "SMB", 5900: "VNC"},
    **{5985: "WinRM", 5986: "WinRM", 2375: "Docker", 2376: "Docker", 6443: "Kubernetes"},
    **{1433: "SQL Server", 1521: "Oracle", 3306: "MySQL", 5432: "PostgreSQL", 6379: "Redis"},
    **{5439: "Redshift", 9042: "Cassandra", 9092: "Kafka", 9200: "Elasticsearch"},
    **{11211: "Memcached", 27017: "MongoDB", 5601: "Kibana"},
}
"""Ports that nobody means to give to the world."""
_WEB: Final = (PortRange(80, 80), PortRange(443, 443))
_MOST: Final = 3
"""Names of hosts and services that one line holds."""


def open_to_the_world(reach: Reach) -> Iterator[Smell]:
    """Every group that lets in most public addresses, with who really gets in."""
    net = Exposure(reach)
    held = holders(reach.network)
    for group in reach.network.security_groups:
        rules = _for_everybody(group, Direction.INGRESS)
        shared = _with_others(reach.network, group, rules, held.get(group.id, ()))
        if every := [*rules, *shared.own]:
            yield _open(reach.network, group, every, shared.others, net)
        elif doubtful := _may_be_for_everybody(group):
            yield _maybe_open(group, doubtful)


def wide_egress(reach: Reach) -> Iterator[Smell]:
    """Every group that lets all traffic, or all of tcp or udp, out to most public addresses."""
    net = Exposure(reach)
    for group in reach.network.security_groups:
        rules = [each for each in _for_everybody(group, Direction.EGRESS) if is_everything(each)]
        if any(each.protocol in (ANY_PROTOCOL, TCP, UDP) for each in rules):
            found = _leaking(reach.network, group, rules, net)
            if found:
                yield found


def private_ranges(network: Network) -> Iterator[Smell]:
    """Rules for a whole private range, where it is neither a VPC's own nor a site's."""
    known = {cidr for vpc in network.vpcs for cidr in vpc.cidrs}
    known |= {cidr for site in network.sites for cidr in site.cidrs}
    for group in network.security_groups:
        for rule in group.rules:
            if rule.certain and rule.peer.kind == "cidr" and _is_whole_range(rule.peer.cidr, known):
                yield Smell(
                    kind=SmellKind.PRIVATE,
                    component=group.id,
                    name=f"security group {group.name}",
                    rules=(rule,),
                    why=f"whatever is joined to the VPC one day, and has an address in "
                    f"{rule.peer}, is in it already",
                    advice="name the VPCs, subnets or sites that need it",
                )


def _is_whole_range(cidr: IPNetwork, known: Iterable[IPNetwork]) -> bool:
    whole = any(cidr == each for each in PRIVATE if each.version == 4)
    return whole and not any(within(cidr, each) for each in known)


# Rules


def _for_everybody(group: SecurityGroup, direction: Direction) -> list[GroupRule]:
    """The rules that are for most public addresses, alone or with others for the same traffic."""
    found = worldwide(_blocks(group, direction))
    return list(dict.fromkeys(rule for together in found for rule in together))


def _blocks(group: SecurityGroup, direction: Direction) -> dict[GroupRule, IPNetwork]:
    return {
        rule: rule.peer.cidr
        for rule in group.towards(direction)
        if rule.peer.kind == "cidr" and rule.certain
    }


def _may_be_for_everybody(group: SecurityGroup) -> list[GroupRule]:
    """Rules that let in nobody knows whom: they are written as the widest that they can be."""
    return [
        rule
        for rule in group.towards(Direction.INGRESS)
        if not rule.certain and rule.peer.kind == "cidr" and rule.peer.cidr.prefixlen == 0
    ]


@dataclass(frozen=True, slots=True)
class _Shared:
    """Rules of a group that are for most of the world with those of groups held beside it."""

    own: tuple[GroupRule, ...]
    others: tuple[RuleRef, ...]


def _with_others(
    network: Network,
    group: SecurityGroup,
    alone: Sequence[GroupRule],
    held: Iterable[HeldTogether],
) -> _Shared:
    blocks = _blocks(group, Direction.INGRESS)
    mine = {rule: block for rule, block in blocks.items() if rule not in alone}
    own: dict[GroupRule, None] = {}
    others: dict[RuleRef, None] = {}
    for together in sorted(held) if _is_much(mine.values()) else ():
        theirs = {
            rule: (each, block)
            for each in together
            if each != group.id and each in network.security_group
            for rule, block in _blocks(network.security_group[each], Direction.INGRESS).items()
        }
        every = {**{rule: block for rule, (_, block) in theirs.items()}, **mine}
        for several in worldwide(every) if theirs else ():
            if not mine.keys().isdisjoint(several):
                own.update((each, None) for each in several if each in mine)
                others.update(
                    (RuleRef(theirs[each][0], each), None) for each in several if each in theirs
                )
    return _Shared(tuple(own), tuple(others))


def _is_much(blocks: Iterable[IPNetwork]) -> bool:
    every = list(blocks)
    return any(
        is_much((span_of(each) for each in every if each.version == version), version)
        for version in (4, 6)
    )


def _traffic(rules: Iterable[GroupRule]) -> str:
    if any(each.protocol == ANY_PROTOCOL for each in rules):
        return "all traffic"
    ports: dict[int, list[PortRange]] = defaultdict(list)
    for each in rules:
        ports[each.protocol].append(each.ports)
    return listed(gathered(ports))


# What is said of it


def _open(
    network: Network,
    group: SecurityGroup,
    rules: list[GroupRule],
    others: tuple[RuleRef, ...],
    net: Exposure,
) -> Smell:
    ways = list(net.coming_in(group.id, rules))
    said = f"{_traffic(rules)} from {_whom(rules, others)}"
    grave, how = _judged_in(network, group, rules, net, ways)
    return Smell(
        kind=SmellKind.OPEN,
        component=group.id,
        name=f"security group {group.name}",
        rules=tuple(rules),
        why=f"{said}; {how}",
        by=others,
        advice="name the networks or groups that need it; administration goes by a VPN, or by "
        "Session Manager",
        grave=grave,
    )


def _maybe_open(group: SecurityGroup, rules: Sequence[GroupRule]) -> Smell:
    return Smell(
        kind=SmellKind.UNSURE,
        component=group.id,
        name=f"security group {group.name}",
        rules=tuple(rules),
        why="whom it lets in is not known: it may be open to the world",
        advice="nothing, until a source that shows all of it says so",
    )


def _whom(rules: Iterable[GroupRule], others: Sequence[RuleRef] = ()) -> str:
    beside = [each.rule for each in others if isinstance(each.rule, GroupRule)]
    blocks = [rule.peer.cidr for rule in (*rules, *beside) if rule.peer.kind == "cidr"]
    with_ = f", with {_some(each.component for each in others)}" if others else ""
    return part_of_the_world(map(span_of, blocks)) + with_


def _judged_in(
    network: Network,
    group: SecurityGroup,
    rules: Sequence[GroupRule],
    net: Exposure,
    ways: list[Way],
) -> tuple[Severity, str]:
    """How bad it is, and who can be reached: by the proof."""
    sure = [each for each in ways if each.sure]
    if sure and all(has_types(each.protocol) for each in ways):
        return Severity.LOW, f"{_hosts(sure)} can be reached on {_ports(sure)}, and on nothing else"
    wide = [each for each in sure if each.share >= WIDE]
    if wide:
        told = f"{_hosts(wide)} can be reached on {_ports(wide)}{_what(network, wide)}"
        return (Severity.MEDIUM if _is_web(wide) else Severity.HIGH), told
    if sure:
        return Severity.MEDIUM, f"{_hosts(sure)} can be reached by some of them on {_ports(sure)}"
    if ways:
        return Severity.MEDIUM, f"whether {_hosts(ways)} can be reached depends on what is unknown"
    return _by_whom_nobody_sees(network, group, rules, net)


def _by_whom_nobody_sees(
    network: Network, group: SecurityGroup, rules: Sequence[GroupRule], net: Exposure
) -> tuple[Severity, str]:
    """Where none of the hosts that are here can be reached."""
    why = net.held_back(group.id, rules)
    told = why and f": kept away by {why}"
    if _is_known(network, group.vpc) and not net.into(group.vpc, rules):
        return Severity.LOW, f"no way leads from the internet to any host in its VPC{told}"
    if named := named_by(network, group.id):
        why = f"it is held by {_some(named)}, whose interfaces are not listed here"
        return Severity.MEDIUM, why
    if more := network.why_more("interfaces"):
        return Severity.MEDIUM, f"whether somebody who holds it can be reached is not known: {more}"
    if hosts := net.holders(group.id):
        names = _some(each.name for each in hosts)
        return Severity.LOW, f"no way leads from the internet to {names}{told}"
    return Severity.LOW, "no interface holds it"


def _is_known(network: Network, vpc: str) -> bool:
    """Whether a VPC is here with all of its subnets."""
    return vpc in network.vpc and not network.why_more("subnets", vpc)


def _is_web(ways: Iterable[Way]) -> bool:
    return all(each.protocol == TCP and each.ports in _WEB for each in ways)


def _hosts(ways: Iterable[Way]) -> str:
    named = []
    for host in dict.fromkeys(each.host for each in ways):
        public = host.public_address
        named.append(f"{host.name} ({public})" if public else host.name)
    return _some(named)


def _some(names: Iterable[str]) -> str:
    every = list(dict.fromkeys(names))
    more = f" and {len(every) - _MOST} more" if len(every) > _MOST else ""
    return ", ".join(every[:_MOST]) + more


def _ports(ways: Iterable[Way]) -> str:
    ports: dict[int, list[PortRange]] = defaultdict(list)
    for each in ways:
        ports[each.protocol].append(each.ports)
    return listed(gathered(ports), _MOST)


def _what(network: Network, ways: Sequence[Way]) -> str:
    """Which of the ports nobody means to give away: of sockets, administration, databases."""
    sockets = [
        f"{each.name} ({each.ports})"
        for each in network.listeners
        if any(
            way.host.service == each.owner
            and way.protocol == each.protocol
            and each.ports.overlap(way.ports)
            for way in ways
        )
    ]
    admin = [
        f"{name} ({port})"
        for port, name in _ADMIN.items()
        if any(way.protocol == TCP and port in way.ports for way in ways)
    ]
    told = f", ZeroMQ sockets among them that ask nobody: {_some(sockets)}" if sockets else ""
    return told + (f", among them {_some(admin)}" if admin else "")


def _leaking(
    network: Network, group: SecurityGroup, rules: list[GroupRule], net: Exposure
) -> Smell | None:
    """AWS gives this rule to every new group, so it is a fault only where it leads somewhere."""
    leaving = [each.name for each in net.holders(group.id) if net.leaving[each.id] >= WIDE]
    more = network.why_more("interfaces")
    if leaving:
        how = f"{_some(leaving)} can send anything there"
    elif more:
        how = f"whether a way leads there from who holds it is not known: {more}"
    elif net.holders(group.id):
        how = "no way leads there from here"
    else:
        return None
    return Smell(
        kind=SmellKind.EGRESS,
        component=group.id,
        name=f"security group {group.name}",
        rules=tuple(rules),
        why=f"{_traffic(rules)} to {_whom(rules)}; {how}",
        advice="name what its hosts need",
        grave=Severity.LOW if leaving else Severity.NOTE,
    )
