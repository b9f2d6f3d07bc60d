"""A creation that is tried again has the client token of the first time, and happens once."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc

from local_aws import server as local_server
from local_aws.health import RESET, tell
from local_aws.provider.host import serve
from tests.local_aws.conftest import client_of
from tests.local_aws.test_provider import Engine, one_of_each

pytestmark = pytest.mark.slow
WITH_TOKEN = ("CreateNetworkAcl", "CreateNetworkInterface", "CreateRouteTable")


class Deaf:
    """A WSGI application whose first answer to each call for something with a token is lost."""

    def __init__(self, inside: Any) -> None:
        self.inside = inside
        self.tokens: dict[str, list[str]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        asked = parse_qs(body.decode())
        sent = self.tokens.setdefault(asked.get("Action", [""])[0], [])
        sent += asked.get("ClientToken", [])
        if len(sent) != 1:
            return self.inside(environ, start_response)
        list(self.inside(environ, lambda *_: None))
        start_response("500 Internal Server Error", [("Content-Length", "0")])
        return []


@pytest.fixture(scope="module")
def deaf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Deaf, Any]]:
    made: list[Deaf] = []

    def wrapped(service: Any) -> Deaf:
        made.append(Deaf(dispatcher(service)))
        return made[-1]

    dispatcher = local_server.DomainDispatcherApplication
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_server, "DomainDispatcherApplication", wrapped)
        with (
            local_server.listener(0) as bound,
            local_server.serving(tmp_path_factory.mktemp("deaf"), bound) as application,
        ):
            patch.undo()  # the next server that starts in this process hears
            yield made[0], application


@pytest.fixture
def engine(deaf: tuple[Deaf, Any]) -> Iterator[Engine]:
    _, application = deaf
    tell(application.place, RESET)
    running, port = serve(application.place.address, application.ledger)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        made = Engine(provider_pb2_grpc.ResourceProviderStub(channel))
        made.configure(region="eu-west-1", endpoints=[{"ec2": application.place.address}])
        yield made
    running.stop(grace=0).wait()


def test_a_creation_whose_answer_was_lost_is_asked_for_again_with_the_same_token(
    deaf: tuple[Deaf, Any], engine: Engine
) -> None:
    faults, application = deaf
    made = {name for _, name, *_ in one_of_each(engine)}
    for action in WITH_TOKEN:
        first, second, *others = faults.tokens[action]
        assert first == second
        assert first not in others
        assert len(set(others)) == len(others)
    ec2 = client_of(application.place, "ec2")
    tags = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["pulumi:urn"]}])["Tags"]
    assert {each["ResourceId"] for each in tags} <= made
    assert not {each.replace("Create", "Delete") for each in WITH_TOKEN} & faults.tokens.keys()


@pytest.fixture
def vpc(ec2: Any) -> str:
    return str(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


def tables(ec2: Any, vpc: str) -> int:
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    return len(ec2.describe_route_tables(Filters=filters)["RouteTables"])


def test_the_same_request_with_the_same_token_is_done_once(ec2: Any, vpc: str) -> None:
    first = ec2.create_route_table(VpcId=vpc, ClientToken="t")["RouteTable"]
    again = ec2.create_route_table(VpcId=vpc, ClientToken="t")["RouteTable"]
    assert again == first
    assert tables(ec2, vpc) == 2  # and the main one
    ec2.create_route_table(VpcId=vpc, ClientToken="u")
    ec2.create_route_table(VpcId=vpc)
    ec2.create_route_table(VpcId=vpc)
    assert tables(ec2, vpc) == 5
    ec2.create_network_acl(VpcId=vpc, ClientToken="t")


def test_another_request_with_the_same_token_is_refused(ec2: Any, vpc: str, refused: Any) -> None:
    ec2.create_route_table(VpcId=vpc, ClientToken="t")
    tag = {"ResourceType": "route-table", "Tags": [{"Key": "a", "Value": "b"}]}
    code = refused(ec2.create_route_table, VpcId=vpc, ClientToken="t", TagSpecifications=[tag])
    assert code == "IdempotentParameterMismatch"
    assert tables(ec2, vpc) == 2


def test_a_token_of_a_refused_request_may_be_sent_again(ec2: Any, refused: Any) -> None:
    code = refused(ec2.create_route_table, VpcId="vpc-00000000000000000", ClientToken="t")
    assert code == "InvalidVpcID.NotFound"
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_route_table(VpcId=vpc, ClientToken="t")


def test_a_token_is_at_most_64_characters(ec2: Any, vpc: str, refused: Any) -> None:
    assert refused(ec2.create_route_table, VpcId=vpc, ClientToken="t" * 65) == (
        "InvalidParameterValue"
    )
