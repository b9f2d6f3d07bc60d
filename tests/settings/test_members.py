"""What programs are told of copies that come and go: no address, and where they may be."""

import pytest

from bulkhead.plan import plan
from bulkhead.problems import UnusableError
from bulkhead.settings import as_plain, as_variables, settings
from tests.support.topologies import topology_from

FLEET = """
    name: fleet
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 2
    segments: { left: { purpose: one side }, right: { purpose: the other } }
    services:
      vent:
        segment: left
        sockets: { jobs: { type: PUSH, bind: "tcp://*:5557" } }
      worker:
        segment: right
        replicas: 2..40
        interfaces: none
        sockets:
          jobs: { type: PULL, connect: vent.jobs }
          log: { type: PUSH, bind: "ipc:///run/log" }
      router:
        segment: right
        runs-on: ecs
        replicas: 1..4
        sockets:
          front: { type: ROUTER, bind: { endpoint: "tcp://*:5559", published: 15559 } }
          peers: { type: DEALER, connect: router.front }
      alarm:
        segment: right
        runs-on: lambda
        sockets: { ask: { type: DEALER, connect: router.front } }
    flows:
      - { name: ssh, from: vent, to: worker, traffic: tcp 22, why: people log in }
"""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    topology = topology_from(tmp_path_factory.mktemp("fleet"), FLEET)
    return topology, plan(topology)


def told(fleet, owner):
    return as_plain(settings(*fleet, owner))


def test_they_have_no_numbers_and_it_is_said_where_they_may_be(fleet):
    worker = told(fleet, "worker")
    assert worker["replicas"] == []
    subnets = [str(each.cidr) for each in fleet[1].network.subnets if each.segment == "right"]
    assert worker["coming"] == {"fewest": 2, "most": 40, "within": subnets}
    assert told(fleet, "alarm")["coming"] == {"fewest": 0, "most": None, "within": subnets}
    assert "coming" not in told(fleet, "vent")


def test_they_bind_as_it_is_written(fleet):
    (bound,) = told(fleet, "router")["sockets"]["front"]["bind"]
    assert bound == {"endpoint": "tcp://*:5559", "replica": None, "why": None}


@pytest.mark.parametrize(("owner", "socket"), [("alarm", "ask"), ("router", "peers")])
def test_who_connects_to_them_is_told_no_address(fleet, owner, socket):
    (reached,) = told(fleet, owner)["sockets"][socket]["connect"]
    assert reached["endpoint"] is None
    assert "connect to tcp://NAME:15559" in reached["why"]


def test_who_connects_to_others_needs_nothing_else(fleet):
    variables = as_variables(settings(*fleet, "worker"))
    vent = next(each for each in fleet[1].network.interfaces if each.service == "vent")
    assert variables["BULKHEAD_JOBS_CONNECT"] == f"tcp://{vent.address}:5557"
    assert "BULKHEAD_REPLICA" not in variables
    with pytest.raises(UnusableError, match="come and go"):
        as_variables(settings(*fleet, "alarm"))


def test_a_server_has_room_for_as_many_as_may_come(fleet):
    options = told(fleet, "router")["sockets"]["front"]["profile"]["options"]
    assert options["BACKLOG"] == 204  # functions that may run at once, and four of its own


def test_flows_beside_name_the_blocks_in_which_they_are(fleet):
    (ssh,) = told(fleet, "vent")["flows"]
    assert ssh["at"] == told(fleet, "worker")["coming"]["within"]
