"""A whole topology as one component: what it is made of, what it hands out, how it refuses."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from bulkhead.components import Fabric
from bulkhead.topology import Gateway, Segment, Service, Site, Socket, Topology
from tests.components.conftest import TOPOLOGY
from tests.support.topologies import topology_from


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    return Path(topology_from(tmp_path, TOPOLOGY).file)


def written(**changed):
    """The same in Python, for as much as tests here ask."""
    ask = Socket("ask", type="REP", bind="tcp://*:6000")
    web, data = Segment("web", purpose="front"), Segment("data", purpose="b", isolation="service")
    said = {"region": "eu-west-1", "cidr": "10.20.0.0/16", "zones": 2, **changed}
    return Topology(
        "shop",
        segments=[web, data],
        sites=[
            Site(
                "venue",
                cidrs=["192.168.10.0/24"],
                gateway=Gateway(address="203.0.113.10"),
                sockets=[Socket("ask", type="REQ", connect=ask)],
            )
        ],
        services=[
            Service("db", segment=data, sockets=[ask]),
            Service(
                "front",
                segment=web,
                replicas=3,
                sockets=[Socket("ask", type="REQ", connect=ask)],
            ),
        ],
        **said,
    )


def refused(record, program):
    """How a program ends that says something wrong, and what it had registered by then."""
    ended = []

    def run():
        try:
            program()
        except pulumi.RunError as error:
            ended.append(str(error))

    recording = record(run)
    (said,) = ended
    return said, recording.resources


def whole(outputs):
    """Outputs in mappings, however deep, as their values."""
    return pulumi.Output.from_input(outputs).future()


def test_of_copies_that_come_and_go_it_makes_the_group_and_hands_out_where_they_belong(
    record, tmp_path, monkeypatch
):
    monkeypatch.delenv("CI", raising=False)
    found = {}
    data = Segment("data", purpose="b", isolation="service")
    jobs = Socket("jobs", type="PUSH", bind="tcp://*:6000")
    topology = Topology(
        "shop",
        region="eu-west-1",
        cidr="10.20.0.0/16",
        zones=2,
        segments=[data],
        services=[
            Service("vent", segment=data, sockets=[jobs]),
            Service(
                "pool",
                segment=data,
                replicas="2..40",
                interfaces="none",
                sockets=[Socket("in", type="PULL", connect=jobs)],
            ),
        ],
    )

    async def program():
        fabric = Fabric("prod", topology=topology, lock=tmp_path / "lock.json")
        for name in ("service_subnet_ids", "group_ids", "interface_ids"):
            found[name] = (await whole(getattr(fabric, name)))["pool"]

    recording = record(program)
    assert found["interface_ids"] == {}
    assert found["group_ids"]
    assert set(found["service_subnet_ids"]) == {"eu-west-1a", "eu-west-1b"}
    made = [each.name for each in recording.of("NetworkInterface")]
    assert made == ["prod-vent-1-interface"]
    (group,) = (
        each
        for each in recording.of("SecurityGroup")
        if each.inputs["tags"]["bulkhead:service"] == "pool"
    )
    assert group.inputs["tags"]["bulkhead:members"] == "2..40 in data.pool"


def test_what_it_makes_is_handed_out_by_the_names_of_the_topology(record, file):
    found = {}

    async def program():
        fabric = Fabric("prod", topology=file)
        for name in ("subnet_ids", "service_subnet_ids", "group_ids", "interface_ids"):
            found[name] = await whole(getattr(fabric, name))
        found["vpc"] = await whole(fabric.vpc_id)
        found["vpn"] = await whole([fabric.vpn_connection_ids, fabric.vpn_addresses])
        found["endpoints"] = await whole(fabric.endpoints)
        found["hidden"] = [await each.is_secret() for each in fabric.endpoints.values()]

    record(program)
    a, b = "eu-west-1a", "eu-west-1b"
    assert found["vpc"] == "prod-vpc-id"
    assert found["subnet_ids"] == {
        "web": {a: f"prod-web-{a}-id", b: f"prod-web-{b}-id"},
        "data.db": {a: f"prod-data.db-{a}-id", b: f"prod-data.db-{b}-id"},
    }
    assert found["service_subnet_ids"] == {
        "db": found["subnet_ids"]["data.db"],
        "front": found["subnet_ids"]["web"],
        "ops": found["subnet_ids"]["web"],
    }
    assert found["group_ids"] == {each: f"prod-{each}-group-id" for each in ("db", "front", "ops")}
    assert found["interface_ids"]["front"] == {
        f"front-{number}": f"prod-front-{number}-interface-id" for number in (1, 2, 3)
    }
    assert found["vpn"] == [
        {"venue": "prod-venue-vpn-id"},
        {"venue": ("198.51.100.1", "198.51.100.2")},
    ]
    (bound,) = found["endpoints"]["db"]["sockets"]["ask"]["bind"]
    assert bound["endpoint"] == "tcp://10.20.4.4:6000"
    assert all(found["hidden"])


def test_a_host_of_the_program_comes_after_the_planned_addresses_of_its_subnet(record, file):
    """AWS gives it any address that is free: that of a replica too, if that is not there yet."""

    def program():
        fabric = Fabric("shop", topology=file)
        subnet = fabric.service_subnet_ids["front"]["eu-west-1a"]
        aws.ec2.NetworkInterface("spare", subnet_id=subnet)

    recording = record(program)
    (spare,) = [each for each in recording.resources if each.name == "spare"]
    (subnet,) = {spare.inputs["subnetId"]}
    planned = {
        each.urn
        for each in recording.of("NetworkInterface")
        if each.inputs["subnetId"] == subnet and each is not spare
    }
    before = {each.urn for each in recording.resources[: recording.resources.index(spare)]}
    assert planned
    assert planned <= before


def test_the_ways_to_services_of_aws_are_handed_out_by_what_they_lead_to(record, file):
    file.write_text(
        file.read_text().replace("segment: data\n", "segment: data\n    needs: [s3, ecr]\n")
    )
    found = {}

    async def program():
        found.update(await whole(Fabric("shop", topology=file).vpc_endpoint_ids))

    record(program)
    assert found == {
        each: f"shop-{called}-endpoint-id"
        for each, called in (("s3", "s3"), ("ecr-api", "AWS-ecr-api"), ("ecr-dkr", "AWS-ecr-dkr"))
    }


def test_two_fabrics_of_one_topology_stand_in_one_program(record, file, tmp_path):
    def program():
        for name in ("dev", "prod"):
            Fabric(name, topology=file, lock=tmp_path / f"{name}.lock.json")

    recording = record(program)
    urns = [each.urn for each in recording.resources]
    assert len(set(urns)) == len(urns)
    assert len(recording.of("Fabric")) == 2
    assert {each.name for each in tmp_path.glob("*.lock.json")} == {
        "dev.lock.json",
        "prod.lock.json",
    }


def test_a_topology_in_python_is_built_like_a_file(record, tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    lock = tmp_path / "shop.lock.json"
    recording = record(lambda: Fabric("shop", topology=written(), lock=lock))
    (group,) = [each for each in recording.of("SecurityGroup") if "db" in each.name]
    assert group.inputs["tags"]["bulkhead:socket:ask"] == "REP tcp 6000"
    assert json.loads(lock.read_text())["topology"] == "shop"


def test_its_lock_lies_beside_the_program_unless_it_says_where(record, tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    program = tmp_path / "program.py"
    program.write_text(
        "from bulkhead.topology import Segment, Service, Socket, Topology\n"
        "topology = Topology(\n"
        "    'shop', region='eu-west-1', cidr='10.20.0.0/16', zones=1,\n"
        "    segments=[Segment('web', purpose='front')],\n"
        "    services=[Service('db', segment='web', sockets=[\n"
        "        Socket('ask', type='REP', bind='tcp://*:6000')])],\n"
        ")\n"
    )
    topology = runpy.run_path(str(program))["topology"]
    record(lambda: Fabric("shop", topology=topology))
    assert (tmp_path / "shop.lock.json").is_file()


def test_a_preview_leaves_every_file_as_it_is(record, file, monkeypatch):
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    before = sorted(file.parent.iterdir())
    assert record(lambda: Fabric("shop", topology=file)).resources
    assert sorted(file.parent.iterdir()) == before


def test_every_mistake_of_a_file_is_told_with_its_line_before_anything_is_registered(record, file):
    file.write_text(file.read_text().replace("connect: db.feed", "connect: db.feeds"))
    file.write_text(file.read_text().replace("tcp://*:7000", "tcp://*:70001"))
    said, registered = refused(record, lambda: Fabric("shop", topology=file))
    assert registered == []
    head, *lines = said.splitlines()
    assert head == "nothing of fabric shop was changed:"
    assert [each.split(": ")[0] for each in lines] == [f"{file}:26", f"{file}:27"]


def test_every_mistake_of_a_program_is_told_with_its_line(record):
    topology = written(cidr="10.20.0.0/33", zones=9)
    said, registered = refused(record, lambda: Fabric("shop", topology=topology))
    assert registered == []
    assert "test_fabric.py:" in said
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize("wrong", [None, 7, {"name": "shop"}, ["a.yaml"]])
def test_what_is_no_topology_or_no_file_is_refused_by_name(record, file, wrong):
    said, registered = refused(record, lambda: Fabric("shop", topology=wrong))
    assert registered == []
    assert f"topology is {type(wrong).__name__}" in said
    assert "give the path of a file, or a Topology of bulkhead.topology" in said
    if wrong is not None:
        said, _ = refused(record, lambda: Fabric("shop", topology=file, lock=wrong))
        assert f"lock is {type(wrong).__name__}" in said


def test_a_file_that_is_not_there_is_said(record, tmp_path):
    said, registered = refused(record, lambda: Fabric("shop", topology=str(tmp_path / "no.yaml")))
    assert registered == []
    assert "no.yaml" in said


def test_on_a_build_server_a_stale_lock_is_refused_with_what_renews_it(record, file, monkeypatch):
    monkeypatch.setenv("CI", "true")
    said, _ = refused(record, lambda: Fabric("shop", topology=file))
    assert f"run `bulkhead plan {file}` and commit topology.lock.json" in said
    said, _ = refused(record, lambda: Fabric("shop", topology=written()))
    assert "run `pulumi up` where CI is not set and commit shop.lock.json" in said


def test_the_lock_of_another_topology_is_refused(record, file, tmp_path):
    lock = tmp_path / "other.lock.json"
    lock.write_text('{"topology": "other", "version": 1}')
    said, registered = refused(record, lambda: Fabric("shop", topology=file, lock=lock))
    assert registered == []
    assert "belongs to the topology 'other'" in said


def test_the_default_provider_of_another_region_is_refused(record, file, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    said, registered = refused(record, lambda: Fabric("shop", topology=file))
    assert registered == []
    assert f"{file}:3: is for region eu-west-1, and the provider of AWS works in us-east-1" in said


def test_a_provider_of_its_own_has_a_region_of_its_own(record, file, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")

    def program():
        provider = aws.Provider("there", region="eu-west-1")
        Fabric("shop", topology=file, opts=pulumi.ResourceOptions(provider=provider))

    assert record(program).of("Vpc")


def test_a_provider_of_another_region_is_refused(record, file):
    def program():
        provider = aws.Provider("there", region="us-east-1")
        Fabric("shop", topology=file, opts=pulumi.ResourceOptions(providers=[provider]))

    with pytest.raises(pulumi.RunError, match="works in us-east-1"):
        record(program)
