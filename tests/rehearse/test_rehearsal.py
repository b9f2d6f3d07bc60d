"""Recorded traffic through a network that does not exist yet."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.discover.flows import batch, read_flows
from bulkhead.explain import explain
from bulkhead.network import TCP, Verdict
from bulkhead.prove import prove
from bulkhead.prove.finer import telling_apart
from bulkhead.rehearse import PlannedEnds, RehearsedFate, rehearse
from bulkhead.sources import open_topology
from tests.cli.conftest import TOPOLOGIES
from tests.support.examples import ONE_FOLDER, examples
from tests.support.flow_logs import DAY, NOVEMBER, Host, Record, talk, write


@pytest.fixture(scope="module")
def trading():
    return open_topology(TOPOLOGIES / "trading.yaml")


@pytest.fixture(scope="module")
def reach(trading):
    return telling_apart(prove(trading.network), trading.plan.declaration)


@pytest.fixture(scope="module")
def host(trading):
    at = {each.name: str(each.address) for each in trading.network.interfaces}
    return lambda name: Host(f"eni-{name}", at[name])


@pytest.fixture
def run(tmp_path, trading, reach):
    def running(records, here=None):
        names = here or trading.network
        seen = read_flows([batch([write(tmp_path / "a.log", records)])], names)
        return rehearse(seen, reach, "trading", here=here)

    return running


def only(found):
    (edge,) = found.edges
    return edge


def declared(trading, host):
    """A conversation of every declared flow, between the first copies."""
    at = {each.service: each.name for each in reversed(trading.network.interfaces)}
    for number, flow in enumerate(trading.flows):
        client, server = (
            host(at[name]) if name in at else "192.168.10.7"
            for name in (flow.client, flow.server.owner)
        )
        yield from talk(client, server, flow.server.ports.first, client_port=40_000 + number)


def test_everything_that_is_declared_is_kept(run, trading, host):
    found = run(declared(trading, host))
    assert [each.fate for each in found.edges] == [RehearsedFate.KEPT] * len(trading.flows)
    assert found.ok


def test_what_is_not_declared_is_cut_and_the_layers_are_named(run, host):
    found = run(talk(host("gateway-1"), host("ticker-1"), 5556))
    edge = only(found)
    assert edge.fate is RehearsedFate.CUT
    assert any("security group ingress of ticker blocks" in each for each in edge.layers)
    assert (edge.shown.port, edge.shown.verdict) == (5556, Verdict.DENIED)
    assert not found.ok


def test_the_exact_port_counts(run, host):
    kept, cut = (
        only(run(talk(host("gateway-1"), host("broker-1"), port))) for port in (5561, 5562)
    )
    assert (kept.fate, cut.fate) == (RehearsedFate.KEPT, RehearsedFate.CUT)


def test_the_monthly_batch_is_cut_with_its_days(run, host):
    records = [
        each
        for day in range(30)
        for each in talk(host("gateway-1"), host("broker-1"), 5561, start=NOVEMBER + DAY * day)
    ]
    batch_job = talk(host("broker-1"), host("gateway-1"), 8080, start=NOVEMBER + DAY * 29)
    found = run([*records, *batch_job])
    (cut,) = found.of(RehearsedFate.CUT)
    assert [str(each) for each in cut.edge.days] == ["2026-11-30"]
    assert len(found.days) == 30


def test_who_is_unknown_to_the_plan_is_judged_by_the_address(run, host):
    far = Host("eni-far", "10.99.0.4")
    assert only(run(talk(far, host("ticker-1"), 5556))).fate is RehearsedFate.CUT


def test_what_others_do_among_themselves_is_not_asked(run):
    found = run(talk(Host("eni-x", "10.99.0.4"), Host("eni-y", "10.98.0.4"), 22))
    assert (len(found.beside), found.edges) == (1, ())


def test_refused_traffic_that_would_be_let_pass_is_told(run, host):
    refused = talk(host("gateway-1"), host("broker-1"), 5561, refused_at="eni-broker-1")
    still = talk(host("gateway-1"), host("broker-1"), 22, refused_at="eni-broker-1")
    found = run([*refused, *still])
    assert [each.edge.port for each in found.opened] == [5561]
    assert found.edges == ()


def test_names_carry_over_into_a_network_with_other_addresses(trading, reach, host, tmp_path):
    """The same services, in a VPC that will be left."""
    moved = {
        each.id: ip_address(str(each.address).replace("10.20.", "10.77."))
        for each in trading.network.interfaces
    }
    here = replace(
        trading.network,
        vpcs=tuple(
            replace(each, id="vpc-old", cidrs=tuple(map(_moved, each.cidrs)))
            for each in trading.network.vpcs
        ),
        subnets=(),
        interfaces=tuple(
            replace(each, id=f"eni-{each.name}", address=moved[each.id])
            for each in trading.network.interfaces
        ),
    )
    old = {each.name: Host(each.id, str(each.address)) for each in here.interfaces}
    records = [
        *talk(old["gateway-1"], old["broker-1"], 5561),
        *talk(Host("eni-cron", "10.77.0.200"), old["broker-1"], 5561),
    ]
    seen = read_flows([batch([write(tmp_path / "a.log", records)])], here)
    found = rehearse(seen, reach, "trading", here=here)
    assert [each.fate for each in found.edges] == [RehearsedFate.NO_PLACE, RehearsedFate.KEPT]
    assert "10.77.0.200" in found.edges[0].why


def _moved(cidr):
    return ip_network(str(cidr).replace("10.20.", "10.77."))


def test_who_opened_it_unknown_is_not_cut_where_one_way_is_kept(run, host, trading):
    records = talk(host("gateway-1"), host("broker-1"), 5561, client_port=5000, opened=False)
    edge = only(run(records, here=replace(trading.network, listeners=())))
    assert edge.fate is RehearsedFate.UNDECIDED
    assert "nobody knows who opened it" in edge.why


def test_an_address_that_changed_hands_is_not_decided(run, host):
    """Two interfaces had it on one day, and at the server nobody can tell them apart."""
    server, one = host("broker-1"), host("gateway-1")
    heir = Host("eni-heir", one.address)
    records = [*talk(one, server, 5561), *talk(heir, server, 5561, client_port=41_000)]
    found = run(records)
    unknown = [each for each in found.edges if each.edge.client.changed]
    assert [each.fate for each in unknown] == [RehearsedFate.UNDECIDED]
    assert "changed hands" in unknown[0].why


def test_lost_records_are_said(run, host):
    lost = Record("eni-gateway-1", "-", "-", status="SKIPDATA")
    assert run([*talk(host("gateway-1"), host("broker-1"), 5561), lost]).skipped == 1


def test_ping_is_decided_where_every_message_fares_alike(run, host):
    records = talk(host("gateway-1"), host("broker-1"), 0, client_port=0, protocol=1)
    assert only(run(records)).fate is RehearsedFate.CUT


@examples(1 / 2, ONE_FOLDER)
@given(data=st.data())
def test_every_fate_is_what_walking_the_packet_says(data, run, trading, reach, host):
    """Prover and walk share no machinery."""
    names = [each.name for each in trading.network.interfaces]
    ports = [*sorted({each.server.ports.first for each in trading.flows}), 22, 40_001]
    client = data.draw(st.sampled_from(names))
    server = data.draw(st.sampled_from([each for each in names if each != client]))
    port = data.draw(st.sampled_from(ports))
    edge = only(run(talk(host(client), host(server), port, client_port=45_000)))
    ends = PlannedEnds(reach)
    (one,), (other,) = ends.of(edge.edge.client), ends.of(edge.edge.server)
    walked = explain(trading.network, one, other, TCP, port).verdict
    assert (
        edge.fate
        is {
            Verdict.ALLOWED: RehearsedFate.KEPT,
            Verdict.DENIED: RehearsedFate.CUT,
            Verdict.HALF_OPEN: RehearsedFate.REPLY_LOST,
            Verdict.UNDETERMINED: RehearsedFate.UNDECIDED,
        }[walked]
    )
