"""No update interrupts both tunnels of a site: what the engine is told before it begins one."""

from __future__ import annotations

import pytest

from bulkhead.components.one_tunnel import BothTunnelsError, expect_one_tunnel

LOGS = {"cloudwatchLogOptions": {"logEnabled": True, "logGroupArn": "arn:1", "__defaults": []}}
STANDING = {
    "customerGatewayId": "cgw-1",
    "presharedKeyStorage": "SecretsManager",
    "tags": {"Name": "venue"},
    "tunnel1Phase1DhGroupNumbers": [19, 20],
    "tunnel2Phase1DhGroupNumbers": [19, 20],
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"tags": {"Name": "market"}},
        {"tunnel1StartupAction": "start"},
        {"tunnel2LogOptions": LOGS, "tunnel2DpdTimeoutSeconds": 60},
        {"tunnel1Phase1DhGroupNumbers": [20, 19], "tunnel2StartupAction": "start"},
    ],
)
def test_what_interrupts_one_tunnel_or_none_goes_on(change):
    expect_one_tunnel("venue", STANDING, {**STANDING, **change, "__defaults": ["type"]})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tunnel1LogOptions": LOGS, "tunnel2LogOptions": LOGS}, "bulkhead plan --next-tunnel"),
        ({"tunnel1StartupAction": "start", "tunnel2DpdTimeoutSeconds": 60}, "see that the tunnel"),
        ({"customerGatewayId": "cgw-2"}, "another device"),
        ({"presharedKeyStorage": "Standard"}, "another place for the keys"),
        ({"vpnGatewayId": "vgw-2"}, "Add a site for it beside this one"),
    ],
)
def test_what_would_interrupt_both_is_refused_with_the_way_out(change, said):
    with pytest.raises(BothTunnelsError) as refused:
        expect_one_tunnel("venue", STANDING, {**STANDING, **change})
    told = str(refused.value)
    assert said in told
    assert "site venue would go down at once" in told
    assert "pulumi config set bulkhead:both-tunnels venue" in told


def test_no_value_is_told_for_a_key_may_be_one():
    old = {"tunnel1PresharedKey": "abcdefgh.1", "tunnel2PresharedKey": "abcdefgh.2"}
    with pytest.raises(BothTunnelsError) as refused:
        expect_one_tunnel("venue", old, {})
    assert "abcdefgh" not in str(refused.value)
