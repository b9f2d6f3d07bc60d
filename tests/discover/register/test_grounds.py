"""What lies between two addresses is told where somebody names the networks, and else not."""

from ipaddress import ip_network

import pytest

from bulkhead.discover.register import CrossingKind, Ground, Grounds
from bulkhead.discover.register.grounds import crossed


def ground(block, **more):
    return Ground(block=ip_network(block), **more)


GROUNDS = Grounds(
    blocks=(
        ground("10.0.0.0/16", vpc="one"),
        ground("10.0.1.0/24", vpc="one", segment="feed"),
        ground("10.0.2.0/24", vpc="one", segment="risk"),
        ground("10.1.1.0/24", vpc="two", segment="feed"),
        ground("192.168.10.0/24", site="exchange"),
        ground("8.8.4.0/24", site="venue"),
    ),
    source="here",
)


@pytest.mark.parametrize(
    ("client", "server", "kind"),
    [
        ("10.0.1.5", "10.0.1.6", CrossingKind.SEGMENT),
        ("10.0.1.5", "10.0.2.6", CrossingKind.SEGMENTS),
        ("10.0.1.5", "10.1.1.6", CrossingKind.VPCS),
        ("10.0.1.5", "10.0.9.6", CrossingKind.UNKNOWN),
        ("192.168.10.1", "10.0.1.6", CrossingKind.SITE),
        ("192.168.10.1", "", CrossingKind.SITE),
        ("8.8.4.1", "", CrossingKind.SITE),
        ("8.8.4.1", "172.16.0.1", CrossingKind.SITE),
        ("10.0.1.5", "8.8.8.8", CrossingKind.INTERNET),
        ("", "8.8.8.8", CrossingKind.INTERNET),
        ("10.0.1.5", "172.16.0.1", CrossingKind.UNKNOWN),
        ("10.0.1.5", "", CrossingKind.UNKNOWN),
        ("10.0.1.5", "10.0.1.5", CrossingKind.HOST),
        ("127.0.0.1", "127.0.0.2", CrossingKind.HOST),
    ],
)
def test_two_addresses(client, server, kind):
    assert crossed(client, server, GROUNDS).kind is kind


def test_nobody_guesses_without_a_network_but_a_router_is_seen():
    assert crossed("10.0.1.5", "10.0.2.6", Grounds()).kind is CrossingKind.UNKNOWN
    assert crossed("10.0.1.5", "10.0.2.6", Grounds(), routed=True).kind is CrossingKind.SEGMENTS
    assert crossed("10.0.1.5", "8.8.8.8", Grounds()).kind is CrossingKind.INTERNET


def test_two_ends_of_one_machine_are_on_one_host_whatever_their_addresses():
    assert crossed("10.0.1.5", "10.0.2.6", GROUNDS, same_host=True).kind is CrossingKind.HOST
