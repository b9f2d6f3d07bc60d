"""What the device of a site that speaks BGP is told: two sessions, and declared networks alone."""

from __future__ import annotations

import re
from ipaddress import IPv4Network

import pytest

from bulkhead.onsite import Onsite, bird, frr, nftables, onsite
from bulkhead.plan import plan
from bulkhead.report.documents.onsite import onsite as document
from tests.plan.test_bgp import ALONE
from tests.support.topologies import topology_from


def of(folder, text: str = ALONE) -> Onsite:
    topology = topology_from(folder, text)
    return onsite(topology, plan(topology), "exchange")


@pytest.fixture(scope="module")
def exchange(tmp_path_factory) -> Onsite:
    return of(tmp_path_factory.mktemp("bgp"))


def test_it_knows_both_numbers_and_what_goes_which_way(exchange):
    assert document(exchange)["bgp"] == {
        "asn": 65010,
        "aws_asn": 64520,
        "announces": ["192.168.10.0/24", "192.168.11.0/24"],
        "accepts": ["10.20.0.0/16"],
        "hold_time": 30,
        "keepalive": 10,
    }


def test_a_site_with_static_routes_has_none(tmp_path):
    assert of(tmp_path, ALONE.replace("routing: bgp", "")).bgp is None


def test_each_block_of_the_vpc_is_taken_as_aws_announces_it(tmp_path):
    found = of(tmp_path, ALONE.replace("10.20.0.0/16", "[10.20.0.0/24, 10.20.1.0/24]"))
    assert found.bgp is not None
    assert found.bgp.accepts == (IPv4Network("10.20.0.0/24"), IPv4Network("10.20.1.0/24"))
    assert found.beyond == (IPv4Network("10.20.0.0/23"),)
    assert "net !~ [ 10.20.0.0/24, 10.20.1.0/24 ] then reject" in bird(found)
    assert "route 10.20.0.0/23 blackhole" in bird(found)


def test_aws_is_asked_to_send_by_the_first_tunnel_and_no_path_is_made_longer(exchange):
    for text in (frr(exchange), bird(exchange)):
        assert "prepend" not in text
        assert "local_pref" not in text
        assert "local-preference" not in text
    assert re.findall(r"set metric (\S+)", frr(exchange)) == ["100", "+1", "200"]
    assert re.findall(r"^ {6}bgp_med = (\d+);", bird(exchange), re.MULTILINE) == ["100", "200"]


def test_rules_let_bgp_pass_between_the_two_ends_of_a_tunnel_alone(exchange):
    rules = [line.strip() for line in nftables(exchange).splitlines() if "dport 179" in line]
    assert [re.sub(" tcp dport.*", "", each) for each in rules] == [
        'oifname "aws1" ip saddr 169.254.0.66 ip daddr 169.254.0.65',
        'oifname "aws2" ip saddr 169.254.0.70 ip daddr 169.254.0.69',
        'iifname "aws1" ip saddr 169.254.0.65 ip daddr 169.254.0.66',
        'iifname "aws2" ip saddr 169.254.0.69 ip daddr 169.254.0.70',
    ]


def test_no_key_is_in_either_file(exchange):
    for text in (frr(exchange), bird(exchange)):
        assert "password" not in text
