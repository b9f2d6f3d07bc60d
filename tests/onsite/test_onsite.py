"""What the other side of a site is told: what the VPC's own side lets through, and no more."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import assume, given

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.network import PortRange, Tunnel, Verdict, has_ports
from bulkhead.onsite import (
    NeedsAddressesError,
    Onsite,
    StandingTunnel,
    bird,
    frr,
    links,
    nftables,
    nftables_of_host,
    onsite,
    swanctl,
    updown,
)
from bulkhead.onsite.swanctl import esp_proposal, ike_proposal
from bulkhead.plan import plan
from bulkhead.prove import prove
from tests.support.examples import examples
from tests.support.topologies import documents, topology_from

PLANT = """
    name: plant
    region: eu-west-1
    cidr: 10.20.0.0/16
    zones: 1
    segments: { left: { purpose: one side }, right: { purpose: the other } }
    sites:
      exchange:
        cidrs: [192.168.10.0/24, 192.168.11.0/24]
        gateway: { address: 203.0.113.10 }
        hosts:
          bloomberg: { address: 192.168.10.5, purpose: a terminal server }
          floor:     { cidr: 192.168.11.64/26, vlan: 12 }
        sockets:
          prices: { type: PUSH, connect: gateway.prices, host: bloomberg }
          orders: { type: PULL, bind: "tcp://*:6001-6003", host: floor }
      depot:
        cidrs: [192.168.20.0/24]
        gateway: { address: 203.0.113.20 }
    services:
      gateway:
        segment: left
        replicas: 2
        sockets:
          prices: { type: PULL, bind: "tcp://*:5560" }
          out:    { type: PUSH, connect: exchange.orders }
      fleet:
        segment: right
        replicas: 2..6
        interfaces: none
        sockets: { feed: { type: PUB, bind: "tcp://*:5570" } }
    flows:
      - { name: ping, from: exchange, to: fleet, traffic: icmp 8, why: is it there }
      - { name: gre, from: gateway, to: exchange/bloomberg, traffic: gre, why: mirrored frames }
