"""Names of services in DNS."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from bulkhead.plan import plan
from bulkhead.plan.dns import too_many_names
from bulkhead.problems import InputError
from bulkhead.settings import settings
from tests.support.topologies import HEAD, topology_from

FLEET = {
    **HEAD,
    "dns": "shop.internal",
    "segments": {"left": {"purpose": "x"}, "right": {"purpose": "y"}},
    "sites": {
        "plant": {
            "cidrs": ["192.168.10.0/24"],
            "gateway": {"address": "203.0.113.10"},
            "sockets": {"asks": {"type": "REQ", "connect": "till.in"}},
        }
    },
    "services": {
        "till": {
            "segment": "left",
            "replicas": 2,
            "sockets": {"in": {"type": "REP", "bind": "tcp://*:5556"}},
        },
        "router": {
            "segment": "left",
            "interfaces": {"eth0": {}, "eth1": {"segment": "right"}},
            "sockets": {
                "in": {"type": "PULL", "bind": "tcp://eth1:5557"},
                "ask": {"type": "REQ", "connect": "till.in", "interface": "eth0"},
            },
        },
        "door": {
            "segment": "right",
            "sockets": {"out": {"type": "PUSH", "connect": "router.in"}},
        },
    },
    "flows": [{"name": "ssh", "from": "door", "to": "till", "traffic": "tcp 22", "why": "ops"}],
}


@pytest.fixture
def fleet(tmp_path):
    return topology_from(tmp_path, FLEET)


def test_who_waits_for_others_has_a_name_and_each_copy_one_of_its_own(fleet):
    made = plan(fleet)
    named = {each.name: {*each.addresses} for each in made.zone.records}
    at = {each.name: each.address for each in made.network.interfaces}
    assert named == {
        "till": {at["till-1"], at["till-2"]},
        "1.till": {at["till-1"]},
        "2.till": {at["till-2"]},
        "eth1.router": {at["router.eth1-1"]},
        "1.eth1.router": {at["router.eth1-1"]},
    }


def test_programs_in_the_vpc_connect_by_name_and_those_at_a_site_by_address(fleet):
    made = plan(fleet)

    def reached(owner, socket):
        (found,) = (each for each in settings(fleet, made, owner).sockets if each.name == socket)
        return [each.endpoint for each in found.connect]

    assert reached("router", "ask") == [
        "tcp://eth0:0;1.till.shop.internal:5556",
        "tcp://eth0:0;2.till.shop.internal:5556",
    ]
    assert reached("door", "out") == ["tcp://1.eth1.router.shop.internal:5557"]
    by_address = [each.partition("//")[2].partition(":")[0] for each in reached("plant", "asks")]
    assert all(map(IPv4Address, by_address))
    (ssh,) = settings(fleet, made, "door").beside
    assert ssh.at == ("1.till.shop.internal", "2.till.shop.internal")


def test_a_topology_without_a_domain_has_no_zone(tmp_path):
    nameless = {key: value for key, value in FLEET.items() if key != "dns"}
    assert plan(topology_from(tmp_path, nameless)).zone is None


def test_a_zone_is_paid_by_the_month(fleet):
    (line,) = (each for each in plan(fleet).month.lines if each.charged == "private zone of DNS")
    assert (line.number, line.names, line.price.by) == (1, ("shop.internal",), "month")


def test_more_names_than_route_53_takes_are_refused(fleet):
    zone = plan(fleet).zone
    whole = replace(zone, records=zone.records[:1] * 9_998)
    (told,) = too_many_names(fleet, replace(whole, records=(*whole.records, zone.records[0])))
    assert told.what == "shop.internal would have 9999 records, and Route 53 takes 10000 records"
    assert not [*too_many_names(fleet, whole)]


def test_names_in_a_vpc_of_others_are_theirs(tmp_path):
    others = {**FLEET, "vpc": {"existing": "vpc-0123456789abcdef0"}}
    with pytest.raises(InputError, match="would answer every host of a VPC that is others'"):
        topology_from(tmp_path, others)


DUAL = {
    **HEAD,
    "dns": "shop.internal",
    "ipv6": "amazon",
    "segments": {"left": {"purpose": "x"}, "right": {"purpose": "y"}},
    "services": {
        "till": {
            "segment": "left",
            "replicas": 2,
            "sockets": {"in": {"type": "REP", "bind": "tcp://[::]:5556"}},
        },
        "door": {"segment": "right", "sockets": {"out": {"type": "REQ", "connect": "till.in"}}},
    },
}


def of_ipv6(tmp_path, **changes):
    made = plan(topology_from(tmp_path, {**DUAL, **changes}))
    at = {each.name: each.ipv6_addresses for each in made.network.interfaces}
    return at, {each.name: each.addresses for each in made.zone.records if each.kind == "AAAA"}


def test_who_waits_at_ipv6_for_clients_that_have_it_is_named_over_it_too(tmp_path):
    at, named = of_ipv6(tmp_path)
    assert named == {
        "till": (*at["till-1"], *at["till-2"]),
        "1.till": at["till-1"],
        "2.till": at["till-2"],
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"segments": {"left": {"purpose": "x"}, "right": {"purpose": "y", "ipv6": False}}},
        {
            "services": {
                **DUAL["services"],
                "till": {
                    "segment": "left",
                    "sockets": {
                        "in": {"type": "REP", "bind": "tcp://[::]:5556"},
                        "old": {"type": "REP", "bind": "tcp://*:5557"},
                    },
                },
            }
        },
    ],
    ids=["a client without", "a socket of IPv4 alone"],
)
def test_a_name_of_ipv6_that_leads_a_client_astray_is_none(tmp_path, changes):
    assert of_ipv6(tmp_path, **changes)[1] == {}
