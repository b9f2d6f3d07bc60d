"""What a site announces by BGP, which AWS shows nowhere: as its connection's tags say it."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from bulkhead.network import SiteRouting, tags
from bulkhead.network.tags import network_tags, networks_from

NETWORKS = (IPv4Network("192.168.10.0/24"), IPv4Network("192.168.11.0/24"))


def only(things):
    (found,) = things
    return found


@pytest.fixture
def connection(account):
    """One that a topology made: it speaks BGP, no table learns it, and both tunnels are up."""
    found = account.thing("VpnConnections", "vpn-1")
    found["Options"]["StaticRoutesOnly"] = False
    found["Routes"] = []
    found["VgwTelemetry"] = [{"Status": "UP", "AcceptedRouteCount": 2}] * 2
    kept = [each for each in found["Tags"] if each["Key"] != tags.TRUST]
    said = {tags.TRUST: tags.TRUSTED, **network_tags(NETWORKS)}
    found["Tags"] = kept + [{"Key": key, "Value": value} for key, value in said.items()]
    for table in account.document["RouteTables"]:
        table["Routes"] = [each for each in table["Routes"] if each.get("GatewayId") != "vgw-1"]
    return found


def say(connection, key, value):
    connection["Tags"] = [each for each in connection["Tags"] if each["Key"] != key]
    connection["Tags"].append({"Key": key, "Value": value})


def test_a_site_has_the_networks_that_it_is_to_announce(account, connection):
    network = account.observe()
    found = only(network.vpn_connections)
    assert (found.routes, found.routing, found.learns) == (NETWORKS, SiteRouting.BGP, False)
    assert only(network.sites).cidrs == NETWORKS
    assert network.unmodelled == ()


def test_an_untrusted_one_may_announce_more(account, connection):
    say(connection, tags.TRUST, tags.UNTRUSTED)
    found = only(account.observe().vpn_connections)
    assert (found.routes, found.learns) == (NETWORKS, True)


@pytest.mark.parametrize(("accepted", "more"), [(0, False), (1, False), (2, False), (3, True)])
def test_more_routes_than_declared_are_more_than_is_known(account, connection, accepted, more):
    connection["VgwTelemetry"][1] = {"Status": "UP", "AcceptedRouteCount": accepted}
    assert only(account.observe().vpn_connections).learns is more


def test_what_a_table_learned_beside_it_is_known_too(account, connection):
    for destination in ("192.168.10.0/24", "192.168.99.0/24"):
        account.route(
            DestinationCidrBlock=destination,
            GatewayId="vgw-1",
            Origin="EnableVgwRoutePropagation",
        )
    found = only(account.observe().vpn_connections)
    assert found.routes == (*NETWORKS, IPv4Network("192.168.99.0/24"))


def test_a_tag_that_names_no_networks_is_said_and_trusted_with_nothing(account, connection, gaps):
    say(connection, tags.NETWORKS, "everything")
    network = account.observe()
    assert only(network.vpn_connections).learns
    assert any("names no networks" in each.why for each in network.unmodelled)


def test_static_routes_are_those_that_stand_whatever_a_tag_says(account, connection):
    connection["Options"]["StaticRoutesOnly"] = True
    connection["Routes"] = [{"DestinationCidrBlock": "192.168.77.0/24", "State": "available"}]
    found = only(account.observe().vpn_connections)
    assert (found.routes, found.routing) == (
        (IPv4Network("192.168.77.0/24"),),
        SiteRouting.STATIC,
    )


def test_very_many_networks_are_in_several_tags_in_their_order():
    many = tuple(IPv4Network((0x0A000000 + 256 * each, 24)) for each in range(250))
    said = network_tags(many)
    assert len(said) > 10
    assert all(len(value) <= tags.LONGEST_VALUE for value in said.values())
    assert networks_from(said) == many
    assert networks_from({}) is None
