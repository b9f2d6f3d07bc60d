"""A host of a site may connect from other ports than the rest: replies come to those as well."""

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from bulkhead.doubt import doubt
from bulkhead.judge import FindingKind, judge
from bulkhead.network import Direction, PortRange
from bulkhead.network.tags import host_port_tags, host_ports_from
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.support.topologies import HEAD, topology_from

HOSTS = {
    "console": {"address": "192.168.10.7", "client-ports": "windows"},
    "floor": {"cidr": "192.168.10.64/26", "client-ports": "40000-40999"},
    "desk": {"address": "192.168.10.70", "client-ports": "50000-50999"},
}


def planned(folder, host=None, usual="linux", hosts=HOSTS, also=None):
    asks = {"type": "PUSH", "connect": "sink.in", **({"host": host} if host else {})}
    return plan(
        topology_from(
            folder,
            {
                **HEAD,
                "segments": {"back": {"purpose": "answers"}},
                "services": {
                    "sink": {
                        "segment": "back",
                        "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5000"}},
                    }
                },
                "sites": {
                    "plant": {
                        "cidrs": ["192.168.10.0/24"],
                        "gateway": {"address": "203.0.113.10"},
                        "client-ports": usual,
                        "hosts": hosts,
                        "sockets": {"orders": asks, **({"more": asks | also} if also else {})},
                    }
                },
            },
        )
    )


def replies(plan):
    (acl,) = (each for each in plan.network.nacls if not each.default)
    return {(str(each.cidr), str(each.ports)) for each in acl.ordered(Direction.EGRESS)}


ALL = "192.168.10.0/24"


@pytest.mark.parametrize(
    ("host", "usual", "where"),
    [
        (
            None,
            "linux",
            {
                (ALL, "32768-60999"),
                ("192.168.10.7/32", "49152-65535"),
            },
        ),
        (None, "any", {(ALL, "1024-65535")}),
        ("console", "any", {("192.168.10.7/32", "49152-65535")}),
        (
            "floor",
            "any",
            {("192.168.10.64/26", "40000-40999"), ("192.168.10.70/32", "50000-50999")},
        ),
        ("desk", "linux", {("192.168.10.70/32", "50000-50999")}),
    ],
)
def test_replies_come_to_the_ports_of_those_who_may_ask_and_to_no_others(
    tmp_path, host, usual, where
):
    made = planned(tmp_path, host, usual)
    assert replies(made) == where
    assert judge(prove(made.network), made.declaration).ok


def test_a_host_of_a_network_is_answered_with_it_where_all_of_the_site_may_ask(tmp_path):
    nested = HOSTS | {"floor": {"cidr": "192.168.10.64/26", "client-ports": "windows"}}
    made = planned(tmp_path, None, hosts=nested, also={"host": "desk"})
    assert judge(prove(made.network), made.declaration).ok


def test_whoever_doubts_the_proof_reads_them_as_the_prover_does(tmp_path):
    made = planned(tmp_path, "floor")
    found = doubt(made.network, prove(made.network))
    assert not found.contradictions


def test_without_its_own_replies_a_host_is_half_open_alone(tmp_path):
    as_the_floor = HOSTS | {"desk": {"address": "192.168.10.70"}}
    usual = planned(tmp_path, "floor", hosts=as_the_floor)
    own = planned(tmp_path, "floor")
    (acl,) = (each for each in usual.network.nacls if not each.default)
    narrow = replace(
        own.network,
        nacls=tuple(acl if each.name == acl.name else each for each in own.network.nacls),
    )
    (lacking,) = judge(prove(narrow), own.declaration).findings
    (missing,) = lacking.effects
    assert missing.kind is FindingKind.MISSING
    assert "half-open for 1 of 2 pairs" in missing.message
    assert "50000-50999" in missing.message
    assert judge(prove(usual.network), usual.declaration).ok


def test_what_a_tag_says_of_a_host_is_read_back():
    said = ((IPv4Network("192.168.10.7/32"), PortRange(49152, 65535)),)
    assert tuple(host_ports_from(host_port_tags(said)).items()) == said
    with pytest.raises(ValueError, match="x"):
        host_ports_from({"bulkhead:client-ports:x": "1-2"})
