"""A site that speaks BGP: a connection that its device tells its networks, and nothing learned."""

from __future__ import annotations

import pytest

from bulkhead.components.fabric import build
from bulkhead.plan import plan
from tests.components.conftest import Recording
from tests.plan.test_bgp import ALONE, BESIDE
from tests.support.topologies import topology_from


@pytest.fixture
def recorded(record, tmp_path):
    def run(text: str) -> Recording:
        planned = plan(topology_from(tmp_path, text))
        return record(lambda: build(planned))

    return run


def test_its_networks_are_in_no_route_of_the_connection_but_in_a_tag(recorded):
    recording = recorded(ALONE)
    (vpn,) = recording.of("VpnConnection")
    assert vpn.inputs["staticRoutesOnly"] is False
    assert vpn.inputs["tags"]["bulkhead:networks"] == "192.168.10.0/24 192.168.11.0/24"
    assert recording.of("VpnConnectionRoute") == []
    (device,) = recording.of("CustomerGateway")
    assert device.inputs["bgpAsn"] == "65010"
    (gateway,) = recording.of("VpnGateway")
    assert gateway.inputs["amazonSideAsn"] == "64520"


def test_no_table_learns_what_it_announces(recorded):
    recording = recorded(BESIDE)
    assert recording.of("VpnGatewayRoutePropagation") == []
    assert not any(each.inputs.get("propagatingVgws") for each in recording.of("RouteTable"))
    destinations = {each.inputs["destinationCidrBlock"] for each in recording.of("Route")}
    assert destinations == {
        "192.168.10.0/24",
        "192.168.11.0/24",
        "192.168.20.0/24",
        "192.168.30.0/24",
    }


def test_another_routing_is_made_under_another_name(recorded):
    bgp, static = recorded(ALONE), recorded(ALONE.replace("routing: bgp", ""))
    assert [each.name for each in bgp.of("VpnConnection")] == ["plant-exchange-vpn-bgp"]
    assert [each.name for each in static.of("VpnConnection")] == ["plant-exchange-vpn"]
    assert "bulkhead:networks" not in static.of("VpnConnection")[0].inputs["tags"]


def test_awss_own_number_is_not_said_so_that_nothing_older_changes(recorded):
    recording = recorded(ALONE.replace("amazon-asn: 64520", "amazon-asn: 64512"))
    assert "amazonSideAsn" not in recording.of("VpnGateway")[0].inputs
