"""The tunnels of a site that stands: logged from the start, and changed one after the other."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.integration

SHOP = """
name: shop
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
flow-logs: { to: none, why: nothing runs here }
segments: { back: { purpose: keeps orders } }
monitoring: { notify: "arn:aws:sns:eu-west-1:123456789012:network" }
sites:
  office:
    cidrs: [192.168.10.0/24]
    gateway: { address: 203.0.113.10, asn: 65010 }
    tunnels: { startup: add }
services:
  book: { segment: back, sockets: { in: { type: PULL, bind: "tcp://*:5556" } } }
flows:
  - { name: admin, from: office, to: book, traffic: tcp 22, why: staff log in, encryption: SSH }
"""


@pytest.fixture(scope="module")
def checkout(checkout):
    checkout.bring_up(SHOP)
    return checkout


def tunnels(checkout):
    (vpn,) = checkout.ec2.describe_vpn_connections()["VpnConnections"]
    return vpn["Options"]["TunnelOptions"]


def up(checkout):
    return checkout.pulumi("up", "--yes", "--skip-preview", "--stack", "dev")


def judged(checkout):
    checked = checkout.bulkhead("check", checkout.topology, "--on", "aws", "--json")
    return [each["message"] for each in json.loads(checked.out)["findings"]]


def test_a_new_connection_logs_and_no_key_is_anywhere(checkout):
    for each in tunnels(checkout):
        logs = each["LogOptions"]["CloudWatchLogOptions"]
        assert (logs["LogEnabled"], logs["LogOutputFormat"]) == (True, "json")
        assert ":log-group:" in logs["LogGroupArn"]
    (vpn,) = checkout.ec2.describe_vpn_connections()["VpnConnections"]
    secret = checkout.client("secretsmanager").get_secret_value(SecretId=vpn["PreSharedKeyArn"])
    keys = json.loads(secret["SecretString"]).values()
    assert len(set(keys)) == 2
    places = [path for path in checkout.root.rglob("*") if path.is_file()]
    assert any(path.suffix == ".json" for path in places)
    assert not [path for path in places for key in keys if key.encode() in path.read_bytes()]
    shown = checkout.pulumi("stack", "export", "--show-secrets", "--stack", "dev")
    assert not any(key in shown.said for key in keys)
    assert judged(checkout) == []


def test_both_tunnels_are_watched_and_a_second_time_changes_nothing(checkout):
    alarms = checkout.client("cloudwatch").describe_alarms()["MetricAlarms"]
    watched = {
        one["Value"]
        for each in alarms
        for one in each["Dimensions"]
        if one["Name"] == "TunnelIpAddress"
    }
    assert watched == {each["OutsideIpAddress"] for each in tunnels(checkout)}
    (rule,) = checkout.client("events").list_rules()["Rules"]
    (vpn,) = checkout.ec2.describe_vpn_connections()["VpnConnections"]
    assert json.loads(rule["EventPattern"])["resources"] == [vpn["VpnConnectionId"]]
    again = checkout.stack("up", "--expect-no-changes")
    assert again.code == 0, again.said


def test_a_change_reaches_tunnel_1_then_tunnel_2(checkout):
    checkout.edit("startup: add", "startup: start, dpd-timeout: 60")
    ran = up(checkout)
    assert ran.code == 0, ran.said
    assert [each["StartupAction"] for each in tunnels(checkout)] == ["start", "add"]
    assert "tunnel 2 keeps what it has until tunnel 1" in ran.said
    assert judged(checkout) == []
    told = checkout.bulkhead("plan", checkout.topology, "--next-tunnel", "office")
    assert told.code == 0, told.said
    ran = up(checkout)
    assert ran.code == 0, ran.said
    assert [each["StartupAction"] for each in tunnels(checkout)] == ["start", "start"]
    assert [each["DpdTimeoutSeconds"] for each in tunnels(checkout)] == [60, 60]
    assert judged(checkout) == []
    nothing = checkout.bulkhead("plan", checkout.topology, "--next-tunnel", "office")
    assert nothing.code == 2
    assert "nothing waits for its tunnel 2" in nothing.said


@pytest.mark.parametrize("verb", ["preview", "up"])
def test_a_lock_that_went_ahead_is_refused_before_anything_is_touched(checkout, verb):
    lock = checkout.topology.with_suffix(".lock.json")
    kept, written = lock.read_text(), checkout.topology.read_text()
    checkout.topology.write_text(written.replace("dpd-timeout: 60", "dpd-timeout: 90"))
    lock.write_text(re.sub(r"(dpd-timeout\": )60", r"\g<1>90", kept))
    more = ("--yes", "--skip-preview") if verb == "up" else ()
    ran = checkout.pulumi(verb, *more, "--stack", "dev")
    assert ran.code != 0
    assert "both tunnels of site office would go down at once" in ran.said
    assert "bulkhead plan --next-tunnel" in ran.said
    assert [each["DpdTimeoutSeconds"] for each in tunnels(checkout)] == [60, 60]
    lock.write_text(kept)
    checkout.topology.write_text(written)


def test_another_device_is_refused_until_somebody_lets_both_tunnels_go(checkout):
    checkout.edit("203.0.113.10", "203.0.113.99")
    ran = checkout.pulumi("preview", "--stack", "dev")
    assert ran.code != 0
    assert "another device" in ran.said
    consent = checkout.pulumi("config", "set", "bulkhead:both-tunnels", "office", "--stack", "dev")
    assert consent.code == 0, consent.said
    ran = up(checkout)
    assert ran.code == 0, ran.said
    (gateway,) = [
        each
        for each in checkout.ec2.describe_customer_gateways()["CustomerGateways"]
        if each["State"] == "available"
    ]
    assert gateway["IpAddress"] == "203.0.113.99"
    assert judged(checkout) == []


def test_a_site_goes_over_to_bgp_with_both_connections_side_by_side(checkout):
    (old,) = living(checkout)
    checkout.edit("asn: 65010 }", "asn: 65010 }\n    routing: bgp")
    one = ("--yes", "--skip-preview", "--stack", "dev", "--target", "**office-vpn-bgp")
    ran = checkout.pulumi("up", *one)
    assert ran.code == 0, ran.said
    (new,) = (
        each for each in living(checkout) if each["VpnConnectionId"] != old["VpnConnectionId"]
    )
    assert (new["Options"]["StaticRoutesOnly"], new.get("Routes", [])) == (False, [])
    assert len(living(checkout)) == 2, "AWS sends by the old one meanwhile"
    addresses = [each["OutsideIpAddress"] for each in new["Options"]["TunnelOptions"]]
    told = checkout.bulkhead(
        "site", checkout.topology, "office", "--format", "swanctl", "--on", "aws"
    )
    assert re.findall("remote_addrs = (.*)", told.out) == addresses
    ran = up(checkout)
    assert ran.code == 0, ran.said
    assert [each["VpnConnectionId"] for each in living(checkout)] == [new["VpnConnectionId"]]
    assert judged(checkout) == []
    # Whatever a device announces, no table takes it.
    tables = checkout.ec2.describe_route_tables()["RouteTables"]
    assert not any(each["PropagatingVgws"] for each in tables)
    destinations = {
        route["DestinationCidrBlock"]
        for each in tables
        for route in each["Routes"]
        if route.get("GatewayId", "").startswith("vgw-")
    }
    assert destinations == {"192.168.10.0/24"}


def living(checkout):
    every = checkout.ec2.describe_vpn_connections()["VpnConnections"]
    return [each for each in every if each["State"] == "available"]
