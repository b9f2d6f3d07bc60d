"""What people say of a part of a topology is on what stands for it in AWS."""

from __future__ import annotations

from copy import deepcopy

import pytest
import yaml

from bulkhead.audit import ALL_CHECKS, Evidence, Outcome
from bulkhead.components.fabric import build
from bulkhead.network import Network, SaidOf, tags
from bulkhead.network.inventory import Inventory, Listed, Tagged
from bulkhead.plan import plan
from tests.components.conftest import TOPOLOGY
from tests.support.topologies import topology_from

PLAIN = yaml.safe_load(TOPOLOGY)
FRONT = SaidOf(purpose="Bestellungen (außen)", owner="shop", data="public")


def said():
    """The same topology, of which somebody says more."""
    document = deepcopy(PLAIN)
    document["segments"]["web"] = {
        "purpose": FRONT.purpose,
        "owner": FRONT.owner,
        "data": FRONT.data,
    }
    document["sites"]["venue"] |= {"purpose": "a partner", "owner": "sales"}
    document["services"]["db"]["purpose"] = "keeps orders"
    document["services"]["front"]["owner"] = "front desk"
    return document


@pytest.fixture
def made(record, tmp_path):
    def make(document):
        planned = plan(topology_from(tmp_path, document))
        return record(lambda: build(planned))

    return make


@pytest.fixture
def spoken(made):
    recording = made(said())
    return {
        (each.type.rpartition(":")[2], each.name): tags.words_from(each.inputs["tags"])
        for each in recording.children
        if "tags" in each.inputs
    }


def test_subnets_nacl_and_table_say_what_their_segment_is_for(spoken):
    for thing in (
        ("NetworkAcl", "shop-web-acl"),
        ("RouteTable", "shop-web-routes"),
        ("Subnet", "shop-web-eu-west-1a"),
        ("Subnet", "shop-web-eu-west-1b"),
    ):
        assert spoken[thing] == FRONT
    assert spoken["NetworkAcl", "shop-data.db-acl"] == SaidOf(purpose="back")


def test_group_and_interfaces_say_it_of_their_service_or_else_of_its_segment(spoken):
    own = SaidOf(purpose=FRONT.purpose, owner="front desk", data="public")
    assert spoken["SecurityGroup", "shop-front-group"] == own
    assert {
        spoken["NetworkInterface", f"shop-front-{number}-interface"] for number in (1, 2, 3)
    } == {own}
    assert spoken["SecurityGroup", "shop-ops-group"] == FRONT
    assert spoken["SecurityGroup", "shop-db-group"] == SaidOf(purpose="keeps orders")


def test_the_connection_of_a_site_says_it_and_its_device_which_stacks_share_does_not(spoken):
    assert spoken["VpnConnection", "shop-venue-vpn"] == SaidOf(purpose="a partner", owner="sales")
    assert spoken["CustomerGateway", "shop-venue-customer-gateway"] == SaidOf()


def test_everything_that_could_be_asked_what_it_is_for_says_it(spoken):
    lacking = {thing for thing, words in spoken.items() if not words.purpose}
    assert {kind for kind, _ in lacking} == {
        "CustomerGateway",
        "SecurityGroupEgressRule",
        "SecurityGroupIngressRule",
    }


def test_our_own_stack_says_what_every_vpc_subnet_and_group_is_for(made):
    """As the policy and the check of that ask it, of what AWS made with the VPC, too."""
    kinds = {"Vpc", "Subnet", "SecurityGroup", "DefaultSecurityGroup"}
    things = tuple(
        Tagged(id=each.urn, name=each.name, kind=kind, tags=tuple(each.inputs["tags"]))
        for each in made(PLAIN).children
        if (kind := each.type.rpartition(":")[2]) in kinds
    )
    assert {each.kind for each in things} == kinds
    check = next(each for each in ALL_CHECKS if each.id == "purpose-tagged")
    found = check(Evidence(network=Network(), inventory=Inventory(tagged=Listed(things, ()))))
    assert [each for each in found if each.outcome is not Outcome.PASS] == []


def test_other_words_are_other_tags_and_nothing_else(made):
    """Of no resource of AWS are tags among what replaces it."""
    before = {each.urn: each.inputs for each in made(PLAIN).resources}
    after = {each.urn: each.inputs for each in made(said()).resources}
    assert before.keys() == after.keys()
    changed = {urn for urn in before if before[urn] != after[urn]}
    assert changed
    for urn in changed:
        one, other = before[urn], after[urn]
        assert {key for key in one.keys() | other if one.get(key) != other.get(key)} == {"tags"}
