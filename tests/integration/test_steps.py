"""What a real update does to an AWS, call by call: each state that it leaves behind is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from bulkhead.ends import Endpoint
from bulkhead.ends.labels import owner
from bulkhead.judge import judge
from bulkhead.network import Declaration, Flow, Network, Verdict
from bulkhead.plan import Plan, lock_path
from bulkhead.prove import Reach, prove
from bulkhead.review import Version
from bulkhead.review.steps import ChangeSteps, steps
from bulkhead.review.steps.staying import staying
from bulkhead.sources import open_topology
from tests.integration.conftest import Checkout, make_checkout
from tests.integration.watched import watched
from tests.support.topologies import HEAD

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

SHOP: dict[str, Any] = {
    **HEAD,
    "name": "trading",
    "flow-logs": {"to": "none", "why": "a test"},
    "segments": {"feed": {"purpose": "prices"}, "desk": {"purpose": "people"}},
    "services": {
        "ticker": {
            "segment": "feed",
            "sockets": {"ticks": {"type": "PUB", "bind": "tcp://*:5556"}},
        },
        "other": {
            "segment": "feed",
            "sockets": {
                "in": {"type": "PULL", "bind": "tcp://*:5600"},
                "ticks": {"type": "PUB", "bind": "tcp://*:5557"},
            },
        },
        "reader": {
            "segment": "desk",
            "sockets": {
                "ticks": {"type": "SUB", "connect": ["ticker.ticks", "other.ticks"]},
                "out": {"type": "PUSH", "connect": "other.in"},
            },
        },
        "bastion": {"segment": "desk"},
    },
    "flows": [
        {"name": "ssh", "from": "bastion", "to": "ticker", "traffic": "tcp 22", "why": "to log in"}
    ],
}


def with_port(port: int) -> dict[str, Any]:
    other = SHOP["services"]["other"]
    sockets = {**other["sockets"], "in": {"type": "PULL", "bind": f"tcp://*:{port}"}}
    return {**SHOP, "services": {**SHOP["services"], "other": {**other, "sockets": sockets}}}


CUT_AND_APART = {
    **with_port(5700),
    "segments": {**SHOP["segments"], "feed": {"purpose": "prices", "isolation": "service"}},
    "quarantine": [{"service": "ticker", "responder": "bastion"}],
}


@dataclass(frozen=True)
class Updated:
    old: Plan
    new: Plan
    states: tuple[tuple[str, Network], ...]

    @property
    def told(self) -> ChangeSteps:
        return steps(*(version(each) for each in (self.old, self.new)))


def version(made: Plan) -> Version:
    return Version(
        label="", network=made.network, origins=made.origins, declaration=made.declaration
    )


@pytest.fixture(scope="module")
def update(tmp_path_factory: pytest.TempPathFactory) -> Updated:
    """A segment's services are kept apart, a port changes, and one service is cut off, at once."""
    checkout = make_checkout(tmp_path_factory.mktemp("watched"))
    lock_path(checkout.topology).unlink(missing_ok=True)
    states: list[tuple[str, Network]] = []
    with watched(checkout) as aws:
        before = up(checkout, SHOP)
        with aws.looking(lambda action, network: states.append((action, network))):
            after = up(checkout, CUT_AND_APART)
    return Updated(before, after, tuple(states))


def up(checkout: Checkout, document: dict[str, Any]) -> Plan:
    checkout.topology.write_text(yaml.safe_dump(document, sort_keys=False))
    ran = checkout.stack("up")
    assert ran.code == 0, ran.said
    return open_topology(checkout.topology).plan


def copies(reach: Reach, name: str) -> dict[str, list[Endpoint]]:
    """The interfaces of a service by the name of the copy: one that moves may stand twice."""
    found: dict[str, list[Endpoint]] = {}
    for each in reach.endpoints:
        if owner(each) == name and each.id in reach.network.interface:
            found.setdefault(reach.network.interface[each.id].name, []).append(each)
    return found


def is_open(reach: Reach, flow: Flow) -> bool:
    pairs = [
        (one, other)
        for one in copies(reach, flow.client).values()
        for other in copies(reach, flow.server.owner).values()
    ]
    return bool(pairs) and all(
        any(
            reach.verdict(here, there, flow.server.protocol, flow.server.ports.first)
            is Verdict.ALLOWED
            for here in one
            for there in other
        )
        for one, other in pairs
    )


def test_no_call_of_an_update_breaks_a_flow_that_stays_or_opens_one_that_nobody_declares(
    update,
):
    flows = tuple(dict.fromkeys((*update.old.flows, *update.new.flows)))
    stay = staying(update.old.flows, update.new.flows)
    assert stay
    assert len(update.states) > 10
    for at, (action, network) in enumerate(update.states):
        reach = prove(network)
        said = judge(reach, Declaration(topology="trading", flows=flows)).findings
        assert [each for each in said if each.kind in ("extra", "undetermined")] == [], action
        broken = [str(each) for each in stay if not is_open(reach, each)]
        assert broken == [], f"after call {at}, {action}"


def test_from_any_state_in_the_middle_of_an_update_the_rest_of_the_calls_is_told(update):
    """As where an update was ended: what is there is matched, and what is left is called."""
    entries = ("CreateNetworkAclEntry", "DeleteNetworkAclEntry")
    for at in range(0, len(update.states), 10):
        left = [action for action, _ in update.states[at + 1 :] if action in entries]
        found = steps(Version(label="account", network=update.states[at][1]), version(update.new))
        told = [call for step in found.steps for call in step.calls if call.kind == "NACL entry"]
        assert sorted(each.act for each in told) == sorted(
            "create" if each.startswith("Create") else "delete" for each in left
        ), at
        assert found.nobodys == ()
    done = steps(Version(label="account", network=update.states[-1][1]), version(update.new))
    assert (done.steps, done.in_doubt, done.before) == ((), (), ())


def test_the_calls_are_those_that_the_plan_told(update):
    told = [call for step in update.told.steps for call in step.calls]
    kinds = {
        "NACL entry": ("CreateNetworkAclEntry", "DeleteNetworkAclEntry"),
        "interface": ("CreateNetworkInterface", "DeleteNetworkInterface"),
        "subnet": ("CreateSubnet", "DeleteSubnet"),
        "NACL": ("CreateNetworkAcl", "DeleteNetworkAcl"),
    }
    actions = [action for action, _ in update.states]
    for kind, (made, gone) in kinds.items():
        acts = [str(each.act) for each in told if each.kind == kind]
        assert actions.count(made) == acts.count("create"), kind
        assert actions.count(gone) == acts.count("delete"), kind
    last_made = max(at for at, each in enumerate(actions) if each.startswith("Create"))
    gone = [each for each in actions[:last_made] if each == "DeleteNetworkInterface"]
    assert gone == []
    assert update.told.broken == ()
