"""Calls of the provider that take effect and whose answers never arrive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc

from local_aws.health import RESET, SWEEP, tell
from local_aws.provider.aws import Aws, Settings
from local_aws.provider.host import serve
from local_aws.provider.kinds import KINDS
from local_aws.provider.ledger import OWNER
from local_aws.provider.sweep import tagged
from local_aws.server import LocalAws
from local_aws.wire import received
from tests.local_aws.conftest import client_of
from tests.local_aws.test_provider import VPC, Engine, one_of_each
from tests.support.weather import FAULTS, Weather, weather

ENTRY = "aws:ec2/networkAclRule:NetworkAclRule"
BESIDE_EC2 = ("aws:autoscaling/", "aws:ecs/", "aws:eks/", "aws:lambda/", "aws:lb/")
"""What has no tags in EC2, by which a sweep knows whose something is, and interfaces there."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sky(server: LocalAws) -> Iterator[Weather]:
    with weather(server.place.address) as made:
        yield made


@pytest.fixture
def engine(server: LocalAws, sky: Weather) -> Iterator[Engine]:
    sky.fair()
    tell(server.place, RESET)
    running, port = serve(sky.address, server.ledger)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        made = Engine(provider_pb2_grpc.ResourceProviderStub(channel))
        made.configure(region="eu-west-1", endpoints=[{"ec2": sky.address}])
        yield made
    sky.fair()
    running.stop(grace=0).wait()


def owned(application: Any) -> set[str]:
    """What stands and carries the tag of a stack, also in the Region of a peer."""
    settings = Settings("eu-west-1", application.place.address, "test", "test")
    regions = ("eu-west-1", "us-east-1")
    return {each.name for one in regions for each in tagged(Aws(settings, one), bool)}


@pytest.mark.parametrize(("first", "fault"), [(2, "500-after"), (3, "cut")])
def test_of_every_type_one_is_made_and_none_is_left_when_every_third_answer_is_lost(
    server: LocalAws, sky: Weather, engine: Engine, first: int, fault: str
) -> None:
    sky.keep_striking(FAULTS[fault], 3, first)
    made = one_of_each(engine)
    assert {token for token, *_ in made} == KINDS.keys()
    assert owned(server) == {name for token, name, *_ in made if KINDS[token].owned}
    for token, name, _, state in reversed(made):
        engine.delete(token, name, state)
    assert sky.struck > 10
    sky.fair()
    assert not owned(server)
    ec2 = client_of(server.place, "ec2")
    assert [vpc["IsDefault"] for vpc in ec2.describe_vpcs()["Vpcs"]] == [True]


def test_a_creation_that_is_given_up_leaves_nothing_once_it_is_made(
    server: LocalAws, sky: Weather, engine: Engine
) -> None:
    sky.keep_striking(FAULTS["500-after"], 1)
    with pytest.raises(grpc.RpcError) as caught:
        engine.create(VPC, {"cidrBlock": "10.0.0.0/16"})
    assert "InternalError" in str(caught.value.details())
    sky.fair()
    made = engine.create(VPC, {"cidrBlock": "10.0.0.0/16"})
    assert owned(server) == {made.id}


def test_a_sweep_takes_what_a_stack_does_not_keep_and_nothing_of_another(
    server: LocalAws, engine: Engine
) -> None:
    ec2 = client_of(server.place, "ec2")
    other = ec2.create_vpc(
        CidrBlock="10.0.0.0/16",
        TagSpecifications=[
            {"ResourceType": "vpc", "Tags": [{"Key": OWNER, "Value": "p/dev-2/00"}]}
        ],
    )["Vpc"]["VpcId"]
    made = one_of_each(engine)
    asked = {"stack": "p/dev/", "region": "eu-west-1", "unfinished": []}
    kept = tell(server.place, SWEEP, {**asked, "keep": [name for _, name, *_ in made]})
    assert kept == {"removed": [], "left": []}
    for token, name, _, state in reversed(made):
        if token.startswith(BESIDE_EC2):
            engine.delete(token, name, state)
    swept = tell(server.place, SWEEP, {**asked, "keep": []})
    assert swept["left"] == []
    assert owned(server) == {other}
    assert {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]} == {other}


def test_what_an_engine_was_told_of_and_did_not_record_is_taken_up_by_the_next(
    server: LocalAws, engine: Engine
) -> None:
    """What has no tags stays where its engine was killed: it is known by what it says."""
    made = one_of_each(engine)
    one_a_type = {each[0]: each for each in made if KINDS[each[0]].find is not None}
    untagged = list(one_a_type.values())
    assert len(untagged) > 4
    asked = {"stack": "p/dev/", "region": "eu-west-1", "unfinished": []}
    for token, name, inputs, _ in untagged:
        kept = [other for _, other, *_ in made if other != name]
        assert tell(server.place, SWEEP, {**asked, "keep": kept}) == {"removed": [], "left": []}
        assert engine.create(token, received(inputs)).id == name


PROFILE = "aws:iam/instanceProfile:InstanceProfile"


@pytest.mark.parametrize("reset", [True, False], ids=["all went", "it went by API"])
def test_what_is_made_anew_under_a_name_that_went_is_known_where_its_answer_is_lost(
    server: LocalAws, sky: Weather, engine: Engine, reset: bool
) -> None:
    """Nobody else's stands there, whatever an engine was told of before."""
    told = engine.create(PROFILE, {"name": "host"})
    if reset:
        tell(server.place, RESET)
    else:
        client_of(server.place, "iam").delete_instance_profile(InstanceProfileName="host")
        assert engine.read(PROFILE, "host", told.properties).id == ""
    sky.strike(FAULTS["cut"], 1)
    assert engine.create(PROFILE, {"name": "host"}).id == "host"
    assert sky.struck == 1


def test_what_stands_in_a_state_is_not_taken_up_by_another_resource(
    server: LocalAws, engine: Engine
) -> None:
    made = one_of_each(engine)
    asked = {"stack": "p/dev/", "region": "eu-west-1", "unfinished": []}
    tell(server.place, SWEEP, {**asked, "keep": [name for _, name, *_ in made]})
    inputs = next(inputs for token, _, inputs, _ in made if token == ENTRY)
    with pytest.raises(grpc.RpcError, match="NetworkAclEntryAlreadyExists"):
        engine.create(ENTRY, received(inputs))
