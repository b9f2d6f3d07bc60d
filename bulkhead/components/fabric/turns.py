"""In which order groups that services share come into use, so that nobody is shut out between.

Who holds such a group is made, and changed, after the rules that name it stand; the service whose
rules these are after all who hold it: it may then let go of the group that named each of them.
Rules need groups alone, so no order is a circle; of services that each name a group that the
other holds neither waits for the other.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence

import pulumi

from bulkhead.components.service import Service
from bulkhead.network import Network


class Turns:
    """Of the services of a network what each of their interfaces comes after."""

    def __init__(self, network: Network, group_ids: Mapping[str, pulumi.Input[str]]) -> None:
        """`group_ids` gives those of shared groups by their planned ones."""
        self._network, self.group_ids = network, group_ids
        shared = {each.id: each.named_by for each in network.security_groups if each.named_by}
        self._naming = frozenset(shared.values())
        self._shared: dict[str, dict[str, None]] = defaultdict(dict)
        for each in network.interfaces if shared else ():
            for held in each.security_groups:
                if held in shared:
                    self._shared[each.service or ""][held] = None
        self._waiting: dict[str, asyncio.Future[list[pulumi.Resource]]] = {}
        self._guards: dict[str, Sequence[pulumi.Resource]] = {}

    def shared_by(self, service: str) -> Sequence[pulumi.Input[str]]:
        """The ids of the groups that a service shares with others."""
        return [self.group_ids[each] for each in self._shared.get(service, ())]

    def before(
        self, service: str, guards: Sequence[pulumi.Resource]
    ) -> Sequence[pulumi.Resource] | Awaitable[list[pulumi.Resource]]:
        """What comes before its interfaces, these `guards` among it; told once all stand in line,
        by `settle`."""
        if service not in self._naming and service not in self._shared:
            return guards
        self._guards[service] = guards
        self._waiting[service] = asyncio.get_running_loop().create_future()
        return self._waiting[service]

    def settle(self, services: Mapping[str, Service]) -> None:
        """Now that all groups and rules are asked for."""
        naming: dict[str, list[pulumi.Resource]] = defaultdict(list)
        holding: dict[str, list[str]] = defaultdict(list)
        for group in self._network.security_groups:
            for rule in group.rules:
                if rule.peer.kind == "group" and rule.peer.group in self.group_ids:
                    owner = services[group.service or group.more_of]
                    naming[rule.peer.group].append(owner.rules[rule.id])
        for service, held in self._shared.items():
            for each in held:
                holding[self._network.security_group[each].named_by].append(service)
        for service, future in self._waiting.items():
            first = [*self._guards[service]]
            for each in self._shared.get(service, ()):
                first += naming[each]
            if service in self._naming:
                first += services[service].rules.values()
                for other in holding[service]:
                    if other not in self._naming:
                        first += services[other].interfaces
            future.set_result(first)
