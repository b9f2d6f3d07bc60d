"""IPv6: planned over a block that stands for one, made in the one that the VPC is given."""

import dataclasses
import json
from ipaddress import IPv6Address, IPv6Network

import pytest

from bulkhead.components import Fabric
from bulkhead.components.fabric import build
from bulkhead.judge import judge
from bulkhead.network import tags
from bulkhead.network.ipv6_blocks import STAND_IN
from bulkhead.observe.pulumi.state import read_state
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.sources import Source, held, open_topology
from bulkhead.sources.reading import now, provenance
from tests.components.conftest import GIVEN, TOPOLOGY
from tests.components.test_read_back import exported
from tests.support.topologies import topology_from

AMAZON = f"{TOPOLOGY}\n    ipv6: amazon\n"
POOL = "ipam-pool-0a1b2c3d4e5f60718"
BLOCK = IPv6Network(GIVEN)


def made_of(record, tmp_path, text, known=True):
    planned = plan(topology_from(tmp_path, text))
    return planned, record(lambda: build(planned), known)


def test_the_vpc_asks_for_a_block_once_all_that_came_with_it_is_closed(record, tmp_path):
    _, made = made_of(record, tmp_path, AMAZON)
    (block,) = made.of("VpcIpv6CidrBlockAssociation")
    assert block.inputs == {"vpcId": "shop-vpc-id", "assignGeneratedIpv6CidrBlock": True}
    closed = {each.rpartition("::")[2] for each in block.dependencies}
    assert {"shop-default-group", "shop-default-acl"} <= closed


@pytest.mark.parametrize(
    ("pool", "key"),
    [(POOL, "ipv6IpamPoolId"), ("ipv6pool-ec2-0a1b2c3d4e5f60718", "ipv6Pool")],
)
def test_a_block_of_a_pool_is_asked_for_as_it_is_planned(record, tmp_path, pool, key):
    text = f'{TOPOLOGY}\n    ipv6: {{ cidr: "{GIVEN}", pool: {pool} }}\n'
    _, made = made_of(record, tmp_path, text)
    (block,) = made.of("VpcIpv6CidrBlockAssociation")
    assert block.inputs == {"vpcId": "shop-vpc-id", "ipv6CidrBlock": GIVEN, key: pool}


def test_everything_lies_in_the_given_block_where_it_lies_in_the_planned_one(record, tmp_path):
    planned, made = made_of(record, tmp_path, AMAZON)

    def at(place):
        return int(place) - int(STAND_IN.network_address) + int(BLOCK.network_address)

    blocks = {each.name: each.inputs["ipv6CidrBlock"] for each in made.of("Subnet")}
    for subnet in planned.network.subnets:
        (block,) = subnet.ipv6_cidrs
        where = IPv6Network((at(block.network_address), 64))
        name = f"shop-{subnet.nacl.removeprefix('acl/')}-{subnet.zone}"
        assert blocks[name] == str(where)
    addresses = {
        each.inputs["tags"][tags.NAME]: each.inputs["ipv6Addresses"]
        for each in made.of("NetworkInterface")
    }
    assert addresses == {
        each.name: [str(IPv6Address(at(one))) for one in each.ipv6_addresses]
        for each in planned.network.interfaces
    }
    entries = {
        (each.inputs["ruleNumber"], each.inputs["egress"], each.inputs["ipv6CidrBlock"])
        for each in made.of("NetworkAclRule")
        if "ipv6CidrBlock" in each.inputs
    }
    assert entries
    assert entries == {
        (each.number, each.direction == "egress", f"{IPv6Address(at(each.cidr[0]))}/62")
        for acl in planned.network.nacls
        for each in acl.entries
        if each.cidr.version == 6
    }
    assert all(
        ("cidrBlock" in each.inputs) != ("ipv6CidrBlock" in each.inputs)
        for each in made.of("NetworkAclRule")
    )


