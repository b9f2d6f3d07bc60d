"""A shop as a plan makes it, for tests of what is said about planned networks (fixtures)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from bulkhead.network import Direction, Network, PortRange
from bulkhead.plan import Plan, plan
from tests.support.topologies import HEAD, topology_from

SHOP = {
    **HEAD,
    "segments": {"web": {"purpose": "front"}, "data": {"purpose": "back"}},
    "services": {
        "db": {"segment": "data", "sockets": {"ask": {"type": "REP", "bind": "tcp://*:6000"}}},
        "front": {
            "segment": "web",
            "replicas": 2,
            "sockets": {"ask": {"type": "REQ", "connect": "db.ask"}},
        },
    },
}


@pytest.fixture
def shop(tmp_path: Path) -> Plan:
    """front -> db.ask, across segments."""
    return plan(topology_from(tmp_path, SHOP))


@pytest.fixture
def narrowed() -> Callable[[Network], Network]:
    """The network, with replies let back into the web segment on half of the client ports only."""

    def narrow(network: Network) -> Network:
        nacls = []
        for acl in network.nacls:
            entries = tuple(
                dataclasses.replace(each, ports=PortRange(32768, 49999))
                if acl.name == "web" and each.direction is Direction.INGRESS
                else each
                for each in acl.entries
            )
            nacls.append(dataclasses.replace(acl, entries=entries))
        return dataclasses.replace(network, nacls=tuple(nacls))

    return narrow
