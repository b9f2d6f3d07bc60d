"""What network ACLs let in: the first entry that matches a port decides it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.audit.checks.groups import ADMIN_PORTS
from bulkhead.explain import RuleRef
from bulkhead.lint import Severity
from bulkhead.lint.together import is_for
from bulkhead.lint.wide import let_pass
from bulkhead.lint.world import is_much, is_world
from bulkhead.network import (
    TCP,
    UDP,
    AclEntry,
    Action,
    Direction,
    NetworkAcl,
    PortRange,
)


def _own(evidence: Evidence) -> Iterator[NetworkAcl]:
    network = evidence.network
    return (each for each in network.nacls if not network.is_others(each.id, each.vpc))


def _admin_ports(evidence: Evidence, *, ports: tuple[int, ...]) -> Iterator[Checked]:
    for acl in _own(evidence):
        name = f"NACL {acl.name}"
        entries = acl.ordered(Direction.INGRESS)
        surely = {port: found for port in ports if (found := _open(_shut(entries), port))}
        if surely:
            deciding = tuple(dict.fromkeys(entry for each in surely.values() for entry in each))
            yield fails(
                acl.id,
                name,
                f"lets everybody in on port{'s' if len(surely) > 1 else ''} "
                f"{', '.join(map(str, surely))}",
                "; ".join(
                    f"narrow ingress {each.number} ({each.says()}), or deny the port before it"
                    for each in deciding
                ),
                *([] if _in_use(evidence, acl) else ["no subnet uses it"]),
                rules=(RuleRef(acl.id, each) for each in deciding),
            )
        elif perhaps := [port for port in ports if _open(_opened(entries), port)]:
            why = f"an entry about port {perhaps[0]} is in doubt"
            yield undecided(acl.id, name, evidence.doubts.get(acl.id, why))
        elif why := evidence.doubts.get(acl.id, ""):
            yield undecided(acl.id, name, why)
        else:
            yield passes(acl.id, name, "no entry lets everybody in there")


def _shut(entries: Sequence[AclEntry]) -> list[AclEntry]:
    """As if each that is in doubt let nothing pass."""
    return [each for each in entries if each.certain or each.action is Action.DENY]


def _opened(entries: Sequence[AclEntry]) -> list[AclEntry]:
    """As if each that is in doubt let pass all that it may."""
    return [each for each in entries if each.certain or each.action is Action.ALLOW]


def _open(entries: Sequence[AclEntry], port: int) -> tuple[AclEntry, ...]:
    """The entries by which most public addresses pass to a port of tcp or udp."""
    found: dict[AclEntry, None] = {}
    for version in (4, 6):
        for protocol in (TCP, UDP):
            about = (
                each
                for each in entries
                if each.cidr.version == version and is_for(each, (protocol, PortRange(port, port)))
            )
            passing = list(let_pass(about))
            if is_world((span for _, spans in passing for span in spans), version):
                found.update((entry, None) for entry, spans in passing if is_much(spans, version))
    return tuple(found)


def _in_use(evidence: Evidence, acl: NetworkAcl) -> bool:
    return any(each.nacl == acl.id for each in evidence.network.subnets)


def _used(evidence: Evidence) -> Iterator[Checked]:
    """Of a VPC the default one is there whether anybody uses it or not."""
    for acl in _own(evidence):
        name = f"NACL {acl.name}"
        if acl.default:
            continue
        if _in_use(evidence, acl):
            yield passes(acl.id, name, "a subnet uses it")
        elif why := evidence.network.why_more("subnets", acl.vpc):
            yield undecided(acl.id, name, f"whether a subnet uses it is not known: {why}")
        else:
            yield fails(acl.id, name, "no subnet uses it", f"delete {acl.id}")


ADMIN: Final = Check(
    id="nacl-admin-ports",
    title="No network ACL lets everybody in on ports of administration",
    severity=Severity.MEDIUM,
    risk="The groups of the hosts hold alone: one mistake there opens them to the internet.",
    remedy="Name the networks that administer it, or deny the ports in an entry before.",
    run=_admin_ports,
    about=("nacls",),
    config={"ports": ADMIN_PORTS},
)
USED: Final = Check(
    id="nacl-used",
    title="No network ACL is unused",
    severity=Severity.LOW,
    risk="Whoever edits it believes that something changes.",
    remedy="Delete it, or associate it with the subnets that it is for.",
    run=_used,
    about=("nacls",),
)

ACLS: Final = (ADMIN, USED)
