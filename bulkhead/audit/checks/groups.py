"""What security groups let in, by what is written in them; the proof says who gets there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.explain import RuleRef
from bulkhead.lint import Severity
from bulkhead.lint.together import is_for, worldwide
from bulkhead.network import (
    ANY_PROTOCOL,
    TCP,
    UDP,
    Direction,
    GroupRule,
    PortRange,
    SecurityGroup,
    has_types,
)
from bulkhead.network.traffic import traffic_of_rule

ADMIN_PORTS: Final = (22, 3389)
HIGH_RISK_PORTS: Final = (
    *(20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333),
    *(5000, 5432, 5500, 5601, 8080, 8088, 8888, 9200, 9300),
)
"""(docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html, EC2.19)"""
_BOTH: Final = (4, 6)


def own_groups(evidence: Evidence) -> Iterator[SecurityGroup]:
    """The groups of what was asked for, and none of its neighbours."""
    network = evidence.network
    return (each for each in network.security_groups if not network.is_others(each.id, each.vpc))


def _refs(group: SecurityGroup, rules: Iterable[GroupRule]) -> tuple[RuleRef, ...]:
    return tuple(RuleRef(group.id, each) for each in rules)


def _default_groups(evidence: Evidence) -> Iterator[tuple[SecurityGroup, str]]:
    for group in own_groups(evidence):
        if group.default:
            vpc = evidence.network.vpc.get(group.vpc)
            yield group, f"default security group of {vpc.name if vpc else group.vpc}"


def _default_not_shown(evidence: Evidence) -> Iterator[Checked]:
    """Every VPC has one: where it is not here, it was not shown."""
    there = {group.vpc for group, _ in _default_groups(evidence)}
    for vpc in evidence.network.vpcs:
        if not evidence.network.is_others(vpc.id, vpc.id) and vpc.id not in there:
            yield undecided(vpc.id, f"VPC {vpc.name}", "its default security group was not shown")


def _default_closed(evidence: Evidence) -> Iterator[Checked]:
    yield from _default_not_shown(evidence)
    for group, name in _default_groups(evidence):
        if sure := [each for each in group.rules if each.certain]:
            count = f"{len(sure)} rule{'s' if len(sure) > 1 else ''}"
            yield fails(
                group.id,
                name,
                f"it has {count}, and whatever is started without a group gets them",
                f"remove every rule of {group.id}",
                rules=_refs(group, sure),
            )
        elif why := evidence.doubts.get(group.id):
            yield undecided(group.id, name, why)
        elif group.rules:
            why = "what its rules let in or out is not known"
            yield undecided(group.id, name, why, rules=_refs(group, group.rules))
        else:
            yield passes(group.id, name, "no rule lets anything in or out")


def _default_unused(evidence: Evidence) -> Iterator[Checked]:
    yield from _default_not_shown(evidence)
    network = evidence.network
    for group, name in _default_groups(evidence):
        members = [each.name for each in network.present if group.id in each.security_groups]
        if members:
            yield fails(
                group.id,
                name,
                f"{', '.join(members[:3])}{' and more' if len(members) > 3 else ''} "
                f"hold{'s' if len(members) == 1 else ''} it",
                "give each of them a group of its own",
                *members[3:],
            )
        elif why := network.why_more("interfaces", group.vpc):
            yield undecided(group.id, name, f"who holds it is not known: {why}")
        else:
            yield passes(group.id, name, "nothing holds it")


def open_ports(
    evidence: Evidence, *, ports: tuple[int, ...], versions: tuple[int, ...] = _BOTH
) -> Iterator[Checked]:
    """Every group, and which of some ports it gives to the world."""
    for group in own_groups(evidence):
        name = f"security group {group.name}"
        found = {port: rules for port in ports if (rules := for_the_world(group, port, versions))}
        if found:
            rules = tuple(dict.fromkeys(rule for each in found.values() for rule in each))
            smell = evidence.openings.get(group.id)
            yield fails(
                group.id,
                name,
                f"lets everybody in on port{'s' if len(found) > 1 else ''} "
                f"{', '.join(map(str, found))}",
                _take_out(rules),
                *([smell.why] if smell else []),
                rules=_refs(group, rules),
            )
        else:
            yield _not_open(evidence, group, ports, versions, "no rule lets everybody in there")


def _not_open(
    evidence: Evidence,
    group: SecurityGroup,
    ports: tuple[int, ...],
    versions: tuple[int, ...],
    message: str,
) -> Checked:
    """Unless some rule of it may be open, or more may be in it than is known."""
    name = f"security group {group.name}"
    if perhaps := _perhaps(group, ports, versions):
        why = "whom some of its rules let in is not known"
        return undecided(
            group.id, name, evidence.doubts.get(group.id, why), rules=_refs(group, perhaps)
        )
    if why := evidence.doubts.get(group.id, ""):
        return undecided(group.id, name, why)
    return passes(group.id, name, message)


def _take_out(rules: Iterable[GroupRule]) -> str:
    return "; ".join(f"remove {rule.id} ({rule.says()})" for rule in rules)


def for_the_world(
    group: SecurityGroup, port: int, versions: tuple[int, ...] = _BOTH, *, sure: bool = True
) -> tuple[GroupRule, ...]:
    """The rules that give a port of tcp or udp to most public addresses, alone or together.

    With `sure` only those that are certain; else all that may.
    """
    found: dict[GroupRule, None] = {}
    for protocol in (TCP, UDP):
        blocks = {
            rule: rule.peer.cidr
            for rule in _ingress(group, versions)
            if (rule.certain or not sure)
            and rule.peer.kind == "cidr"
            and is_for(rule, (protocol, PortRange(port, port)))
        }
        for together in worldwide(blocks):
            found.update(dict.fromkeys(together))
    return tuple(found)


def _ingress(group: SecurityGroup, versions: tuple[int, ...]) -> Iterator[GroupRule]:
    for rule in group.towards(Direction.INGRESS):
        if rule.peer.kind == "cidr" and rule.peer.cidr.version in versions:
            yield rule


def _perhaps(
    group: SecurityGroup, ports: tuple[int, ...], versions: tuple[int, ...]
) -> tuple[GroupRule, ...]:
    """The rules of which something is not known that may give one of some ports to the world."""
    if all(rule.certain for rule in group.rules):
        return ()
    found = (
        rule
        for port in ports
        for rule in for_the_world(group, port, versions, sure=False)
        if not rule.certain
    )
    return tuple(dict.fromkeys(found))


def _authorised(evidence: Evidence, *, ports: tuple[int, ...]) -> Iterator[Checked]:
    """Rules for the world with any port of tcp or udp beside those that are for everybody."""
    for group in own_groups(evidence):
        name = f"security group {group.name}"
        beyond = [rule for rule in _world(group) if not _is_one_of(rule, ports)]
        if beyond:
            smell = evidence.openings.get(group.id)
            said = ", ".join(
                dict.fromkeys(traffic_of_rule(each.protocol, each.ports) for each in beyond)
            )
            sockets = _sockets(evidence, group, beyond)
            yield fails(
                group.id,
                name,
                f"lets everybody in on {said}, where {_listed(ports)} are authorised",
                _take_out(beyond),
                *([f"ZeroMQ sockets there: {', '.join(sockets)}"] if sockets else []),
                *([smell.why] if smell else []),
                rules=_refs(group, beyond),
            )
        elif perhaps := [each for each in _world(group, sure=False) if not _is_one_of(each, ports)]:
            why = "whom some of its rules let in is not known"
            yield undecided(
                group.id, name, evidence.doubts.get(group.id, why), rules=_refs(group, perhaps)
            )
        elif why := evidence.doubts.get(group.id, ""):
            yield undecided(group.id, name, why)
        else:
            yield passes(group.id, name, "everybody gets in on authorised ports at most")


def _world(group: SecurityGroup, *, sure: bool = True) -> Iterator[GroupRule]:
    """The rules that let in most public addresses, alone or together, on whatever port."""
    blocks = {
        rule: rule.peer.cidr
        for rule in _ingress(group, _BOTH)
        if (rule.certain or not sure) and rule.peer.kind == "cidr" and not has_types(rule.protocol)
    }
    yield from dict.fromkeys(rule for together in worldwide(blocks) for rule in together)


def _listed(ports: tuple[int, ...]) -> str:
    return " and ".join(map(str, ports)) if ports else "none"


def _is_one_of(rule: GroupRule, ports: tuple[int, ...]) -> bool:
    return rule.protocol == TCP and len(rule.ports) == 1 and rule.ports.first in ports


def _sockets(evidence: Evidence, group: SecurityGroup, rules: Iterable[GroupRule]) -> list[str]:
    """The sockets of a service of the group that wait where the rules let in."""
    rules = tuple(rules)
    return [
        f"{each.name} ({each.ports})"
        for each in evidence.network.listeners
        if each.owner == group.service
        and any(
            rule.protocol in (ANY_PROTOCOL, each.protocol)
            and (rule.protocol == ANY_PROTOCOL or each.ports.overlap(rule.ports))
            for rule in rules
        )
    ]


_NAME_WHO: Final = (
    "Name the networks or groups that administer it, or go by a VPN or Session Manager."
)
_open = partial(
    Check,
    severity=Severity.HIGH,
    risk="Everybody on the internet may try passwords and exploits there.",
    remedy=_NAME_WHO,
    about=("security_groups",),
)

DEFAULT_CLOSED: Final = Check(
    id="default-group-closed",
    title="The default security group of a VPC lets nothing in or out",
    severity=Severity.LOW,
    risk="Whatever is started without a group of its own gets the rules of the default one.",
    remedy="Remove every rule of the default group, and give each service a group of its own.",
    run=_default_closed,
    about=("vpcs", "security_groups"),
)
DEFAULT_UNUSED: Final = Check(
    id="default-group-unused",
    title="Nothing holds the default security group of a VPC",
    severity=Severity.LOW,
    risk="Whoever opens the default group opens everything that holds it.",
    remedy="Give each service a group of its own.",
    run=_default_unused,
    about=("vpcs", "security_groups"),
)
ADMIN_IPV4: Final = _open(
    id="group-admin-ports-ipv4",
    title="No security group gives ports of administration to all of IPv4",
    run=partial(open_ports, versions=(4,)),
    config={"ports": ADMIN_PORTS},
)
ADMIN_IPV6: Final = _open(
    id="group-admin-ports-ipv6",
    title="No security group gives ports of administration to all of IPv6",
    run=partial(open_ports, versions=(6,)),
    config={"ports": ADMIN_PORTS},
)
SSH: Final = _open(
    id="group-port-22",
    title="No security group gives SSH to everybody",
    run=partial(open_ports, ports=(22,)),
)
RDP: Final = _open(
    id="group-port-3389",
    title="No security group gives RDP to everybody",
    run=partial(open_ports, ports=(3389,)),
)
CIFS: Final = _open(
    id="group-cifs",
    title="No security group gives CIFS to everybody",
    run=partial(open_ports, ports=(445,)),
)
HIGH_RISK: Final = _open(
    id="group-high-risk-ports",
    title="No security group gives ports of well-known services to everybody",
    run=open_ports,
    config={"ports": HIGH_RISK_PORTS},
)
AUTHORISED: Final = _open(
    id="group-authorised-ports",
    title="Security groups let everybody in on authorised ports alone",
    risk="A ZeroMQ socket talks to whoever reaches its port: any that is open to all is a door.",
    remedy="Name the groups or networks that need the port.",
    run=_authorised,
    config={"ports": (80, 443)},
)

GROUPS: Final = (
    *(DEFAULT_CLOSED, DEFAULT_UNUSED, ADMIN_IPV4, ADMIN_IPV6),
    *(SSH, RDP, CIFS, HIGH_RISK, AUTHORISED),
)
