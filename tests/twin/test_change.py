"""Streams that run while the rules become those of another plan, call by call."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bulkhead.agree import hold
from bulkhead.network import Flow, Network, NetworkAcl
from bulkhead.prove import prove
from bulkhead.review.steps.held import Facts
from bulkhead.twin import Drill, PartyKind, Program, Twin
from tests.review.steps.test_steps import between
from tests.support.topologies import HEAD

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

PATIENCE = 0.3
"""Seconds: on one machine an answer takes a thousandth of that."""
CHECKOUT = Path(__file__).resolve().parents[2]


def service(segment: str, **sockets: Any) -> dict[str, Any]:
    return {"segment": segment, "sockets": sockets}


def pull(port: int) -> dict[str, Any]:
    return {"type": "PULL", "bind": f"tcp://*:{port}"}


def push(to: str) -> dict[str, Any]:
    return {"type": "PUSH", "connect": to}


BEFORE: dict[str, Any] = {
    **HEAD,
    "zones": 1,
    "segments": {"feed": {"purpose": "prices"}, "desk": {"purpose": "people"}},
    "services": {
        "ticker": service("feed", ticks={"type": "PUB", "bind": "tcp://*:5556"}),
        "book": service("desk", orders=pull(5600)),
        "reader": service(
            "desk",
            ticks={"type": "SUB", "connect": "ticker.ticks"},
            out=push("old.in"),
        ),
        "maker": service("feed", orders=push("book.orders"), logs=push("logger.in")),
        "logger": service("desk", **{"in": pull(5700)}),
        "old": service("feed", **{"in": pull(5800)}),
    },
}
AFTER: dict[str, Any] = {
    **BEFORE,
    "segments": {**BEFORE["segments"], "vault": {"purpose": "what is kept"}},
    "services": {
        **{name: said for name, said in BEFORE["services"].items() if name != "old"},
        "reader": service(
            "desk",
            ticks={"type": "SUB", "connect": "ticker.ticks"},
            out=push("archive.in"),
        ),
        "logger": service("desk", **{"in": pull(5701)}),
        "archive": service("vault", **{"in": pull(5900)}),
    },
}
"""Another port, another service in a segment of its own, and one less."""


@dataclass(frozen=True)
class Stream:
    """Numbered messages, and the program that counts them."""

    sender: Program
    receiver: Program

    @property
    def last(self) -> int:
        lines = self.receiver.stdout.read_text().splitlines()
        return int(lines[-2]) if len(lines) > 1 else 0

    def goes_on(self, seconds: float) -> bool:
        """Whether more messages arrive in this time than were under way."""
        ends, wanted = time.monotonic() + seconds, self.last + 10
        while self.last < wanted and time.monotonic() < ends:
            time.sleep(0.005)
        return self.last >= wanted

    def ended(self) -> dict[str, Any]:
        self.sender.terminate()
        assert self.sender.wait(10) == 0, self.sender.stderr.read_text()
        assert self.receiver.wait(10) == 0, self.receiver.stderr.read_text()
        told: dict[str, Any] = json.loads(self.receiver.stdout.read_text().splitlines()[-1])
        return {**told, "sent": int(self.sender.stdout.read_text())}


def streams(twin: Twin, network: Network) -> Iterator[Stream]:
    """What the ticker publishes, and what the maker pushes into the book."""
    at = {each.name: each.address for each in network.interfaces}

    def run(host: str, *words: str) -> Program:
        return twin.run(host, [sys.executable, "-m", "tests.twin.stream", *words], cwd=CHECKOUT)

    publishes = run("ticker-1", "send", "PUB", "bind", "tcp://*:5556")
    ticks = f"tcp://{at['ticker-1']}:5556"
    yield Stream(publishes, run("reader-1", "receive", "SUB", "connect", ticks))
    takes = run("book-1", "receive", "PULL", "bind", "tcp://*:5600")
    orders = f"tcp://{at['book-1']}:5600"
    yield Stream(run("maker-1", "send", "PUSH", "connect", orders), takes)


def all_that_stands(states: list[Network]) -> Network:
    """Whatever is there at any time, for a twin to be built of."""
    last = states[-1]
    every: dict[str, Any] = {}
    for kind in ("subnets", "interfaces", "security_groups", "nacls", "route_tables"):
        found = {each.id: each for state in states for each in getattr(state, kind)}
        every[kind] = tuple(found.values())
    return replace(last, **every)


def opened(drill: Drill, flows: tuple[Flow, ...]) -> set[str]:
    """Who was connected to what nobody declares; between two hosts that somebody might start in
    its subnets NACLs alone decide, and they go by subnets."""
    declared = {(each.client, each.server.owner, each.server.ports.first) for each in flows}
    return {
        str(each)
        for each in drill.measurements
        if each.allowed
        and {each.source.kind, each.target.kind} != {PartyKind.STRANGER}
        and (each.source.service, each.target.service, each.port) not in declared
    }


def shut(acl: NetworkAcl) -> NetworkAcl:
    return replace(acl, entries=())


@pytest.mark.usefixtures("namespaces")
def test_streams_lose_no_message_while_rules_change_call_by_call_and_nothing_else_is_open():
    old, new, told = between(BEFORE, AFTER)
    assert told.loses_nothing
    flows = tuple(dict.fromkeys((*old.flows, *new.flows)))
    states = [Facts(old.network, new.network).of_both(old.network)]
    calls = [call for step in told.steps for call in step.calls]
    for call in calls:
        states.append(call.edit(states[-1]))
    with Twin(all_that_stands(states)) as twin:
        twin.enforce(states[0])
        running = [*streams(twin, states[0])]
        for each in running:
            assert each.goes_on(10)
        for call, state in zip(calls, states[1:], strict=True):
            twin.enforce(state)
            drilled = twin.drill(patience=PATIENCE)
            assert opened(drilled, flows) == set(), call
            assert hold(drilled, prove(state)).disagreements == (), call
            for each in running:
                assert each.goes_on(5), call
        twin.enforce(replace(states[-1], nacls=tuple(map(shut, states[-1].nacls))))
        assert not any(each.goes_on(0.3) for each in running), "what is cut is seen"
        twin.enforce(states[-1])
        for each in running:
            ended = each.ended()
            assert ended["gaps"] == []
            assert ended["last"] == ended["sent"]
            assert ended["sent"] - ended["first"] > 10 * len(calls)