"""
KEY = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s2svpn!vpn-1"
STANDING = tuple(
    StandingTunnel(number=number, outside=IPv4Address(f"198.51.100.{number}"), key=KEY)
    for number in (1, 2)
)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    topology = topology_from(tmp_path_factory.mktemp("onsite"), PLANT)
    return topology, plan(topology)


@pytest.fixture(scope="module")
def exchange(known) -> Onsite:
    return onsite(*known, "exchange", STANDING)


def test_each_tunnel_has_the_second_address_of_its_inside_network(exchange):
    first, second = exchange.tunnels
    assert (str(first.inside), str(first.beyond)) == ("169.254.0.66/30", "169.254.0.65")
    assert first.inside.network != second.inside.network
    assert [each.interface for each in exchange.tunnels] == ["aws1", "aws2"]


def test_only_flows_of_the_site_cross_its_device_at_the_addresses_of_their_ends(exchange):
    said = [
        (
            each.outward,
            each.protocol,
            str(each.ports),
            [str(one) for one in each.inside],
            len(each.beyond),
        )
        for each in exchange.passages
    ]
    assert said == [
        (True, 1, "2048-2303", ["192.168.10.0/23"], 1),
        (True, 6, "5560", ["192.168.10.5/32"], 1),
        (False, 6, "6001-6003", ["192.168.11.64/26"], 1),
        (False, 47, "0-65535", ["192.168.10.5/32"], 1),
    ]


def test_a_site_without_flows_lets_nothing_through(known):
    depot = onsite(*known, "depot")
    assert depot.passages == ()
    assert "ct state new" not in nftables(depot)


def test_hosts_have_what_they_are_and_their_vlan(exchange):
    bloomberg, floor = exchange.hosts
    assert (bloomberg.purpose, bloomberg.vlan) == ("a terminal server", None)
    assert (floor.at, floor.vlan) == (IPv4Network("192.168.11.64/26"), 12)


def test_a_host_of_the_site_is_told_its_own_part_alone(exchange):
    bloomberg, floor = exchange.hosts
    rules = nftables_of_host(exchange, bloomberg)
    assert "ip saddr 192.168.10.5 ip daddr { 10.20.0.4, 10.20.0.5 } tcp dport 5560" in rules or (
        "ip saddr 192.168.10.5 ip daddr 10.20.0.4/31 tcp dport 5560" in rules
    )
    assert "6001" not in rules
    assert "VLAN 12" in (rules := nftables_of_host(exchange, floor))
    assert "tcp dport 6001-6003" in rules
    assert "5560" not in rules
    # Of what all of the site may, its own part.
    assert "ip saddr 192.168.11.64/26 ip daddr 10.20.4.0/24 icmp type 8 " in rules


def test_the_device_offers_what_awss_end_takes_and_the_strongest_first(exchange):
    tunnel = exchange.tunnels[0].options
    assert ike_proposal(tunnel) == "aes256gcm16-prfsha512-prfsha384-ecp521-ecp384-ecp256"
    assert esp_proposal(tunnel) == "aes256gcm16-ecp521-ecp384-ecp256"
    older = Tunnel(
        phase1_encryption=("AES256",),
        phase1_integrity=("SHA2-256",),
        phase1_dh_groups=(14,),
        phase2_encryption=("AES128",),
        phase2_integrity=("SHA2-256",),
        phase2_dh_groups=(14, 19),
    )
    assert ike_proposal(older) == "aes256-sha256-modp2048"
    assert esp_proposal(older) == "aes128-sha256-ecp256-modp2048"


def test_keys_are_in_a_file_of_the_devices_own_and_asked_from_where_aws_keeps_them(exchange):
    text = swanctl(exchange)
    assert f"get-secret-value --secret-id {KEY}" in text
    inside = text.partition("secrets {")[2]
    assert inside.split() == ["include", "/etc/swanctl/plant-exchange.secrets", "}"]
    assert "secret = " not in "".join(
        line for line in text.splitlines() if not line.startswith("#")
    )


def test_without_awss_addresses_there_is_no_half_configuration(known):
    with pytest.raises(NeedsAddressesError, match="AWS's address of tunnel 1"):
        swanctl(onsite(*known, "exchange"))
    with pytest.raises(NeedsAddressesError, match="AWS's address of tunnel 2"):
        swanctl(onsite(*known, "exchange", STANDING[:1]))


def test_whatever_routes_there_are_the_last_one_drops(exchange):
    assert frr(exchange).splitlines()[-1] == "ip route 10.20.0.0/16 blackhole 250"
    assert bird(exchange).count("blackhole") == 1


def test_an_interface_follows_its_tunnel(exchange):
    assert "ip link set aws1 up" not in links(exchange)
    script = updown(exchange)
    assert "aws1|aws2" in script
    assert 'up-client*) ip link set "$PLUTO_CONNECTION" up' in script


@examples(0.5)
@given(document=documents())
def test_the_device_lets_through_what_the_proof_of_the_vpc_says_arrives_and_nothing_else(
    document, tmp_path_factory
):
    assume(document.get("sites"))
    topology = topology_from(tmp_path_factory.mktemp("any"), document)
    planned = plan(topology)
    reach = prove(planned.network)
    for name in topology.sites:
        site = onsite(topology, planned, name)
        outside = [
            each
            for each in reach.endpoints
            if each.kind is EndpointKind.SITE and each.thing == name
        ]
        inside = [
            each
            for each in reach.endpoints
            if each.kind is EndpointKind.INTERFACE and each.address.version == 4
        ]
        for there in outside:
            for here in inside:
                assert _passing(site, there, here, outward=True) == _arriving(reach, there, here)
                assert _passing(site, there, here, outward=False) == _arriving(reach, here, there)


def _passing(
    site: Onsite, there: Endpoint, here: Endpoint, *, outward: bool
) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for each in site.passages:
        if (
            each.outward == outward
            and has_ports(each.protocol)
            and any(there.address in one for one in each.inside)
            and any(here.address in one for one in each.beyond)
        ):
            found.setdefault(each.protocol, set()).update(_every(each.ports))
    return found


def _arriving(reach, source: Endpoint, destination: Endpoint) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for cell in reach.between(source, destination):
        if has_ports(cell.protocol) and cell.verdict in (Verdict.ALLOWED, Verdict.HALF_OPEN):
            found.setdefault(cell.protocol, set()).update(_every(cell.ports))
    return found


def _every(ports: PortRange) -> range:
    return range(ports.first, ports.last + 1)


def test_of_several_vpcs_a_site_is_led_to_the_one_that_it_is_connected_to(tmp_path):
    text = """
        name: desks
        region: eu-west-1
        zones: 1
        vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
        joins: [{ peering: [core, desk] }]
        segments: { feed: { vpc: core, purpose: prices }, own: { vpc: desk, purpose: trading } }
        sites:
          plant:
            vpc: core
            routing: bgp
            cidrs: [192.168.10.0/24]
            gateway: { address: 203.0.113.10, asn: 65010 }
            sockets: { in: { type: SUB, connect: ticker.ticks } }
        services:
          ticker: { segment: feed, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
          momentum: { segment: own, sockets: { in: { type: SUB, connect: ticker.ticks } } }
    """
    topology = topology_from(tmp_path, text)
    found = onsite(topology, plan(topology), "plant")
    assert [*map(str, found.beyond)] == ["10.0.0.0/16"]
    assert found.bgp is not None
    assert [*map(str, found.bgp.accepts)] == ["10.0.0.0/16"]
