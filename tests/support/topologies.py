"""Topologies for tests: from text, and at random."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from bulkhead.intent import Topology, load

HEAD: dict[str, Any] = {
    "name": "shop",
    "region": "eu-west-1",
    "cidr": "10.20.0.0/16",
    "zones": 2,
}

LEGAL = {
    "PUB": ("SUB", "XSUB"),
    "PULL": ("PUSH",),
    "REP": ("REQ", "DEALER"),
    "ROUTER": ("DEALER", "REQ", "ROUTER"),
    "TCP": ("TCP",),
}


def topology_from(folder: Path, document: dict[str, Any] | str) -> Topology:
    """Load a topology from a document, or from the text of one."""
    path = folder / "topology.yaml"
    if isinstance(document, str):
        path.write_text(textwrap.dedent(document))
    else:
        with path.open("w") as file:
            YAML(typ="safe").dump(document, file)
    return load(path)


@st.composite
def documents(
    draw: st.DrawFn, max_services: int = 7, first_ports: tuple[int, ...] = (5000,)
) -> dict[str, Any]:
    """A valid topology: a few segments and services, random wiring, perhaps a site.

    Each port lies within thirty of one of `first_ports`.
    """
    segments = [f"seg{number}" for number in range(draw(st.integers(1, 4)))]
    names = [f"svc{number}" for number in range(draw(st.integers(1, max_services)))]
    services: dict[str, Any] = {}
    listeners: list[tuple[str, str, str]] = []
    for name in names:
        sockets: dict[str, Any] = {}
        for index in range(draw(st.integers(0, 3))):
            kind = draw(st.sampled_from(sorted(LEGAL)))
            port = draw(st.sampled_from(first_ports)) + 10 * index + draw(st.integers(0, 9))
            sockets[f"in{index}"] = {"type": kind, "bind": f"tcp://*:{port}"}
            listeners.append((name, f"in{index}", kind))
        services[name] = {
            "segment": draw(st.sampled_from(segments)),
            "replicas": draw(st.integers(1, 3)),
            "sockets": sockets,
        }
    site: dict[str, Any] = {
        "cidrs": ["192.168.10.0/24"],
        "gateway": {"address": "203.0.113.10", "asn": 65010},
        "sockets": {},
    }
    parties = {**services, "venue": site} if draw(st.booleans()) else services
    for number, (owner, socket, kind) in enumerate(listeners):
        for client in draw(st.lists(st.sampled_from(sorted(parties)), max_size=3, unique=True)):
            if client != owner:
                parties[client]["sockets"][f"out{number}"] = {
                    "type": draw(st.sampled_from(LEGAL[kind])),
                    "connect": f"{owner}.{socket}",
                }
    for name, service in services.items():
        if not service["sockets"]:
            service["sockets"]["idle"] = {"type": "PAIR", "bind": f"inproc://{name}"}
    isolated = draw(st.sets(st.sampled_from(segments)))
    document = {
        **HEAD,
        "zones": draw(st.integers(1, 3)),
        "segments": {
            name: {
                "purpose": f"purpose of {name}",
                "isolation": "service" if name in isolated else "segment",
            }
            for name in segments
        },
        "services": services,
    }
    if "venue" in parties and site["sockets"]:
        document["sites"] = {"venue": site}
    return document
