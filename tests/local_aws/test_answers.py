"""What an answer of AWS lacks is said by its call and its name: no traceback, no made-up value."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass, replace
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from local_aws.health import RESET, tell
from local_aws.provider.answers import Answer, NotShown
from local_aws.provider.aws import Aws
from local_aws.provider.host import serve
from local_aws.provider.kinds import KINDS
from local_aws.provider.refusals import Refused, Unsure
from local_aws.provider.table import Kind
from local_aws.wire import received
from tests.local_aws.every_kind import one_of_each
from tests.local_aws.test_provider import SUBNET, VPC, Engine

pytestmark = pytest.mark.slow
Path = tuple[str | int, ...]


@contextlib.contextmanager
def running_provider(server: Any) -> Iterator[Engine]:
    running, port = serve(server.place.address)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        engine = Engine(provider_pb2_grpc.ResourceProviderStub(channel))
        engine.configure(region="eu-west-1", endpoints=[{"ec2": server.place.address}])
        yield engine
    running.stop(grace=0).wait()


@pytest.fixture
def engine(server: Any, ec2: Any) -> Iterator[Engine]:
    with running_provider(server) as running:
        yield running


@dataclass(frozen=True)
class Call:
    """A call that was made, and its answer."""

    operation: str
    arguments: dict[str, Any]
    name: str  # of the operation, as AWS has it
    answer: dict[str, Any]
    refused: Refused | None = None

    @property
    def asked(self) -> tuple[str, dict[str, Any]]:
        return asked(self.operation, self.arguments)


def asked(operation: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A group's permissions are revoked as they are shown, whatever that is, and so is a record;
    each creation of a zone has a reference of its own."""
    varying = ("IpPermissions", "CallerReference", "ChangeBatch")
    return operation, {key: each for key, each in arguments.items() if key not in varying}


class AnotherCallError(Exception):
    """Something else is asked, or changed, than before."""


@dataclass
class Recorded(Aws):
    """Answers as they were given, to the same questions in the same order."""

    calls: list[Call]
    region: str = "eu-west-1"

    def __post_init__(self) -> None:
        self._account = None
        self._token = None
        self._next = 0

    def _called(self, operation: str, service: str, arguments: Any) -> Answer:
        if self._next == len(self.calls) or self.calls[self._next].asked != asked(
            operation, arguments
        ):
            raise AnotherCallError(f"{operation} {arguments}")
        call = self.calls[self._next]
        self._next += 1
        if call.refused is not None:
            raise call.refused
        return Answer(call.answer, call.name)


