"""What a kernel does with connections that are open when a service is put into quarantine.

Run as a process of its own: it becomes the administrator of a network of its own. Prints for each
flow whether what its client sends comes back: before, when the groups are those of the quarantine,
and when the NACLs are.
"""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import replace
from itertools import count
from typing import Any

import yaml

from bulkhead.intent.load import topology_of
from bulkhead.network import Flow
from bulkhead.plan import Plan, plan
from bulkhead.twin.build import World, build
from bulkhead.twin.kernel import become_network_admin
from bulkhead.twin.layout import lay_out
from bulkhead.twin.standing import StandingTwin

PATIENCE = 1.5


class Pair:
    """A connection of one flow, between the first of its copies."""

    def __init__(self, world: World, flow: Flow) -> None:
        client = world.layout.find(f"{flow.client}-1")
        server = world.layout.find(f"{flow.server.owner}-1")
        with world.namespace(server):
            door = socket.create_server((str(server.addresses[0]), flow.server.ports.first))
        with world.namespace(client):
            self.near = socket.create_connection(door.getsockname(), timeout=5)
        self.far, _ = door.accept()
        door.close()
        self.near.settimeout(PATIENCE)
        self.far.settimeout(PATIENCE)
        self.turn = count()

    def speaks(self) -> bool:
        """Whether what is sent arrives, and comes back."""
        said = f"{next(self.turn):04}".encode()
        try:
            self.near.sendall(said)
            heard = self.far.recv(4096)
            self.far.sendall(heard)
            return self.near.recv(4096).endswith(said)
        except TimeoutError:
            return False


def main(document: dict[str, Any], quarantine: list[Any]) -> None:
    before = _planned(document)
    after = _planned({**document, "quarantine": quarantine})
    become_network_admin()
    world = build(lay_out(before.network, before.flows))
    standing = StandingTwin(world)
    pairs = {str(flow): Pair(world, flow) for flow in before.flows}
    told = {"before": _speaking(pairs)}
    standing.enforce(replace(before.network, security_groups=after.network.security_groups))
    told["groups"] = _speaking(pairs)
    standing.enforce(after.network)
    told["nacls"] = _speaking(pairs)
    json.dump(told, sys.stdout)


def _planned(document: dict[str, Any]) -> Plan:
    return plan(topology_of("topology.yaml", yaml.safe_dump(document, sort_keys=False).encode()))


def _speaking(pairs: dict[str, Pair]) -> list[str]:
    return [name for name, each in pairs.items() if each.speaks()]


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
