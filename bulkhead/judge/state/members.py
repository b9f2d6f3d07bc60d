"""Interfaces that come and go: which of an account are members of a service of the plan, and which
hold its group and are none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv6Address

from bulkhead.network import GroupMembers, Interface, InterfaceKind, Network


class Membership:
    """Of the services of a plan whose interfaces come and go: who is one of them.

    `known` gives what an id of the account is in the plan.
    """

    def __init__(self, planned: Network, known: Callable[[str], object]) -> None:
        self._known = known
        self._members: dict[str, GroupMembers] = {
            each.id: each.members for each in planned.security_groups if each.members
        }
        self._stand_ins: dict[str, list[Interface]] = defaultdict(list)
        for each in planned.interfaces:
            if each.stand_in:
                self._stand_ins[each.security_groups[0]].append(each)
        self._subnets = planned.subnet
        self._count: Counter[str] = Counter()
        self.why_not: dict[str, str] = {}
        """Of an interface that holds such a group and is no member, by its id."""

    def pairs(self, observed: Iterable[Interface]) -> Iterator[tuple[Interface, Interface]]:
        """Each member with what is planned of it: all of its stand-in but the address.

        The first that are there are, up to the most that the plan allows.
        """
        for each in sorted(observed, key=lambda one: (len(one.security_groups), one.id)):
            groups = [group for held in each.security_groups if (group := self._group(held))]
            for group in groups:
                if why := self._astray(each, group):
                    self.why_not.setdefault(each.id, why)
                    continue
                self._count[group] += 1
                self.why_not.pop(each.id, None)
                (mine,) = self._there(each, group)
                yield _as_planned(mine, each), each
                break

    def _group(self, held: str) -> str:
        group = self._known(held)
        return group if isinstance(group, str) and group in self._members else ""

    def _there(self, each: Interface, group: str) -> list[Interface]:
        where = self._known(each.subnet)
        return [one for one in self._stand_ins[group] if one.subnet == where]

    def _astray(self, each: Interface, group: str) -> str:
        """Why it is no member, in words; '' where it is one."""
        members, every = self._members[group], self._stand_ins[group]
        service = every[0].service
        if not self._there(each, group):
            there = ", ".join(sorted(self._subnets[one.subnet].name for one in every))
            return f"members of {service} belong in {there}"
        if each.kind is not InterfaceKind.HOST or each.function != members.function:
            return f"{service} is {'a function' if members.function else 'no function'} of Lambda"
        if members.limit is not None and self._count[group] >= members.limit:
            return f"{service} has {members.limit} members besides, the most that it may have"
        return ""


def _as_planned(stand_in: Interface, member: Interface) -> Interface:
    """What is planned of a member. That it holds groups of two services is told as that: so it is
    not known which of them it is."""
    return replace(
        stand_in,
        name=member.name,
        address=member.address,
        ipv6_addresses=_ipv6(stand_in, member),
        service=member.service and stand_in.service,
        stand_in=False,
    )


def _ipv6(stand_in: Interface, member: Interface) -> tuple[IPv6Address, ...]:
    """Where the subnet has IPv6, one or none: whoever runs it asks for it, or does not."""
    if stand_in.ipv6_addresses and len(member.ipv6_addresses) <= 1:
        return member.ipv6_addresses
    return stand_in.ipv6_addresses
