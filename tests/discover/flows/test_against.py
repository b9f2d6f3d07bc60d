"""Records held against a topology: seen, never seen, not to be told, and never declared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bulkhead.discover.flows import hold_against
from bulkhead.sources import open_topology
from tests.cli.conftest import TOPOLOGIES
from tests.support.flow_logs import Host, Record, talk


@pytest.fixture(scope="module")
def trading():
    return open_topology(TOPOLOGIES / "trading.yaml")


@pytest.fixture
def host(trading):
    """A replica by its name, with an interface of AWS's."""
    at = {each.name: str(each.address) for each in trading.network.interfaces}
    return lambda name: Host(f"eni-{name}", at[name])


@pytest.fixture
def judge(read, trading):
    def judging(records, fields=None):
        kwargs = {} if fields is None else {"fields": fields}
        seen = read(records, network=trading.network, **kwargs)
        return hold_against(seen, trading.plan.declaration, trading.network)

    return judging


def names(edges):
    return [(each.client.name, each.server.name, each.port) for each in edges]


def test_what_was_declared_and_seen_is_told_with_its_edges(judge, host):
    held = judge(talk(host("gateway-1"), host("broker-1"), 5561))
    (seen,) = held.seen
    assert str(seen.flow) == "gateway.ticks -> broker.in (tcp 5561)"
    assert names(seen.edges) == [("gateway-1", "broker-1", 5561)]
    assert held.ok


def test_what_nobody_declared_is_a_shadow(judge, host):
    held = judge(talk(host("gateway-1"), host("ticker-1"), 5556))
    assert names(held.shadows) == [("gateway-1", "ticker-1", 5556)]
    assert not held.ok


def test_another_port_and_the_other_way_round_are_shadows_too(judge, host):
    held = judge(
        [
            *talk(host("gateway-1"), host("broker-1"), 5562),
            *talk(host("broker-1"), host("gateway-1"), 5561),
        ]
    )
    assert len(held.shadows) == 2


def test_who_opened_it_unknown_counts_as_declared_where_it_is_so_one_way(read, trading, host):
    """A connection older than the log, of which both ports may be the server's, and an account
    that does not say where its sockets wait."""
    here = replace(trading.network, listeners=())
    for port, ok in ((5561, True), (5563, False)):
        records = talk(host("gateway-1"), host("broker-1"), port, client_port=5000, opened=False)
        seen = read(records, network=here)
        assert [each.opened_by.name for each in seen.edges] == ["UNSURE"]
        assert seen.edges[0].server.name == "gateway-1", "the lower port is taken for the server's"
        assert hold_against(seen, trading.plan.declaration, here).ok is ok


def test_what_was_refused_is_an_attempt_and_no_shadow(judge, host):
    held = judge(talk(host("gateway-1"), host("ticker-1"), 5556, refused_at="eni-ticker-1"))
    assert (len(held.attempts), len(held.shadows)) == (1, 0)
    assert held.ok


def test_a_port_where_nobody_waits_is_an_attempt_and_no_shadow(judge, host):
    held = judge(talk(host("gateway-1"), host("ticker-1"), 22, resets=True))
    assert (len(held.attempts), len(held.shadows)) == (1, 0)


def test_what_is_declared_and_refused_is_told(judge, host):
    held = judge(talk(host("gateway-1"), host("broker-1"), 5561, refused_at="eni-broker-1"))
    assert names(held.blocked) == [("gateway-1", "broker-1", 5561)]
    assert not held.seen


def test_never_seen_is_only_what_somebody_would_have_recorded(judge, host):
    held = judge(talk(host("gateway-1"), host("broker-1"), 5561))
    never = {str(each.flow) for each in held.never}
    assert "exchange.prices -> gateway.prices (tcp 5560)" in never
    unrecorded = {str(each.flow): each.why for each in held.unrecorded}
    assert "no interface" in unrecorded["risk.limits -> limits.current (tcp 5571)"]
    assert not never & set(unrecorded)


def test_where_records_were_lost_nothing_is_never_seen(judge, host):
    lost = [
        Record(f"eni-{each}", "-", "-", status="SKIPDATA") for each in ("gateway-1", "broker-1")
    ]
    held = judge([*talk(host("gateway-1"), host("broker-1"), 5561), *lost])
    whys = {str(each.flow): each.why for each in held.unrecorded}
    assert "SKIPDATA" in whys["exchange.prices -> gateway.prices (tcp 5560)"]


def test_a_log_of_refused_traffic_alone_says_nothing_of_what_passed(judge, host):
    held = judge(talk(host("gateway-1"), host("ticker-1"), 9, refused_at="eni-gateway-1"))
    assert not held.never
    assert all("REJECT" in each.why for each in held.unrecorded)


def test_a_site_is_a_client_by_its_addresses(judge, host):
    held = judge(
        [
            *talk("192.168.10.7", host("gateway-1"), 5560),
            *talk("192.168.99.7", host("gateway-1"), 5560, client_port=41_000),
        ]
    )
    assert [str(each.flow) for each in held.seen] == [
        "exchange.prices -> gateway.prices (tcp 5560)"
    ]
    assert names(held.shadows) == [("192.168.99.7", "gateway-1", 5560)]


def test_what_others_say_to_one_another_is_no_matter_of_the_topology(judge):
    held = judge(talk(Host("eni-x", "10.99.0.4"), Host("eni-y", "10.99.0.5"), 22))
    assert (len(held.beside), len(held.shadows)) == (1, 0)


def test_the_internet_that_was_let_in_is_a_shadow(judge, host):
    held = judge(talk("203.0.113.9", host("ticker-1"), 5556))
    assert names(held.shadows) == [("internet", "ticker-1", 5556)]


def test_every_edge_and_every_flow_is_told_once(judge, host, trading, read):
    records = [
        *talk(host("gateway-1"), host("broker-1"), 5561),
        *talk(host("gateway-1"), host("ticker-1"), 5556, client_port=41_000),
        *talk("203.0.113.9", host("ticker-1"), 22, refused_at="eni-ticker-1"),
        *talk(Host("eni-x", "10.99.0.4"), Host("eni-y", "10.99.0.5"), 22),
    ]
    held = judge(records)
    edges = [edge for each in held.seen for edge in each.edges]
    for some in (held.shadows, held.attempts, held.undecided, held.blocked, held.beside):
        edges += some
    assert sorted(names(edges), key=repr) == sorted(
        names(read(records, network=trading.network).edges), key=repr
    )
    flows = [each.flow for each in (*held.seen, *held.never, *held.unrecorded)]
    assert sorted(map(str, flows)) == sorted(map(str, trading.flows))


def test_an_end_that_cannot_be_told_is_not_decided(judge, host):
    heir = replace(host("gateway-1"), interface="eni-heir")
    server = Host("eni-x", "10.99.0.5")
    records = [
        *talk(host("ticker-1"), server, 7),
        *talk(host("gateway-1"), server, 5561),
        *talk(heir, server, 5561, client_port=41_000),
        *talk(host("gateway-1"), host("ticker-1"), 9999, client_port=42_000),
    ]
    far = [each for each in records if each.interface != "eni-gateway-1" or each.dstport != 9999]
    held = judge(far)
    assert all(each.client.changed or each.server.changed for each in held.undecided)
