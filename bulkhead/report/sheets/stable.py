"""What things are called when an account is built anew, and AWS makes up other ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from bulkhead.explain.rules import Rule
from bulkhead.network import (
    AclEntry,
    GroupPeer,
    GroupRule,
    Interface,
    Network,
    NetworkAcl,
    RouteTable,
    Subnet,
    Vpc,
)

_WORD: Final = re.compile(r"[^\s,;:]+")


class StableNames:
    """The names of networks' things by their ids.

    A thing that nobody named is called by what it is: a subnet by its block, an interface by
    its address, a NACL or a table by its subnets. Where nothing tells it, its id stays.
    """

    def __init__(self, *networks: Network) -> None:
        self._names: dict[str, str] = {}
        self._homes: dict[str, str] = {}
        for network in networks:
            self._names |= _named(network)
            homes = {each.id: each.vpc for each in network.security_groups}
            homes |= {each.id: each.vpc for each in network.nacls}
            homes |= {each.id: each.vpc for each in network.route_tables}
            self._homes |= {id_: self.of(vpc) for id_, vpc in homes.items()}

    def of(self, id_: str) -> str:
        """What the thing of an id is called; an id that nothing here has stays."""
        return self._names.get(id_, id_)

    def home(self, id_: str) -> str:
        """What the VPC is called that a group, a NACL or a table is in; '' where none is."""
        return self._homes.get(id_, "")

    def rule(self, rule: Rule) -> str:
        """'ingress tcp 5556 from momentum': what a rule says, without ids and numbers."""
        match rule:
            case GroupRule(peer=GroupPeer(group=group)):
                return f"{rule.direction} {rule.says(self.of(group))}"
            case GroupRule():
                return f"{rule.direction} {rule.says()}"
            case AclEntry():
                return f"{rule.direction} {rule.action} {rule.says()}"
            case _:
                return self.text(str(rule))

    def text(self, text: str) -> str:
        """Words with the name of everything whose id is in them."""
        return _WORD.sub(lambda found: self._word(found[0]), text)

    def _word(self, word: str) -> str:
        for id_ in (word, word.strip("()"), word.rstrip("."), word.rstrip(").")):
            if name := self._names.get(id_):
                return word.replace(id_, name, 1)
        return word


def _named(network: Network) -> Mapping[str, str]:
    users = _users(network)
    vpcs = {each.id: _vpc(each) for each in network.vpcs}

    def called(thing: object) -> str:
        match thing:
            case Vpc():
                return vpcs[thing.id]
            case Subnet():
                return f"{thing.cidr} of {vpcs.get(thing.vpc, thing.vpc)}"
            case Interface(service=str(service)):
                return f"{service} at {thing.address}"
            case Interface():
                return f"interface at {thing.address}"
            case NetworkAcl() | RouteTable():
                return users(thing)
        return ""

    hosts = {each.instance: f"host of {each.name}" for each in network.interfaces if each.instance}
    return hosts | {
        each.id: (called(each) or each.id) if each.name in ("", each.id) else each.name
        for each in network.things
    }


def _vpc(vpc: Vpc) -> str:
    if vpc.name not in ("", vpc.id):
        return vpc.name
    return " ".join((vpc.region, *map(str, vpc.cidrs)))


def _users(network: Network) -> Callable[[NetworkAcl | RouteTable], str]:
    """'of 10.0.1.0/24, 10.0.2.0/24': by the subnets that it filters, or leads out of."""
    subnets: dict[str, list[str]] = {}
    for each in network.subnets:
        for id_ in (each.nacl, each.route_table):
            subnets.setdefault(id_, []).append(str(each.cidr))

    def said(thing: NetworkAcl | RouteTable) -> str:
        return f"of {', '.join(sorted(subnets.get(thing.id, ['nothing'])))}"

    return said
