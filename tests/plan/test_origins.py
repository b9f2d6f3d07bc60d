"""Everything that is planned knows the line of the topology that it is there for."""

from pathlib import Path

import pytest
from hypothesis import given

from bulkhead.plan import plan
from tests.support.examples import ONE_FOLDER, examples
from tests.support.topologies import documents, topology_from

SHOP = """\
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
segments:
  feed: { purpose: in }
  risk: { purpose: "no", isolation: service }
sites:
  exchange:
    cidrs: [192.168.10.0/24, 192.168.20.0/24]
    gateway: { address: 203.0.113.10 }
    sockets:
      prices: { type: PUSH, connect: gateway.prices }
services:
  gateway:
    segment: feed
    sockets:
      prices: { type: PULL, bind: "tcp://*:5560" }
      ticks: { type: PUB, bind: "tcp://*:5561" }
  risk:
    segment: risk
    sockets:
      market:
        type: SUB
        connect:
          - gateway.ticks
          - other.ticks
  other:
    segment: risk
    sockets:
      ticks: { type: PUB, bind: "tcp://*:5561" }
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return plan(topology_from(tmp_path_factory.mktemp("shop"), SHOP))


def line(text, nth=1):
    """Of the nth line that holds it."""
    return [at for at, each in enumerate(SHOP.splitlines(), 1) if text in each][nth - 1]


@pytest.mark.parametrize(
    ("id_", "at"),
    [
        ("vpc/shop", line("name: shop")),
        ("sg/(vpc)", line("name: shop")),
        ("vgw/shop", line("sites:")),
        ("vpn/exchange", line("  exchange:")),
        ("cgw/exchange", line("gateway: {")),
        ("sg/gateway", line("  gateway:", 2)),
        ("acl/feed", line("  feed: {")),
        ("rtb/feed", line("  feed: {")),
        ("acl/risk.other", line("  risk: {")),
    ],
)
def test_a_thing_comes_from_what_it_stands_for(shop, id_, at):
    assert shop.origins.of(id_).line == at


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("exchange", line("  exchange:")),
        ("exchange.prices", line("prices: { type: PUSH")),
        ("gateway", line("  gateway:", 2)),
        ("gateway.ticks", line("ticks: {")),
        ("feed", line("  feed: {")),
        ("risk", line("  risk:", 2)),
    ],
)
def test_a_name_comes_from_where_it_is_declared(shop, name, at):
    assert shop.origins.named(name).line == at


def test_a_flow_comes_from_its_own_reference_in_a_list_of_several(shop):
    found = {str(flow): shop.origins.flow(flow).line for flow in shop.flows}
    assert found == {
        "exchange.prices -> gateway.prices (tcp 5560)": line("connect: gateway.prices"),
        "risk.market -> gateway.ticks (tcp 5561)": line("- gateway.ticks"),
        "risk.market -> other.ticks (tcp 5561)": line("- other.ticks"),
    }


def test_rules_and_entries_at_both_ends_come_from_where_the_client_connects(shop):
    found = {
        (id_, str(rule)): shop.origins.of(id_, rule).line
        for group in shop.network.security_groups
        for id_, rule in [(group.id, each) for each in group.rules]
    }
    assert found == {
        ("sg/gateway", "gateway/ingress/tcp-5560/exchange 192.168.10.0/24: "
         "tcp 5560 from 192.168.10.0/24"): line("connect: gateway.prices"),
        ("sg/gateway", "gateway/ingress/tcp-5560/exchange 192.168.20.0/24: "
         "tcp 5560 from 192.168.20.0/24"): line("connect: gateway.prices"),
        ("sg/gateway", "gateway/ingress/tcp-5561/risk: tcp 5561 from sg/risk"): line("- gateway"),
        ("sg/risk", "risk/egress/tcp-5561/gateway: tcp 5561 to sg/gateway"): line("- gateway"),
        ("sg/risk", "risk/egress/tcp-5561/other: tcp 5561 to sg/other"): line("- other.ticks"),
        ("sg/other", "other/ingress/tcp-5561/risk: tcp 5561 from sg/risk"): line("- other.ticks"),
    }  # fmt: skip
    entries = {
        shop.origins.of("acl/risk.other", each).line
        for each in shop.network.nacl["acl/risk.other"].entries
    }
    assert entries == {line("- other.ticks")}
    routes = shop.network.route_table["rtb/feed"].routes
    assert {shop.origins.of("rtb/feed", each).line for each in routes} == {line("connect: gateway")}


@examples(1, ONE_FOLDER)
@given(document=documents(coming=True) | documents(coming=True, vpcs=True))
def test_nothing_planned_is_without_file_and_line(tmp_path, document):
    planned = plan(topology_from(tmp_path, document))
    file = str(tmp_path / "topology.yaml")
    network, origins = planned.network, planned.origins
    lines = Path(file).read_text().count("\n")

    def written(origin):
        return origin is not None and origin.file == file and 1 <= origin.line <= lines

    assert all(written(origins.of(each.id)) for each in network.things)
    assert all(written(origins.flow(each)) for each in planned.flows)
    assert all(written(origins.named(each.name)) for each in network.services)
    assert all(written(origins.named(each.name)) for each in network.listeners)
    connects = {origins.flow(each) for each in planned.flows}
    for group in network.security_groups:
        assert {origins.of(group.id, each) for each in group.rules} <= connects
    for nacl in network.nacls:
        assert {origins.of(nacl.id, each) for each in nacl.entries} <= connects
    own = {each.route_table for each in network.nat_gateways}  # AWS makes them, and their route
    for table in (each for each in network.route_tables if each.id not in own):
        assert {origins.of(table.id, each) for each in table.routes} <= connects


def test_what_two_sockets_need_comes_from_the_one_that_is_written_first(tmp_path):
    text = SHOP.replace(
        "      market:\n",
        "      early:\n        { type: SUB, connect: gateway.ticks }\n      market:\n",
    )
    planned = plan(topology_from(tmp_path, text))
    first = text.splitlines().index("        { type: SUB, connect: gateway.ticks }") + 1
    (rule,) = (each for each in planned.network.security_group["sg/gateway"].rules
               if each.ports.first == 5561)  # fmt: skip
    assert planned.origins.of("sg/gateway", rule).line == first


def test_a_flow_that_many_are_meant_by_has_the_line_where_they_are(tmp_path):
    text = SHOP.replace("          - other.ticks\n", '          - "*.ticks"\n')

    planned = plan(topology_from(tmp_path, text))

    meant = [each for each in planned.flows if each.client == "risk"]
    at = text.splitlines().index('          - "*.ticks"') + 1
    assert {each.server.owner: planned.origins.flows[each].line for each in meant} == {
        "gateway": at - 1,
        "other": at,
    }
