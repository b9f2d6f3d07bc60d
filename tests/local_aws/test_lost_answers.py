"""Calls of the provider that take effect and whose answers never arrive."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc

from local_aws import server as local_server
from local_aws.health import RESET, SWEEP, tell
from local_aws.provider.aws import Aws, Settings
from local_aws.provider.host import serve
from local_aws.provider.kinds import KINDS
from local_aws.provider.ledger import OWNER
from local_aws.provider.sweep import tagged
from tests.local_aws.conftest import client_of
from tests.local_aws.test_provider import Engine, one_of_each

pytestmark = pytest.mark.slow
LATE = b"<Response><Errors><Error><Code>InternalError</Code></Error></Errors></Response>"


class Losing:
    """A WSGI application that loses the answers of some calls, after they took effect."""

    def __init__(self, inside: Any) -> None:
        self.inside = inside
        self.every = 0  # of the calls that change something; 0 loses none
        self.count = 0
        self.cut = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        action = parse_qs(body.decode()).get("Action", ["Describe"])[0]
        if not self.every or action.startswith(("Describe", "Get")):
            return self.inside(environ, start_response)
        self.count += 1
        if self.count % self.every:
            return self.inside(environ, start_response)
        whole = b"".join(self.inside(environ, lambda *_: None))
        if self.cut:
            start_response("200 OK", [("Content-Length", str(len(whole) + 9))])
            return [whole[: len(whole) // 2]]
        start_response("500 Internal Server Error", [("Content-Length", str(len(LATE)))])
        return [LATE]


@contextlib.contextmanager
def losing_answers() -> Iterator[list[Losing]]:
    """Local AWSs that are made in the block lose answers: those that they have, as they come."""
    made: list[Losing] = []

    def wrapped(service: Any) -> Losing:
        made.append(Losing(dispatcher(service)))
        return made[-1]

    dispatcher = local_server.DomainDispatcherApplication
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_server, "DomainDispatcherApplication", wrapped)
        yield made


@pytest.fixture(scope="module")
def losing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Losing, Any]]:
    folder = tmp_path_factory.mktemp("losing")
    with (
        losing_answers() as made,
        local_server.listener(0) as bound,
        local_server.serving(folder, bound) as application,
    ):
        yield made[0], application


@pytest.fixture
def engine(losing: tuple[Losing, Any]) -> Iterator[Engine]:
    faults, application = losing
    faults.every = faults.count = 0
    tell(application.place, RESET)
    running, port = serve(application.place.address, application.ledger)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        made = Engine(provider_pb2_grpc.ResourceProviderStub(channel))
        made.configure(region="eu-west-1", endpoints=[{"ec2": application.place.address}])
        yield made
    faults.every = 0
    running.stop(grace=0).wait()


def owned(application: Any) -> set[str]:
    """What stands and carries the tag of a stack."""
    aws = Aws(Settings("eu-west-1", application.place.address, "test", "test"), "eu-west-1")
    return {each.name for each in tagged(aws, bool)}


@pytest.mark.parametrize("cut", [False, True], ids=["500", "cut"])
@pytest.mark.parametrize("start", [0, 1, 2])
def test_of_every_type_one_is_made_and_none_is_left_when_every_third_answer_is_lost(
    losing: tuple[Losing, Any], engine: Engine, start: int, cut: bool
) -> None:
    faults, application = losing
    faults.every, faults.count, faults.cut = 3, start, cut
    made = one_of_each(engine)
    assert {token for token, *_ in made} == KINDS.keys()
    assert owned(application) == {
        name for token, name, *_ in made if KINDS[token].taggable and KINDS[token].made
    }
    for token, name, _, state in reversed(made):
        engine.delete(token, name, state)
    faults.every = 0
    assert not owned(application)
    ec2 = client_of(application.place, "ec2")
    assert [vpc["IsDefault"] for vpc in ec2.describe_vpcs()["Vpcs"]] == [True]


def test_a_creation_that_is_given_up_leaves_nothing_once_it_is_made(
    losing: tuple[Losing, Any], engine: Engine
) -> None:
    faults, application = losing
    faults.every, faults.cut = 1, False
    with pytest.raises(grpc.RpcError) as caught:
        engine.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    assert "InternalError" in str(caught.value.details())
    faults.every = 0
    made = engine.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    assert owned(application) == {made.id}


def test_a_sweep_takes_what_a_stack_does_not_keep_and_nothing_of_another(
    losing: tuple[Losing, Any], engine: Engine
) -> None:
    _, application = losing
    ec2 = client_of(application.place, "ec2")
    other = ec2.create_vpc(
        CidrBlock="10.0.0.0/16",
        TagSpecifications=[
            {"ResourceType": "vpc", "Tags": [{"Key": OWNER, "Value": "p/dev-2/00"}]}
        ],
    )["Vpc"]["VpcId"]
    made = one_of_each(engine)
    asked = {"stack": "p/dev/", "region": "eu-west-1", "unfinished": []}
    kept = tell(application.place, SWEEP, {**asked, "keep": [name for _, name, *_ in made]})
    assert kept == {"removed": [], "left": []}
    swept = tell(application.place, SWEEP, {**asked, "keep": []})
    assert swept["left"] == []
    assert owned(application) == {other}
    assert {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]} == {other}


@pytest.mark.integration
@pytest.mark.timeout(300)
def test_the_next_up_converges_however_many_answers_the_last_one_lost(project: Any) -> None:
    with (
        losing_answers() as made,
        local_server.listener(project.place.port) as bound,
        local_server.serving(project.place.root, bound) as application,
    ):
        faults = made[0]
        for every in (1, 2, 3):
            faults.every = every
            project.local_aws("up", "--skip-preview", check=False)
        faults.every = 0
        project.local_aws("up", "--skip-preview")
        project.local_aws("preview", "--expect-no-changes")
        state = json.loads(project.pulumi_run("stack", "export").stdout)["deployment"]
        assert owned(application) <= {each.get("id") for each in state["resources"]}
        assert len(owned(application)) == 15
        faults.every = 3
        project.pulumi_run("destroy", "--yes", "--skip-preview", check=False)
        faults.every = 0
        project.pulumi_run("destroy", "--yes", "--skip-preview")
        assert not owned(application)
