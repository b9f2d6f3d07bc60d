"""`site`: the other side of a site, and what is not to be had before it stands."""

import json
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sites.md"

KEPT_IN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s2svpn"


def resource(kind, id_, **outputs):
    token = f"aws:ec2/{kind[0].lower()}{kind[1:]}:{kind}"
    return {
        "urn": f"urn:pulumi:dev::net::{token}::{id_}",
        "custom": True,
        "type": token,
        "id": id_,
        "outputs": {"id": id_, **outputs},
    }


STATE = {
    "version": 3,
    "deployment": {
        "resources": [
            resource(
                "Vpc", "vpc-1", cidrBlock="10.20.0.0/16", tags={"bulkhead:topology": "trading"}
            ),
            resource("VpnGateway", "vgw-1", vpcId="vpc-1"),
            resource("CustomerGateway", "cgw-1", ipAddress="203.0.113.10", bgpAsn="65010"),
            resource(
                "VpnConnection",
                "vpn-1",
                type="ipsec.1",
                vpnGatewayId="vgw-1",
                customerGatewayId="cgw-1",
                staticRoutesOnly=True,
                presharedKeyArn=KEPT_IN,
                tunnel1Address="198.51.100.1",
                tunnel2Address="198.51.100.2",
                tags={"bulkhead:site": "exchange", "bulkhead:trust": "untrusted"},
            ),
        ]
    },
}


@pytest.fixture
def state(tmp_path):
    path = tmp_path / "state.json"
    path.write_text(json.dumps(STATE))
    return path


def test_people_see_what_the_page_shows(ask, trading):
    shown = ask("site", trading, "exchange").out
    assert shown.strip() in PAGE.read_text()


@pytest.mark.parametrize("form", ["links", "updown", "frr", "bird", "nftables"])
def test_what_needs_no_address_of_aws_is_written_from_the_topology_alone(ask, trading, form):
    answer = ask("site", trading, "exchange", "--format", form)
    assert answer.code == 0
    assert "aws1" in answer.out


def test_a_state_tells_the_addresses_and_where_the_keys_are(ask, trading, state):
    text = ask("site", trading, "exchange", "--format", "swanctl", "--on", state).out
    assert re.findall(r"remote_addrs = (.*)", text) == ["198.51.100.1", "198.51.100.2"]
    assert f"--secret-id {KEPT_IN}" in text
    document = ask("site", trading, "exchange", "--on", state, "--json").json
    assert document["schema"] == "bulkhead.site/1"
    assert [each["outside"] for each in document["tunnels"]] == ["198.51.100.1", "198.51.100.2"]
    assert document["passages"][0]["flows"] == ["exchange.prices -> gateway.prices (tcp 5560)"]


def test_of_two_connections_the_one_that_the_topology_asks_for_is_told(ask, trading, state):
    text = trading.read_text()
    trading.write_text(
        text.replace("gateway: { address: 203", "routing: bgp\n    gateway: { address: 203")
    )
    ask("plan", trading)
    answer = ask("site", trading, "exchange", "--format", "swanctl", "--on", state)
    assert answer.code == 2
    assert "vpn-1 by static, and its topology says routing: bgp" in answer.err
    both = json.loads(state.read_text())
    old = both["deployment"]["resources"][-1]
    new = resource("VpnConnection", "vpn-2", **old["outputs"])
    new["outputs"] |= {"id": "vpn-2", "staticRoutesOnly": False, "tunnel1Address": "198.51.100.9"}
    both["deployment"]["resources"].append(new)
    state.write_text(json.dumps(both))
    told = ask("site", trading, "exchange", "--format", "swanctl", "--on", state).out
    assert "remote_addrs = 198.51.100.9" in told
    assert "198.51.100.1" not in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("exchang",), "no site is called 'exchang'; did you mean exchange?"),
        (("exchange", "--format", "swanctl"), "tunnel 1 is known once the connection is made"),
        (("exchange", "--format", "ios"), "'ios' is not one of"),
        (("exchange", "--json", "--format", "frr"), "--json and --format frr exclude each other"),
        (("exchange", "--host", "floor"), "--host is for rules of a host: add --format nftables"),
        (
            ("exchange", "--host", "floor", "--format", "nftables"),
            "site exchange has no host of that name; the site names none",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_explained(ask, trading, words, said):
    answer = ask("site", trading, *words)
    assert answer.code == 2
    assert said in answer.err


def test_where_the_connection_is_not_seen_its_addresses_are_no_guess(ask, trading, state):
    state.write_text(json.dumps(STATE).replace('"exchange"', '"depot"'))
    answer = ask("site", trading, "exchange", "--format", "swanctl", "--on", state)
    assert answer.code == 2
    assert "shows no VPN connection of site exchange" in answer.err
