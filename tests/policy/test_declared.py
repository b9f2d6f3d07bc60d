"""A preview held against the topology that somebody names."""

from __future__ import annotations

import pytest

from bulkhead.components.fabric import build
from bulkhead.plan import plan
from tests.support.foreign import Shop
from tests.support.packs import ask, of
from tests.support.programs import ours
from tests.support.small_engine import recorded
from tests.support.tidy import Tidy
from tests.support.topologies import topology_from

TOPOLOGY = """
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
segments:
  web: { purpose: front }
  data: { purpose: back }
services:
  db:
    segment: data
    sockets:
      ask: { type: REP, bind: "tcp://*:6000" }
  front:
    segment: web
    sockets:
      ask: { type: REQ, connect: db.ask }
"""


@pytest.fixture
def declared(tmp_path, monkeypatch):
    """A topology, and the program that builds it."""
    topology = topology_from(tmp_path, TOPOLOGY)
    monkeypatch.setenv("PWD", str(tmp_path))
    program = ours(recorded(lambda: build(plan(topology))))
    return program, {"as-declared": {"topology": topology.file}}


def test_a_program_that_builds_what_is_declared_complies(declared):
    program, config = declared
    assert of("as-declared", ask(program, built=False, config=config)) == []


def test_a_rule_that_nobody_declared_is_told_and_stops_the_update(declared):
    program, config = declared
    (group,) = [
        each for each in program.made if each.type.endswith(":SecurityGroup") if "db" in each.name
    ]
    program.add(
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "extra",
        securityGroupId=group.id,
        ipProtocol="tcp",
        fromPort=22,
        toPort=22,
        cidrIpv4="10.20.0.0/16",
    )
    said = of("as-declared", ask(program, built=False, config=config))
    assert "extra" in {each.about for each in said}
    assert all(each.mandatory for each in said)


def test_a_program_of_other_people_is_not_what_is_declared(declared):
    _, config = declared
    said = of("as-declared", ask(Tidy(), config=config))
    assert any("front.ask -> db.ask" in each.message for each in said)


def test_without_a_topology_it_asks_nothing():
    assert of("as-declared", ask(Tidy())) == []


@pytest.mark.parametrize(
    ("named", "says"), [("nowhere.yaml", "nowhere.yaml"), ("/dev/null", "/dev/null")]
)
def test_a_topology_that_cannot_be_read_is_one_sentence(named, says, declared):
    (said,) = of("as-declared", ask(Tidy(), config={"as-declared": {"topology": named}}))
    assert says in said.message
    assert "Traceback" not in said.message


def test_a_quota_that_the_topology_says_of_the_account_counts(tmp_path):
    shop = Shop()
    for number in range(58):
        shop.rule(f"many-{number}", 7000 + 2 * number, "10.0.1.0/24")

    def told(name, quotas):
        (folder := tmp_path / name).mkdir()
        file = topology_from(folder, f"{TOPOLOGY}quotas: {quotas}\n").file
        return of("quota-headroom", ask(shop, config={"quota-headroom": {"topology": file}}))

    (said,) = told("default", "{ rules-per-group: 60 }")
    assert "rules-per-group under quotas in" in said.message
    assert not told("raised", "{ rules-per-group: 120 }")
