"""What security groups let in, by what is written in them; the proof says who gets there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, Outcome
from bulkhead.explain import RuleRef
from bulkhead.lint import Severity, SmellKind
from bulkhead.lint.together import is_for, worldwide
from bulkhead.network import (
    TCP,
    UDP,
    Direction,
    GroupRule,
    PortRange,
    SecurityGroup,
)

ADMIN_PORTS: Final = (22, 3389)


def own_groups(evidence: Evidence) -> Iterator[SecurityGroup]:
    """The groups of what was asked for, and none of its neighbours."""
    beside = evidence.network.neighbours
    return (each for each in evidence.network.security_groups if each.vpc not in beside)


def _default_closed(evidence: Evidence) -> Iterator[Checked]:
    network = evidence.network
    doubted = {each.scope: each.why for each in network.unmodelled}
    for group in own_groups(evidence):
        if not group.default:
            continue
        name = f"default security group of {network.vpc[group.vpc].name}"
        members = [each.name for each in network.interfaces if group.id in each.security_groups]
        if group.rules:
            yield Checked(
                resource=group.id,
                name=name,
                outcome=Outcome.FAIL,
                message=f"it has {len(group.rules)} rule{'s' if len(group.rules) > 1 else ''}, "
                "and whatever is started without a group gets them",
                rules=tuple(RuleRef(group.id, rule) for rule in group.rules),
                evidence=(f"held by {', '.join(members)}",) if members else (),
                remedy=f"remove every rule of {group.id}",
            )
        elif group.id in doubted:
            yield Checked(
                resource=group.id,
                name=name,
                outcome=Outcome.NOT_DECIDED,
                message=doubted[group.id],
            )
        else:
            yield Checked(
                resource=group.id,
                name=name,
                outcome=Outcome.PASS,
                message="no rule lets anything in or out",
                evidence=(f"held by {', '.join(members)}",) if members else (),
            )


def _open_ports(
    evidence: Evidence, *, ports: tuple[int, ...], versions: tuple[int, ...]
) -> Iterator[Checked]:
    """Every group, and which of some ports it gives to the world."""
    network = evidence.network
    doubted = {each.scope: each.why for each in network.unmodelled}
    proved = {each.component: each for each in evidence.smells.of(SmellKind.OPEN)}
    for group in own_groups(evidence):
        name = f"security group {group.name}"
        found = {port: rules for port in ports if (rules := for_the_world(group, port, versions))}
        if found:
            rules = tuple(dict.fromkeys(rule for each in found.values() for rule in each))
            smell = proved.get(group.id)
            yield Checked(
                resource=group.id,
                name=name,
                outcome=Outcome.FAIL,
                message=f"lets everybody in on port{'s' if len(found) > 1 else ''} "
                f"{', '.join(map(str, found))}",
                rules=tuple(RuleRef(group.id, rule) for rule in rules),
                evidence=(f"proved: {smell.why}",) if smell else (),
                remedy="; ".join(f"remove {rule.id} ({rule.says()})" for rule in rules),
            )
        elif perhaps := [each for each in group.rules if _perhaps(each, ports, versions)]:
            yield Checked(
                resource=group.id,
                name=name,
                outcome=Outcome.NOT_DECIDED,
                message=doubted.get(group.id, "whom some of its rules let in is not known"),
                rules=tuple(RuleRef(group.id, rule) for rule in perhaps),
            )
        elif group.id in doubted:
            yield Checked(
                resource=group.id,
                name=name,
                outcome=Outcome.NOT_DECIDED,
                message=doubted[group.id],
            )
        else:
            yield Checked(
                resource=group.id,
                name=name,
                outcome=Outcome.PASS,
                message="no rule lets everybody in there",
            )


def for_the_world(
    group: SecurityGroup, port: int, versions: tuple[int, ...]
) -> tuple[GroupRule, ...]:
    """The rules that give a port of tcp or udp to most public addresses, alone or together."""
    found: dict[GroupRule, None] = {}
    for protocol in (TCP, UDP):
        blocks = {
            rule: rule.peer.cidr
            for rule in group.towards(Direction.INGRESS)
            if rule.certain
            and rule.peer.kind == "cidr"
            and rule.peer.cidr.version in versions
            and is_for(rule, (protocol, PortRange(port, port)))
        }
        for together in worldwide(blocks):
            found.update(dict.fromkeys(together))
    return tuple(found)


def _perhaps(rule: GroupRule, ports: tuple[int, ...], versions: tuple[int, ...]) -> bool:
    """Whether a rule of which something is not known may give one of some ports to the world."""
    return (
        not rule.certain
        and rule.direction is Direction.INGRESS
        and rule.peer.kind == "cidr"
        and rule.peer.cidr.version in versions
        and rule.peer.cidr.prefixlen == 0
        and any(
            is_for(rule, (protocol, PortRange(port, port)))
            for port in ports
            for protocol in (TCP, UDP)
        )
    )


def _admin_ipv4(evidence: Evidence, *, ports: tuple[int, ...]) -> Iterator[Checked]:
    return _open_ports(evidence, ports=ports, versions=(4,))


def _admin_ipv6(evidence: Evidence, *, ports: tuple[int, ...]) -> Iterator[Checked]:
    return _open_ports(evidence, ports=ports, versions=(6,))


_NAME_WHO: Final = (
    "Name the networks or groups that administer it, or go by a VPN or Session Manager."
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
ADMIN_IPV4: Final = Check(
    id="group-admin-ports-ipv4",
    title="No security group gives ports of administration to all of IPv4",
    severity=Severity.HIGH,
    risk="Everybody on the internet may try passwords and exploits on remote administration.",
    remedy=_NAME_WHO,
    run=_admin_ipv4,
    about=("security_groups",),
    config={"ports": ADMIN_PORTS},
)
ADMIN_IPV6: Final = Check(
    id="group-admin-ports-ipv6",
    title="No security group gives ports of administration to all of IPv6",
    severity=Severity.HIGH,
    risk="Everybody on the internet may try passwords and exploits on remote administration.",
    remedy=_NAME_WHO,
    run=_admin_ipv6,
    about=("security_groups",),
    config={"ports": ADMIN_PORTS},
)

GROUPS: Final = (DEFAULT_CLOSED, ADMIN_IPV4, ADMIN_IPV6)
