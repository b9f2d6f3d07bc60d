"""`rotate`: a script for the tunnels that stand, and what is not to be had before they do."""

import json

import pytest

from tests.cli.test_site import KEPT_IN, STATE


@pytest.fixture
def state(tmp_path):
    path = tmp_path / "state.json"
    path.write_text(json.dumps(STATE))
    return path


def test_a_state_tells_which_tunnels_and_where_their_keys_are(ask, trading, state):
    answer = ask("rotate", trading, "exchange", "--on", state)
    assert answer.code == 0
    assert "1) mine=198.51.100.1 other=198.51.100.2 ;;" in answer.out
    assert f"secret {KEPT_IN}" in answer.out
    assert "connection=vpn-1" in answer.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"exchange"', '"depot"', "shows no VPN connection of site exchange"),
        ('"tunnel2Address": "198.51.100.2", ', "", "of the two tunnels of vpn-1 1 have a known"),
    ],
)
def test_what_is_not_seen_is_not_rotated(ask, trading, state, old, new, said):
    text = json.dumps(STATE)
    assert old in text
    state.write_text(text.replace(old, new))
    answer = ask("rotate", trading, "exchange", "--on", state)
    assert answer.code == 2
    assert said in answer.err


def test_a_tunnel_that_is_down_is_told_with_exit_1(ask, trading, tmp_path):
    folder = tmp_path / "dump"
    folder.mkdir()
    tags = [{"Key": "bulkhead:site", "Value": "exchange"}]
    here = [{"Key": "bulkhead:topology", "Value": "trading"}]
    answers = {
        "Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/16", "Tags": here}],
        "VpnGateways": [
            {"VpnGatewayId": "vgw-1", "VpcAttachments": [{"VpcId": "vpc-1", "State": "attached"}]}
        ],
        "VpnConnections": [
            {
                "VpnConnectionId": "vpn-1",
                "VpnGatewayId": "vgw-1",
                "CustomerGatewayId": "cgw-1",
                "State": "available",
                "Tags": tags,
                "Routes": [],
                "Options": {
                    "StaticRoutesOnly": True,
                    "TunnelOptions": [
                        {"OutsideIpAddress": "198.51.100.1"},
                        {"OutsideIpAddress": "198.51.100.2"},
                    ],
                },
                "VgwTelemetry": [
                    {"OutsideIpAddress": "198.51.100.1", "Status": "UP"},
                    {"OutsideIpAddress": "198.51.100.2", "Status": "DOWN"},
                ],
            }
        ],
    }
    (folder / "all.json").write_text(json.dumps(answers))
    answer = ask("rotate", trading, "exchange", "--on", folder)
    assert answer.code == 1
    assert "tunnel 2 (198.51.100.2) is DOWN" in answer.err
    assert answer.out.startswith("#!/bin/sh")


def test_a_site_that_is_not_there_is_named_with_those_that_are(ask, trading):
    answer = ask("rotate", trading, "exchang")
    assert answer.code == 2
    assert "did you mean exchange?" in answer.err
