"""What a real update does to an AWS, call by call: each state that it leaves behind is proved."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
import yaml

from bulkhead.ends import Endpoint
from bulkhead.ends.labels import owner
from bulkhead.judge import judge
from bulkhead.network import Declaration, Flow, Network, Verdict
from bulkhead.observe.describe import convert
from bulkhead.observe.live.asking import Asked, Region
from bulkhead.plan import Plan, lock_path
from bulkhead.prove import Reach, prove
from bulkhead.review import Version
from bulkhead.review.steps import ChangeSteps, steps
from bulkhead.review.steps.staying import staying
from bulkhead.sources import open_topology
from local_aws import server
from local_aws.server import listener, serving, write_state
from tests.integration.conftest import Checkout, make_checkout
from tests.support.topologies import HEAD

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

CHANGES = ("Create", "Delete", "Authorize", "Revoke", "Associate", "Disassociate", "Replace")


@dataclass
class Watched:
    """An AWS that is looked at after every call that changes it."""

    states: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    ec2: Any = None
    looking: bool = False
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def behind(self, inside: Any) -> Any:
        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            action = parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
            if not self.looking or not action.startswith(CHANGES) or action.endswith("Tags"):
                return inside(environ, start_response)
            with self.one_at_a_time:
                answered = [*inside(environ, start_response)]
                self.states.append((action, {**self.before, **self.now()}))
                return answered

        return answer

    def now(self) -> dict[str, Any]:
        """What the update changes, as a caller is told it."""
        return {
            "Subnets": self.ec2.describe_subnets()["Subnets"],
            "NetworkAcls": self.ec2.describe_network_acls()["NetworkAcls"],
            "RouteTables": self.ec2.describe_route_tables()["RouteTables"],
            "SecurityGroups": self.ec2.describe_security_groups()["SecurityGroups"],
            "NetworkInterfaces": self.ec2.describe_network_interfaces()["NetworkInterfaces"],
        }


def everything(address: str) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ACCESS_KEY_ID", "local")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "local")
        asked = Asked(Region(boto3.Session(), "eu-west-1"))
        asked.everything()
    return asked.document


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
def update(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Updated]:
    """A segment's services are kept apart, a port changes, and one service is cut off, at once."""
    checkout = make_checkout(tmp_path_factory.mktemp("watched"))
    lock_path(checkout.topology).unlink(missing_ok=True)
    watched = Watched()
    with pytest.MonkeyPatch.context() as patch:
        moto = server.DomainDispatcherApplication
        patch.setattr(server, "DomainDispatcherApplication", lambda of: watched.behind(moto(of)))
        with listener(checkout.port) as bound, serving(checkout.root, bound) as application:
            write_state(application.place, application.said())
            before = up(checkout, SHOP)
            watched.ec2 = checkout.ec2
            watched.before = everything(application.place.address)
            watched.looking = True
            after = up(checkout, CUT_AND_APART)
            watched.looking = False
    states = tuple(
        (action, convert.network(state, region="eu-west-1", topology="trading", missing={}))
        for action, state in watched.states
    )
    yield Updated(before, after, states)


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
