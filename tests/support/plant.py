"""Topologies of any size: a plant of stages, each stage a segment, wired like a real one."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.support.topologies import HEAD

STAGES = ("ingest", "decode", "route", "store", "query", "alert", "audit", "bill", "train", "serve")
PAIRS = (("PUB", "SUB"), ("PULL", "PUSH"), ("ROUTER", "DEALER"), ("REP", "REQ"))


def plant(services: int, *, stages: int | None = None, seed: int = 1) -> dict[str, Any]:
    """A valid topology of so many services, most of which talk to the next stage."""
    random = Random(seed)  # noqa: S311 - the same plant every time, no secret
    count = stages or max(2, min(len(STAGES), services // 5))
    names = [f"{STAGES[n % len(STAGES)]}{n // len(STAGES) or ''}" for n in range(count)]
    parties: dict[str, Any] = {}
    kinds: dict[str, tuple[str, str]] = {}
    by_stage: list[list[str]] = [[] for _ in names]
    for number in range(services):
        stage = number % count
        name = f"{names[stage]}-{number // count + 1}"
        kinds[name] = random.choice(PAIRS)
        parties[name] = {
            "segment": names[stage],
            "replicas": random.choice((1, 1, 1, 2, 3)),
            "sockets": {
                "in": {"type": kinds[name][0], "bind": f"tcp://*:{5500 + number // count}"}
            },
        }
        by_stage[stage].append(name)
    for name, party in parties.items():
        stage = names.index(party["segment"])
        near = by_stage[(stage + 1) % count]
        wanted = random.sample(near, min(len(near), random.choice((1, 1, 2, 2, 3))))
        if random.random() < 0.2:
            wanted.append(random.choice(list(parties)))
        for number, target in enumerate(dict.fromkeys(wanted)):
            if target != name:
                party["sockets"][f"out{number}"] = {
                    "type": kinds[target][1],
                    "connect": f"{target}.in",
                }
    first = by_stage[0][0]
    return {
        **HEAD,
        "name": f"plant-{services}",
        "cidr": "10.32.0.0/12" if services > 200 else "10.32.0.0/16",
        "segments": {each: {"purpose": f"{each} what the stage before left"} for each in names},
        "services": parties,
        "sites": {
            "plant": {
                "cidrs": ["192.168.10.0/24"],
                "gateway": {"address": "203.0.113.10", "asn": 65010},
                "sockets": {"out": {"type": kinds[first][1], "connect": f"{first}.in"}},
            }
        },
    }
