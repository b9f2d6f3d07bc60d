"""A private zone: for hosts of its VPC alone, a record for each name."""

import json

from bulkhead.components.fabric import build
from bulkhead.observe.pulumi.state import read_state
from bulkhead.plan import plan
from tests.components.conftest import TOPOLOGY
from tests.components.test_read_back import exported
from tests.support.topologies import topology_from


def test_a_zone_is_of_the_vpc_and_has_a_record_for_each_name(record, tmp_path):
    text = TOPOLOGY.replace("zones: 2\n", "zones: 2\n    dns: shop.internal\n")
    made = plan(topology_from(tmp_path, text))
    recording = record(lambda: build(made))
    (zone,) = recording.of("Zone")
    assert zone.inputs["name"] == "shop.internal"
    assert zone.inputs["vpcs"] == [{"vpcId": "shop-vpc-id"}]
    records = {each.inputs["name"]: each.inputs for each in recording.of("Record")}
    at = {each.name: str(each.address) for each in made.network.interfaces}
    assert records["db.shop.internal"]["records"] == [at["db-1"]]
    assert records["front.shop.internal"]["records"] == [at[f"front-{n}"] for n in (1, 2, 3)]
    assert records["3.front.shop.internal"]["records"] == [at["front-3"]]
    assert {each["type"] for each in records.values()} == {"A"}
    assert len(records) == len(made.zone.records)


def test_names_are_read_back_from_the_state_of_the_stack_as_they_were_planned(record, tmp_path):
    text = TOPOLOGY.replace("zones: 2\n", "zones: 2\n    dns: shop.internal\n")
    made = plan(topology_from(tmp_path, text))
    document = exported(record(lambda: build(made)))
    zones = [each for each in document["deployment"]["resources"] if each["type"].endswith(":Zone")]
    (zone,) = zones
    for each in document["deployment"]["resources"]:
        if each["type"].endswith(":Record"):
            each["outputs"]["zoneId"] = zone["id"]
    state = tmp_path / "stack.json"
    state.write_text(json.dumps(document))
    found = read_state(state)
    (read,) = found.inventory().private_zones
    assert (read.domain, read.vpc) == ("shop.internal", found.network.vpcs[0].id)
    assert {(each.name, each.kind, each.addresses, each.seconds) for each in read.records} == {
        (each.name, each.kind, tuple(sorted(each.addresses)), 60) for each in made.zone.records
    }
