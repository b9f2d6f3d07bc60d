"""What AWS would refuse is counted before it is made, and counted right."""

import tempfile
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given

from bulkhead.network import Direction
from bulkhead.plan import plan, planner
from bulkhead.plan.addressing import address
from bulkhead.plan.aws_needs import with_endpoints
from bulkhead.plan.demand import FIRST, entries_wanted, rules_wanted
from bulkhead.plan.lock import Lock
from bulkhead.plan.units import units_of
from bulkhead.plan.wiring import Wiring
from bulkhead.plan.zonal_nat import with_zonal_nat
from bulkhead.problems import InputError
from tests.plan.test_least_privilege import EPHEMERAL
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, topology_from

MESH = {
    **HEAD,
    "segments": {"web": {"purpose": "-"}, "apart": {"purpose": "-", "isolation": "service"}},
    "services": {
        name: {
            "segment": segment,
            "replicas": replicas,
            "sockets": {
                "mesh": {"type": "ROUTER", "bind": [f"tcp://*:{port}", f"tcp://*:{port + 1}"]},
                "peers": {"type": "DEALER", "connect": [f"{each}.mesh" for each in meets]},
                "again": {"type": "DEALER", "connect": f"{meets[-1]}.mesh"},
            },
        }
        for name, segment, replicas, port, meets in (
            ("many", "web", 3, 40000, ("many", "one", "lone")),
            ("one", "web", 1, 7000, ("many", "lone")),
            ("lone", "apart", 2, 40002, ("lone", "many")),
        )
    },
}


def with_networks(document):
    """The same, and its sites have more than one network."""
    wide = {
        name: {**site, "cidrs": [*site["cidrs"], "10.9.0.0/24", "172.16.0.0/16"]}
        for name, site in document.get("sites", {}).items()
    }
    return {**document, "sites": wide} if wide else document


def loaded(document):
    with tempfile.TemporaryDirectory() as folder:
        return topology_from(Path(folder), document)


def built(topology):
    """The plan, whatever AWS would say to its size."""
    with mock.patch.object(planner, "over_quota", return_value=()):
        return plan(topology).network


def counted(topology):
    """By (kind, who, direction): how many are counted, and what the first of them say."""
    units, meetings = units_of(topology), Wiring(topology).meetings
    where = address(topology, units, Lock(topology=topology.name, first=True))
    found = {
        ("sg", name, direction): (each.count, each.first())
        for (name, direction), each in rules_wanted(topology, meetings).items()
    }
    wanted = entries_wanted(topology, units, meetings, where)
    for unit in units:
        for direction in Direction:
            every = [each for each in wanted[unit.name] if each.direction is direction]
            first = {str(need) for each in every for need in each.first()}
            found["acl", unit.key, direction] = (sum(each.count for each in every), first)
    return found


@given(documents(max_services=5, first_ports=EPHEMERAL).map(with_networks))
@examples()
def test_as_many_rules_and_entries_are_counted_as_the_plan_has(document):
    _holds(document)


def test_also_where_replicas_talk_with_each_other_and_two_sockets_with_one():
    _holds(MESH)


def _holds(document):
    topology = with_zonal_nat(with_endpoints(loaded(document)))
    network, found = built(topology), counted(topology)
    for group in network.security_groups:
        if group.service:
            for direction in Direction:
                count, first = found["sg", group.service, direction]
                rules = group.towards(direction)
                assert count == max(len(of_family(rules, each)) for each in (4, 6))
                assert first == [each.description for each in rules[:FIRST]]
    for acl in network.nacls:
        if not acl.default:
            for direction in Direction:
                count, first = found["acl", acl.name, direction]
                entries = acl.ordered(direction)
                assert count == len(entries)
                assert {each.says() for each in entries[:FIRST]} <= first


def of_family(rules, version):
    """Those that the quota of a family counts: a reference to a group is in both."""
    return [
        each
        for each in rules
        if getattr(each.peer, "cidr", None) is None or each.peer.cidr.version == version
    ]


def served(*, networks=1, ports=1, clients=1, sites=1, apart=1):
    """A service with so many ports; clients in another segment, and sites, that connect to it."""
    socket = {"type": "REP", "bind": [f"tcp://*:{6000 + 2 * number}" for number in range(ports)]}
    ask = {"ask": {"type": "REQ", "connect": "db.ask"}}
    hosts = range(0, apart * networks, apart)  # side by side one entry could name several
    return {
        **HEAD,
        "segments": {"data": {"purpose": "-"}, "web": {"purpose": "-"}},
        "services": {
            "db": {"segment": "data", "sockets": {"ask": socket}},
            **{f"web{number}": {"segment": "web", "sockets": ask} for number in range(clients)},
        },
        "sites": {
            f"site{site}": {
                "cidrs": [f"172.{16 + site}.{n >> 8}.{n & 255}/32" for n in hosts],
                "gateway": {"address": f"203.0.113.{10 + site}"},
                "sockets": ask,
            }
            for site in range(sites)
        },
    }


def refused(document):
    with pytest.raises(InputError) as told:
        plan(loaded(document))
    return [each.what for each in told.value.problems]


def test_every_quota_is_said_at_once_with_what_comes_first():
    said = refused(served(networks=200, ports=3, sites=11))
    assert "the plan has 11 VPNs, the quota is 10 per VPN gateway" in said
    assert sum("has 200 cidrs, a VPN connection takes 100 routes" in each for each in said) == 11
    assert (
        "service db needs 6603 ingress rules; a security group holds 60, and an interface 5 of "
        "them (tcp 6000 from site0 172.16.0.0/32; tcp 6000 from site0 172.16.0.1/32; "
        "tcp 6000 from site0 172.16.0.10/32; tcp 6000 from site0 172.16.0.100/32; "
        "tcp 6000 from site0 172.16.0.101/32; tcp 6000 from site0 172.16.0.102/32 "
        "and 6597 more)"
    ) in said
    assert (
        "the NACL of data needs 8803 ingress entries, 19 fit "
        "(tcp 6000 from 10.20.4.0/22; tcp 6002 from 10.20.4.0/22; tcp 6004 from 10.20.4.0/22; "
        "tcp 6000 from 172.16.0.0/32; tcp 6002 from 172.16.0.0/32; tcp 6004 from 172.16.0.0/32 "
        "and 8797 more)"
    ) in said


def test_requests_that_the_replies_let_pass_hold_numbers_of_which_there_are_1500():
    """None of them is an entry while the other way is open, and each keeps its number."""

    def one(segment, number):
        ports = [f"tcp://*:{33000 + 100 * number + 2 * each}" for each in range(50)]
        asks = {"left": "right0.in", "right": f"left{number}.in"}[segment]
        sockets = {"in": {"type": "REP", "bind": ports}}
        if segment == "right" or number == 0:
            sockets["out"] = {"type": "REQ", "connect": asks}
        return {"segment": segment, "sockets": sockets}

    both = ("left", "right")
    services = {f"{each}{n}": one(each, n) for each in both for n in range(32)}
    segments = {name: {"purpose": "-"} for name in both}
    assert refused({**HEAD, "segments": segments, "services": services}) == [
        "the NACL of left needs numbers for 1600 ingress requests, 1500 are kept for them",
        "the NACL of right needs numbers for 1600 egress requests, 1500 are kept for them",
    ]


def test_what_is_refused_is_not_built(monkeypatch):
    made = mock.Mock(side_effect=AssertionError("it was made"))
    monkeypatch.setattr(planner, "security_groups", made)
    monkeypatch.setattr(planner, "entries_of", made)
    refused(served(networks=2000))
