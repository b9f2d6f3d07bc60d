"""A twin that stands, while its rules become those of another network.

A host goes on tracking what it tracks when its groups say otherwise, as AWS does, and a NACL
decides of each packet anew
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address
from typing import Final

from bulkhead.network import Listener, Network, NetworkAcl, Route
from bulkhead.twin import firewall, nftables, tcp
from bulkhead.twin.build import World
from bulkhead.twin.layout import Host, lay_out
from bulkhead.twin.measured import Drill, TwinError
from bulkhead.twin.run import measurement
from bulkhead.twin.tcp import Attempt, PortTakenError
from bulkhead.twin.trials import trials

_NOTHING: Final = NetworkAcl(id="", name="nobody's", vpc="", entries=())


class StandingTwin:
    """The rules that a world has, put in the place of one another."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._network = world.layout.network
        self._in_force: dict[tuple[str, IPv4Address], str] = {}

    def enforce(self, network: Network) -> None:
        """Give every host and every subnet the rules that it has there, each at once.

        What is not there has none, and nothing gets to it or from it. Raises TwinError where hosts
        or routes are there that this twin does not have.
        """
        known = {each.place: each for each in lay_out(network).hosts}
        self._refuse(network, known)
        for host in self._world.layout.hosts:
            if host.groups is not None:
                now = known.get(host.place)
                groups = now.groups if now else ()
                rules = "" if groups is None else firewall.host_rules(network, groups, host.name)
                if self._in_force.get(host.place) != rules:
                    with self._world.namespace(host):
                        _instead("inet sg", rules)
                    self._in_force[host.place] = rules
        for namespace, bridges in self._world.routers:
            guarded = [
                (each.subnet, _guard(network, each.subnet.id), each.name) for each in bridges
            ]
            with namespace:
                _instead("inet nacl", firewall.router_rules(guarded))
        self._network = network

    def drill(self, asked: Sequence[Listener], patience: float) -> Drill:
        """Who connects to whom now, by plain TCP: also where a program of somebody's waits."""
        began = time.monotonic()
        layout = lay_out(self._network)
        planned = trials(layout, (), asked)
        open_ = []
        try:
            for door in planned.doors:
                try:
                    open_.append(tcp.listen(self._world.namespace(door.host), door.port))
                except PortTakenError:
                    continue
            attempts = [
                Attempt(each, self._world.namespace(each.source), each.address, each.door.port)
                for each in planned.every
            ]
            outcomes = tcp.sweep(attempts, patience)
        finally:
            for listener in open_:
                listener.close()
        return Drill(
            measurements=tuple(measurement(trial, outcomes[trial]) for trial in planned.every),
            seconds=time.monotonic() - began,
            notes=(*layout.notes, *planned.notes),
            counters=self._world.counters(),
        )

    def _refuse(self, network: Network, known: Mapping[tuple[str, IPv4Address], Host]) -> None:
        new = [str(each) for place, each in known.items() if place not in self._world.hosts]
        if new:
            raise TwinError(f"this twin stands without {', '.join(new)}")
        standing = self._world.layout.network
        for each in network.subnets:
            if _routes(network, each.id) != _routes(standing, each.id):
                raise TwinError(f"this twin stands with other routes of subnet {each.name}")


def _routes(network: Network, subnet: str) -> frozenset[Route]:
    return frozenset(network.route_table[network.subnet[subnet].route_table].routes)


def _guard(network: Network, subnet: str) -> NetworkAcl:
    """The NACL of a subnet; of one that is not there an empty one, which lets nothing through."""
    found = network.subnet.get(subnet)
    return (
        network.nacl[found.nacl] if found else NetworkAcl(id="", name="nobody", vpc="", entries=())
    )


def _instead(table: str, rules: str) -> None:
    """In one transaction, so that no packet meets neither."""
    nftables.run(f"add table {table}\ndelete table {table}\n{rules}")
