"""Zones by their ids: what AWS is told, what is asked before, and what is kept of names."""

import json
from dataclasses import replace

import pulumi
import pytest

from bulkhead.components import Fabric
from bulkhead.components.fabric import build
from bulkhead.judge import judge
from bulkhead.observe.pulumi.state import read_state
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.sources import Source, held, open_topology
from bulkhead.sources.reading import now, provenance
from tests.components.conftest import TOPOLOGY, Account
from tests.components.test_read_back import exported
from tests.support.topologies import topology_from

TEXT = TOPOLOGY.replace("zones: 2", "zones: [euw1-az1, euw1-az3]")
WAS = "zones: { euw1-az1: { was: eu-west-1a }, euw1-az3: { was: eu-west-1b } }"
RENAMED = TOPOLOGY.replace("zones: 2", WAS)


def made_of(record, tmp_path, text):
    return record(lambda: build(plan(topology_from(tmp_path, text))))


def test_subnets_are_asked_for_by_the_id_of_their_zone(record, tmp_path):
    made = made_of(record, tmp_path, TEXT)
    assert {each.inputs["availabilityZoneId"] for each in made.of("Subnet")} == {
        "euw1-az1",
        "euw1-az3",
    }
    assert not [each for each in made.of("Subnet") if "availabilityZone" in each.inputs]


@pytest.mark.parametrize("called", [{}, {"euw1-az1": "eu-west-1b", "euw1-az3": "eu-west-1a"}])
def test_what_is_read_back_goes_by_names_where_they_are_known(record, tmp_path, called):
    made = made_of(record, tmp_path, TEXT)
    state = tmp_path / "stack.json"
    document = exported(made)
    for each in document["deployment"]["resources"]:
        if zone := called.get(each.get("inputs", {}).get("availabilityZoneId")):
            each["outputs"]["availabilityZone"] = zone
    state.write_text(json.dumps(document))
    built = Source(label="stack", network=read_state(state).network, provenance=provenance(now()))
    declared = open_topology(tmp_path / "topology.yaml")
    ours = held(declared, built).plan.declaration
    assert {each.zone for each in ours.planned.subnets} == set(
        called.values() or ("euw1-az1", "euw1-az3")
    )
    judgement = judge(prove(built.network), ours)
    assert [each for each in judgement.findings if "zone" in str(each)] == []
    (one, *_) = built.network.subnets
    away = replace(one, zone="eu-west-1c", zone_id="euw1-az2")
    elsewhere = replace(
        built.network,
        subnets=tuple(away if each is one else each for each in built.network.subnets),
    )
    found = judge(prove(elsewhere), ours).findings
    assert any("zone eu-west-1c" in str(each) for each in found)


@pytest.mark.parametrize("kind", ["Subnet", "NetworkAclAssociation", "RouteTableAssociation"])
def test_what_was_called_after_the_name_of_its_zone_is_kept(record, tmp_path, kind):
    before = {each.name for each in made_of(record, tmp_path, TOPOLOGY).of(kind)}
    after = made_of(record, tmp_path, RENAMED).of(kind)
    assert {was for each in after for was in each.was} == before
    assert len(after) == len(before)


@pytest.fixture
def started(record, tmp_path, monkeypatch):
    """Start a fabric in an account with these zones; what it registers, and why it ends."""

    def start(text, zones, *, stands=False):
        def call(_account, args):
            if zones is None:
                raise RuntimeError("UnauthorizedOperation")
            if args.token.endswith(":getSubnets"):
                return {"ids": ["subnet-0"] if stands else []}
            return {"names": list(zones.values()), "zoneIds": list(zones)}

        monkeypatch.setattr(Account, "call", call)
        path, ended = topology_from(tmp_path, text).file, start.ended

        def program():
            try:
                Fabric("shop", topology=path)
            except pulumi.RunError as error:
                ended.append(str(error))

        return len(record(program).children), "".join(ended)

    start.ended = []
    return start


HERE = {"euw1-az3": "eu-west-1a", "euw1-az1": "eu-west-1b"}


def test_a_zone_that_the_account_lacks_ends_the_program_before_anything_is_made(started):
    registered, said = started(TEXT, {"euw1-az1": "eu-west-1b", "euw1-az2": "eu-west-1c"})
    assert registered == 0
    assert "no zone euw1-az3 in eu-west-1: it has euw1-az1, euw1-az2" in said


def test_a_name_that_was_another_zone_would_move_what_stands_and_is_refused(started):
    registered, said = started(RENAMED, HERE, stands=True)
    assert registered == 0
    assert "euw1-az1 was eu-west-1b in this account, and not eu-west-1a" in said
    assert "euw1-az3 was eu-west-1a in this account, and not eu-west-1b" in said


def test_where_nothing_stands_it_does_not_matter_what_zones_were_called_elsewhere(started):
    registered, said = started(RENAMED, HERE)
    assert registered
    assert said == ""


def test_who_may_not_ask_for_zones_is_told_what_to_allow(started):
    with pytest.raises(RuntimeError, match="UnauthorizedOperation"):
        started(TEXT, None)
    (said,) = started.ended
    assert "allow ec2:DescribeAvailabilityZones" in said
