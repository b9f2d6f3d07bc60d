"""A real update of a stack, with real streams on the network that it changes.

The engine calls the local AWS, several calls at once. After each call that changes something all
others wait until the twin has the rules that the account has then, everybody has tried to connect
to everybody, and every stream has gone on.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Any

import pytest
import yaml

from bulkhead.agree import hold
from bulkhead.network import (
    ALL_PORTS,
    ANY_PROTOCOL,
    CidrPeer,
    Direction,
    Flow,
    GroupPeer,
    GroupRule,
    Network,
)
from bulkhead.plan import Plan, lock_path
from bulkhead.prove import prove
from bulkhead.review import Version
from bulkhead.review.steps import Act, ApiCall, ChangeSteps, steps
from bulkhead.sources import open_topology
from bulkhead.twin import Drill, PartyKind, Program, Twin, availability
from tests.integration.conftest import ROOT, Checkout, make_checkout
from tests.integration.watched import Watched, watched
from tests.support.topologies import HEAD

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

PATIENCE = 0.3
"""Seconds: on one machine an answer takes a thousandth of that."""
TIME = 250.0
"""Seconds that the twin may stand."""


def service(segment: str, **sockets: Any) -> dict[str, Any]:
    return {"segment": segment, "sockets": sockets}


def pull(port: int) -> dict[str, Any]:
    return {"type": "PULL", "bind": f"tcp://*:{port}"}


def push(to: str) -> dict[str, Any]:
    return {"type": "PUSH", "connect": to}


def login(to: str) -> dict[str, Any]:
    return {
        "name": f"login-{to}",
        "from": "bastion",
        "to": to,
        "traffic": "tcp 22",
        "why": "to look what is wrong",
    }


def cut_off(*services: str) -> dict[str, Any]:
    return {"quarantine": [{"service": each, "responder": "bastion"} for each in services]}


SUSPECTS = ("freed", "suspect", "another")
BEFORE: dict[str, Any] = {
    **HEAD,
    "name": "trading",
    "zones": 1,
    "flow-logs": {"to": "none", "why": "a test"},
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
        "bastion": {"segment": "desk"},
        **{each: {"segment": "feed"} for each in SUSPECTS},
    },
    "flows": [login(each) for each in SUSPECTS],
    **cut_off("freed"),
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
    **cut_off("suspect"),
}
"""Another port, another service in a segment of its own, one less, one cut off and one no more."""
LATER: dict[str, Any] = {**AFTER, **cut_off("suspect", "another")}


@dataclass(frozen=True)
class Moment:
    """What was so after one call."""

    action: str
    network: Network
    opened: frozenset[str]
    """Connections that nobody declares."""
    doubted: tuple[str, ...]
    """Where the drill and the proof of what the account holds contradict each other."""
    stalled: tuple[str, ...]
    """Streams on which nothing came any more."""


@dataclass(frozen=True)
class Update:
    """One `pulumi up`, between two plans."""

    old: Plan
    new: Plan
    start: Network
    moments: tuple[Moment, ...]
    most_at_once: int

    @property
    def told(self) -> ChangeSteps:
        return steps(version(self.old), version(self.new))

    @property
    def planned(self) -> tuple[ApiCall, ...]:
        """The calls in the order of `bulkhead plan --change`."""
        return tuple(call for step in self.told.steps for call in step.calls)

    @property
    def came(self) -> tuple[ApiCall, ...]:
        """The same in the order in which they came: each by what it made of the network."""
        state, left, found = self.old.network, [*self.planned], []
        assert said(state) == said(self.start)
        for each in self.moments:
            now = said(each.network)
            if now == said(state):
                continue  # an attribute of something, or a default that is taken back
            (call,) = [call for call in left if said(call.edit(state)) == now] or [None]
            assert call is not None, f"{each.action} leaves what no call leaves that was told"
            state = call.edit(state)
            left.remove(call)
            found.append(call)
        assert left == [], "calls that were told, and did not come"
        return tuple(found)


def said(network: Network) -> dict[str, Any]:
    """What stands, each by its name, beside what AWS gives every VPC."""
    acl = {each.id: each.name for each in network.nacls}
    table = {each.id: each.name for each in network.route_tables}
    group = {each.id: each.name for each in network.security_groups}
    held = {one for each in network.interfaces for one in each.security_groups}

    def rule_said(rule: GroupRule) -> GroupRule:
        peer = rule.peer
        if isinstance(peer, GroupPeer):
            peer = GroupPeer(group.get(peer.group, peer.group))
        return replace(rule, id="", description="", peer=peer)

    def rules_said(id_: str, rules: Iterable[GroupRule]) -> frozenset[GroupRule]:
        every = frozenset(map(rule_said, rules))
        return every if id_ in held else every - {GIVEN_BY_AWS}

    return {
        "nacls": {each.name: {*each.entries} for each in network.nacls if not each.default},
        "tables": {each.name: {*each.routes} for each in network.route_tables if not each.main},
        "groups": {
            each.name: rules_said(each.id, each.rules)
            for each in network.security_groups
            if not each.default
        },
        "subnets": {
            each.name: (each.cidr, acl.get(each.nacl), table.get(each.route_table))
            for each in network.subnets
        },
        "interfaces": {
            each.name: (each.address, {group.get(one, one) for one in each.security_groups})
            for each in network.interfaces
        },
    }


GIVEN_BY_AWS = GroupRule(
    id="",
    direction=Direction.EGRESS,
    protocol=ANY_PROTOCOL,
    ports=ALL_PORTS,
    peer=CidrPeer(IPv4Network("0.0.0.0/0")),
)
"""What every new group lets out, until whoever made it takes that back
(docs.aws.amazon.com/vpc/latest/userguide/creating-security-groups.html)."""


def version(made: Plan) -> Version:
    return Version(
        label="", network=made.network, origins=made.origins, declaration=made.declaration
    )


def waits_for(update: Update) -> Callable[[ApiCall, ApiCall], bool]:
    """Whether of two calls of an update one may not come before the other has."""
    both = update.old.network, update.new.network
    entries = {
        (acl.name, str(each)): each for one in both for acl in one.nacls for each in acl.entries
    }

    def beneath(call: ApiCall) -> set[tuple[str, str]]:
        """What has to stand before the call makes something, and until it is deleted."""
        match call.kind:
            case "NACL entry":
                return {("NACL", call.of)}
            case "NACL association":
                acl = call.what.removeprefix("to ")
                return {("subnet", call.of), ("NACL", acl), ("NACL entry", acl)}
            case "route table association":
                table = call.what.removeprefix("to ")
                return {("subnet", call.of), ("route table", table), ("route", table)}
            case "rule of security group":
                peer = re.search(r" (?:to|from) (\S+)$", call.what)
                return {("security group", call.of), ("security group", peer[1] if peer else "")}
            case "interface":
                return {
                    found
                    for one in both
                    for each in one.interfaces
                    if each.name == call.of
                    for found in (
                        ("subnet", one.subnet_of(each).name),
                        *(
                            ("security group", one.security_group[id_].name)
                            for id_ in each.security_groups
                        ),
                    )
                }
        return set()

    def decides_first(one: ApiCall, other: ApiCall) -> bool:
        """Whether an entry is asked before another that says the contrary of some packet."""
        first, then = (entries.get((each.of, each.what)) for each in (one, other))
        return (
            first is not None
            and then is not None
            and one.of == other.of
            and first.direction is then.direction
            and first.action is not then.action
            and first.number < then.number
            and first.cidr.overlaps(then.cidr)
        )

    def waits(call: ApiCall, other: ApiCall) -> bool:
        if (call.act is Act.DELETE) is not (other.act is Act.DELETE):
            return call.act is Act.DELETE
        if call.act is Act.DELETE:
            call, other = other, call
        return (other.kind, other.of) in beneath(call) or decides_first(other, call)

    return waits


def out_of_order(update: Update, calls: Sequence[ApiCall]) -> list[tuple[str, str]]:
    """Calls that came before what they wait for."""
    waits = waits_for(update)
    return [
        (str(call), str(later))
        for at, call in enumerate(calls)
        for later in calls[at + 1 :]
        if waits(call, later)
    ]


@dataclass(frozen=True)
class Stream:
    """Numbered messages, and the program that counts them."""

    name: str
    sender: Program
    receiver: Program

    @property
    def last(self) -> int:
        lines = self.receiver.stdout.read_text().splitlines()
        return int(lines[-2]) if len(lines) > 1 else 0

    def ended(self) -> dict[str, Any]:
        self.sender.terminate()
        assert self.sender.wait(10) == 0, self.sender.stderr.read_text()
        assert self.receiver.wait(10) == 0, self.receiver.stderr.read_text()
        told: dict[str, Any] = json.loads(self.receiver.stdout.read_text().splitlines()[-1])
        return {**told, "sent": int(self.sender.stdout.read_text())}


def stalled(running: Sequence[Stream], seconds: float) -> tuple[str, ...]:
    """Those on which in this time no more messages arrive than were under way."""
    ends, wanted = time.monotonic() + seconds, {each: each.last + 10 for each in running}
    while wanted and time.monotonic() < ends:
        time.sleep(0.005)
        wanted = {each: number for each, number in wanted.items() if each.last < number}
    return tuple(each.name for each in wanted)


def streams(twin: Twin, network: Network) -> Iterator[Stream]:
    """Of flows that no update changes: two that services declare, and what the bastion sends to
    hosts that are cut off meanwhile, or no more."""
    at = {each.name: each.address for each in network.interfaces}

    def run(host: str, *words: str) -> Program:
        return twin.run(host, [sys.executable, "-m", "tests.support.stream", *words], cwd=ROOT)

    publishes = run("ticker-1", "send", "PUB", "bind", "tcp://*:5556")
    ticks = run("reader-1", "receive", "SUB", "connect", f"tcp://{at['ticker-1']}:5556")
    yield Stream("ticks", publishes, ticks)
    for client, server, port in (
        ("maker-1", "book-1", 5600),
        *(("bastion-1", f"{each}-1", 22) for each in SUSPECTS),
    ):
        takes = run(server, "receive", "PULL", "bind", f"tcp://*:{port}")
        sends = run(client, "send", "PUSH", "connect", f"tcp://{at[server]}:{port}")
        yield Stream(f"{client} to {server}", sends, takes)


def by_block(network: Network) -> Network:
    """With subnets by their block: in the account none has an id before it is made."""
    called = {each.id: str(each.cidr) for each in network.subnets}
    return replace(
        network,
        subnets=tuple(replace(each, id=called[each.id]) for each in network.subnets),
        interfaces=tuple(replace(each, subnet=called[each.subnet]) for each in network.interfaces),
    )


def with_what_comes(stands: Network, planned: Network) -> Network:
    """What the account holds, and places for what an update makes there."""
    (vpc,) = stands.vpcs
    acl = next(each.id for each in stands.nacls if each.default)
    table = next(each.id for each in stands.route_tables if each.main)
    blocks = {each.cidr for each in stands.subnets}
    addresses = {each.address for each in stands.interfaces}
    return replace(
        stands,
        subnets=(
            *stands.subnets,
            *(
                replace(each, vpc=vpc.id, nacl=acl, route_table=table)
                for each in planned.subnets
                if each.cidr not in blocks
            ),
        ),
        interfaces=(
            *stands.interfaces,
            *(
                replace(each, security_groups=())
                for each in planned.interfaces
                if each.address not in addresses
            ),
        ),
    )


def opened(drill: Drill, flows: Iterable[Flow]) -> Iterator[str]:
    """Who was connected to what nobody declares; between two hosts that somebody might start in
    its subnets NACLs alone decide, and they go by subnets."""
    declared = {(each.client, each.server.owner, each.server.ports.first) for each in flows}
    for each in drill.measurements:
        of_strangers = {each.source.kind, each.target.kind} == {PartyKind.STRANGER}
        asked = each.source.service, each.target.service, each.port
        if each.allowed and not of_strangers and asked not in declared:
            yield str(each)


@dataclass
class Drive:
    """A stack that is brought up to one topology after another under what runs in its twin."""

    checkout: Checkout
    aws: Watched
    stands: Plan

    def planned(self, document: dict[str, Any]) -> Plan:
        self.checkout.topology.write_text(yaml.safe_dump(document, sort_keys=False))
        return open_topology(self.checkout.topology).plan

    def to(
        self, document: dict[str, Any], twin: Twin, running: Sequence[Stream], seconds: float
    ) -> Update:
        """`seconds` is how long one waits for a stream that stands still."""
        old, new = self.stands, self.planned(document)
        flows = dict.fromkeys((*old.flows, *new.flows))
        start, moments = self.aws.network(), []

        def look(action: str, network: Network) -> None:
            twin.enforce(by_block(network))
            drilled = twin.drill(patience=PATIENCE)
            moments.append(
                Moment(
                    action=action,
                    network=network,
                    opened=frozenset(opened(drilled, flows)),
                    doubted=tuple(map(str, hold(drilled, prove(by_block(network))).disagreements)),
                    stalled=stalled(running, seconds),
                )
            )

        with self.aws.looking(look):
            ran = self.checkout.pulumi("up", "--yes", "--skip-preview", "--stack", "dev")
        assert ran.code == 0, ran.said
        self.stands = new
        return Update(old, new, start, tuple(moments), self.aws.most_at_once)


@dataclass(frozen=True)
class Found:
    update: Update
    ended: Mapping[str, Mapping[str, Any]]
    """What became of each stream."""
    careless: Update
    """One whose components let entries come in any order."""
    by_hand: set[str]
    """What the drill says once somebody has opened a port."""


CAREFUL = "opts=self.child(after=before or None, delete_before_replace=True)"
CARELESS = "opts=self.child(delete_before_replace=True)"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    if unavailable := availability():
        pytest.skip(str(unavailable))
    checkout = make_checkout(tmp_path_factory.mktemp("under-way"))
    lock_path(checkout.topology).unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch, watched(checkout) as aws:
        patch.delenv("CI", raising=False)  # where it is set, a lock has to hold all of a plan
        checkout.topology.write_text(yaml.safe_dump(BEFORE, sort_keys=False))
        ran = checkout.stack("up", "--skip-preview")
        assert ran.code == 0, ran.said
        drive = Drive(checkout, aws, open_topology(checkout.topology).plan)
        stands = aws.network()
        every = by_block(with_what_comes(stands, drive.planned(AFTER).network))
        with Twin(every, deadline=TIME) as twin:
            twin.enforce(by_block(stands))
            running = [*streams(twin, stands)]
            assert stalled(running, 20) == ()
            update = drive.to(AFTER, twin, running, seconds=5)
            *others, last = running
            ended = {each.name: each.ended() for each in others}
            segment = checkout.root / "bulkhead" / "components" / "segment.py"
            assert CAREFUL in segment.read_text()
            segment.write_text(segment.read_text().replace(CAREFUL, CARELESS))
            careless = drive.to(LATER, twin, [last], seconds=0.5)
            ended[last.name] = last.ended()
            by_hand = opened_by_hand(checkout, aws, twin, careless)
    return Found(update, ended, careless, by_hand)


def opened_by_hand(checkout: Checkout, aws: Watched, twin: Twin, update: Update) -> set[str]:
    """What the drill has to say of a port that somebody opens."""
    group = {each.name: each.id for each in aws.network().security_groups}
    rule = {"IpProtocol": "tcp", "FromPort": 5600, "ToPort": 5600}
    peers = {"UserIdGroupPairs": [{"GroupId": group["bastion"]}]}
    checkout.ec2.authorize_security_group_ingress(
        GroupId=group["book"], IpPermissions=[{**rule, **peers}]
    )
    peers = {"UserIdGroupPairs": [{"GroupId": group["book"]}]}
    checkout.ec2.authorize_security_group_egress(
        GroupId=group["bastion"], IpPermissions=[{**rule, **peers}]
    )
    twin.enforce(by_block(aws.network()))
    return {*opened(twin.drill(patience=PATIENCE), update.new.flows)}


def test_streams_lose_no_message_and_go_on_after_every_call(found):
    for each in found.update.moments:
        assert each.stalled == (), each.action
    for name, ended in found.ended.items():
        assert ended["gaps"] == [], name
        assert ended["last"] == ended["sent"], name
        assert ended["sent"] - ended["first"] > 10 * len(found.update.moments), name


def test_after_every_call_nobody_gets_through_but_who_is_declared_and_proof_and_drill_agree(found):
    assert found.update.most_at_once > 1, "the engine did not call several at once"
    assert len(found.update.moments) > 25
    for each in found.update.moments:
        assert each.opened == frozenset(), each.action
        assert each.doubted == (), each.action


def test_the_calls_are_those_that_were_told_in_an_order_that_keeps_what_waits(found):
    update = found.update
    assert (update.told.broken, update.told.nobodys) == ((), ())
    assert out_of_order(update, update.planned) == []
    assert out_of_order(update, update.came) == []
    assert sorted(map(str, update.came)) == sorted(map(str, update.planned))


def test_components_that_forget_an_order_are_caught_by_the_streams_and_by_the_order(found):
    careless = found.careless
    assert any(each.stalled for each in careless.moments)
    assert out_of_order(careless, careless.came)
    assert out_of_order(careless, careless.planned) == []


def test_a_port_that_somebody_opens_meanwhile_is_caught_by_the_drill(found):
    assert found.by_hand
