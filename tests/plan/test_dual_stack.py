"""IPv6 beside IPv4: the same flows over both, and what is there of IPv4 does not move."""

import dataclasses
import tempfile
from ipaddress import IPv6Network
from pathlib import Path

import pytest
from hypothesis import given

from bulkhead.judge import judge
from bulkhead.network import ICMP, ICMP6, CidrPeer, Direction, Network
from bulkhead.network.ipv6_blocks import STAND_IN, rebased, with_ipv6_of
from bulkhead.plan import lock_text, plan
from bulkhead.problems import InputError
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, topology_from

REAL = IPv6Network("2600:1f18:1234:5600::/56")


def planned(document, lock=None):
    with tempfile.TemporaryDirectory() as folder:
        return plan(topology_from(Path(folder), document), lock)


def shop(**segments):
    pub = {"type": "PUB", "bind": "tcp://[::]:5556"}
    sub = {"type": "SUB", "connect": "ticker.ticks"}
    return {
        **HEAD,
        "ipv6": "amazon",
        "segments": {
            "feed": {"purpose": "-", **segments.get("feed", {})},
            "back": {"purpose": "-", **segments.get("back", {})},
        },
        "services": {
            "ticker": {"segment": "feed", "sockets": {"ticks": pub}},
            "watcher": {"segment": "back", "replicas": 3, "sockets": {"in": sub}},
            "idle": {"segment": "back"},
        },
        "flows": [
            {"name": "ping", "from": "watcher", "to": "ticker", "traffic": "icmp 8", "why": "-"}
        ],
    }


def with_pings(document):
    ping = {"name": "ping6", "from": "watcher", "to": "ticker", "why": "-"}
    return {**document, "flows": [*document["flows"], {**ping, "traffic": "icmpv6 128"}]}


def families(network: Network, acl: str) -> set[int]:
    (found,) = (each for each in network.nacls if each.name == acl)
    return {each.cidr.version for each in found.entries}


def test_a_unit_has_the_block_of_its_number_a_zone_a_64_and_a_host_its_own_number():
    network = planned(shop()).network
    assert network.vpcs[0].cidrs[1] == STAND_IN
    for subnet in network.subnets:
        (six,) = subnet.ipv6_cidrs
        assert six.prefixlen == 64 and six.subnet_of(STAND_IN)
        number = (int(subnet.cidr.network_address) >> 8) & 0xFF
        assert (int(six.network_address) >> 64) & 0xFF == number
    for each in network.interfaces:
        (six,) = each.ipv6_addresses
        subnet = network.subnet_of(each)
        assert six in subnet.ipv6_cidrs[0]
        assert int(six) & 0xFFFF == int(each.address) - int(subnet.cidr.network_address)


def test_both_layers_let_a_flow_through_over_both_families():
    made = planned(with_pings(shop()))
    assert families(made.network, "feed") == families(made.network, "back") == {4, 6}
    assert judge(prove(made.network), made.declaration).findings == ()
    for each in made.network.nacls:
        for entry in each.entries:
            assert (entry.protocol, entry.cidr.version) not in {(ICMP, 6), (ICMP6, 4)}
    (ticker,) = (each for each in made.network.security_groups if each.service == "ticker")
    assert [str(each.peer) for each in ticker.towards(Direction.INGRESS)] == ["sg/watcher"] * 3


def test_what_either_layer_lacks_of_ipv6_is_a_finding():
    made = planned(shop())
    lacking = dataclasses.replace(
        made.network,
        nacls=tuple(
            dataclasses.replace(
                each, entries=tuple(one for one in each.entries if one.cidr.version == 4)
            )
            for each in made.network.nacls
        ),
    )
    found = judge(prove(lacking), dataclasses.replace(made.declaration, planned=None)).findings
    assert {(each.source, each.destination) for each in found} == {("watcher.in", "ticker.ticks")}


@pytest.mark.parametrize("without", ["feed", "back"])
def test_a_segment_without_it_is_met_over_ipv4_alone(without):
    made = planned(shop(**{without: {"ipv6": False}}))
    assert families(made.network, "feed") == families(made.network, "back") == {4}
    for each in made.network.subnets:
        assert bool(each.ipv6_cidrs) == (each.segment != without)
    assert judge(prove(made.network), made.declaration).findings == ()


def test_a_segment_that_is_open_to_the_vpc_is_so_over_both():
    network = planned(shop(feed={"isolation": "none"})).network
    (feed,) = (each for each in network.nacls if each.name == "feed")
    assert {str(each.cidr) for each in feed.entries} == {"10.20.0.0/16", str(STAND_IN)}


@given(documents())
@examples()
def test_nothing_of_ipv4_moves_where_ipv6_comes_or_goes(document):
    """Nor is there anything of it in a lock but numbers of entries, and its way out among what a
    VPC that encrypts excludes."""
    four = {key: value for key, value in document.items() if key != "ipv6"}
    four["segments"] = {
        name: {key: value for key, value in segment.items() if key != "ipv6"}
        for name, segment in document["segments"].items()
    }
    before = planned(four)
    both = planned({**document, "ipv6": "amazon"}, before.lock)
    again = planned(four, both.lock)
    assert of_ipv4(both.network) == of_ipv4(before.network) == of_ipv4(again.network)
    new = set(lock_text(both.lock).splitlines()) - set(lock_text(before.lock).splitlines())
    way_out = '  "excluded egress-only-internet-gateway": true,'
    assert all(line.startswith('  "acl ') or line == way_out for line in new)


