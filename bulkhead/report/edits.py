"""A change to a network in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bulkhead.explain.edits import (
    Add,
    AddFirst,
    Associate,
    Edit,
    GivePublicAddress,
    OpenToPublic,
    Remove,
    SetRoute,
)
from bulkhead.explain.remedy import Remedy
from bulkhead.network import AclEntry, FirewallRule, GroupRule, Route, TransitRoute

_KINDS: Final[Mapping[type, str]] = {
    GroupRule: "security group rule",
    AclEntry: "NACL entry",
    Route: "route",
    TransitRoute: "transit gateway route",
    AddFirst: "firewall rule",
    Associate: "transit gateway association",
    OpenToPublic: "public access exclusion",
    GivePublicAddress: "public address",
    Remove: "removal",
}


def kind(edit: Edit) -> str:
    """What kind of thing changes."""
    match edit:
        case Add(rule=changed) | SetRoute(route=changed):
            return _KINDS[type(changed)]
        case _:
            return _KINDS[type(edit)]


def words(edit: Edit) -> str:
    """'add to server: ingress tcp 5556 from sg-client'."""
    match edit:
        case Add():
            said = f"add to {edit.name}: {_more(edit.rule)}"
        case SetRoute():
            said = f"in {_KINDS[type(edit.route)]} table {edit.name}: {edit.route}"
        case AddFirst():
            where = f"the {edit.engine} rules of {edit.name}"
            said = f"add first to {where}: {_firewall_rule(edit.rule)}"
        case Associate():
            said = f"associate {edit.name} with transit gateway route table {edit.table}"
        case OpenToPublic():
            said = f"exclude {edit.name} from VPC Block Public Access, both ways"
        case GivePublicAddress():
            said = f"give {edit.name} a public address for {edit.address}"
        case Remove():
            said = f"remove from {edit.name}: {edit.rule}"
    return said


def _more(rule: GroupRule | AclEntry) -> str:
    """A rule that has no id yet; an entry has its number already."""
    return f"{rule.direction} {rule.says()}" if isinstance(rule, GroupRule) else str(rule)


def _firewall_rule(rule: FirewallRule) -> str:
    ends = " -> ".join(", ".join(map(str, each)) for each in (rule.sources, rule.destinations))
    ports = f" ports {', '.join(map(str, rule.ports))}" if rule.ports else ""
    return f"{rule.action} {ends}{ports}"


def obstacles(remedy: Remedy) -> list[str]:
    """What no change of rules and routes moves, each once."""
    return list(dict.fromkeys(map(str, remedy.obstacles)))
