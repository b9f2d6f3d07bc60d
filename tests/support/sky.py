"""An account in bad weather: a small planned network in it, and somebody else's beside it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from bulkhead.components.fabric import build
from bulkhead.plan import plan
from local_aws.health import RESET, tell
from local_aws.provider import aws as provider_aws
from local_aws.provider.aws import Aws, Settings
from local_aws.provider.host import serve
from local_aws.provider.sweep import Swept, sweep
from local_aws.server import LocalAws, listener, serving
from local_aws.wire import sent
from tests.support.asking import Answer, Ask
from tests.support.portrait import portrait
from tests.support.small_engine import PROJECT, FailedError, SmallEngine, Wanted, recorded
from tests.support.topologies import topology_from
from tests.support.weather import Fault, Weather, weather

EVERYWHERE: Final = os.environ.get("FAULTS") == "all"
"""Whether every place is tried (`make faults`), or a sample."""
REGION: Final = "eu-west-1"
LASTING: Final = ("500", "reset", "500-after", "cut")
"""What is also tried from a call on: every attempt fails, and so does the run."""
IMPATIENT: Final = 0.5  # seconds, where a fault is silence
TOPOLOGY: Final = """
    name: shop
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    # What a program computes of others' outputs, as the policy of a role, is not known here.
    flow-logs: { to: none, why: the weather strikes EC2 }
    segments:
      web: { purpose: front }
      data: { purpose: back }
    sites:
      venue:
        cidrs: [192.168.10.0/24]
        gateway: { address: 203.0.113.10, asn: 65010 }
        sockets:
          ask: { type: REQ, connect: db.ask }
    services:
      db:
        segment: data
        sockets:
          ask: { type: REP, bind: "tcp://*:6000" }
      front:
        segment: web
        sockets:
          ask: { type: REQ, connect: db.ask }
"""
NEVER_SAID: Final = re.compile(
    r"Traceback|Exception calling|NotFound|not there|no such|\bgone\b|denied|not implement", re.I
)
"""A call that failed says nothing of what stands in the account."""


@dataclass
class Met:
    """What came of a run under a fault."""

    failed: str = ""  # what it said; "" where it succeeded
    calls: int = 0  # how many met the fault


@dataclass(frozen=True, repr=False)
class Sky:
    """An account with somebody else's stack in it, and providers that reach it through a proxy."""

    application: LocalAws
    weather: Weather
    patient: Any
    impatient: Any  # for faults that are silence
    program: tuple[Wanted, ...]
    client: Any  # of the account itself

    def __repr__(self) -> str:
        return "Sky()"

    def engine(self, stack: str = "dev") -> SmallEngine:
        return SmallEngine(self.patient, stack)

    @contextlib.contextmanager
    def struck(
        self, engine: SmallEngine, fault: Fault, at: int, lasting: bool = False
    ) -> Iterator[Met]:
        """The block's calls of AWS meet the fault, the `at`-th; a failure is kept."""
        met = Met()
        engine.provider = self.impatient if fault.silent else self.patient
        self.weather.strike(fault, at, lasting=lasting)
        try:
            yield met
        except FailedError as error:
            met.failed = str(error)
        finally:
            met.calls = self.weather.struck
            self.weather.fair()
            engine.provider = self.patient

    def portrait(self, engine: SmallEngine) -> list[str]:
        """The whole account, the other stack included."""
        return portrait(self.client, {held.id: name for name, held in engine.state.items()})

    def swept(self, engine: SmallEngine) -> Swept:
        """What `local_aws up` and `down` do before anything else."""
        address = self.application.place.address
        return sweep(
            f"{PROJECT}/{engine.stack}/",
            frozenset(held.id for held in engine.state.values()),
            (),
            lambda region: Aws(Settings(region, address, "test", "test"), region),
            REGION,
            self.application.ledger,
        )


@contextlib.contextmanager
def provider(address: str, application: LocalAws) -> Iterator[Any]:
    running, port = serve(address, application.ledger)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        config = {"region": REGION, "endpoints": [{"ec2": address}]}
        stub.Configure(provider_pb2.ConfigureRequest(args=sent(config)))
        # The first calls read the models of services, which takes longer than IMPATIENT.
        stub.Invoke(provider_pb2.InvokeRequest(tok="aws:index/getCallerIdentity:getCallerIdentity"))
        yield stub
    running.stop(grace=0).wait()


@contextlib.contextmanager
def bad_weather(folder: Path) -> Iterator[Sky]:
    """`folder` gets topology.yaml, whose network the program is."""
    # Of one customer gateway AWS makes one, whoever asks: theirs is at another address.
    others = plan(topology_from(folder, TOPOLOGY.replace("203.0.113.10", "203.0.113.20")))
    planned = plan(topology_from(folder, TOPOLOGY))
    program = recorded(lambda: build(planned))
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(provider_aws, "PAUSE", 0.001)
        application = stack.enter_context(serving(folder, stack.enter_context(listener(0))))
        tell(application.place, RESET)  # moto keeps one state for a process
        before = stack.enter_context(weather(application.place.address))
        client = boto3.client(
            "ec2",
            endpoint_url=application.place.address,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - no secret: the local AWS takes any
        )
        client.describe_vpcs()
        patient = stack.enter_context(provider(before.address, application))
        patch.setattr(provider_aws, "ANSWER_SECONDS", IMPATIENT)
        impatient = stack.enter_context(provider(before.address, application))
        made = Sky(application, before, patient, impatient, program, client)
        made.engine("other").up(recorded(lambda: build(others), "other"))
        yield made


def checking(sky: Sky, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Answer]:
    """`bulkhead check` of the topology against the account, seen through the weather."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", sky.weather.address)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    session = boto3.Session()  # one for all: it reads the model of EC2 once
    monkeypatch.setattr(boto3, "Session", lambda: session)
    topology = sky.application.place.root / "topology.yaml"
    return lambda: ask("check", topology, "--on", f"aws:{REGION}/dev")