def test_names_are_those_of_the_plan_whichever_block_is_given(record, tmp_path):
    _, made = made_of(record, tmp_path, AMAZON)
    _, before = made_of(record, tmp_path, AMAZON, known=False)
    assert {each.urn for each in made.resources} == {each.urn for each in before.resources}
    assert not [each.name for each in made.resources if ":" in each.name or "2600" in each.name]


def test_ipv4_is_made_as_it_is_without(record, tmp_path):
    _, made = made_of(record, tmp_path, AMAZON)
    _, without = made_of(record, tmp_path, TOPOLOGY)
    mine = {each.urn: each for each in made.resources}
    for each in without.resources:
        more = {"ipv6CidrBlock", "ipv6Addresses"}
        theirs = {key: one for key, one in mine[each.urn].inputs.items() if key not in more}
        assert theirs == each.inputs
        assert not more & set(each.inputs)


def test_an_interface_without_says_so_where_its_vpc_has_ipv6(record, tmp_path):
    """AWS leaves an interface the addresses of which nothing is said."""
    text = AMAZON.replace("web: { purpose: front }", "web: { purpose: front, ipv6: unused }")
    _, made = made_of(record, tmp_path, text)
    said = {each.name: each.inputs["ipv6Addresses"] for each in made.of("NetworkInterface")}
    assert said["shop-ops-1-interface"] == []
    assert said["shop-db-1-interface"]
    assert all(each.inputs["ipv6CidrBlock"] for each in made.of("Subnet"))


def test_a_fabric_hands_out_blocks_and_addresses_and_tells_programs_of_them(record, tmp_path):
    path = topology_from(tmp_path, AMAZON.replace("tcp://*:6000", "tcp://[::]:6000")).file
    found = {}

    async def look():
        fabric = Fabric("shop", topology=path)
        found["block"] = await fabric.ipv6_cidr_block.future()
        (one, two) = fabric.interface_addresses["db"]["db-1"]
        found["addresses"] = one, await two.future()
        zone = fabric.subnet_ipv6_cidr_blocks["data.db"]["eu-west-1a"]
        found["subnet"] = await zone.future()
        found["told"] = json.dumps(await fabric.endpoints["db"].future())

    record(look)
    assert found["block"] == GIVEN
    four, six = found["addresses"]
    assert (four, IPv6Address(six) in IPv6Network(found["subnet"])) == ("10.20.4.4", True)
    assert str(STAND_IN.network_address) not in found["told"]
    assert f"tcp://[{six}]:6000" in found["told"]


def test_what_was_built_is_as_declared_once_the_plan_is_held_against_it(record, tmp_path):
    _, made = made_of(record, tmp_path, AMAZON)
    made.resources[:] = [
        dataclasses.replace(each, inputs={**each.inputs, "ipv6CidrBlock": GIVEN})
        if each.type.endswith("Association") and "Ipv6" in each.type
        else each
        for each in made.resources
    ]
    state = tmp_path / "stack.json"
    state.write_text(json.dumps(exported(made)))
    found = read_state(state).network
    (vpc,) = found.vpcs  # no provider is recorded that would say in which Region
    network = dataclasses.replace(found, vpcs=(dataclasses.replace(vpc, region="eu-west-1"),))
    built = Source(label="stack", network=network, provenance=provenance(now()))
    declared = open_topology(tmp_path / "topology.yaml")
    assert {each.cidrs[-1] for each in network.vpcs} == {BLOCK}
    judgement = judge(prove(network), held(declared, built).plan.declaration)
    assert (judgement.findings, judgement.unknown) == ((), ())
    assert judge(prove(network), declared.plan.declaration).findings
    assert held(declared, declared) is declared
    held_rules = held(declared, built).origins.rules("acl/data.db")
    assert {each.cidr for each in held_rules if each.cidr.version == 6} <= {
        entry.cidr for acl in network.nacls for entry in acl.entries
    }


def test_before_the_block_is_given_nobody_is_told_one(record, tmp_path):
    _, made = made_of(record, tmp_path, AMAZON, known=False)
    said = json.dumps([each.inputs for each in made.resources], default=str)
    assert str(STAND_IN.network_address).removesuffix("::") not in said