def without_way_out(control):
    """What is excluded for IPv6 alone outlives it, as what it is for may."""
    if control is None:
        return None
    left = tuple(each for each in control.excluded if each != "egress-only-internet-gateway")
    return dataclasses.replace(control, excluded=left)


def of_ipv4(network):
    return dataclasses.replace(
        network,
        vpcs=tuple(
            dataclasses.replace(
                each,
                cidrs=tuple(one for one in each.cidrs if one.version == 4),
                encryption=without_way_out(each.encryption),
            )
            for each in network.vpcs
        ),
        subnets=tuple(dataclasses.replace(each, ipv6_cidrs=()) for each in network.subnets),
        interfaces=tuple(
            dataclasses.replace(each, ipv6_addresses=()) for each in network.interfaces
        ),
        nacls=tuple(
            dataclasses.replace(
                each, entries=tuple(one for one in each.entries if one.cidr.version == 4)
            )
            for each in network.nacls
        ),
        security_groups=tuple(
            dataclasses.replace(
                each,
                rules=tuple(
                    one
                    for one in each.rules
                    if not (isinstance(one.peer, CidrPeer) and one.peer.cidr.version == 6)
                ),
            )
            for each in network.security_groups
        ),
        route_tables=tuple(
            dataclasses.replace(
                each, routes=tuple(one for one in each.routes if one.destination.version == 4)
            )
            for each in network.route_tables
        ),
        egress_only_gateways=(),
    )


@given(documents())
@examples()
def test_the_same_holds_wherever_aws_puts_the_block(document):
    made = planned({**document, "ipv6": "amazon"})
    there = rebased(made.network, REAL)
    assert judge(prove(there), dataclasses.replace(made.declaration, planned=there)).findings == ()
    assert with_ipv6_of(made.network, there) == there
    pool = {"cidr": str(REAL), "pool": "ipam-pool-0a1b2c3d4e5f60718"}
    assert planned({**document, "ipv6": pool}).network.interfaces == there.interfaces


def test_more_units_than_blocks_are_refused():
    services = {f"s{each}": {"segment": "feed"} for each in range(65)}
    document = {**shop(feed={"isolation": "service"}), "services": services}
    del document["flows"]
    with pytest.raises(InputError, match="has room for 64 isolated units"):
        planned(document)


def test_entries_are_counted_for_each_family_apart():
    """Sixteen of each: together they would break the quota of twenty."""
    binds = [f"tcp://*:{5000 + 10 * each}" for each in range(16)]
    document = shop()
    document["services"]["ticker"]["sockets"]["ticks"]["bind"] = binds
    assert len(planned(document).network.nacls) == 3
    binds += [f"tcp://*:{6000 + 10 * each}" for each in range(10)]
    with pytest.raises(InputError) as refused:
        planned(document)
    said = [str(each) for each in refused.value.problems]
    assert any("ingress entries, 19 fit" in each for each in said)
    assert any("ingress entries of IPv6, 19 fit" in each for each in said)


def test_of_icmp_a_test_speaks_of_the_family_that_it_is_of():
    """What is to be refused is to be refused of both."""
    document = with_pings(shop())
    document["tests"] = [
        {
            "from": "watcher",
            "accept": ["ticker.ticks", "ticker:icmp 8", "ticker:icmpv6 128"],
            "deny": ["*"],
        }
    ]
    made = planned(document)
    assert judge(prove(made.network), made.declaration).findings == ()
    document["tests"] = [{"from": "watcher", "deny": ["ticker:icmpv6 128"]}]
    made = planned(document)
    (finding,) = judge(prove(made.network), made.declaration).findings
    assert "should be denied and is allowed" in finding.message


def test_a_ping_of_ipv6_needs_addresses_of_ipv6():
    made = planned(with_pings(shop()))
    gone = dataclasses.replace(
        made.network,
        interfaces=tuple(
            dataclasses.replace(each, ipv6_addresses=()) if each.service == "ticker" else each
            for each in made.network.interfaces
        ),
    )
    found = judge(prove(gone), dataclasses.replace(made.declaration, planned=None)).findings
    assert {(each.source, each.destination) for each in found} == {("watcher", "ticker.ping6")}


def test_a_segment_may_keep_its_block_and_use_none_of_it():
    network = planned(shop(back={"ipv6": "unused"})).network
    without = planned(shop(back={"ipv6": False})).network
    back = {each.id for each in network.subnets if each.segment == "back"}
    assert all(each.ipv6_cidrs for each in network.subnets)
    assert not any(each.ipv6_addresses for each in network.interfaces if each.subnet in back)
    assert (network.interfaces, network.nacls) == (without.interfaces, without.nacls)