@dataclass(frozen=True)
class Work:
    """What was done with one resource, and the calls that it took."""

    verb: str
    kind: Kind
    arguments: tuple[Any, ...]
    calls: list[Call]

    def done(self, calls: list[Call]) -> Any:
        """The state of a read, the id of a creation, None of a deletion."""
        return getattr(self.kind, self.verb)(Recorded(calls), *self.arguments)


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    """Where there is a field."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "ResponseMetadata":
                yield (*above, key)
                if not key.endswith("Document"):  # what is in a policy is its author's
                    yield from paths(item, (*above, key))
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from paths(item, (*above, position))


def without(answer: dict[str, Any], path: Path) -> tuple[dict[str, Any], Any]:
    less: Any = copy.deepcopy(answer)
    inside = less
    for step in path[:-1]:
        inside = inside[step]
    return less, inside.pop(path[-1])


def field_of(path: Path) -> str:
    return ".".join(step for step in path if isinstance(step, str))


@pytest.fixture(scope="module")
def works(server: Any) -> list[Work]:
    """Every type created, read and deleted, in an AWS that leaves nothing out and is empty."""
    tell(server.place, RESET)
    found: list[Work] = []
    made: list[Call] = []
    plainly = Aws._called

    def recorded(self: Aws, operation: str, service: str, arguments: Any) -> Answer:
        name = self.client(service).meta.method_to_api_mapping[operation]
        try:
            answer = plainly(self, operation, service, arguments)
        except Refused as refused:
            made.append(Call(operation, dict(arguments), name, {}, refused))
            raise
        made.append(Call(operation, dict(arguments), name, copy.deepcopy(dict(answer))))
        return answer

    def watched(verb: str, kind: Kind) -> Any:
        def work(aws: Aws, *arguments: Any) -> Any:
            aws._account = None
            made.clear()
            done = getattr(kind, verb)(aws, *arguments)
            found.append(Work(verb, kind, arguments, list(made)))
            return done

        return work

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Aws, "_called", recorded)
        for token, kind in KINDS.items():
            verbs = {verb: watched(verb, kind) for verb in VERBS}
            patch.setitem(KINDS, token, replace(kind, **verbs))
        with running_provider(server) as running:
            resources = one_of_each(running)
            for token, name, inputs, state in resources:
                running.read(token, name, state, inputs)
            for token, name, _, state in reversed(resources):
                running.delete(token, name, state)
    return found


VERBS = ("create", "read", "delete")


def test_every_type_is_recorded_as_it_is_created_read_and_deleted(works: list[Work]) -> None:
    for verb in VERBS:
        assert {work.kind.token for work in works if work.verb == verb} == KINDS.keys()
    for work in works:
        work.done(work.calls)


ONE_OF = {
    **{
        f"RouteTables.Routes.{kind}": "RouteTables.Routes.DestinationCidrBlock"
        for kind in ("DestinationIpv6CidrBlock", "DestinationPrefixListId")
    },
    **{
        f"RouteTables.Routes.{kind}": "RouteTables.Routes.GatewayId"
        for kind in (
            "EgressOnlyInternetGatewayId",
            "NatGatewayId",
            "TransitGatewayId",
            "VpcPeeringConnectionId",
        )
    },
    "VpnConnections.TransitGatewayId": "VpnConnections.VpnGatewayId",
}
"""Of fields of which an object has one or another the last is asked for, and then missed."""
SAYS_SOMETHING = (
    "logGroups.retentionInDays",
    "LocationConstraint",
    "SecurityGroups.IpPermissions.IpRanges.Description",
    "SecurityGroups.IpPermissions.Ipv6Ranges.Description",
)
"""What these lack AWS documents as a value: for ever, us-east-1, none."""
NOTHING: tuple[Any, ...] = (None, [], {}, "", "None")


def gone_wrong(work: Work, whole: Any, call: str, taken: Any, path: Path, calls: Any) -> str:
    """What would be told, or done, that is not so; '' where all is well."""
    try:
        got = work.done(calls)
    except Unsure as refused:
        said = f"{call} does not show {ONE_OF.get(field_of(path), field_of(path))}"
        return "" if str(refused) == said else f"said: {refused}"
    except Refused as refused:
        return "" if isinstance(taken, list) else f"said: {refused}"
    except AnotherCallError as error:
        # AWS leaves a list out that holds nothing.
        return "" if isinstance(taken, list) else f"asked: {error}"
    except Exception as error:
        return f"a traceback: {error!r}"
    if work.verb != "read":
        return "" if got == whole else f"the id became {got}"
    if got is None:
        return "" if isinstance(taken, list) else "it is thought to be gone"
    for prop, value in whole.items():
        now = got.get(prop)
        if now == value:
            continue
        if isinstance(now, NotShown):
            if now != NotShown(call, field_of(path)):
                return f"{prop}: {now}"
        elif not isinstance(taken, list) and now not in NOTHING:
            return f"{prop} became {now}"
    return ""


def test_no_field_that_an_answer_lacks_makes_a_traceback_or_a_value(works: list[Work]) -> None:
    tried, wrong = 0, {}
    for work in works:
        whole = work.done(work.calls)
        for position, call in enumerate(work.calls):
            for path in paths(call.answer):
                if field_of(path) in SAYS_SOMETHING:
                    continue
                less, taken = without(call.answer, path)
                calls = [*work.calls]
                calls[position] = replace(call, answer=less)
                tried += 1
                found = gone_wrong(work, whole, call.name, taken, path, calls)
                if found:
                    where = (work.verb, work.kind.token.split(":")[-1], call.name, field_of(path))
                    wrong[where] = found
    assert not wrong, "\n".join(f"{key}: {value}" for key, value in wrong.items())
    assert tried > 1000


class Listening(engine_pb2_grpc.EngineServicer):
    """An engine, as far as it hears remarks."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.heard.append(request)
        return empty_pb2.Empty()


@pytest.fixture
def listening() -> Iterator[tuple[Listening, str]]:
    listener = Listening()
    running = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    engine_pb2_grpc.add_EngineServicer_to_server(listener, running)
    port = running.add_insecure_port("127.0.0.1:0")
    running.start()
    yield listener, f"127.0.0.1:{port}"
    running.stop(grace=0).wait()


@pytest.fixture
def without_tenancy(monkeypatch: pytest.MonkeyPatch) -> None:
    """An AWS that does not show the tenancy of a VPC, nor the id of a new subnet."""
    plainly = Aws._called

    def called(self: Aws, operation: str, service: str, arguments: Any) -> Answer:
        answer = plainly(self, operation, service, arguments)
        for each in answer.get("Vpcs", []):
            each.pop("InstanceTenancy")
        answer.get("Subnet", {}).pop("SubnetId", None)
        return answer

    monkeypatch.setattr(Aws, "_called", called)


@pytest.mark.usefixtures("without_tenancy")
def test_what_the_program_says_and_aws_does_not_show_is_kept_and_said(
    engine: Engine, listening: tuple[Listening, str]
) -> None:
    listener, address = listening
    engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address=address))
    inputs = {"cidrBlock": "10.0.0.0/16", "instanceTenancy": "default"}
    made = engine.create(VPC, inputs)
    assert received(made.properties)["instanceTenancy"] == "default"
    (heard,) = listener.heard
    assert heard.severity == engine_pb2.WARNING
    assert heard.urn == engine.named(VPC)["urn"]
    assert heard.message.startswith("DescribeVpcs does not show Vpcs.InstanceTenancy of vpc-")
    engine.create(VPC, {"cidrBlock": "10.0.0.0/16"})
    assert len(listener.heard) == 1, "of what the program does not say nothing is said"


@pytest.mark.usefixtures("without_tenancy")
def test_a_creation_whose_answer_names_nothing_is_an_error_that_leaves_nothing(
    engine: Engine, ec2: Any
) -> None:
    vpc = engine.create(VPC, {"cidrBlock": "10.0.0.0/16"}).id
    with pytest.raises(grpc.RpcError) as caught:
        engine.create(SUBNET, {"vpcId": vpc, "cidrBlock": "10.0.0.0/24"})
    assert "CreateSubnet does not show Subnet.SubnetId" in str(caught.value.details())
    assert "Traceback" not in str(caught.value.details())
    left = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert len(left) == 1, "each try takes away what the one before made"
