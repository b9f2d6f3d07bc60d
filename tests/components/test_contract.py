"""What holds of every component and every child, whatever they build."""

import dataclasses

import pulumi
import pytest

from bulkhead.components.fabric import build
from bulkhead.network import tags

UNTAGGABLE = {
    "NetworkAclRule",
    "NetworkAclAssociation",
    "Record",
    "RolePolicy",
    "Route",
    "RouteTableAssociation",
    "VpnConnectionRoute",
}


@pytest.fixture
def recording(record, shop):
    return record(lambda: build(shop))


def test_names_say_what_a_thing_is_and_never_where_it_stands_in_a_list(record, shop, recording):
    network = shop.network
    backwards = dataclasses.replace(
        network,
        services=network.services[::-1],
        security_groups=tuple(
            dataclasses.replace(each, rules=each.rules[::-1])
            for each in network.security_groups[::-1]
        ),
        nacls=tuple(
            dataclasses.replace(each, entries=each.entries[::-1]) for each in network.nacls[::-1]
        ),
    )
    again = record(lambda: build(dataclasses.replace(shop, network=backwards)))
    assert {each.urn for each in again.resources} == {each.urn for each in recording.resources}


def test_every_taggable_child_has_a_name_for_people_its_topology_and_its_stack(recording):
    for child in recording.children:
        if child.type.split(":")[-1] not in UNTAGGABLE:
            assert child.inputs["tags"][tags.TOPOLOGY] == "shop", child.urn
            assert child.inputs["tags"][tags.STACK] == pulumi.get_stack(), child.urn
            assert child.inputs["tags"][tags.NAME], child.urn


def test_nothing_volatile_is_written_anywhere(record, shop, recording):
    again = record(lambda: build(shop))
    one = {each.urn: each.inputs for each in recording.resources}
    other = {each.urn: each.inputs for each in again.resources}
    assert one == other


def test_rules_are_standalone_so_that_nothing_fights_over_them(recording):
    for kind, inline in (
        ("SecurityGroup", ("ingress", "egress")),
        ("NetworkAcl", ("ingress", "egress", "subnetIds")),
        ("RouteTable", ("routes",)),
    ):
        for each in recording.of(kind):
            assert not set(inline) & set(each.inputs), each.urn


def test_what_holds_a_number_or_a_place_gives_it_back_before_another_takes_it(recording):
    """AWS refuses a second entry of a number, and a second flow log of the same traffic to the same
    place. An interface that is replaced has another address, and stands before the old one goes."""
    first = {each.urn for each in recording.children if each.gone_first}
    kinds = ("NetworkAclRule", "FlowLog")
    held = [each for kind in kinds for each in recording.of(kind)]
    assert held
    assert first == {each.urn for each in held}
