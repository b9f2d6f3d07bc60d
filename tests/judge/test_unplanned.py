"""One wide-open entry or route is found, even where another layer hides it today."""

import dataclasses
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from bulkhead.judge.unplanned import unplanned
from bulkhead.network import ALL_PORTS, AclEntry, Action, Direction, Route, TargetKind
from bulkhead.plan.files import locked_plan

ANYWHERE = IPv4Network("0.0.0.0/0")


@pytest.fixture
def planned():
    path = Path(__file__).resolve().parents[2] / "topologies" / "locust.yaml"
    return locked_plan(path).network


def test_a_network_as_planned_has_no_unplanned(planned):
    assert unplanned(planned, planned) == ()


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", ["control", "load", "target", "office", "default"])
def test_an_entry_open_to_everyone_in_any_one_nacl_is_found(planned, name, direction):
    entry = AclEntry(
        number=5,
        direction=direction,
        action=Action.ALLOW,
        protocol=-1,
        ports=ALL_PORTS,
        cidr=ANYWHERE,
    )
    nacls = tuple(
        dataclasses.replace(each, entries=(*each.entries, entry)) if each.name == name else each
        for each in planned.nacls
    )
    (found,) = unplanned(planned, dataclasses.replace(planned, nacls=nacls))
    assert name in found.message
    assert "0.0.0.0/0" in found.message


def test_a_route_that_nobody_planned_is_found(planned):
    route = Route(destination=ANYWHERE, target=TargetKind.INTERNET_GATEWAY, target_id="igw-1")
    tables = tuple(
        dataclasses.replace(each, routes=(route,)) if each.name == "load" else each
        for each in planned.route_tables
    )
    (found,) = unplanned(planned, dataclasses.replace(planned, route_tables=tables))
    assert "0.0.0.0/0 -> igw-1" in found.message


def test_a_rule_in_the_default_group_is_found_whatever_it_lets_in(planned):
    (rule, *_) = next(each.rules for each in planned.security_groups if each.rules)
    groups = tuple(
        dataclasses.replace(each, rules=(rule,)) if each.name == "default" else each
        for each in planned.security_groups
    )
    (found,) = unplanned(planned, dataclasses.replace(planned, security_groups=groups))
    assert found.message == f"the default security group holds what no plan has: {rule}"
    assert [each.component for each in found.rules] == ["sg/default"]


def test_a_route_that_drops_packets_opens_nothing(planned):
    route = Route(
        destination=ANYWHERE, target=TargetKind.INTERNET_GATEWAY, target_id="igw-1", blackhole=True
    )
    tables = tuple(
        dataclasses.replace(each, routes=(*each.routes, route)) for each in planned.route_tables
    )
    assert unplanned(planned, dataclasses.replace(planned, route_tables=tables)) == ()


def test_an_entry_that_is_narrower_than_a_planned_one_is_planned(planned):
    def halved(entry):
        (half, _) = entry.cidr.subnets(1)
        return dataclasses.replace(entry, cidr=half)

    nacls = tuple(
        dataclasses.replace(each, entries=tuple(map(halved, each.entries)))
        for each in planned.nacls
    )
    assert unplanned(planned, dataclasses.replace(planned, nacls=nacls)) == ()
